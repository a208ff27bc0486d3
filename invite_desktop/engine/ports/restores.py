"""Databases put back from a backup: what may have happened after it is not in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.telegram import UserPeer


@dataclass(frozen=True, slots=True)
class Restore:
    """A backup that was put back.

    ``since`` is the last that it knows of, by the program's clock; ``last_task`` its newest task.
    """

    since: datetime
    restored_at: datetime
    last_task: int


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message of an account's own that its ledger may not know; never the words themselves.

    ``peer`` is how that account addresses the person, who may not be stored (any more).
    """

    account_id: int
    peer: UserPeer
    sent_at: datetime
    digest: str


class RestoreStore(Protocol):
    """What is known of the last restore, and what was found at Telegram after it."""

    async def last(self) -> Restore | None:
        """Return the last restore, None when there never was one."""
        ...

    async def unconfirmed(self) -> Restore | None:
        """Return the restore that the user has not confirmed yet, None when there is none."""
        ...

    async def confirm(self, at: datetime) -> None:
        """Note that the user lets the program send again."""
        ...

    async def keep_found(self, messages: Sequence[FoundMessage]) -> None:
        """Keep messages that were found, each once."""
        ...

    async def found(self, user_id: int) -> Sequence[FoundMessage]:
        """Return what was found for the person with a Telegram id, oldest first."""
        ...


class NeverRestored:
    """The RestoreStore of a database that cannot have been a backup."""

    async def last(self) -> Restore | None:
        """Return None."""
        return None

    async def unconfirmed(self) -> Restore | None:
        """Return None."""
        return None

    async def confirm(self, at: datetime) -> None:
        """Do nothing."""

    async def keep_found(self, messages: Sequence[FoundMessage]) -> None:
        """Do nothing."""

    async def found(self, user_id: int) -> Sequence[FoundMessage]:
        """Return nothing."""
        del user_id
        return ()
