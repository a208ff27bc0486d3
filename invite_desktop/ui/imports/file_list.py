"""The files of an import, each with where it stands; who is not ticked stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from invite_desktop.ui.imports.list_file import status_of
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.theme import Space, colours, theme_changed
from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.ui.imports.list_file import ListFile


_ROOM_BESIDE_THE_NAME = 60
"""Pixels that tick, edges and a scroll bar take."""


class FileList(QListWidget):
    """Seen only when there are several files. ``chosen`` carries the position of another one."""

    chosen = Signal(int)
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._files: Sequence[ListFile] = ()
        self.setObjectName("import_files")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 34)
        self.currentRowChanged.connect(self._row_chosen)
        self.itemChanged.connect(self._item_changed)
        theme_changed().changed.connect(self.show_states)
        self.hide()

    def show_files(self, files: Sequence[ListFile], current: int = 0) -> None:
        """Show other files, with one of them chosen."""
        self._files = files
        was_blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.clear()
        height = 2 * self.fontMetrics().height() + Space.SMALL + Space.HAIR
        for _ in files:
            item = QListWidgetItem()
            item.setSizeHint(QSize(0, height))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.addItem(item)
        self.setCurrentRow(current)
        self.blockSignals(was_blocked)
        self.setVisible(len(files) > 1)
        self.show_states()

    def show_states(self) -> None:
        """Show anew where every file stands."""
        was_blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        for position, file in enumerate(self._files):
            self._show(self.item(position), file)
        self.blockSignals(was_blocked)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setAccessibleName(tr("Files of this import"))
        self.show_states()

    def _show(self, item: QListWidgetItem, file: ListFile) -> None:
        status = status_of(file)
        room = self.width() - _ROOM_BESIDE_THE_NAME
        name = self.fontMetrics().elidedText(file.label, Qt.TextElideMode.ElideMiddle, room)
        item.setText(f"{name}\n{status}")
        reason = refusal_text(file.problem) if file.problem else status
        item.setToolTip(f"{file.label}\n{reason}")
        broken = file.problem is not None
        unsure = file.preview is not None and not file.usable
        ticked = file.wanted and not broken and not unsure
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        now = colours()
        colour = now.bad if broken else now.warn if unsure else now.text
        item.setForeground(QBrush(QColor(colour)))

    def _row_chosen(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)

    def _item_changed(self, item: QListWidgetItem) -> None:
        file = self._files[self.row(item)]
        if file.usable:
            file.wanted = item.checkState() is Qt.CheckState.Checked
        self.show_states()
        self.ticked.emit()
