"""For which task one account acts next, and whom it would rather be given there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import LOOKING_UP, Action
from invite_desktop.domain.schedule import next_open
from invite_desktop.domain.tasks import TaskReason
from invite_desktop.engine.account_pace import with_action
from invite_desktop.engine.ports.ledger import ClaimWish
from invite_desktop.engine.situation import candidates
from invite_desktop.engine.task_work import Outlook

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop


class AccountChoice:
    """Chooses among the active tasks, in their order, by the pace and by their working hours."""

    def __init__(self, account_id: int, shop: Workshop) -> None:
        self._id = account_id
        self._shop = shop
        self._clock = shop.ports.clock

    def works(self) -> list[TaskWork]:
        """Return the tasks in which the account acts, or may turn out to, in their order."""
        return [w for w in self._shop.board.all() if w.may_act(self._id) is not False]

    def choose(self, history: PaceHistory) -> tuple[TaskWork | None, datetime | None]:
        """Return the task to act for now, or the one that comes next and when.

        Both are None when there is nobody left to act for.
        """
        coming: list[tuple[datetime, TaskWork]] = []
        for work in self.works():
            if self._id in work.exhausted:
                continue
            work.outlooks[self._id] = outlook = self._outlook(work, history)
            # Asked anew each time: a fast clock moves on while the pace decides.
            if outlook.at <= self._clock.now():
                return work, None
            coming.append((outlook.at, work))
        if not coming:
            return None, None
        at, work = min(coming, key=lambda pair: pair[0])
        return work, at

    def wish(self, work: TaskWork, history: PaceHistory) -> ClaimWish:
        """Return whom this account cannot look up now, and who works beside it."""
        pace = self._shop.pace
        allowed = {kind: pace.decide(self._id, kind, history).at for kind in LOOKING_UP}
        # Asked after the pace has decided: what is allowed now would lie in the future otherwise.
        now = self._clock.now()
        later = sorted((at, kind) for kind, at in allowed.items() if at > now)
        others = candidates(work, self._shop.accounts.all(), now)
        return ClaimWish(
            tuple(kind for _, kind in later),
            frozenset(a.id for a in others if a.id != self._id and a.is_ready(now)),
        )

    def next_wish(self, task_id: int) -> ClaimWish | None:
        """Return the wish for whom to invite right after one more; None unless it is due then."""
        work, pace, now = self._shop.board.find(task_id), self._shop.pace, self._clock.now()
        if work is None or work.action is not Action.INVITE:
            return None
        history = pace.remembered(self._id)
        if history is None:
            return None
        history = with_action(history, work.action, now)
        if self._outlook(work, history).at > self._clock.now():
            return None
        return self.wish(work, history)

    def _outlook(self, work: TaskWork, history: PaceHistory) -> Outlook:
        at = self._shop.pace.decide(self._id, work.action, history).at
        paced = max(at, work.postponed.get(self._id, at))
        at = next_open(work.task.schedule.hours, paced)
        return Outlook(at, TaskReason.PACE if at == paced else TaskReason.WORKING_HOURS)
