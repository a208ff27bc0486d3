"""Deleting tasks so that it can be undone."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.bell import Bell
from invite_desktop.engine.events import TaskChanged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_control import TaskControl

_logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
"""So long a deleted task can be restored."""

FORGOTTEN_AT_ONCE = 5_000
"""Targets that one transaction forgets; some tens of milliseconds."""

_RETRY = timedelta(hours=1)


class TaskBin:
    """Where deleted tasks wait. Whom they contacted, and who said no to them, counts for ever."""

    def __init__(self, ports: Ports, control: TaskControl, bus: EventBus) -> None:
        self._tasks = ports.tasks
        self._clock = ports.clock
        self._control = control
        self._bus = bus
        self._bell = Bell(ports.clock)

    async def delete(self, task_id: int) -> InviteTask:
        """Stop a task before its next action and move it into the bin; return it as it is there.

        A call that is under way ends, and its outcome is written down.
        """
        while (deleted := await self._tasks.delete(task_id, self._clock.now())) is None:
            await self._control.halt(task_id)
        self._changed(task_id)
        return deleted

    async def restore(self, task_id: int) -> InviteTask:
        """Bring a deleted task back; one that was running is paused.

        Raises KnownError when it was purged meanwhile.
        """
        try:
            restored = await self._tasks.restore(task_id)
        except KeyError as gone:
            raise KnownError(message("This task is no longer in the bin.")) from gone
        self._changed(task_id)
        return restored

    async def contents(self) -> Sequence[InviteTask]:
        """Return the tasks that can be restored, the last deleted first."""
        return await self._tasks.deleted_tasks()

    async def purge(self, task_ids: Sequence[int]) -> None:
        """Take tasks out of the bin for good; reports and the execution log keep what was done."""
        for task_id in task_ids:
            try:
                await self._tasks.purge(task_id, self._clock.now())
            except KeyError:
                continue  # purged already, or just restored
            self._bus.publish(TaskChanged(task_id))
        self._bell.ring()

    async def run(self) -> None:
        """Purge what is old, and forget what purged tasks have left undone, until cancelled."""
        while True:
            try:
                moment = await self._clear_up()
            except KnownError:
                _logger.warning("the bin could not be emptied; that is tried again later")
                moment = self._clock.now() + _RETRY
            await self._bell.sleep(moment)

    async def _clear_up(self) -> datetime | None:
        """Do what is due; return when something is due next."""
        now = self._clock.now()
        coming: list[datetime] = []
        for task in await self._tasks.deleted_tasks():
            due = (task.deleted_at or now) + KEPT_FOR
            if due <= now:
                await self._tasks.purge(task.id, now)
                self._bus.publish(TaskChanged(task.id))
            else:
                coming.append(due)
        while await self._tasks.forget_untried(FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE:
            pass
        return min(coming, default=None)

    def _changed(self, task_id: int) -> None:
        self._bus.publish(TaskChanged(task_id))
        self._bell.ring()
