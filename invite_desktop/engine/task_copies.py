"""New tasks like old ones."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.schedule import Schedule
from invite_desktop.domain.tasks import NewTask, TaskKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.audiences import Audiences
    from invite_desktop.engine.tasks import Tasks


class TaskCopies:
    """Makes them; none starts by itself. ``namer`` writes their names in the user's language."""

    def __init__(self, tasks: Tasks, audiences: Audiences, namer: Callable[[Message], str]) -> None:
        self._tasks = tasks
        self._audiences = audiences
        self._namer = namer

    async def whole(self, task_id: int) -> InviteTask:
        """Make the same task once more, for everybody of its audience who may be contacted now.

        Raises KnownError when there is nobody, or when the audience is no longer there.
        """
        task = await self._task(task_id)
        name = self._namer(message("{task}, a copy", task=task.name))
        return await self._make(task, replace(decisions_of(task), name=name))

    async def failed_only(self, task_id: int) -> InviteTask:
        """Make the same task for those with whom it failed, who become an audience of their own.

        Whoever was left out by a rule, or may have been contacted, is not among them. Raises
        KnownError when it failed with nobody.
        """
        task = await self._task(task_id)
        if not (await self._tasks.view(task_id)).counters.failed:
            raise KnownError(message("There is nobody in this task with whom it failed."))
        name = self._namer(message("{task}: failed", task=task.name))
        audience = await self._audiences.from_task(task_id, [TargetState.FAILED], [], name)
        new = replace(decisions_of(task), name=name, audience_id=audience.id)
        try:
            return await self._make(task, new)
        except BaseException:
            await self._audiences.delete(audience.id)
            raise

    async def _task(self, task_id: int) -> InviteTask:
        return (await self._tasks.view(task_id)).task

    async def _make(self, task: InviteTask, new: NewTask) -> InviteTask:
        # The last paragraph of a stored text is its line on how to stop.
        last = task.text.rsplit("\n\n", 1)[-1]
        return await self._tasks.create(new, last if task.kind is TaskKind.MESSAGE else None)


def decisions_of(task: InviteTask) -> NewTask:
    """Return what the user decided about a task, for another one; its start time is left out."""
    decided = {each.name: getattr(task, each.name) for each in fields(NewTask)}
    return NewTask(**{**decided, "name": "", "schedule": Schedule(hours=task.schedule.hours)})
