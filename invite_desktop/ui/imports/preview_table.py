"""The first rows of a file as they would be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QTableView

from invite_desktop.ui.imports.mapping_header import MappingHeader
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.columns import ROOT, Index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.engine.ports.files import FilePreview

MOST_COLUMNS = 40
"""Columns shown; the others are read as they were recognised."""

_LONGEST_CELL = 200


class PreviewModel(QAbstractTableModel):
    """The rows of one preview."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Sequence[str]] = ()
        self.titles: Sequence[str] = ()

    def show_preview(self, preview: FilePreview) -> None:
        """Show another file."""
        self.beginResetModel()
        self._rows = preview.rows
        self.titles = column_titles(preview)[:MOST_COLUMNS]
        self.endResetModel()

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
        """Return the name of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self.titles[section] if section < len(self.titles) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, cut to a length that a screen can hold."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        cell = row[index.column()] if index.column() < len(row) else ""
        return " ".join(cell[:_LONGEST_CELL].split())


class PreviewTable(QTableView):
    """Shows the first rows with the meaning of every column above it."""

    mapping_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.preview_model = PreviewModel()
        self.mapping = MappingHeader(self)
        self.setModel(self.preview_model)
        self.setHorizontalHeader(self.mapping)
        self.mapping.setSectionsClickable(False)
        self.mapping.setDefaultSectionSize(self.fontMetrics().horizontalAdvance("n") * 21)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + Space.SMALL)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.mapping.mapping_changed.connect(self.mapping_changed)

    def show_preview(self, preview: FilePreview) -> None:
        """Show another file with its guessed meanings."""
        self.preview_model.show_preview(preview)
        shown = len(self.preview_model.titles)
        guessed = [*preview.fields, *[""] * shown][:shown]
        self.mapping.set_fields(self.preview_model.titles, guessed)
        self.scrollTo(self.preview_model.index(0, 0, QModelIndex()))

    def retranslate(self, preview: FilePreview) -> None:
        """Write the texts anew; the meanings that the user chose stay."""
        self.preview_model.retranslate(preview)
        self.mapping.retranslate(self.preview_model.titles)

    def mapping_of(self, preview: FilePreview) -> Mapping[int, str]:
        """Return the meaning of every column, those beyond the screen as they were guessed."""
        return dict(enumerate([*self.mapping.fields(), *preview.fields[MOST_COLUMNS:]]))


def column_titles(preview: FilePreview) -> list[str]:
    """Return the names of the columns; numbers where the file has no header."""
    width = max([len(preview.header), len(preview.fields), *map(len, preview.rows[:1])])
    names = [*preview.header, *[""] * (width - len(preview.header))]
    return [
        " ".join(name[:_LONGEST_CELL].split()) or tr("Column {number}", number=position)
        for position, name in enumerate(names, start=1)
    ]
