"""Pages of a PDF file to draw on, in points, with their foot and their number."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QFileDevice, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_RESOLUTION = 600
_POINTS = 72
MARGIN = 36.0
"""Points between the edge of the paper and what is on it."""

_FOOT = 18.0
_REMEMBERED = 4096
"""Texts whose lines are remembered: reasons and accounts come again and again."""

_FAMILIES = ("Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans")

INK = QColor("#1c2733")
MUTED = QColor("#5f6b7a")
RULE = QColor("#d5dce4")


class Letters:
    """One size of letters, measured in points. Belongs to the thread that made it."""

    def __init__(self, writer: QPdfWriter, size: float, *, bold: bool = False) -> None:
        self.font = QFont()
        self.font.setFamilies(list(_FAMILIES))
        self.font.setPointSizeF(size)
        self.font.setBold(bold)
        self._metrics = QFontMetricsF(self.font, writer)
        self._scale = _POINTS / _RESOLUTION
        self._widest = self._metrics.horizontalAdvance("Щ") * self._scale
        self.height = self._metrics.height() * self._scale
        self.ascent = self._metrics.ascent() * self._scale
        self._laid_out: dict[tuple[str, float, int], Sequence[str]] = {}

    def forget(self) -> None:
        """Let go of the font; it must end in the thread in which it was used."""
        del self._metrics, self.font

    def width(self, text: str) -> float:
        """Return the width of a text on one line."""
        return self._metrics.horizontalAdvance(text) * self._scale

    def fits(self, text: str, room: float) -> bool:
        """Return whether a text needs no second line; short ones are not even measured."""
        return len(text) * self._widest <= room or self.width(text) <= room

    def elided(self, text: str, room: float) -> str:
        """Return a text that fits, with an ellipsis where it was cut."""
        right = Qt.TextElideMode.ElideRight
        return self._metrics.elidedText(text, right, room / self._scale)

    def lines(self, text: str, room: float, most: int) -> Sequence[str]:
        """Return a text in as many lines as it needs, the last of ``most`` cut off."""
        key = (text, room, most)
        if key not in self._laid_out:
            if len(self._laid_out) == _REMEMBERED:
                self._laid_out.clear()
            self._laid_out[key] = self._lay_out(text, room, most)
        return self._laid_out[key]

    def _lay_out(self, text: str, room: float, most: int) -> Sequence[str]:
        lines: list[str] = []
        for paragraph in text.split("\n"):
            current = ""
            for word in paragraph.split(" "):
                longer = f"{current} {word}" if current else word
                if not current or self.fits(longer, room):
                    current = longer
                else:
                    lines.append(current)
                    current = word
            lines.append(current)
        if len(lines) > most:
            lines[most - 1 :] = [" ".join(lines[most - 1 :])]
        return [line if self.fits(line, room) else self.elided(line, room) for line in lines]


class Paper:
    """A4 pages in a file. Points are counted from the upper left corner inside the margins.

    Everything blocks, and belongs to the thread that made it.
    """

    def __init__(self, path: Path, title: str) -> None:
        self._path = path
        self._file = QFile(str(path))
        if not self._file.open(QIODevice.OpenModeFlag.WriteOnly):
            raise PermissionError(errno.EACCES, self._file.errorString(), str(path))
        self.writer = QPdfWriter(self._file)
        self.writer.setResolution(_RESOLUTION)
        self.writer.setTitle(title)
        self.writer.setCreator("Invite Desktop")
        self._letters: list[Letters] = []
        self._lay_page(QPageLayout.Orientation.Portrait)
        self._painter = QPainter(self.writer)
        self._title = title
        self._number = 1
        self._small = self.letters(7.5)
        self._begin()

    @property
    def width(self) -> float:
        """Return the room from left to right."""
        return self._size.width()

    @property
    def height(self) -> float:
        """Return the room from top to bottom, without the foot."""
        return self._size.height() - _FOOT

    def letters(self, size: float, *, bold: bool = False) -> Letters:
        """Return letters of a size in points, good for this paper as long as it is there."""
        made = Letters(self.writer, size, bold=bold)
        self._letters.append(made)
        return made

    def turn_page(self, *, landscape: bool) -> None:
        """Begin another page. Raises OSError when the disk did not take the last one."""
        self.check()
        orientation = QPageLayout.Orientation
        self._lay_page(orientation.Landscape if landscape else orientation.Portrait)
        self.writer.newPage()
        self._number += 1
        self._begin()

    def write(self, letters: Letters, x: float, y: float, text: str, ink: QColor = INK) -> None:
        """Write one line with its upper left corner at a point."""
        if text:
            self._painter.setFont(letters.font)
            self._painter.setPen(ink)
            self._painter.drawText(QPointF(x * _SCALE, (y + letters.ascent) * _SCALE), text)

    def write_right(
        self, letters: Letters, x: float, y: float, text: str, ink: QColor = INK
    ) -> None:
        """Write one line that ends at a point."""
        self.write(letters, x - letters.width(text), y, text, ink)

    def fill(self, area: QRectF, colour: QColor, *, round_by: float = 0.0) -> None:
        """Fill a rectangle."""
        scaled = QRectF(
            area.x() * _SCALE, area.y() * _SCALE, area.width() * _SCALE, area.height() * _SCALE
        )
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(scaled, round_by * _SCALE, round_by * _SCALE)

    def rule(self, y: float, colour: QColor = RULE) -> None:
        """Draw a thin line from side to side."""
        self.fill(QRectF(0, y, self.width, 0.5), colour)

    def check(self) -> None:
        """Raise OSError when the disk did not take what was drawn."""
        error = self._file.error()
        if error == QFileDevice.FileError.NoError:
            return
        full = error == QFileDevice.FileError.ResourceError
        code = errno.ENOSPC if full else errno.EIO
        raise OSError(code, self._file.errorString(), str(self._path))

    def finish(self) -> None:
        """Write the end of the file. Raises OSError."""
        self._painter.end()
        self._file.flush()
        self.check()
        self._file.close()

    def discard(self) -> None:
        """Let go of the file, and of all that Qt keeps for this thread."""
        if self._painter.isActive():
            self._painter.end()
        for letters in self._letters:
            letters.forget()
        del self._painter, self.writer
        self._file.close()

    def _lay_page(self, orientation: QPageLayout.Orientation) -> None:
        margins = QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN)
        page = QPageSize(QPageSize.PageSizeId.A4)
        layout = QPageLayout(page, orientation, margins, QPageLayout.Unit.Point)
        self.writer.setPageLayout(layout)
        self._size = layout.paintRect(QPageLayout.Unit.Point)

    def _begin(self) -> None:
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = self.height + _FOOT - self._small.height
        number = str(self._number)
        room = self.width - self._small.width(number) - 12
        self.write(self._small, 0, foot, self._small.elided(self._title, room), MUTED)
        self.write_right(self._small, self.width, foot, number, MUTED)


_SCALE = _RESOLUTION / _POINTS
