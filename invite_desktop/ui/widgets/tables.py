"""The table view of the whole window, and what stands in its place while it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QMetaMethod,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QTableView,
    QToolTip,
    QWidget,
)

from invite_desktop.ui.settings import restore_columns
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.cells import CellDelegate
from invite_desktop.ui.widgets.columns import CellRole, ColumnsModel
from invite_desktop.ui.widgets.fitted_lines import FittedLines
from invite_desktop.ui.widgets.fitted_widths import FittedWidths
from invite_desktop.ui.widgets.row_copying import copied_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent

    from invite_desktop.ui.settings import SettingsStore


_KEEPING_MS = 300
"""Milliseconds after which changed columns are kept."""


class Table(QTableView):
    """Rows to look at, choose and open; columns keep the widths that the user gave them."""

    row_opened = Signal(object)
    selection_changed = Signal()

    def __init__(self, model: ColumnsModel[Any], *, sortable: bool = False) -> None:
        super().__init__()
        self._columns_model = model
        # A header tells of every pixel of a pull, and of all columns when the window is resized.
        self._keeping = QTimer(self, singleShot=True, interval=_KEEPING_MS)
        self._keeping.timeout.connect(self._keep_columns)
        self._kept_in: tuple[SettingsStore, str] | None = None
        self._sorted = QSortFilterProxyModel(self) if sortable else None
        self._shown: QAbstractItemModel = model
        if self._sorted is not None:
            self._sorted.setSourceModel(model)
            self._sorted.setSortRole(CellRole.SORT)
            # As in a dictionary: by letters alone, Б stands before а, and Ё before everything.
            self._sorted.setSortLocaleAware(True)
            self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self._shown = self._sorted
        self.setModel(self._shown)
        # A header asks of every chosen row whether its whole column is chosen, at each painting:
        # 15 seconds for a million. It shows nothing of the choice, so it is told of none.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(self._shown, self))
        self._dress()
        self._size_columns()
        self.widths = FittedWidths(self, model)
        self._lines = FittedLines(self, model, self.widths)
        self.setSortingEnabled(sortable)
        self.doubleClicked.connect(self._open_current)
        self.selectionModel().selectionChanged.connect(self.selection_changed)

    @property
    def remembers(self) -> bool:
        """Return whether the columns are as they were in the last run."""
        return self._kept_in is not None

    def chosen(self) -> Sequence[Any]:
        """Return the chosen rows."""
        return [index.data(CellRole.ROW) for index in self.selectionModel().selectedRows()]

    def choose_position(self, position: int) -> None:
        """Choose the row at a position of the view."""
        self.selectRow(position)

    def sort_first_by(self, column: int, order: Qt.SortOrder) -> None:
        """Set the order before the user chooses another."""
        self.sortByColumn(column, order)

    def remember_columns(self, settings: SettingsStore, key: str) -> None:
        """Bring back the columns of the last run and keep them from now on."""
        header = self.horizontalHeader()
        restore_columns(settings, key, header)
        kept = settings.value(f"{key}_by_hand")
        self.widths.hold({int(each) for each in str(kept or "").split(",") if each.isdigit()})
        self._kept_in = (settings, key)
        self.widths.pulled.connect(self._keeping.start)
        header.sortIndicatorChanged.connect(lambda *_: self._keeping.start())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new room."""
        super().resizeEvent(event)
        self.widths.spread()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns to what came while the table was hidden."""
        super().showEvent(event)
        self.widths.fit_soon()

    def copy_chosen(self) -> None:
        """Put the chosen rows on the clipboard, for a spreadsheet or a text, and say how many."""
        text, count = copied_rows(self)
        if count:
            QGuiApplication.clipboard().setText(text)
            words = tr_n("{count} row copied", "{count} rows copied", count)
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            QToolTip.showText(place, words, self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the columns before the table goes away."""
        if self._keeping.isActive():
            self._keep_columns()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter, copy the chosen ones."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_chosen()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - overrides Qt
        """Offer what every table can do, where there is no menu of its own."""
        if not self.selectionModel().hasSelection():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.isSignalConnected(QMetaMethod.fromSignal(self.row_opened)):
            menu.addAction(tr("&Open"), self._open_current)
        menu.addAction(tr("&Copy"), self.copy_chosen)
        menu.popup(event.globalPos())

    def _keep_columns(self) -> None:
        self._keeping.stop()
        if self._kept_in is not None:
            settings, key = self._kept_in
            settings.setValue(key, self.horizontalHeader().saveState())
            by_hand = ",".join(str(place) for place in sorted(self.widths.by_hand))
            settings.setValue(f"{key}_by_hand", by_hand)

    def _open_current(self) -> None:
        row = self.currentIndex().data(CellRole.ROW) if self.currentIndex().isValid() else None
        if row is not None:
            self.row_opened.emit(row)

    def _dress(self) -> None:
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)

    def _size_columns(self) -> None:
        header, letter = self.horizontalHeader(), self.fontMetrics().horizontalAdvance("n")
        header.setMinimumSectionSize(letter * 6)
        for position, column in enumerate(self._columns_model.columns):
            if column.width == 0:
                header.setSectionResizeMode(position, QHeaderView.ResizeMode.Stretch)
            else:
                titled = header.sectionSizeHint(position)
                header.resizeSection(position, max(letter * column.width + Space.LARGE, titled))


class TableOrEmpty(QStackedWidget):
    """A table, or the words that say what to do when it has no rows."""

    def __init__(self, table: Table, empty: QWidget) -> None:
        super().__init__()
        self._table = table
        self.addWidget(empty)
        self.addWidget(table)
        model = table.model()
        for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            changed.connect(self._choose)
        self._choose()

    def _choose(self) -> None:
        self.setCurrentIndex(1 if self._table.model().rowCount() else 0)
