"""What an outcome means for the account and for the task, by the rules of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import (
    OPEN_STATES,
    AccountEffect,
    Outcome,
    OutcomeCode,
    TargetState,
    TaskEffect,
)
from invite_desktop.domain.tasks import TaskReason

if TYPE_CHECKING:
    from invite_desktop.domain.breaker import RefusalBreaker
    from invite_desktop.engine.back_off import BackOff
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop

_PAUSE_REASONS = {
    OutcomeCode.PEER_FLOOD: TaskReason.PEER_FLOOD,
    OutcomeCode.LINK_ONLY: TaskReason.LINK_ONLY,
    OutcomeCode.FILE_UNUSABLE: TaskReason.FILE_UNUSABLE,
}


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a task must pause; ``detail`` is the technical name of the answer."""

    reason: TaskReason
    detail: str = ""


def pause_after(outcome: Outcome, breaker: RefusalBreaker) -> Pause | None:
    """Return the pause that an outcome means for its task, None when it goes on."""
    if outcome.rule.task is TaskEffect.PAUSE:
        reason = _PAUSE_REASONS.get(outcome.code, TaskReason.UNKNOWN_ERROR)
        return Pause(reason, outcome.detail or outcome.code.value)
    return Pause(TaskReason.TOO_MANY_REFUSALS) if breaker.note(outcome.code) else None


class Consequences:
    """Draws them for one account."""

    def __init__(self, account_id: int, shop: Workshop, back_off: BackOff) -> None:
        self._id = account_id
        self._shop = shop
        self._back_off = back_off

    async def for_account(self, outcome: Outcome) -> None:
        """Let the account rest, back off or be lost, as the outcome says."""
        if outcome.rule.account is AccountEffect.BACK_OFF:
            self._back_off.begin()
        else:
            self._back_off.end()
        await self._shop.accounts.suffer(self._id, outcome)

    async def of_question(self, trouble: Outcome, work: TaskWork | None = None) -> None:
        """Draw the consequences of a question that failed, and let it be asked again only later.

        ``work`` is the task for which it was asked: a spam complaint pauses that one, too.
        """
        await self.for_account(trouble)
        if self._back_off.until is None:
            self._back_off.begin()
        if work is not None and trouble.rule.task is TaskEffect.PAUSE:
            await self._pause(work, trouble)

    async def for_unknown_chat(self, answer: Outcome, work: TaskWork) -> None:
        """Let the account act no more in a task whose chat it cannot see.

        An answer that nobody knows says nothing about the chat; it pauses the task.
        """
        if answer.rule.task is TaskEffect.PAUSE:
            await self._pause(work, answer)
        else:
            work.leave(self._id, OutcomeCode.CHAT_UNREACHABLE)

    async def for_all(self, outcome: Outcome, work: TaskWork) -> None:
        """Do the same, and leave the chat or pause the task, as the outcome says."""
        await self.for_account(outcome)
        self._for_targets(outcome, work)
        if outcome.rule.account is AccountEffect.LEAVE_CHAT:
            work.leave(self._id, outcome.code)
        await self._pause(work, outcome)

    async def _pause(self, work: TaskWork, outcome: Outcome) -> None:
        if (pause := pause_after(outcome, work.breaker)) is not None:
            await self._shop.board.pause(work, pause.reason, pause.detail)

    def _for_targets(self, outcome: Outcome, work: TaskWork) -> None:
        state = outcome.rule.target
        if state is TargetState.PENDING or outcome.code is OutcomeCode.NOT_ADDRESSABLE:
            self._shop.board.target_returned(work)
        elif state not in OPEN_STATES:
            self._shop.board.target_ended(work)
