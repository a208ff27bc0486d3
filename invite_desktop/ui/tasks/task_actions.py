"""What the user can do with tasks: one set of actions for the list, the menu and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from invite_desktop.domain.outcomes import RULES
from invite_desktop.domain.tasks import FINAL_STATUSES, TRANSITIONS, TaskMove
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.tasks.schedule_dialog import ask_for_schedule
from invite_desktop.ui.translations import language_changed, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext


class TaskActions(QObject):
    """Start, pause, resume, cancel and retry of the chosen tasks, each only when it is allowed."""

    def __init__(self, context: ScreenContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._chosen: Sequence[TaskView] = ()
        self.start = self._action(owner, "start", self._start_chosen)
        self.pause = self._action(owner, "pause", self._pause_chosen)
        self.resume = self._action(owner, "resume", self._resume_chosen)
        self.cancel = self._action(owner, "cancel", self._cancel_chosen)
        self.retry = self._action(owner, "retry", self._retry_chosen)
        self.reschedule = self._action(owner, "clock", self._reschedule_chosen)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.set_chosen(())

    @property
    def all(self) -> Sequence[QAction]:
        """Return the actions in the order in which they are shown."""
        return (self.start, self.pause, self.resume, self.cancel, self.retry, self.reschedule)

    def set_chosen(self, views: Sequence[TaskView]) -> None:
        """Say which tasks the actions concern."""
        self._chosen = tuple(views)
        self.start.setEnabled(bool(self._those_that_may(TaskMove.START)))
        self.pause.setEnabled(bool(self._those_that_may(TaskMove.PAUSE)))
        self.resume.setEnabled(bool(self._those_that_may(TaskMove.RESUME)))
        self.cancel.setEnabled(bool(self._those_that_may(TaskMove.CANCEL)))
        self.retry.setEnabled(bool(self._retryable()))
        self.reschedule.setEnabled(len(self._open()) == 1)

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        for action, text, hint in (
            (self.start, tr("&Start"), tr("Check accounts and rights, then begin")),
            (self.pause, tr("&Pause"), tr("Stop before the next action; nothing is lost")),
            (self.resume, tr("&Resume"), tr("Check accounts and rights, then go on")),
            (self.cancel, tr("&Cancel task"), tr("End the task; what was done stays done")),
            (self.retry, tr("Retry &failed"), tr("Queue the failed people once more")),
            (self.reschedule, tr("Sche&dule…"), tr("Choose a start time and working hours")),
        ):
            action.setText(text)
            action.setToolTip(hint)

    def _action(self, owner: QWidget, icon_name: str, chosen: Callable[[], None]) -> QAction:
        action = QAction(owner)
        put_icon(action, icon_name)
        action.triggered.connect(chosen)
        owner.addAction(action)
        return action

    def _those_that_may(self, move: TaskMove) -> list[TaskView]:
        return [view for view in self._chosen if view.task.status in TRANSITIONS[move]]

    def _retryable(self) -> list[TaskView]:
        return [
            view
            for view in self._those_that_may(TaskMove.REOPEN)
            if any(
                code is not None and RULES[code].retryable and count
                for (_, code), count in view.counters.by_reason.items()
            )
        ]

    def _open(self) -> list[TaskView]:
        """Return the chosen tasks that are not over."""
        return [view for view in self._chosen if view.task.status not in FINAL_STATUSES]

    def _reschedule_chosen(self) -> None:
        for view in self._open():
            ask_for_schedule(self._context, view.task, self._owner)

    def _start_chosen(self) -> None:
        tasks = self._context.engine.tasks
        self._for_each(self._those_that_may(TaskMove.START), tasks.start, "start")

    def _pause_chosen(self) -> None:
        tasks = self._context.engine.tasks
        self._for_each(self._those_that_may(TaskMove.PAUSE), tasks.pause, "pause")

    def _resume_chosen(self) -> None:
        tasks = self._context.engine.tasks
        self._for_each(self._those_that_may(TaskMove.RESUME), tasks.resume, "resume")

    def _cancel_chosen(self) -> None:
        views = self._those_that_may(TaskMove.CANCEL)
        self._context.work.start(self._ask_and_cancel(views), "tasks cancelled")

    def _retry_chosen(self) -> None:
        tasks = self._context.engine.tasks
        self._for_each(self._retryable(), tasks.retry, "retry")

    def _for_each(
        self,
        views: Sequence[TaskView],
        act: Callable[[int], Awaitable[object]],
        name: str,
    ) -> None:
        for view in views:
            self._context.work.start(_done(act, view.task.id), f"task {view.task.id}: {name}")

    async def _ask_and_cancel(self, views: Sequence[TaskView]) -> None:
        agreed = await self._context.notices.ask(
            tr_n("Cancel the task?", "Cancel {count} tasks?", len(views)),
            tr("Nobody else is contacted. What was done stays done and in the reports."),
            tr_n("Cancel the task", "Cancel the tasks", len(views)),
            tr("Keep"),
        )
        if agreed:
            self._for_each(views, self._context.engine.tasks.cancel, "cancel")


async def _done(act: Callable[[int], Awaitable[object]], task_id: int) -> None:
    await act(task_id)
