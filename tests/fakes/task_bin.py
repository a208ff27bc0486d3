"""The bin and the copies of the engine in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskReason, TaskSituation, TaskStatus
from invite_desktop.engine.events import TaskChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.engine import FakeEngine


class FakeBin:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.purged: list[int] = []

    async def delete(self, task_id: int) -> InviteTask:
        task = self._engine.tasks.rows[task_id]
        if task.status in ACTIVE_STATUSES:
            stopped = TaskSituation(TaskStatus.PAUSED, TaskReason.BY_USER)
            task = replace(task, situation=stopped)
        return self._put(replace(task, deleted_at=self._engine.clock.now()))

    async def restore(self, task_id: int) -> InviteTask:
        return self._put(replace(self._engine.tasks.rows[task_id], deleted_at=None))

    async def contents(self) -> Sequence[InviteTask]:
        return [
            task
            for task in self._engine.tasks.rows.values()
            if task.deleted_at is not None and task.id not in self.purged
        ]

    async def purge(self, task_ids: Sequence[int]) -> None:
        self.purged += task_ids

    def _put(self, task: InviteTask) -> InviteTask:
        self._engine.tasks.rows[task.id] = task
        self._engine.bus.publish(TaskChanged(task.id))
        return task


class FakeCopies:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine

    async def whole(self, task_id: int) -> InviteTask:
        return self._copy(task_id, "a copy", len(self._engine.tasks.people[task_id]))

    async def failed_only(self, task_id: int) -> InviteTask:
        failed = self._engine.tasks.counters(task_id).count(TargetState.FAILED)
        return self._copy(task_id, "failed", failed)

    def _copy(self, task_id: int, what: str, people: int) -> InviteTask:
        tasks = self._engine.tasks
        old = tasks.rows[task_id]
        made = replace(
            old,
            id=max(tasks.rows) + 1,
            name=f"{old.name}, {what}",
            situation=TaskSituation(TaskStatus.READY),
            created_at=self._engine.clock.now() + timedelta(seconds=1),
        )
        tasks.put(made, people)
        return made
