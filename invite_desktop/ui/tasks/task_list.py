"""The list of tasks with the actions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout

from invite_desktop.ui.tasks.task_actions import TaskActions
from invite_desktop.ui.tasks.task_columns import CREATED_COLUMN, task_columns
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton
from invite_desktop.ui.widgets.pieces import EmptyState, button
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtCore import QPoint

    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext


class TaskList(Screen):
    """Every task in a row; what happens to a task changes its row only."""

    new_requested = Signal()
    opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "task_list")
        self.model: RowsModel[TaskView] = RowsModel(
            task_columns(context.engine.clock.now), key=lambda view: view.task.id
        )
        self.table = Table(self.model, sortable=True)
        self.table.setObjectName("tasks")
        self.table.sort_first_by(CREATED_COLUMN, Qt.SortOrder.DescendingOrder)
        self.table.remember_columns(context.settings, "tasks/columns")
        self.actions_on_tasks = TaskActions(context, self.table)
        self.new_button = button("add", primary=True)
        self.new_button.setObjectName("new_task")
        self.empty = EmptyState("tasks", "add")
        self._changed: set[int] = set()
        self._known = False
        self._lay_out()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.new_button.setText(tr("&New task"))
        self.table.setAccessibleName(tr("Tasks"))
        self.empty.say(
            tr("No tasks yet"),
            tr(
                "Drop a list of people on this window, then create a task: "
                "choose your group or channel, and the invitations go out at a safe pace."
            ),
            tr("Create a task"),
        )
        self.model.retranslate()

    async def load(self) -> None:
        """Fetch all tasks at first, later only those that changed."""
        changed, self._changed = self._changed, set()
        if not self._known:
            self.model.replace(await self.context.engine.tasks.views())
            self._known = True
        else:
            for task_id in sorted(changed):
                self.model.update_row(await self.context.engine.tasks.view(task_id))
        self._selection_changed()

    def _task_changed(self, task_ids: Collection[int]) -> None:
        self._changed |= set(task_ids)
        self.refresh()

    def _selection_changed(self) -> None:
        self.actions_on_tasks.set_chosen(self.table.chosen())

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = self.table.chosen()
        opening = menu.addAction(tr("&Open"))
        opening.setEnabled(len(rows) == 1)
        opening.triggered.connect(lambda: self.opened.emit(rows[0].task.id))
        menu.addSeparator()
        menu.addActions(list(self.actions_on_tasks.all))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_requested)
        self.empty.acted.connect(self.new_requested)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.row_opened.connect(lambda view: self.opened.emit(view.task.id))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.context.bridge.tasks_changed.connect(self._task_changed)
        self.actions_on_tasks.cancel.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self.actions_on_tasks.cancel.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.new_button)
        row.addStretch(1)
        for action in self.actions_on_tasks.all:
            row.addWidget(ActionButton(action))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(row)
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
