"""Tasks that start by themselves, and what becomes of a start that was missed."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.schedule import is_missed
from invite_desktop.domain.tasks import TaskMove, TaskReason, TaskStatus
from invite_desktop.engine.bell import Bell
from invite_desktop.engine.events import AttentionNeeded, Event, StartMissed, TaskChanged

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_control import TaskControl
    from invite_desktop.engine.task_states import TaskStates


_logger = logging.getLogger(__name__)

_RETRY = timedelta(minutes=1)


class ScheduledStarts:
    """Waits for the next start time, starts what is due, and asks about what is overdue."""

    def __init__(
        self, ports: Ports, states: TaskStates, control: TaskControl, bus: EventBus
    ) -> None:
        self._ports = ports
        self._states = states
        self._control = control
        self._bus = bus
        self._bell = Bell(ports.clock)
        bus.subscribe(self._hear)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                moment = await self._look()
            except KnownError:
                # The store refuses for the moment; whoever acts on a task says so.
                _logger.warning("start times could not be read; they are read again soon")
                moment = self._ports.clock.now() + _RETRY
            await self._bell.sleep(moment)

    def _hear(self, event: Event) -> None:
        """Look again when a task is new or was changed: so may be its start."""
        if isinstance(event, TaskChanged):
            self._bell.ring()

    async def _look(self) -> datetime | None:
        """Start what is due; return when the next one is."""
        coming: list[datetime] = []
        for task in await self._ports.tasks.tasks():
            at = task.schedule.start_at
            if task.status is not TaskStatus.READY or at is None or _was_tried(task):
                continue
            now = self._ports.clock.now()
            if at > now:
                coming.append(at)
            elif is_missed(at, now):
                await self._states.move_if_allowed(
                    task.id, TaskMove.MISS_START, TaskReason.START_MISSED
                )
                self._bus.publish(StartMissed(task.id))
            else:
                await self._start(task)
        return min(coming, default=None)

    async def _start(self, task: InviteTask) -> None:
        try:
            await self._control.set_going(task.id, TaskMove.START)
        except KnownError as error:
            # Tried once: what stands in the way needs the user, and trying on would only hammer.
            await self._states.move_if_allowed(
                task.id, TaskMove.MISS_START, TaskReason.NOT_STARTED, detail=str(error)
            )
            self._bus.publish(
                AttentionNeeded(
                    message(
                        "The task “{task}” could not start by itself. {words}",
                        task=task.name,
                        words=error.explanation,
                    )
                )
            )


def _was_tried(task: InviteTask) -> bool:
    return task.situation.reason in {TaskReason.START_MISSED, TaskReason.NOT_STARTED}
