"""A file on somebody's desktop: ``python -m tests.end_to_end.drag_source X Y FILE…``.

A small window of another process from which the files can be dragged, as from a file manager
(XDND). It says "ready" when it is there and "dropped" when somebody has taken the files.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

SIDE = 60
"""Pixels."""


class FileIcon(QLabel):
    """Something to take hold of."""

    def __init__(self, files: list[str]) -> None:
        super().__init__("FILE", alignment=Qt.AlignmentFlag.AlignCenter)
        self._files = files
        self._said = False
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setFixedSize(SIDE, SIDE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's own name
        """Begin to drag."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(name) for name in self._files])
        drag = QDrag(self)
        drag.setMimeData(mime)
        if drag.exec(Qt.DropAction.CopyAction) is Qt.DropAction.CopyAction:
            _say("dropped")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say that this can be seen."""
        super().paintEvent(event)
        if not self._said:
            self._said = True
            _say("ready")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(given: list[str]) -> int:
    """Show the icon until the process is ended."""
    x, y, *files = given
    application = QApplication([])
    icon = FileIcon(files)
    icon.move(int(x), int(y))
    icon.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
