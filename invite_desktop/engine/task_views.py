"""Tasks as they are shown: with counts, the next action and an honest expectation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.forecast import Forecast, slowest
from invite_desktop.domain.pace import daily_budget, trust
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.shortening import shortenings
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskStatus
from invite_desktop.engine.situation import candidates
from invite_desktop.engine.task_work import ACTION_OF
from invite_desktop.engine.views import TaskPlan, TaskView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.tasks import InviteTask, TaskKind
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_board import TaskBoard
    from invite_desktop.engine.task_work import TaskWork

_SPEED_WINDOW = timedelta(hours=1)

_FEW, _PART = 5, 50
"""After so many ends, or so large a part of those who are left, phones are counted anew."""


class TaskViews:
    """Reads the store for what was done, and the board for what comes next."""

    def __init__(self, ports: Ports, board: TaskBoard, accounts: AccountStates, pace: Pace) -> None:
        self._ports = ports
        self._board = board
        self._accounts = accounts
        self._pace = pace
        self._phones: dict[int, tuple[int, int]] = {}

    async def all(self) -> Sequence[TaskView]:
        """Return all tasks, newest first."""
        counters = await self._ports.tasks.all_counters()
        names = await self._ports.audiences.audience_names()
        histories: dict[int, PaceHistory] = {}
        return [
            await self._view(task, counters.get(task.id, Counters({})), names, histories)
            for task in await self._ports.tasks.tasks()
        ]

    async def one(self, task_id: int) -> TaskView:
        """Return one task."""
        task = await self._ports.tasks.task(task_id)
        counters = await self._ports.tasks.counters(task_id)
        names = await self._ports.audiences.audience_names()
        view = await self._view(task, counters, names, {})
        return replace(view, replies=await self._ports.replies.counts(task_id))

    async def plan(
        self,
        people: int,
        kind: TaskKind,
        accounts: Sequence[Account],
        schedule: Schedule = ANY_TIME,
        by_phone: int = 0,
    ) -> TaskPlan:
        """Return what to expect of a task for so many people, if it starts as scheduled.

        So many of them (``by_phone``) have to be looked up by phone first.
        """
        now = self._ports.clock.now()
        start = max(now, schedule.start_at or now)
        ready = [account for account in accounts if account.is_ready(now)]
        histories = [await self._pace.history(account.id) for account in ready]
        action = ACTION_OF[kind]
        needed = {action: people, Action.CONTACT_IMPORT: by_phone}
        slow, expected = slowest(needed, histories, start, schedule.hours)
        return TaskPlan(
            people,
            len(ready),
            expected.days,
            expected.done_at,
            sum(daily_budget(action, trust(history, start)) for history in histories),
            shortenings(needed[slow], slow, histories, start, schedule),
        )

    async def _view(
        self,
        task: InviteTask,
        counters: Counters,
        names: Mapping[int, str],
        histories: dict[int, PaceHistory],
    ) -> TaskView:
        if (unwritten := self._board.unwritten_situation(task.id)) is not None:
            task = replace(task, situation=unwritten)
        view = TaskView(task, counters, names.get(task.audience_id, ""))
        work = self._board.find(task.id)
        if work is None or task.status not in ACTIVE_STATUSES:
            return view
        now = self._ports.clock.now()
        live = candidates(work, self._accounts.all(), now)
        left = counters.pending + counters.in_work
        expected = await self._forecast(work, live, left, histories)
        speed = await self._ports.tasks.ended_since(task.id, now - _SPEED_WINDOW)
        return replace(
            view,
            next_action_at=_next_action(work, live, now),
            expected_end=expected.done_at,
            speed_per_hour=float(speed),
        )

    async def _forecast(
        self,
        work: TaskWork,
        live: Sequence[Account],
        left: int,
        histories: dict[int, PaceHistory],
    ) -> Forecast:
        """Expect the end from the accounts that act now, or else from when the first one can."""
        now = self._ports.clock.now()
        ready = [account for account in live if account.is_ready(now)]
        resting = [account.until for account in live if account.until is not None]
        start = now if ready else min(resting, default=now)
        for account in ready or live:
            if account.id not in histories:
                histories[account.id] = await self._pace.history(account.id)
        known = [histories[account.id] for account in ready or live]
        needed = {work.action: left, Action.CONTACT_IMPORT: await self._by_phone(work, left)}
        return slowest(needed, known, start, work.task.schedule.hours)[1]

    async def _by_phone(self, work: TaskWork, left: int) -> int:
        """Return how many of those who are left have to be looked up by phone.

        They are counted anew when some more have come to their end: a long list takes long.
        """
        before, count = self._phones.get(work.task.id, (0, 0))
        if abs(left - before) > max(_FEW, before // _PART):
            pending = await self._ports.tasks.pending_by_key(work.task.id)
            count = pending.get(KeyKind.PHONE, 0)
            self._phones[work.task.id] = (left, count)
        return min(count, left)


def _next_action(work: TaskWork, live: Sequence[Account], now: datetime) -> datetime | None:
    """Return when the first of the accounts may act; None while nobody knows."""
    if work.task.status is TaskStatus.WAITING:
        return work.task.situation.until
    moments = [
        work.outlooks[account.id].at
        for account in live
        if account.id in work.outlooks and account.id not in work.exhausted
    ]
    return max(now, min(moments)) if moments else None
