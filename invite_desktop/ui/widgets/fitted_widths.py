"""Widths of columns by what stands in them, until the user pulls at one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHeaderView

from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.cells import PAD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from PySide6.QtWidgets import QTableView

    from invite_desktop.ui.widgets.columns import Cell, ColumnsModel

MEASURED_ROWS = 40
"""So many rows are measured, from the first one that is in view."""

_MEASURING_MS = 400
"""Milliseconds between two measurements of a table whose rows change all the time."""
_ADVANCES_KEPT = 2000
_BAR = 56
"""Pixels of a bar beside its words."""
_NAME_LETTERS = 22
"""So many letters the column that takes the rest has before others grow."""


class FittedWidths(QObject):
    """Gives every column of a table what its cells need, as far as there is room.

    A column has the width declared for it, or less when its cells need less, and grows when they
    need more and the column that takes the rest does not. A column that the user pulled keeps her
    width; ``pulled`` tells of it. ``measured`` tells that cells need other widths than before.
    """

    pulled = Signal()
    measured = Signal()

    def __init__(self, table: QTableView, model: ColumnsModel[Any]) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._header = table.horizontalHeader()
        self._needed: dict[int, int] = {}
        self._fitting = False
        self._pulled: dict[int, int] = {}
        self._advance = lru_cache(_ADVANCES_KEPT)(table.fontMetrics().horizontalAdvance)
        self._timer = QTimer(self, singleShot=True, interval=_MEASURING_MS)
        self._timer.timeout.connect(self.fit)
        for changed in (model.dataChanged, model.rowsInserted, model.modelReset):
            changed.connect(self._wait)
        model.headerDataChanged.connect(self._start_over)
        self._header.sectionResized.connect(self._resized)

    @property
    def by_hand(self) -> Collection[int]:
        """Return the columns that the user pulled."""
        return self._pulled.keys()

    def hold(self, places: Collection[int]) -> None:
        """Leave these columns as wide as they are: the user chose so earlier."""
        self._pulled = {place: self._header.sectionSize(place) for place in places}

    def least(self, place: int) -> int:
        """Return the width in pixels under which a column would not go, even with little room."""
        if place in self._pulled:
            return self._pulled[place]
        declared = self.declared(place)
        return min(declared, self._needed.get(place, declared))

    def declared(self, place: int) -> int:
        """Return the width that a column is declared with, its title at least."""
        letter = self._table.fontMetrics().horizontalAdvance("n")
        width = letter * self._model.columns[place].width + Space.LARGE
        return max(width, self._header.sectionSizeHint(place))

    def fit_soon(self) -> None:
        """Measure when everything that comes now has come."""
        self._timer.start(0)

    def fit(self) -> None:
        """Measure the rows in view, and set the widths."""
        if not self._table.isVisible():
            return
        before = dict(self._needed)
        self._measure()
        if self._needed != before:
            self.measured.emit()
        self.spread()

    def spread(self) -> None:
        """Set the widths by what was measured."""
        places = [place for place in self._fixed if not self._header.isSectionHidden(place)]
        if not self._needed or self._fitting:
            return
        widths = {place: self.least(place) for place in places}
        wishes = {
            place: self._needed[place] - width
            for place, width in widths.items()
            if place not in self._pulled and self._needed.get(place, 0) > width
        }
        room = self._table.viewport().width() - self._kept_for_the_rest() - sum(widths.values())
        self._fitting = True
        for place, more in _shared(max(room, 0), wishes).items():
            widths[place] += more
        for place, width in widths.items():
            if width != self._header.sectionSize(place):
                self._header.resizeSection(place, width)
        self._fitting = False

    @property
    def _fixed(self) -> Sequence[int]:
        """Return the columns that do not just take the rest."""
        return [place for place, column in enumerate(self._model.columns) if column.width]

    def _kept_for_the_rest(self) -> int:
        letter = self._table.fontMetrics().horizontalAdvance("n")
        rest = [place for place, column in enumerate(self._model.columns) if not column.width]
        return sum(
            min(self._needed.get(place, 0), self._table.viewport().width() // 3)
            if place in self._needed
            else letter * _NAME_LETTERS
            for place in rest
        )

    def _measure(self) -> None:
        first = max(self._table.rowAt(0), 0)
        rows = range(first, min(first + MEASURED_ROWS, self._model.rowCount()))
        for found in filter(None, map(self._model.row_at, rows)):
            for place, column in enumerate(self._model.columns):
                needed = self._needs(column.cell(found))
                if needed > self._needed.get(place, 0):
                    self._needed[place] = max(needed, self._header.sectionSizeHint(place))

    def _needs(self, cell: Cell) -> int:
        width = self._advance(cell.text) + 2 * PAD + Space.HAIR
        if cell.share is not None:
            return width + _BAR
        return width + 2 * PAD if cell.tone is not None else width

    def _start_over(self) -> None:
        self._needed.clear()
        self._wait()

    def _wait(self) -> None:
        if not self._needed:
            self.fit_soon()
        elif not self._timer.isActive():
            self._timer.start(_MEASURING_MS)

    def _resized(self, place: int, before: int, after: int) -> None:
        """Notice the user's hand: not the window's, nor the coming and going of columns."""
        pulled = self._header.sectionResizeMode(place) is QHeaderView.ResizeMode.Interactive
        if pulled and before and after and not self._fitting and self._table.isVisible():
            self._pulled[place] = after
            self.pulled.emit()


def _shared(room: int, wishes: Mapping[int, int]) -> dict[int, int]:
    """Share room so that small wishes come true and none gets more than another that wants more."""
    given: dict[int, int] = {}
    for left, (place, wish) in _countdown(sorted(wishes.items(), key=lambda each: each[1])):
        given[place] = min(wish, room // left)
        room -= given[place]
    return given


def _countdown(items: Sequence[tuple[int, int]]) -> Iterable[tuple[int, tuple[int, int]]]:
    return zip(range(len(items), 0, -1), items, strict=True)
