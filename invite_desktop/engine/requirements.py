"""Who wants Premium or money for a message: asked in bulk, before anybody is written to."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.ports.telegram import Requirement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.ledger import AddressableTarget
    from invite_desktop.engine.ports.telegram import Messenger, UserPeer
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop

_logger = logging.getLogger(__name__)

PEOPLE_A_CALL = 100
CALLS_AT_ONCE = 5
"""So many calls are made before an action; with the next one the questions go on."""

_SKIPPED = {
    Requirement.PREMIUM: Outcome(OutcomeCode.PREMIUM_NEEDED, detail="RequirementToContactPremium"),
    Requirement.PAYMENT: Outcome(
        OutcomeCode.PAID_MESSAGES, detail="RequirementToContactPaidMessages"
    ),
}
"""How a person ends who cannot be written to for nothing; we never pay."""


async def refusal_of(messenger: Messenger, peer: UserPeer) -> Outcome | None:
    """Return how somebody ends who cannot be written to for nothing, None when she can.

    The account's own trouble comes back as it is; without any answer the message itself will tell.
    """
    answer = await messenger.requirements([peer])
    if isinstance(answer, Outcome):
        return answer if answer.is_about_account else None
    return _SKIPPED.get(answer[0])


class Requirements:
    """Asks with one account for the people of message tasks that it can address already.

    Who is looked up later is asked about then, by ``refusal_of``.
    """

    def __init__(self, account_id: int, shop: Workshop) -> None:
        self._id = account_id
        self._shop = shop

    async def ask(self, messenger: Messenger, work: TaskWork) -> Outcome | None:
        """Go on asking; return the trouble when it is the account's, so that it must wait.

        Whoever wants Premium or money ends as skipped. What Telegram does not answer is left to
        the message itself.
        """
        if work.task.kind is not TaskKind.MESSAGE:
            return None
        for _ in range(CALLS_AT_ONCE):
            after = work.asked_up_to.get(self._id, 0)
            if after is None or not work.active:
                return None
            targets = await self._shop.ports.ledger.addressable(
                work.task.id, self._id, after, PEOPLE_A_CALL
            )
            if targets:
                answer = await messenger.requirements([target.peer for target in targets])
                if isinstance(answer, Outcome) and answer.is_about_account:
                    return answer
                await self._take(work, targets, answer)
            whole = len(targets) < PEOPLE_A_CALL
            work.asked_up_to[self._id] = None if whole else targets[-1].position
        return None

    async def _take(
        self,
        work: TaskWork,
        targets: Sequence[AddressableTarget],
        answer: Sequence[Requirement] | Outcome,
    ) -> None:
        if isinstance(answer, Outcome):
            _logger.info("requirements were not told: %s", answer.detail or answer.code)
            return
        endings = {
            target.target_id: _SKIPPED[requirement]
            for target, requirement in zip(targets, answer, strict=True)
            if requirement in _SKIPPED
        }
        if not endings:
            return
        now = self._shop.ports.clock.now()
        for target_id in await self._shop.ports.ledger.end_pending(endings, now):
            self._shop.board.target_ended(work)
            self._shop.bus.publish(TargetChanged(work.task.id, target_id))
