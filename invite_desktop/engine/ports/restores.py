"""Databases put back from a backup: what may have happened after it is not in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    """Somebody came into a chat because she was invited, which the ledger may not know.

    ``account_id`` None: not by one of the accounts here. She may have left since.
    """

    chat_id: int
    user_id: int
    account_id: int | None
    at: datetime


class RestoreStore(Protocol):
    """What is known of the last restore, and what was found at Telegram after it."""

    async def last(self) -> Restore | None:
        """Return the last restore, None when there never was one."""
        ...

    async def unconfirmed(self) -> Restore | None:
        """Return the restore that the user has not confirmed yet, None when there is none."""
        ...

    async def confirm(self, at: datetime, doubtful: Collection[int] = ()) -> None:
        """Note that the user lets the program send again.

        The pending targets of the ``doubtful`` tasks become uncertain in the same transaction.
        """
        ...

    async def keep_found(self, messages: Sequence[FoundMessage]) -> None:
        """Keep messages that were found, each once."""
        ...

    async def found(self, user_id: int) -> Sequence[FoundMessage]:
        """Return what was found for the person with a Telegram id, oldest first."""
        ...

    async def keep_invitations(self, invitations: Sequence[FoundInvitation]) -> None:
        """Keep invitations that were found, one a person and chat."""
        ...

    async def invited(self, chat_id: int, user_id: int) -> FoundInvitation | None:
        """Return how the person with a Telegram id was invited to a chat, None if nobody knows."""
        ...


class NeverRestored:
    """The RestoreStore of a database that cannot have been a backup."""

    async def last(self) -> Restore | None:
        """Return None."""
        return None

    async def unconfirmed(self) -> Restore | None:
        """Return None."""
        return None

    async def confirm(self, at: datetime, doubtful: Collection[int] = ()) -> None:
        """Do nothing."""

    async def keep_found(self, messages: Sequence[FoundMessage]) -> None:
        """Do nothing."""

    async def found(self, user_id: int) -> Sequence[FoundMessage]:
        """Return nothing."""
        del user_id
        return ()

    async def keep_invitations(self, invitations: Sequence[FoundInvitation]) -> None:
        """Do nothing."""

    async def invited(self, chat_id: int, user_id: int) -> FoundInvitation | None:
        """Return None."""
        del chat_id, user_id
        return None
