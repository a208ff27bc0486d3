"""The list of audiences: found by name or tag, sorted by any column."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.ui.audiences.audience_actions import AudienceActions
from invite_desktop.ui.audiences.audience_columns import (
    CREATED_COLUMN,
    AudienceRow,
    audience_columns,
)
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.action_button import ActionButton, MenuButton
from invite_desktop.ui.widgets.columns import CellRole
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, FieldError, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class AudienceList(Screen):
    """Every saved audience in a row."""

    import_requested = Signal()

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        super().__init__(context, "audience_list", rest=0.3)
        self._all: Sequence[AudienceRow] = ()
        self._audiences: Sequence[Audience] = ()
        self._outdated = True
        self._wanted: int | None = None
        self.search = QLineEdit(clearButtonEnabled=True)
        self.count = label("muted")
        self.model: RowsModel[AudienceRow] = RowsModel(
            audience_columns(context.engine.clock.now), key=lambda row: row.audience.id
        )
        self.table = Table(self.model, sortable=True)
        self.table.setObjectName("audiences")
        self.table.sort_first_by(CREATED_COLUMN, Qt.SortOrder.DescendingOrder)
        self.table.remember_columns(context.settings, "audiences/columns")
        self.error = FieldError()
        self.actions_on_audiences = AudienceActions(context, self.table, undo, self.error)
        self.more_button = MenuButton("more", self.actions_on_audiences.rarer)
        self.nothing_found = EmptyState("search")
        self.empty = EmptyState("import", "import")
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by name or tag"))
        self.search.setAccessibleName(tr("Search the audiences by name or tag"))
        self.table.setAccessibleName(tr("Audiences"))
        self.nothing_found.say(
            tr("No audience has this in its name or tags"),
            tr("Empty the search to see all of them."),
            tr("Show all"),
        )
        self.empty.say(
            tr("No audiences yet"),
            tr("Every list that you import is kept here, to be used by any number of tasks."),
            tr("Import a list"),
        )
        self.more_button.setText(tr("&More"))
        self.model.retranslate()
        self._show()

    def choose(self, audience_id: int) -> None:
        """Choose an audience, now or when it has come."""
        self._wanted = audience_id
        self._choose_wanted()

    async def load(self) -> None:
        """Fetch which tasks use the audiences, and these themselves when they changed."""
        if self._outdated:
            # Before the question: a change while it is answered asks for another one.
            self._outdated = False
            try:
                self._audiences = await self.context.engine.audiences.all()
            except BaseException:
                self._outdated = True
                raise
        tasks: dict[int, list[str]] = defaultdict(list)
        for view in await self.context.engine.tasks.views():
            tasks[view.task.audience_id].append(view.task.name)
        self._all = [
            AudienceRow(audience, tuple(tasks[audience.id])) for audience in self._audiences
        ]
        self._show()

    def _audiences_changed(self) -> None:
        # Counting a million people takes its time: not for every step of a task.
        self._outdated = True
        self.refresh()

    def _show(self) -> None:
        words = self.search.text().casefold().split()
        found = [row for row in self._all if row.holds(words)]
        self.model.replace(found)
        self.count.setText(
            tr("{found} of {all}", found=len(found), all=len(self._all))
            if words
            else tr_n("{count} audience", "{count} audiences", len(self._all))
        )
        self._pages.setCurrentIndex(1 if self._all else 0)
        self._choose_wanted()
        self._selection_changed()

    def _choose_wanted(self) -> None:
        shown = self.table.model()
        for position in range(shown.rowCount()):
            row: AudienceRow = shown.index(position, 0).data(CellRole.ROW)
            if row.audience.id == self._wanted:
                self._wanted = None
                self.table.choose_position(position)
                self.table.scrollTo(shown.index(position, 0))
                return

    def _selection_changed(self) -> None:
        chosen = [row.audience for row in self.table.chosen()]
        self.actions_on_audiences.set_chosen(chosen, [row.audience for row in self._all])

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self.actions_on_audiences.all))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show)
        self.nothing_found.acted.connect(self.search.clear)
        self.empty.acted.connect(self.import_requested)
        actions = self.actions_on_audiences
        self.table.row_opened.connect(lambda row: actions.opened.emit(row.audience.id))
        self.table.selection_changed.connect(self._selection_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        for action, keys in (
            (actions.delete, QKeySequence.StandardKey.Delete),
            (actions.rename, Qt.Key.Key_F2),
        ):
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        actions.made.connect(self.choose)
        self.context.bridge.audiences_changed.connect(self._audiences_changed)
        self.context.bridge.tasks_changed.connect(self.refresh)

    def _lay_out(self) -> None:
        there = QWidget()
        column = QVBoxLayout(there)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        actions = self.actions_on_audiences
        often = (actions.task, actions.open, actions.rename, actions.delete)
        buttons = [ActionButton(action) for action in often]
        head = line(self.search, self.count, *buttons, self.more_button)
        head.setStretch(0, 1)
        column.addLayout(head)
        column.addWidget(self.error)
        column.addWidget(TableOrEmpty(self.table, self.nothing_found), 1)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(there)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        whole.addWidget(self._pages)
