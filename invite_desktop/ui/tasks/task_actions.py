"""What the user can do with tasks: one set of actions for the list, the menu and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu

from invite_desktop.domain.outcomes import RULES
from invite_desktop.domain.tasks import FINAL_STATUSES, TRANSITIONS, Priority, TaskMove
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.tasks.task_deeds import TaskDeeds
from invite_desktop.ui.tasks.task_filter import priority_words
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.small_form import SmallForm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar

_LONGEST_NAME = 120


class TaskActions(QObject):
    """Each action is allowed for the chosen tasks only where it makes sense.

    ``opened``, ``made``, ``diagnosis_requested``, ``trial_requested``, ``dry_run_requested`` and
    ``form_requested`` (a new task like this one, with another audience) carry a task's id;
    ``deleted`` none.
    """

    opened = Signal(int)
    made = Signal(int)
    form_requested = Signal(int)
    diagnosis_requested = Signal(int)
    trial_requested = Signal(int)
    dry_run_requested = Signal(int)
    deleted = Signal()

    def __init__(self, context: ScreenContext, owner: QWidget, undo: UndoBar) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._deeds = TaskDeeds(context, undo)
        self._chosen: Sequence[TaskView] = ()
        self.open = self._action("folder", lambda: self.opened.emit(self._chosen[0].task.id))
        self.start = self._action("start", self._start_chosen)
        self.pause = self._action("pause", self._pause_chosen)
        self.resume = self._action("resume", self._resume_chosen)
        self.cancel = self._action("cancel", self._cancel_chosen)
        self.retry = self._action("retry", self._retry_chosen)
        self.reschedule = self._action("clock", self._reschedule_chosen)
        self.diagnose = self._action("check", self._diagnose_chosen)
        self.report = self._action("save", self._save_report)
        self.trial = self._action("person", self._try_chosen)
        self.dry_run = self._action("search", self._run_chosen_dry)
        self.rename = self._action("edit", self._ask_name)
        self.delete = self._action("delete", self._delete_chosen)
        self.restore = self._action("undo", self._restore_chosen)
        self.copy_whole = self._action("copy", self._copy_chosen)
        self.copy_failed = self._action("retry", self._copy_failed)
        self.copy_plan = self._action("add", self._copy_plan)
        self.copies = self._menu("copy", (self.copy_whole, self.copy_plan, self.copy_failed))
        self.priorities = self._menu("priority", [self._priority(each) for each in _BY_RANK])
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.set_chosen(())

    @property
    def often(self) -> Sequence[QAction]:
        """Return the actions that have a button each."""
        return (self.start, self.pause, self.resume, self.cancel, self.delete)

    @property
    def rarer(self) -> Sequence[QAction]:
        """Return the actions that stand behind a button of their own."""
        menus = (self.copies.menuAction(), self.priorities.menuAction())
        looks = (self.diagnose, self.dry_run, self.trial, self.report)
        return (self.retry, *looks, self.reschedule, *menus, self.rename)

    @property
    def on_page(self) -> Sequence[QAction]:
        """Return the actions that have a button each where one task is shown."""
        moves = (self.start, self.pause, self.resume, self.cancel, self.retry, self.restore)
        return (*moves, self.diagnose, self.report)

    @property
    def rarer_on_page(self) -> Sequence[QAction]:
        """Return what stands behind a button of its own there."""
        menus = (self.copies.menuAction(), self.priorities.menuAction())
        looks = (self.dry_run, self.trial)
        return (*looks, self.reschedule, *menus, self.rename, self.delete)

    @property
    def all(self) -> Sequence[QAction]:
        """Return the actions in the order in which a menu shows them."""
        moves = (self.start, self.pause, self.resume, self.cancel)
        return (self.open, *moves, *self.rarer, self.delete)

    def set_chosen(self, views: Sequence[TaskView]) -> None:
        """Say which tasks the actions concern."""
        self._chosen = tuple(views)
        here = self._here()
        self.open.setEnabled(len(self._chosen) == 1)
        self.start.setEnabled(bool(self._those_that_may(TaskMove.START)))
        self.pause.setEnabled(bool(self._those_that_may(TaskMove.PAUSE)))
        self.resume.setEnabled(bool(self._those_that_may(TaskMove.RESUME)))
        self.cancel.setEnabled(bool(self._those_that_may(TaskMove.CANCEL)))
        self.retry.setEnabled(bool(self._retryable()))
        self.diagnose.setEnabled(len(self._chosen) == 1)
        self.report.setEnabled(len(self._chosen) == 1)
        pending = len(here) == 1 and bool(here[0].counters.pending)
        self.dry_run.setEnabled(len(self._chosen) == 1 and pending)
        self.trial.setEnabled(len(self._chosen) == 1 and pending)
        self.reschedule.setEnabled(len(self._open()) == 1)
        self.rename.setEnabled(len(here) == 1)
        self.delete.setEnabled(bool(here))
        self.restore.setEnabled(len(here) < len(self._chosen))
        self.copies.menuAction().setEnabled(bool(here))
        self.copy_plan.setEnabled(len(here) == 1)
        self.copy_failed.setEnabled(bool(self._with_failures()))
        self.priorities.menuAction().setEnabled(bool(self._open()))

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        for action, text, hint in (
            (self.open, tr("&Open"), tr("See the task and its people")),
            (self.start, tr("&Start"), tr("Check accounts and rights, then begin")),
            (self.pause, tr("&Pause"), tr("Stop before the next action; nothing is lost")),
            (self.resume, tr("&Resume"), tr("Check accounts and rights, then go on")),
            (self.cancel, tr("&Cancel task"), tr("End the task; what was done stays done")),
            (self.retry, tr("R&etry failed"), tr("Queue the failed people once more")),
            (self.reschedule, tr("Sche&dule…"), tr("Choose a start time and working hours")),
            (self.diagnose, tr("Dia&gnose"), tr("Find out what is wrong, and how to mend it")),
            (
                self.report,
                tr("S&ave report…"),
                tr("As XLSX, HTML, PDF or CSV with everybody"),
            ),
            (self.dry_run, tr("Dr&y run…"), tr("Go through everybody without contacting anybody")),
            (self.trial, tr("&Test on one person…"), tr("Invite or write to one person first")),
            (self.rename, tr("Re&name…"), tr("Give the task another name")),
            (self.delete, tr("De&lete"), tr("Stop and move into the bin; it can be undone")),
            (self.restore, tr("&Bring back"), tr("Take the task out of the bin")),
            (self.copy_whole, tr("With the same &audience"), tr("For those still to be contacted")),
            (self.copy_plan, tr("With another a&udience…"), tr("Everything but the people")),
            (self.copy_failed, tr("Only those who &failed"), tr("As an audience of their own")),
        ):
            action.setText(text)
            action.setToolTip(hint)
        self.copies.setTitle(tr("D&uplicate"))
        self.priorities.setTitle(tr("Prior&ity"))
        for action in self.priorities.actions():
            action.setText(priority_words(Priority(action.data())))

    # ------------------------------------------------------------ making

    def _action(self, icon_name: str, chosen: Callable[[], None]) -> QAction:
        action = QAction(self._owner)
        put_icon(action, icon_name)
        action.triggered.connect(chosen)
        self._owner.addAction(action)
        return action

    def _menu(self, icon_name: str, actions: Sequence[QAction]) -> QMenu:
        menu = QMenu(self._owner)
        menu.setToolTipsVisible(True)
        menu.addActions(list(actions))
        put_icon(menu.menuAction(), icon_name)
        self._owner.addAction(menu.menuAction())
        return menu

    def _priority(self, priority: Priority) -> QAction:
        action = QAction(self._owner)
        action.setData(int(priority))
        action.triggered.connect(lambda: self._prioritise_chosen(priority))
        return action

    # ------------------------------------------------------------ which

    def _here(self) -> list[TaskView]:
        """Return the chosen tasks that are not in the bin."""
        return [view for view in self._chosen if view.task.deleted_at is None]

    def _those_that_may(self, move: TaskMove) -> list[TaskView]:
        return [view for view in self._here() if view.task.status in TRANSITIONS[move]]

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
        return [view for view in self._here() if view.task.status not in FINAL_STATUSES]

    def _with_failures(self) -> list[TaskView]:
        return [view for view in self._here() if view.counters.failed]

    # ------------------------------------------------------------ doing

    def _start_chosen(self) -> None:
        self._each(self._those_that_may(TaskMove.START), self._context.engine.tasks.start)

    def _pause_chosen(self) -> None:
        self._each(self._those_that_may(TaskMove.PAUSE), self._context.engine.tasks.pause)

    def _resume_chosen(self) -> None:
        self._each(self._those_that_may(TaskMove.RESUME), self._context.engine.tasks.resume)

    def _retry_chosen(self) -> None:
        self._each(self._retryable(), self._context.engine.tasks.retry)

    def _restore_chosen(self) -> None:
        gone = [view for view in self._chosen if view.task.deleted_at is not None]
        self._each(gone, self._context.engine.bin.restore)

    def _cancel_chosen(self) -> None:
        views = self._those_that_may(TaskMove.CANCEL)
        self._run(self._deeds.cancel(views), "tasks cancelled")

    def _reschedule_chosen(self) -> None:
        from invite_desktop.ui.tasks.schedule_dialog import ask_for_schedule  # noqa: PLC0415 - seldom needed

        for view in self._open():
            ask_for_schedule(self._context, view.task, self._owner)

    def _diagnose_chosen(self) -> None:
        self.diagnosis_requested.emit(self._chosen[0].task.id)

    def _save_report(self) -> None:
        from invite_desktop.ui.statistics.report_dialog import ask_for_report  # noqa: PLC0415 - seldom needed

        ask_for_report(self._context, self._owner, self._chosen[0].task)

    def _try_chosen(self) -> None:
        self.trial_requested.emit(self._chosen[0].task.id)

    def _run_chosen_dry(self) -> None:
        self.dry_run_requested.emit(self._chosen[0].task.id)

    def _prioritise_chosen(self, priority: Priority) -> None:
        self._run(self._deeds.prioritise(self._open(), priority), "priority of tasks")

    def _delete_chosen(self) -> None:
        self._run(self._delete(self._here()), "tasks deleted")

    async def _delete(self, views: Sequence[TaskView]) -> None:
        if await self._deeds.delete(views):
            self.deleted.emit()

    def _ask_name(self) -> None:
        task = self._here()[0].task
        form = SmallForm(self._context.work, self._owner, tr("Rename the task"))
        name = QLineEdit(task.name, maxLength=_LONGEST_NAME)
        name.selectAll()
        form.add_row(tr("&Name"), name)
        form.ask(tr("Rename"), lambda: self._deeds.rename(task, name.text()))

    def _copy_chosen(self) -> None:
        self._run(self._copy(self._here(), self._context.engine.copies.whole), "tasks copied")

    def _copy_failed(self) -> None:
        copies = self._context.engine.copies
        self._run(self._copy(self._with_failures(), copies.failed_only), "failed people copied")

    def _copy_plan(self) -> None:
        self.form_requested.emit(self._here()[0].task.id)

    async def _copy(
        self, views: Sequence[TaskView], make: Callable[[int], Awaitable[InviteTask]]
    ) -> None:
        for task_id in await self._deeds.copy(views, make):
            self.made.emit(task_id)

    def _each(self, views: Sequence[TaskView], act: Callable[[int], Awaitable[object]]) -> None:
        self._run(self._told(views, act), "something done with tasks")

    async def _told(
        self, views: Sequence[TaskView], act: Callable[[int], Awaitable[object]]
    ) -> None:
        await self._deeds.each([view.task.id for view in views], act)

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._context.work.start(work, name)


_BY_RANK = sorted(Priority, reverse=True)
