"""What is done with chosen tasks, told afterwards, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.ui.translations import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from invite_desktop.domain.tasks import InviteTask, Priority
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class TaskDeeds:
    """Coroutines for the actions on tasks; refusals of several tasks come in one box."""

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        self._context = context
        self._engine = context.engine
        self._undo = undo

    async def each(
        self, task_ids: Sequence[int], act: Callable[[int], Awaitable[object]]
    ) -> Collection[int]:
        """Do the same with each task; return those with which it was done."""
        result = await self._engine.bulk.each(task_ids, act)
        if (refusal := result.refusal) is not None:
            self._context.notices.refused(refusal)
        return result.done

    async def cancel(self, views: Sequence[TaskView]) -> None:
        """Ask, and end the tasks for good."""
        agreed = await self._context.notices.ask(
            tr_n("Cancel the task?", "Cancel {count} tasks?", len(views)),
            tr("Nobody else is contacted. What was done stays done and in the reports."),
            tr_n("Cancel the task", "Cancel the tasks", len(views)),
            tr("Keep"),
        )
        if agreed:
            await self.each(_ids(views), self._engine.tasks.cancel)

    async def delete(self, views: Sequence[TaskView]) -> Collection[int]:
        """Move tasks into the bin; taken back, those that were active go on."""
        active = {view.task.id for view in views if view.task.status in ACTIVE_STATUSES}
        gone = await self.each(_ids(views), self._engine.bin.delete)

        async def undo() -> None:
            back = await self.each(list(gone), self._engine.bin.restore)
            again = [task_id for task_id in back if task_id in active]
            await self.each(again, self._engine.tasks.resume)

        if gone:
            self._undo.say(lambda: _gone_words(views, gone), undo)
        return gone

    async def clear_all(self) -> None:
        """Ask, and move every task into the bin."""
        views = await self._engine.tasks.views()
        if not views:
            await self._context.notices.tell(tr("There are no tasks to clear."))
            return
        agreed = await self._context.notices.ask(
            tr_n("Delete the task?", "Delete all {count} tasks?", len(views)),
            tr(
                "Running tasks stop first. For 30 days they can be brought back from the bin; "
                "whom they contacted is remembered for ever."
            ),
            tr_n("Delete the task", "Delete all tasks", len(views)),
            tr("Keep"),
        )
        if agreed:
            await self.delete(views)

    async def prioritise(self, views: Sequence[TaskView], priority: Priority) -> None:
        """Give the tasks another priority."""
        before = {view.task.id: view.task.priority for view in views}
        change = self._engine.tasks.change_priority
        done = await self.each(_ids(views), lambda task_id: change(task_id, priority))

        async def undo() -> None:
            await self.each(list(done), lambda task_id: change(task_id, before[task_id]))

        if done:
            self._undo.say(lambda: tr("The priority is changed."), undo)

    async def rename(self, task: InviteTask, name: str) -> None:
        """Give a task another name. Raises KnownError for an empty one."""
        await self._engine.tasks.rename(task.id, name)

        async def undo() -> None:
            await self._engine.tasks.rename(task.id, task.name)

        self._undo.say(lambda: tr("“{old}” has a new name.", old=task.name), undo)

    async def copy(
        self, views: Sequence[TaskView], make: Callable[[int], Awaitable[InviteTask]]
    ) -> Collection[int]:
        """Make new tasks like these; return their ids."""
        made: list[InviteTask] = []

        async def act(task_id: int) -> None:
            made.append(await make(task_id))

        await self.each(_ids(views), act)

        async def undo() -> None:
            await self.each([task.id for task in made], self._engine.bin.delete)

        if made:
            self._undo.say(lambda: _made_words(made), undo)
        return [task.id for task in made]


def _ids(views: Sequence[TaskView]) -> list[int]:
    return [view.task.id for view in views]


def _gone_words(views: Sequence[TaskView], gone: Collection[int]) -> str:
    names = [view.task.name for view in views if view.task.id in gone]
    if len(names) == 1:
        return tr("“{name}” is in the bin.", name=names[0])
    return tr_n("{count} task is in the bin.", "{count} tasks are in the bin.", len(names))


def _made_words(made: Sequence[InviteTask]) -> str:
    if len(made) == 1:
        return tr("“{name}” is there, not started.", name=made[0].name)
    return tr_n(
        "{count} new task is there, not started.",
        "{count} new tasks are there, not started.",
        len(made),
    )
