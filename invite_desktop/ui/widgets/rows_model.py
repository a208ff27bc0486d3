"""A table held in memory that changes only the rows that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invite_desktop.ui.widgets.columns import ROOT, ColumnsModel, Index, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from invite_desktop.ui.widgets.columns import Column


class RowsModel(ColumnsModel[Row]):
    """Rows known by a key. Selection, scroll and open editors survive every update."""

    def __init__(self, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable]) -> None:
        super().__init__(columns)
        self._key = key
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows in the model's own order."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def row_at(self, position: int) -> Row | None:
        """Return the row at a position."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def replace(self, rows: Sequence[Row]) -> None:
        """Make the table show exactly these rows."""
        wanted = [self._key(row) for row in rows]
        self._remove_all_but(set(wanted))
        kept = [self._key(row) for row in self._rows]
        here = set(kept)
        if kept != [key for key in wanted if key in here]:
            self.start_over(rows)
            return
        for position, row in enumerate(rows):
            if position < len(self._rows) and self._key(self._rows[position]) == wanted[position]:
                self._change(position, row)
            else:
                self.beginInsertRows(ROOT, position, position)
                self._rows.insert(position, row)
                self.endInsertRows()

    def update_row(self, row: Row) -> None:
        """Show a newer version of one row; a row not known yet comes first."""
        key = self._key(row)
        for position, old in enumerate(self._rows):
            if self._key(old) == key:
                self._change(position, row)
                return
        self.beginInsertRows(ROOT, 0, 0)
        self._rows.insert(0, row)
        self.endInsertRows()

    def prepend(self, rows: Sequence[Row]) -> None:
        """Put rows before all others."""
        if rows:
            self.beginInsertRows(ROOT, 0, len(rows) - 1)
            self._rows[:0] = rows
            self.endInsertRows()

    def append(self, rows: Sequence[Row]) -> None:
        """Put rows after all others."""
        if rows:
            first = len(self._rows)
            self.beginInsertRows(ROOT, first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def start_over(self, rows: Sequence[Row]) -> None:
        """Show other rows altogether."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def _change(self, position: int, row: Row) -> None:
        before = self._rows[position]
        if before == row:
            return
        self._rows[position] = row
        # Only the cells that look otherwise are painted anew, and not those between them.
        for place, column in enumerate(self.columns):
            if column.differs(before, row):
                cell = self.index(position, place)
                self.dataChanged.emit(cell, cell)

    def _remove_all_but(self, wanted: set[Any]) -> None:
        for position in range(len(self._rows) - 1, -1, -1):
            if self._key(self._rows[position]) not in wanted:
                self.beginRemoveRows(ROOT, position, position)
                del self._rows[position]
                self.endRemoveRows()
