"""The Tasks tab: the list, the form, and one task's page, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.domain.diagnosis import RepairKind
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.ui.tasks.task_deeds import TaskDeeds
from invite_desktop.ui.tasks.task_list import TaskList
from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.undo_bar import UndoBar

if TYPE_CHECKING:
    from invite_desktop.domain.diagnosis import Repair
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.tasks.create_form import CreateForm
    from invite_desktop.ui.tasks.task_actions import TaskActions
    from invite_desktop.ui.tasks.task_page import TaskPage


class TasksScreen(QWidget):
    """Form and page are loaded and built when they are first needed.

    What was done last with tasks can be undone from the list and from the page.
    ``person_opened`` carries a person's id, ``repair_requested`` a Repair for another tab.
    """

    person_opened = Signal(int)
    repair_requested = Signal(object)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("tasks_screen")
        self._context = context
        self._pages = QStackedWidget()
        self.undo_bar = UndoBar(context.work, context.notices.refused)
        self.list = TaskList(context, self.undo_bar)
        self._form: CreateForm | None = None
        self._page: TaskPage | None = None
        self._pages.addWidget(self.list)
        self.list.new_requested.connect(self.show_form)
        self.list.bin_requested.connect(self.show_bin)
        self._follow(self.list.actions_on_tasks)
        self._lay_out()

    @property
    def form(self) -> CreateForm:
        """Return the form for a new task."""
        if self._form is None:
            from invite_desktop.ui.tasks.create_form import CreateForm  # noqa: PLC0415 - see the class

            self._form = CreateForm(self._context)
            self._form.left.connect(self.show_list)
            self._form.created.connect(self.show_list)
            self._pages.addWidget(self._form)
        return self._form

    @property
    def page(self) -> TaskPage:
        """Return the page of one task."""
        if self._page is None:
            from invite_desktop.ui.tasks.task_page import TaskPage  # noqa: PLC0415 - see the class

            self._page = TaskPage(self._context, self.undo_bar)
            self._page.back_requested.connect(self.show_list)
            self._page.person_opened.connect(self.person_opened)
            self._page.actions_on_task.deleted.connect(self.show_list)
            self._page.actions_on_task.made.connect(self._show_made)
            self._follow(self._page.actions_on_task)
            self._pages.addWidget(self._page)
        return self._page

    def show_list(self) -> None:
        """Show all tasks."""
        self._pages.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def show_form(self, audience_id: int | None = None) -> None:
        """Show the form, with an audience chosen if one is given."""
        self._pages.setCurrentWidget(self.form)
        if audience_id:
            self.form.use_audience(audience_id)
        self.form.chat.address.setFocus()

    def show_form_like(self, task_id: int) -> None:
        """Show the form with everything as in another task, but the audience."""
        self._context.work.start(self._fill_form(task_id), "form like a task")

    def open_task(self, task_id: int) -> None:
        """Show one task's page."""
        self._pages.setCurrentWidget(self.page)
        self.page.open_task(task_id)

    def open_report(self, task_id: int) -> None:
        """Show how one task went, in numbers."""
        self.open_task(task_id)
        self.page.show_course()

    def diagnose(self, task_id: int) -> None:
        """Look at everything that a task needs, in a dialog with the repairs."""
        self._context.work.start(self._diagnose(task_id), f"task {task_id}: diagnosis")

    def try_on_one(self, task_id: int) -> None:
        """Ask on whom a task is to be tried, in a dialog."""
        self._context.work.start(self._try_on_one(task_id), f"task {task_id}: trial")

    def run_dry(self, task_id: int) -> None:
        """Go through a task's people without contacting anybody, in a dialog."""
        self._context.work.start(self._run_dry(task_id), f"task {task_id}: dry run")

    def show_bin(self) -> None:
        """Show the deleted tasks in a dialog."""
        from invite_desktop.ui.tasks.bin_dialog import BinDialog  # noqa: PLC0415 - seldom needed

        BinDialog(self._context, self.window()).show_contents()

    def clear_all(self) -> None:
        """Ask whether every task is to be deleted, and do it."""
        self.show_list()
        deeds = TaskDeeds(self._context, self.undo_bar)
        self._context.work.start(deeds.clear_all(), "tasks cleared")

    async def _diagnose(self, task_id: int) -> None:
        from invite_desktop.ui.tasks.diagnosis_dialog import DiagnosisDialog  # noqa: PLC0415 - seldom needed

        task = (await self._context.engine.tasks.view(task_id)).task
        dialog = DiagnosisDialog(self._context, self.window(), task)
        dialog.repair_requested.connect(lambda repair: self._repair(task, repair))
        dialog.look()

    async def _try_on_one(self, task_id: int) -> None:
        from invite_desktop.ui.tasks.trial_dialog import TrialDialog  # noqa: PLC0415 - seldom needed

        task = (await self._context.engine.tasks.view(task_id)).task
        TrialDialog(self._context, self.window(), task).ask()

    async def _run_dry(self, task_id: int) -> None:
        from invite_desktop.ui.tasks.task_dry_run_dialog import TaskDryRunDialog  # noqa: PLC0415 - seldom needed

        task = (await self._context.engine.tasks.view(task_id)).task
        TaskDryRunDialog(self._context, self.window(), task).look()

    def _repair(self, task: InviteTask, repair: Repair) -> None:
        """Lead to where something is mended that a diagnosis has found."""
        from invite_desktop.ui.tasks.schedule_dialog import ask_for_schedule  # noqa: PLC0415 - seldom needed

        match repair.kind:
            case RepairKind.CHANGE_SCHEDULE:
                ask_for_schedule(self._context, task, self)
            case RepairKind.COPY_TASK:
                self.show_form_like(task.id)
            case RepairKind.SHOW_PEOPLE:
                self.open_task(task.id)
                reason = OutcomeCode(repair.reason) if repair.reason else None
                self.page.people.show_only(TargetState(repair.state), reason)
            case RepairKind.SHOW_LINK:
                self.open_task(task.id)
                self.page.show_link()
            case _:
                self.repair_requested.emit(repair)

    async def _fill_form(self, task_id: int) -> None:
        task = (await self._context.engine.tasks.view(task_id)).task
        self._pages.setCurrentWidget(self.form)
        self.form.use_task(task)

    def _show_made(self, task_id: int) -> None:
        self.list.choose(task_id)
        self.show_list()

    def _follow(self, actions: TaskActions) -> None:
        actions.opened.connect(self.open_task)
        actions.form_requested.connect(self.show_form_like)
        actions.diagnosis_requested.connect(self.diagnose)
        actions.trial_requested.connect(self.try_on_one)
        actions.dry_run_requested.connect(self.run_dry)

    def _lay_out(self) -> None:
        bar = QVBoxLayout()
        bar.setContentsMargins(Space.LARGE, 0, Space.LARGE, Space.SMALL)
        bar.addWidget(self.undo_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addLayout(bar)
