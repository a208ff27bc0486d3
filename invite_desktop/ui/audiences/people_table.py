"""The table of an audience's people: found while one types, sorted by a click on a title."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal

from invite_desktop.engine.ports.audiences import PeopleSort
from invite_desktop.ui.audiences.people_model import SORTS, PeopleModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.ui.context import ScreenContext

_UNSORTED = -1
_MOVE_ONLY = QItemSelectionModel.SelectionFlag.NoUpdate


class PeopleTable(Table):
    """Chosen people are ranges of ids: choosing a million costs nothing."""

    order_changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        self.people = PeopleModel(context.engine.audiences, context.work)
        super().__init__(self.people)
        self.setObjectName("people")
        self.remember_columns(context.settings, "people/columns")
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(_UNSORTED, Qt.SortOrder.AscendingOrder)
        self._sorted_by = _UNSORTED
        header.sortIndicatorChanged.connect(self._order_chosen)

    @property
    def sort(self) -> PeopleSort:
        """Return what the people are sorted by."""
        return (SORTS[self._sorted_by] if self._sorted_by >= 0 else None) or PeopleSort.POSITION

    @property
    def descending(self) -> bool:
        """Return whether the order is turned round."""
        order = self.horizontalHeader().sortIndicatorOrder()
        return self._sorted_by >= 0 and order is Qt.SortOrder.DescendingOrder

    def show_ids(self, ids: array[int], *, from_the_top: bool) -> None:
        """Show other people; the place in the table is kept unless one starts from the top."""
        bar, row = self.verticalScrollBar(), self.currentIndex().row()
        place = bar.value()
        others = self.people.show_ids(ids)
        bar.setValue(0 if from_the_top else place)
        if not others:
            return
        if ids and not from_the_top:
            near = self.people.index(min(max(row, 0), len(ids) - 1), 0)
            self.selectionModel().setCurrentIndex(near, _MOVE_ONLY)
        self.selection_changed.emit()

    def chosen_count(self) -> int:
        """Return how many people are chosen."""
        return sum(last - first + 1 for first, last in self._ranges())

    def chosen_ids(self) -> array[int]:
        """Return the ids of the chosen people, in the order of the table."""
        found = array("q")
        for first, last in sorted(self._ranges()):
            found += self.people.ids[first : last + 1]
        return found

    def _ranges(self) -> Sequence[tuple[int, int]]:
        # Ranges over part of the columns would count somebody twice; whole rows are chosen only.
        chosen = self.selectionModel().selection().toList()
        return [(one.top(), one.bottom()) for one in chosen if one.left() == 0]

    def _order_chosen(self, column: int, order: Qt.SortOrder) -> None:
        if column >= 0 and SORTS[column] is None:
            header = self.horizontalHeader()
            with QSignalBlocker(header):
                header.setSortIndicator(self._sorted_by, header.sortIndicatorOrder())
            return
        del order
        self._sorted_by = column
        self.order_changed.emit()
