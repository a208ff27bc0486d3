"""Heights of rows by the lines that their words need in columns too narrow for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt, QTimer

from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.cells import PAD
from invite_desktop.ui.widgets.fitted_widths import MEASURED_ROWS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from invite_desktop.ui.widgets.columns import ColumnsModel
    from invite_desktop.ui.widgets.fitted_widths import FittedWidths

_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
_DEEP = 1_000
"""Pixels of height that no wrapped words ever need."""


class FittedLines(QObject):
    """Gives all rows of a table the height of the one whose words need the most lines.

    Only columns whose ``lines`` are more than one count; where they have room, rows stay low.
    """

    def __init__(self, table: QTableView, model: ColumnsModel[Any], widths: FittedWidths) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._header = table.horizontalHeader()
        self._widest: dict[int, str] = {}
        self._places = [place for place, each in enumerate(model.columns) if each.lines > 1]
        # A header tells of a width before it has it, and of several in a row.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fit)
        self._set_lines(1)
        if self._places:
            model.headerDataChanged.connect(self._widest.clear)
            widths.measured.connect(self._measure)
            self._header.sectionResized.connect(self._resized)

    def _measure(self) -> None:
        first = max(self._table.rowAt(0), 0)
        rows = range(first, min(first + MEASURED_ROWS, self._model.rowCount()))
        width = self._table.fontMetrics().horizontalAdvance
        for found in filter(None, map(self._model.row_at, rows)):
            for place in self._places:
                words = self._model.columns[place].text(found)
                self._widest[place] = max(self._widest.get(place, ""), words, key=width)
        self._timer.start()

    def _resized(self, place: int) -> None:
        if place in self._places:
            self._timer.start()

    def _fit(self) -> None:
        self._set_lines(max((self._lines(place) for place in self._widest), default=1))

    def _lines(self, place: int) -> int:
        """Return how many lines the widest words of a column need, of those it may have."""
        metrics = self._table.fontMetrics()
        room = QRect(0, 0, self._header.sectionSize(place) - 2 * PAD, _DEEP)
        needed = metrics.boundingRect(room, int(_WRAPPED), self._widest[place]).height()
        return min(-(-needed // metrics.lineSpacing()), self._model.columns[place].lines)

    def _set_lines(self, lines: int) -> None:
        metrics, rows = self._table.fontMetrics(), self._table.verticalHeader()
        height = metrics.height() + (lines - 1) * metrics.lineSpacing() + Space.LARGE
        if height != rows.defaultSectionSize():
            rows.setDefaultSectionSize(height)
