"""The Tasks tab: the list, the form, and one task's page, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from invite_desktop.ui.tasks.task_list import TaskList

if TYPE_CHECKING:
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.tasks.create_form import CreateForm
    from invite_desktop.ui.tasks.task_page import TaskPage


class TasksScreen(QStackedWidget):
    """Form and page are loaded and built when they are first needed."""

    person_opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("tasks_screen")
        self._context = context
        self.list = TaskList(context)
        self._form: CreateForm | None = None
        self._page: TaskPage | None = None
        self.addWidget(self.list)
        self.list.new_requested.connect(self.show_form)
        self.list.opened.connect(self.open_task)

    @property
    def form(self) -> CreateForm:
        """Return the form for a new task."""
        if self._form is None:
            from invite_desktop.ui.tasks.create_form import CreateForm  # noqa: PLC0415 - see the class

            self._form = CreateForm(self._context)
            self._form.left.connect(self.show_list)
            self._form.created.connect(self.show_list)
            self.addWidget(self._form)
        return self._form

    @property
    def page(self) -> TaskPage:
        """Return the page of one task."""
        if self._page is None:
            from invite_desktop.ui.tasks.task_page import TaskPage  # noqa: PLC0415 - see the class

            self._page = TaskPage(self._context)
            self._page.back_requested.connect(self.show_list)
            self._page.person_opened.connect(self.person_opened)
            self.addWidget(self._page)
        return self._page

    def show_list(self) -> None:
        """Show all tasks."""
        self.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def show_form(self, audience_id: int | None = None) -> None:
        """Show the form, with an audience chosen if one is given."""
        self.setCurrentWidget(self.form)
        if audience_id:
            self.form.use_audience(audience_id)
        self.form.chat.address.setFocus()

    def open_task(self, task_id: int) -> None:
        """Show one task's page."""
        self.setCurrentWidget(self.page)
        self.page.open_task(task_id)
