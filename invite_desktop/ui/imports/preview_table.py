"""The first rows of a file as they would be read, with what is wrong marked in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from invite_desktop.ui.imports.mapping_header import MappingHeader
from invite_desktop.ui.theme import Space, Tone, theme_changed, tone_colours
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.columns import ROOT, Index
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.audiences import RowProblem
    from invite_desktop.engine.ports.files import FilePreview, PreviewRow

MOST_COLUMNS = 40
"""Columns shown; the others are read as they were recognised."""

_LONGEST_CELL = 200


class PreviewModel(QAbstractTableModel):
    """The rows of one preview."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Sequence[str]] = ()
        self._judged: Sequence[PreviewRow] = ()
        self.titles: Sequence[str] = ()

    def show_preview(self, preview: FilePreview) -> None:
        """Show another file."""
        self.beginResetModel()
        self._rows, self._judged = preview.rows, preview.judged
        self.titles = column_titles(preview)[:MOST_COLUMNS]
        self.endResetModel()

    def judge_again(self, preview: FilePreview) -> None:
        """Show what would become of the same rows by other meanings of the columns."""
        self._judged = preview.judged
        self.repaint_all()

    def repaint_all(self) -> None:
        """Let every cell be painted anew."""
        if self._rows and self.titles:
            last = self.index(len(self._rows) - 1, len(self.titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self._rows) - 1)

    def retranslate(self, preview: FilePreview) -> None:
        """Name the columns that have no name in the file anew."""
        self.titles = column_titles(preview)[:MOST_COLUMNS]
        if self.titles:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.titles) - 1)

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return how many rows were read."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Return how many columns are shown."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a column, or the number of a row as a spreadsheet counts it."""
        if orientation is Qt.Orientation.Horizontal:
            named = role == Qt.ItemDataRole.DisplayRole and section < len(self.titles)
            return self.titles[section] if named else None
        judged = self._judged[section] if section < len(self._judged) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(judged.number) if judged else str(section + 1)
        if role == Qt.ItemDataRole.ToolTipRole and judged and judged.problem:
            return titled(judged.problem)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, cut to a length that a screen can hold, or how it is marked."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            problem = self.problem_at(row, column)
            return titled(problem) if problem else self._text(row, column)
        if role in (Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.ForegroundRole):
            return self._colour(row, column, role)
        return None

    def problem_at(self, row: int, column: int) -> RowProblem | None:
        """Return why a row names nobody, or why one of its cells cannot be used."""
        if row >= len(self._judged):
            return None
        judged = self._judged[row]
        in_cell = (remark.problem for remark in judged.remarks if remark.position == column)
        return judged.problem or next(in_cell, None)

    def _text(self, row: int, column: int) -> str:
        cells = self._rows[row]
        cell = cells[column] if column < len(cells) else ""
        return " ".join(cell[:_LONGEST_CELL].split())

    def _colour(self, row: int, column: int, role: int) -> QBrush | None:
        if self.problem_at(row, column) is None:
            return None
        names_nobody = self._judged[row].problem is not None
        front, back = tone_colours(Tone.BAD if names_nobody else Tone.CARE)
        return QBrush(back if role == Qt.ItemDataRole.BackgroundRole else front)


class _MarkedCells(QStyledItemDelegate):
    """Paints the ground of a marked cell, which the style sheet would leave out."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(ground, QBrush) and not option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)


class PreviewTable(QTableView):
    """Shows the first rows with the meaning of every column above it."""

    mapping_changed = Signal()
    reason_told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.preview_model = PreviewModel()
        self.mapping = MappingHeader(self)
        self.setModel(self.preview_model)
        self.setHorizontalHeader(self.mapping)
        self.mapping.setSectionsClickable(False)
        self.mapping.setDefaultSectionSize(self.fontMetrics().horizontalAdvance("n") * 21)
        numbers = self.verticalHeader()
        numbers.setDefaultSectionSize(self.fontMetrics().height() + Space.SMALL)
        numbers.setSectionsClickable(False)
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItemDelegate(_MarkedCells(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.mapping.mapping_changed.connect(self.mapping_changed)
        self.selectionModel().currentChanged.connect(self._tell_reason)
        theme_changed().changed.connect(self.preview_model.repaint_all)

    def show_preview(self, preview: FilePreview) -> None:
        """Show another file with its guessed meanings."""
        self.preview_model.show_preview(preview)
        shown = len(self.preview_model.titles)
        guessed = [*preview.fields, *[""] * shown][:shown]
        self.mapping.set_fields(self.preview_model.titles, guessed)
        self.scrollTo(self.preview_model.index(0, 0, QModelIndex()))

    def judge_again(self, preview: FilePreview) -> None:
        """Mark the same rows by other meanings of their columns."""
        self.preview_model.judge_again(preview)

    def retranslate(self, preview: FilePreview) -> None:
        """Write the texts anew; the meanings that the user chose stay."""
        self.preview_model.retranslate(preview)
        self.mapping.retranslate(self.preview_model.titles)

    def mapping_of(self, preview: FilePreview) -> Mapping[int, str]:
        """Return the meaning of every column, those beyond the screen as they were guessed."""
        return dict(enumerate([*self.mapping.fields(), *preview.fields[MOST_COLUMNS:]]))

    def _tell_reason(self, index: QModelIndex) -> None:
        """Say what is wrong with a cell that was reached by the keyboard or a click."""
        problem = self.preview_model.problem_at(index.row(), index.column())
        number = self.preview_model.headerData(index.row(), Qt.Orientation.Vertical)
        words = ""
        if problem is not None:
            words = tr("Row {number}: {problem}", number=number, problem=named(problem))
        self.reason_told.emit(words)


def column_titles(preview: FilePreview) -> list[str]:
    """Return the names of the columns; numbers where the file has no header."""
    width = max([len(preview.header), len(preview.fields), *map(len, preview.rows[:1])])
    own = preview.header if preview.has_header else ()
    names = [*own, *[""] * (width - len(own))]
    return [
        " ".join(name[:_LONGEST_CELL].split()) or tr("Column {number}", number=position)
        for position, name in enumerate(names, start=1)
    ]
