"""A QR code drawn from whole pixels, dark on white in every theme, as cameras want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


class QrPicture(QWidget):
    """Shows one text as a QR code; without a text it is an empty white square."""

    def __init__(self, side: int = 220) -> None:
        super().__init__()
        self._side = side
        self._rows: tuple[bytes, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another text, or nothing."""
        made = segno.make_qr(text, error="m") if text else None
        self._rows = tuple(bytes(row) for row in made.matrix) if made else ()
        self.update()

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to scan."""
        return not self._rows

    def sizeHint(self) -> QSize:
        """Return the square's size."""
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every module as a square of whole device pixels."""
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Qt.GlobalColor.white))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self._rows:
            painter.scale(1 / ratio, 1 / ratio)
            self._draw_modules(painter, int(min(self.width(), self.height()) * ratio))
        painter.end()

    def _draw_modules(self, painter: QPainter, side: int) -> None:
        module = max(1, side // (len(self._rows) + 2 * _QUIET))
        start = (side - module * len(self._rows)) // 2
        painter.setBrush(QColor(Qt.GlobalColor.black))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.drawRect(QRect(start + x * module, start + y * module, module, module))
