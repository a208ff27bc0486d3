"""What a restored ledger has forgotten of a person, and how her target ends by that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.restores import FoundMessage, RestoreStore


def digest_of(text: str) -> str:
    """Return what tells one message from another without keeping its words."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """How a target ends without a call, and the message that is the reason."""

    outcome: Outcome
    message: FoundMessage


async def earlier_message(
    restores: RestoreStore, user_id: int, task: InviteTask, text: str
) -> EarlierMessage | None:
    """Return what a restored ledger has forgotten of a person; None when she may be written to.

    The same words count as sent. Other words, found for a task that the backup knows, may be those
    of this task before its text or her data changed: then nobody can know.
    """
    if (restore := await restores.last()) is None:
        return None
    found = await restores.found(user_id)
    for item in found:
        if item.digest == digest_of(text):
            return EarlierMessage(Outcome(OutcomeCode.SENT), item)
    if found and task.id <= restore.last_task:
        return EarlierMessage(Outcome(OutcomeCode.UNCERTAIN), found[-1])
    return None


_NEVER = -1
"""No backup was ever put back."""


@dataclass(frozen=True, slots=True)
class EarlierInvitation:
    """How a target ends without a call; ``by``: the account that had invited her."""

    outcome: Outcome
    by: int | None


class EarlierInvitations:
    """Knows who was invited in a time that a backup has forgotten, and may have left since.

    A database is put back only before the start: where none was, nothing is asked a second time.
    """

    def __init__(self, restores: RestoreStore) -> None:
        self._restores = restores
        self._last_task: int | None = None

    async def of(self, task_id: int, chat_id: int, user_id: int) -> EarlierInvitation | None:
        """Return what was found of a person in a chat, None when she may be invited.

        Telegram said that she came in. For a task that the backup knows she joined then, if one of
        the user's accounts added her; else it was not this task that invited her.
        """
        if self._last_task is None:
            restore = await self._restores.last()
            self._last_task = restore.last_task if restore is not None else _NEVER
        if self._last_task == _NEVER:
            return None
        found = await self._restores.invited(chat_id, user_id)
        if found is None:
            return None
        own = found.account_id is not None and task_id <= self._last_task
        code = OutcomeCode.JOINED if own else OutcomeCode.ALREADY_INVITED
        return EarlierInvitation(Outcome(code), found.account_id)
