"""Invite tasks: made, started, stopped and watched."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskMove
from invite_desktop.engine.events import TaskChanged
from invite_desktop.engine.ports.stores import TargetFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.tasks import InviteTask, JournalEntry, NewTask, Priority, TaskKind
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.events import Event
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_control import TaskControl
    from invite_desktop.engine.task_drafting import TaskDrafting
    from invite_desktop.engine.task_views import TaskViews
    from invite_desktop.engine.views import TaskPlan, TaskView

_EVERYBODY = TargetFilter()


class Tasks:
    """Every change raises KnownError, in words, when it is not possible now."""

    def __init__(
        self,
        ports: Ports,
        bus: EventBus,
        drafting: TaskDrafting,
        control: TaskControl,
        shown: TaskViews,
    ) -> None:
        self._ports = ports
        self._bus = bus
        self._drafting = drafting
        self._control = control
        self._shown = shown

    async def create(self, new: NewTask, stop_line: str | None = None) -> InviteTask:
        """Store a task that is ready to start, with its targets.

        ``stop_line`` is the line on how to stop that ends every message; None for our own.
        """
        complete, name = await self._drafting.complete(new, stop_line)
        task = await self._ports.tasks.create(complete, name, self._ports.clock.now())
        self._bus.publish(TaskChanged(task.id))
        return task

    async def start(self, task_id: int) -> None:
        """Begin, after the preflight."""
        await self._control.set_going(task_id, TaskMove.START)

    async def resume(self, task_id: int) -> None:
        """Go on with a paused task, after the preflight."""
        await self._control.set_going(task_id, TaskMove.RESUME)

    async def pause(self, task_id: int) -> None:
        """Stop before the next action; a call under way ends and is written down."""
        await self._control.stop(task_id, TaskMove.PAUSE)

    async def cancel(self, task_id: int) -> None:
        """Stop for good before the next action."""
        await self._control.stop(task_id, TaskMove.CANCEL)

    async def change_schedule(self, task_id: int, schedule: Schedule) -> None:
        """Say when a task starts by itself, and in which hours it acts; at any time of its life.

        Raises KnownError for a start time of a task that has been started before.
        """
        await self._control.change_schedule(task_id, schedule)
        self._bus.publish(TaskChanged(task_id))

    async def change_priority(self, task_id: int, priority: Priority) -> None:
        """Let accounts serve a task earlier or later than others, from their next choice on."""
        await self._control.change_priority(task_id, priority)
        self._bus.publish(TaskChanged(task_id))

    async def rename(self, task_id: int, name: str) -> InviteTask:
        """Give a task another name. Raises KnownError for an empty one."""
        if not (name := name.strip()):
            raise KnownError(message("The task needs a name."))
        task = await self._ports.tasks.rename(task_id, name)
        self._control.update(task)
        self._bus.publish(TaskChanged(task_id))
        return task

    async def retry(self, task_id: int) -> int:
        """Open a finished task again for those who may be tried again; return how many."""
        reopened = await self._control.reopen(task_id)
        self._bus.publish(TaskChanged(task_id))
        return reopened

    async def views(self) -> Sequence[TaskView]:
        """Return all tasks but the deleted ones as the list shows them, newest first."""
        return await self._shown.all()

    async def view(self, task_id: int) -> TaskView:
        """Return one task as the list shows it."""
        return await self._shown.one(task_id)

    async def targets(
        self,
        task_id: int,
        wanted: TargetFilter = _EVERYBODY,
        offset: int = 0,
        limit: int = 200,
    ) -> Sequence[Target]:
        """Return a page of a task's people, in order."""
        return await self._ports.tasks.targets(task_id, wanted, offset, limit)

    async def count_targets(self, task_id: int, wanted: TargetFilter) -> int:
        """Return how many of a task's people are wanted."""
        return await self._ports.tasks.count_targets(task_id, wanted)

    async def target(self, target_id: int) -> Target:
        """Return one person in one task."""
        return await self._ports.tasks.target(target_id)

    async def journal(
        self, task_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[JournalEntry]:
        """Return a page of what happened to a task as a whole, newest first."""
        return await self._ports.tasks.journal(task_id, offset, limit)

    async def plan(
        self,
        people: int,
        kind: TaskKind,
        accounts: Sequence[Account],
        schedule: Schedule = ANY_TIME,
        by_phone: int = 0,
    ) -> TaskPlan:
        """Return what to expect of a task for so many people with these accounts.

        It starts now, or when the schedule says. Only accounts that are ready count. So many of
        the people (``by_phone``) have to be looked up by phone first.
        """
        return await self._shown.plan(people, kind, accounts, schedule, by_phone)

    async def wait_until_idle(self, task_id: int) -> None:
        """Return when the task is no longer running or waiting."""
        changed = asyncio.Event()

        def listen(event: Event) -> None:
            if isinstance(event, TaskChanged) and event.task_id == task_id:
                changed.set()

        unsubscribe = self._bus.subscribe(listen)
        try:
            while (await self._ports.tasks.task(task_id)).status in ACTIVE_STATUSES:
                if self._control.is_paused_in_memory(task_id):
                    return
                await changed.wait()
                changed.clear()
        finally:
            unsubscribe()
