"""The one owner of task states: every change goes through here, by the table of transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import (
    TRANSITIONS,
    TaskReason,
    TaskSituation,
    next_status,
    refuse_from_bin,
)
from invite_desktop.engine.events import TaskChanged

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask, TaskMove
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.stores import TaskStore


class TaskStates:
    """Moves tasks from state to state, atomically, and tells everybody."""

    def __init__(self, tasks: TaskStore, bus: EventBus, clock: Clock) -> None:
        self._tasks = tasks
        self._bus = bus
        self._clock = clock

    async def require(self, task_id: int, move: TaskMove) -> None:
        """Raise KnownError when the task's state does not allow a move, or it is deleted."""
        task = await self._tasks.task(task_id)
        refuse_from_bin(task)
        next_status(task.status, move)

    async def move(
        self,
        task_id: int,
        move: TaskMove,
        reason: TaskReason = TaskReason.NONE,
        *,
        detail: str = "",
        until: datetime | None = None,
    ) -> InviteTask:
        """Make a move and return the task as it is then.

        Raises KnownError when the task's state does not allow the move.
        """
        while True:
            moved = await self.move_if_allowed(task_id, move, reason, detail=detail, until=until)
            if moved is not None:
                return moved
            await self.require(task_id, move)

    async def move_if_allowed(
        self,
        task_id: int,
        move: TaskMove,
        reason: TaskReason = TaskReason.NONE,
        *,
        detail: str = "",
        until: datetime | None = None,
    ) -> InviteTask | None:
        """Make a move; None when the task's state does not allow it (any more)."""
        while True:
            task = await self._tasks.task(task_id)
            status = TRANSITIONS[move].get(task.status)
            if status is None or task.deleted_at is not None:
                return None
            after = TaskSituation(status, reason, detail, until)
            if after == task.situation:
                return task
            changed = await self._tasks.change_situation(
                task_id, task.status, after, self._clock.now()
            )
            if changed is not None:
                self._bus.publish(TaskChanged(task_id))
                return changed
