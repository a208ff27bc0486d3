"""The picture or file above a message, as its reader sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QLabel

from invite_desktop.domain.attachments import AttachmentKind
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.ui.work import Work

_LARGEST = QSize(320, 200)


class Enclosure(QLabel):
    """Shows a picture small, and of any other file its name."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "strong")
        self._shown: Attachment | None = None
        self._reading = Latest(work, "picture of a message")
        self.hide()

    def say(self, attachment: Attachment | None) -> None:
        """Show what goes with a message, or nothing."""
        self.setVisible(attachment is not None)
        if attachment is None or attachment == self._shown:
            return
        self._shown = attachment
        self._reading.cancel()
        self.setPixmap(QPixmap())
        self.setText(attachment.path.name)
        self.setAccessibleName(self.text())
        if attachment.kind is AttachmentKind.PICTURE:
            self._reading.start(self._read(attachment.path))

    async def _read(self, path: Path) -> None:
        image = await asyncio.to_thread(_read_small, path)
        if not image.isNull():
            self.setPixmap(QPixmap.fromImage(image))


def _read_small(path: Path) -> QImage:
    """Return a picture in the size of the preview, turned as its camera says; null for none."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > _LARGEST.width() or size.height() > _LARGEST.height():
        reader.setScaledSize(size.scaled(_LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
