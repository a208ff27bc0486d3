"""The list of tasks with the actions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.tasks.task_actions import TaskActions
from invite_desktop.ui.tasks.task_columns import CREATED_COLUMN, HIDDEN_FIRST, task_columns
from invite_desktop.ui.tasks.task_filter import TaskFilter
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton, MenuButton
from invite_desktop.ui.widgets.columns import CellRole
from invite_desktop.ui.widgets.fitting_columns import FittingColumns
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, emphasise
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from PySide6.QtCore import QPoint

    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class TaskList(Screen):
    """Every task in a row; what happens to a task changes its row only."""

    new_requested = Signal()
    bin_requested = Signal()

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        super().__init__(context, "task_list", rest=_REST)
        self._views: dict[int, TaskView] = {}
        self.model: RowsModel[TaskView] = RowsModel(
            task_columns(context.engine.clock.now), key=lambda view: view.task.id
        )
        self.table = Table(self.model, sortable=True)
        self.table.setObjectName("tasks")
        self.table.sort_first_by(CREATED_COLUMN, Qt.SortOrder.DescendingOrder)
        self.table.remember_columns(context.settings, "task_list/columns")
        self.columns = FittingColumns(
            self.table, HIDDEN_FIRST, context.settings, "task_list/hidden"
        )
        self.actions_on_tasks = TaskActions(context, self.table, undo)
        self.bin_action = QAction(self)
        put_icon(self.bin_action, "delete")
        self.more_button = MenuButton("more", [*self.actions_on_tasks.rarer, self.bin_action])
        self.new_button = button("add", primary=True)
        self.new_button.setObjectName("new_task")
        self.filter = TaskFilter()
        self.filter.remember(context.settings, "task_list/filter")
        self.empty = EmptyState("tasks", "add")
        self.nothing_found = EmptyState("search")
        self._changed: set[int] = set()
        self._known = False
        self._wanted: int | None = None
        self._day = self._today()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.new_button.setText(tr("&New task"))
        self.more_button.setText(tr("&More"))
        self.bin_action.setText(tr("&Bin…"))
        self.bin_action.setToolTip(tr("Deleted tasks, to be brought back"))
        self.table.setAccessibleName(tr("Tasks"))
        self.empty.say(
            tr("No tasks yet"),
            tr(
                "Drop a list of people on this window, then create a task: "
                "choose your group or channel, and the invitations go out at a safe pace."
            ),
            tr("Create a task"),
        )
        self.nothing_found.say(
            tr("No task is like this"), tr("Ask for less to see more of them."), tr("Show all")
        )
        self.filter.retranslate()
        self.model.retranslate()
        self._show()

    def choose(self, task_id: int) -> None:
        """Choose a task, now or when it has come."""
        self._wanted = task_id
        self._choose_wanted()

    async def load(self) -> None:
        """Fetch all tasks at first, later only those that changed."""
        changed, self._changed = self._changed, set()
        tasks = self.context.engine.tasks
        if not self._known:
            self._views = {view.task.id: view for view in await tasks.views()}
            self._known = True
        else:
            for task_id in sorted(changed):
                view = await tasks.view(task_id)
                self._views[task_id] = view
                if view.task.deleted_at is not None:
                    del self._views[task_id]
        self._show()

    def _show(self) -> None:
        found = [view for view in self._views.values() if self.filter.passes(view)]
        self.model.replace(found)
        self._turn_the_page()
        self.filter.show_count(len(found), len(self._views))
        self._pages.setCurrentIndex(1 if self._views else 0)
        emphasise(self.new_button, primary=bool(found) or not self._known)
        self._choose_wanted()
        self._selection_changed()

    def _turn_the_page(self) -> None:
        """Paint all rows anew on another day: an hour without its day meant the day before."""
        if self._day != (today := self._today()):
            self._day = today
            self.table.viewport().update()

    def _today(self) -> date:
        return self.context.engine.clock.now().astimezone().date()

    def _choose_wanted(self) -> None:
        shown = self.table.model()
        for position in range(shown.rowCount() if self._wanted else 0):
            view: TaskView = shown.index(position, 0).data(CellRole.ROW)
            if view.task.id == self._wanted:
                self._wanted = None
                self.table.choose_position(position)
                self.table.scrollTo(shown.index(position, 0))
                return

    def _task_changed(self, task_ids: Collection[int]) -> None:
        self._changed |= set(task_ids)
        self.refresh()

    def _selection_changed(self) -> None:
        self.actions_on_tasks.set_chosen(self.table.chosen())

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self.actions_on_tasks.all))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _connect(self) -> None:
        actions = self.actions_on_tasks
        self.new_button.clicked.connect(self.new_requested)
        self.empty.acted.connect(self.new_requested)
        self.bin_action.triggered.connect(self.bin_requested)
        self.filter.changed.connect(self._show)
        self.nothing_found.acted.connect(self.filter.clear)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.row_opened.connect(lambda view: actions.opened.emit(view.task.id))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.context.bridge.tasks_changed.connect(self._task_changed)
        actions.made.connect(self.choose)
        for action, keys in (
            (actions.delete, QKeySequence.StandardKey.Delete),
            (actions.rename, Qt.Key.Key_F2),
        ):
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        there = QWidget()
        inner = QVBoxLayout(there)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.SMALL)
        inner.addWidget(self.filter)
        inner.addWidget(TableOrEmpty(self.table, self.nothing_found), 1)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(there)
        buttons = [ActionButton(action) for action in self.actions_on_tasks.often]
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self.new_button, None, *buttons, self.more_button))
        column.addWidget(self._pages, 1)


_REST = 0.2
"""Seconds between two looks at tasks that change all the time."""
