"""Tables declared column by column: what a cell says, how it sorts, which tone it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.ui.theme import Tone

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class CellRole(IntEnum):
    """Roles beyond Qt's own."""

    SORT = Qt.ItemDataRole.UserRole
    ROW = Qt.ItemDataRole.UserRole + 1
    CELL = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Cell:
    """Everything that a cell shows: words on the right if ``number``, on a tone, beside a bar.

    Words too wide for their room go on in as many ``lines`` as there may be.
    """

    text: str
    number: bool = False
    tone: Tone | None = None
    share: float | None = None
    lines: int = 1


_ON_ITS_WAY = Cell("…")
_CELL = int(CellRole.CELL)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. ``width`` counts letters, 0 takes the room that is left.

    ``tone`` makes the cell a coloured label, ``share`` (0 to 1) a bar; ``hint`` is the tool tip.
    Where the words have too little room, rows become higher, up to so many ``lines``.
    """

    title: Callable[[], str]
    text: Callable[[Row], str]
    width: int
    sort: Callable[[Row], Any] | None = None
    tone: Callable[[Row], Tone] | None = None
    share: Callable[[Row], float] | None = None
    hint: Callable[[Row], str] | None = None
    number: bool = False
    lines: int = 1

    def cell(self, row: Row) -> Cell:
        """Return what a row's cell shows in this column."""
        return Cell(
            self.text(row),
            self.number,
            None if self.tone is None else self.tone(row),
            None if self.share is None else self.share(row),
            self.lines,
        )

    def differs(self, before: Row, after: Row) -> bool:
        """Return whether two versions of a row look or sort differently here."""
        looks = (self.text, self.sort, self.tone, self.share, self.hint)
        return any(look is not None and look(before) != look(after) for look in looks)


class ColumnsModel(QAbstractTableModel, Generic[Row]):
    """A read-only table whose rows subclasses provide; an absent row is still on its way."""

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self.columns = tuple(columns)

    def row_at(self, position: int) -> Row | None:
        """Return the row at a position, None while it is being fetched."""
        raise NotImplementedError

    def columnCount(self, parent: Index = ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title and alignment."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        row = self.row_at(index.row())
        if row is None:
            return _absent(role)
        column = self.columns[index.column()]
        return column.cell(row) if role == _CELL else _answer(column, row, role)

    def retranslate(self) -> None:
        """Show titles and cells in the language in force."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self.announce(0, self.rowCount() - 1)

    def announce(self, first: int, last: int) -> None:
        """Have the rows from first to last painted anew."""
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _absent(role: int) -> object:
    if role == _CELL:
        return _ON_ITS_WAY
    return _ON_ITS_WAY.text if role == Qt.ItemDataRole.DisplayRole else None


def _answer(column: Column[Any], row: object, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
            return column.text(row)
        case Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        case Qt.ItemDataRole.ToolTipRole:
            return column.hint(row) if column.hint else column.text(row)
        case CellRole.SORT:
            return (column.sort or column.text)(row)
        case CellRole.ROW:
            return row
    return None
