"""The next person of a task, claimed while the last one is still being invited."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Claim, ClaimWish, Ledger


class NextClaim:
    """Claims somebody ahead, so that this shares its transaction with the contact before it.

    One at a time: whoever was claimed has to be taken before the next one is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._task_id = 0
        self._claiming: asyncio.Task[Claim | None] | None = None

    @property
    def claiming(self) -> object | None:
        """Return what stands for the claim that was made ahead, None when there is none."""
        return self._claiming

    def begin(self, task_id: int, account_id: int, wish: ClaimWish) -> None:
        """Claim the next target of a task, with the look-up that it needs first."""
        self._task_id = task_id
        self._claiming = asyncio.ensure_future(
            self._ledger.claim(task_id, account_id, self._clock.now(), wish, to_look_up=True)
        )

    def is_of(self, task_id: int) -> bool:
        """Return whether somebody of this task was claimed ahead."""
        return self._claiming is not None and self._task_id == task_id

    async def take(self) -> Claim | None:
        """Return who was claimed ahead, None when there was nobody. Raises what the store did."""
        claiming = self._claiming
        if claiming is None:
            return None
        try:
            return await asyncio.shield(claiming)
        finally:
            if claiming.done():
                self._claiming = None
