"""One thing at a time for each account: a task's action, or a page of a list that is imported."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from invite_desktop.engine.events import AccountChanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.engine.event_bus import EventBus


class AccountTurns:
    """Lets those who share an account act in turns, in the order in which they came.

    Nobody keeps a turn for longer than one action or one page, and nobody waits out a rest in it:
    so neither a long list nor a task of many days keeps the other from going on.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._imports: defaultdict[int, list[str]] = defaultdict(list)

    def turn(self, account_id: int) -> asyncio.Lock:
        """Return the account's turn, to be held (``async with``) while it acts."""
        return self._turns[account_id]

    def imports_of(self, account_id: int) -> tuple[str, ...]:
        """Return the names of the imports for which an account reads lists now."""
        return tuple(self._imports.get(account_id, ()))

    @contextmanager
    def reading(self, account_id: int, name: str) -> Iterator[None]:
        """Show an account as busy with an import until its list has been read."""
        self._imports[account_id].append(name)
        self._bus.publish(AccountChanged(account_id))
        try:
            yield
        finally:
            self._imports[account_id].remove(name)
            self._bus.publish(AccountChanged(account_id))
