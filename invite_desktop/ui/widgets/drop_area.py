"""Where files are dropped, and what a drop brings."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.icons import picture
from invite_desktop.ui.theme import Space, theme_changed
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

KNOWN_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".ndjson", ".jsonl"}
)
"""What is taken out of a dropped folder; a file dropped by itself may be called anything."""

MOST_FILES = 200


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Return the local files and folders of a drop."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


async def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files among the paths and inside the folders, in order, off the loop's thread.

    Raises KnownError when folders hold no list, or far too many.
    """
    found = await asyncio.to_thread(lambda: list(_walk(paths)))
    if not found:
        raise KnownError(
            message("There is no list in this folder."),
            message("Lists are files of type CSV, TSV, XLSX, XLS, ODS, JSON or TXT."),
        )
    if len(found) > MOST_FILES:
        raise KnownError(
            message("This folder holds more than {most} lists.", most=MOST_FILES),
            message("Drop the files that you need, not the whole folder."),
        )
    return found


def _walk(paths: Sequence[Path]) -> Iterator[Path]:
    left = MOST_FILES + 1
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in inside:
            wanted = each is path or (each.suffix.lower() in KNOWN_SUFFIXES and each.is_file())
            if wanted and left:
                left -= 1
                yield each


class DropArea(QFrame):
    """A large place for files, with buttons for those who do not drag."""

    paths_dropped = Signal(list)
    choose_requested = Signal()
    paste_requested = Signal()

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setProperty("role", "drop")
        self._seen: list[Path] = []
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture_size = 20 if compact else 48
        self._headline = label("strong" if compact else "heading", wrapped=True)
        self._words = label("muted", wrapped=True)
        self.choose_button = button("folder", primary=not compact)
        self.paste_button = button("paste")
        self.choose_button.clicked.connect(self.choose_requested)
        self.paste_button.clicked.connect(self.paste_requested)
        self._lay_out_small() if compact else self._lay_out_large()
        theme_changed().changed.connect(self._draw)
        self._draw()

    def say(self, headline: str, words: str, choose: str, paste: str = "") -> None:
        """Set the texts; without a text the button for pasting is not there."""
        self._headline.setText(headline)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.choose_button.setText(choose)
        self.paste_button.setText(paste)
        self.paste_button.setVisible(bool(paste))
        self.setAccessibleName(headline)

    def add_button(self, more: QPushButton) -> None:
        """Put one more button beside those for choosing and pasting."""
        self._buttons.insertWidget(self._buttons.indexOf(self.paste_button) + 1, more)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and show where they would land."""
        self._seen = dropped_paths(event.mimeData())
        if self._seen:
            event.acceptProposedAction()
            self._light_up(over=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on accepting files."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show that nothing would land here any more."""
        super().dragLeaveEvent(event)
        self._light_up(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which paths were dropped.

        A busy file manager may no longer say it; what it said when the drag came in counts then.
        """
        self._light_up(over=False)
        event.acceptProposedAction()
        paths = dropped_paths(event.mimeData()) or self._seen
        if paths:
            self.paths_dropped.emit(paths)

    def _light_up(self, *, over: bool) -> None:
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)

    def _draw(self) -> None:
        size = self._picture_size
        self._picture.setPixmap(picture("import", size, self.devicePixelRatioF()))

    def _lay_out_small(self) -> None:
        row = self._buttons = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        row.addWidget(self._picture)
        row.addWidget(self._headline, 1)
        self._words.hide()
        row.addWidget(self.choose_button)
        row.addWidget(self.paste_button)

    def _lay_out_large(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.WIDE, Space.WIDE, Space.WIDE)
        column.addStretch(1)
        for part in (self._picture, self._headline, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        row = self._buttons = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.choose_button)
        row.addWidget(self.paste_button)
        row.addStretch(1)
        column.addSpacing(Space.SMALL)
        column.addLayout(row)
        column.addStretch(1)
