"""How cells are painted: words, words on a tone, and bars.

A table is painted by hundreds of cells, some of them many times a second. So a cell is asked for
once, with everything it shows, and its words are measured and shaped once, not at every painting.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QStaticText,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from invite_desktop.ui.theme import Tone, colours, tone_colours
from invite_desktop.ui.widgets.columns import CellRole

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from invite_desktop.ui.theme import Colours
    from invite_desktop.ui.widgets.columns import Cell, Index

PAD = 8
"""Pixels between the words of a cell and its sides."""

_BAR_HEIGHT = 6
_TEXTS_KEPT = 4000
_NEW_LINE = "\N{LINE SEPARATOR}"

# As numbers: Python's flags take longer to be compared than a cell to be painted.
_CELL = int(CellRole.CELL)
_CHOSEN = QStyle.StateFlag.State_Selected.value
_ENABLED = QStyle.StateFlag.State_Enabled.value


class CellDelegate(QStyledItemDelegate):
    """Paints a cell by what its column has: a tone, a share, or plain words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = _Texts()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell. Rows are chosen, not cells: no cell has a frame of its own."""
        cell: Cell = index.data(_CELL)
        room, state, inks = option.rect, option.state.value, _inks(colours())
        chosen = bool(state & _CHOSEN)
        if chosen:
            painter.fillRect(room, inks.chosen)
        self._texts.use(option.font)
        if cell.share is not None:
            self._paint_bar(painter, room, cell)
        elif cell.tone is not None:
            self._paint_badge(painter, room, cell.text, cell.tone, chosen=chosen)
        elif cell.text:
            painter.setPen(inks.text if state & _ENABLED else inks.faint)
            self._paint_words(painter, room, cell)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of a cell, with air around the text."""
        found = super().sizeHint(option, index)
        return QSize(found.width() + 2 * PAD, found.height() + PAD)

    def _paint_words(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        words = self._texts.words(cell.text, room.width() - 2 * PAD, cell.lines, room.height())
        left = room.right() + 1 - PAD - words.width if cell.number else room.left() + PAD
        painter.drawStaticText(QPointF(left, _top(room, words.height)), words.shaped)

    def _paint_badge(
        self, painter: QPainter, room: QRect, text: str, tone: Tone, *, chosen: bool
    ) -> None:
        if not text:
            return
        inks = _inks(colours())
        front, back = inks.tones[tone]
        space = room.width() - PAD
        words = self._texts.words(text, space - 2 * PAD)
        width, height = min(words.width + 2 * PAD, space), min(words.height + 4, room.height() - 2)
        badge = QRectF(room.left() + PAD // 2, _top(room, height), width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.surface if chosen else back)
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setPen(front)
        left = badge.left() + (width - words.width) / 2
        painter.drawStaticText(QPointF(left, _top(room, words.height)), words.shaped)

    def _paint_bar(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        label = gap = 0.0
        if cell.text:
            words = self._texts.words(cell.text, room.width() - 2 * PAD)
            label, gap = max(words.width, self._texts.words("100 %", room.width()).width), PAD
            left = room.right() + 1 - PAD - words.width
            painter.setPen(_inks(colours()).text)
            painter.drawStaticText(QPointF(left, _top(room, words.height)), words.shaped)
        length = max(room.width() - 2 * PAD - label - gap, 4)
        bar = QRectF(room.left() + PAD, _top(room, _BAR_HEIGHT), length, _BAR_HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_share(painter, bar, cell.share or 0.0, cell.tone or Tone.ACTIVE)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words as they are painted, cut to their room; sizes in pixels."""

    shaped: QStaticText
    width: float
    height: float


class _Texts:
    """Keeps the words shaped last, in one font."""

    def __init__(self) -> None:
        self._font = QFont()
        self._metrics = QFontMetrics(self._font)
        self._kept: OrderedDict[tuple[str, int, int], _Words] = OrderedDict()

    def use(self, font: QFont) -> None:
        """Shape in this font from now on."""
        if font != self._font:
            self._font, self._metrics = QFont(font), QFontMetrics(font)
            self._kept.clear()

    def words(self, text: str, room: int, lines: int = 1, height: int = 0) -> _Words:
        """Return words cut to so many pixels, in as many of the lines as a height has room for."""
        if lines > 1:
            lines = max(min(lines, (height - PAD) // self._metrics.lineSpacing()), 1)
        found = self._kept.get((text, room, lines))
        if found is None:
            found = self._kept[text, room, lines] = self._shape(text, room, lines)
            if len(self._kept) > _TEXTS_KEPT:
                self._kept.popitem(last=False)
        return found

    def _shape(self, text: str, room: int, lines: int) -> _Words:
        parts = _broken(text, self._font, room, lines) if lines > 1 else [text]
        parts[-1] = self._metrics.elidedText(parts[-1], Qt.TextElideMode.ElideRight, room)
        shown = _NEW_LINE.join(parts)
        shaped = QStaticText(shown)
        shaped.setTextFormat(Qt.TextFormat.PlainText)
        shaped.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        shaped.prepare(font=self._font)
        size = shaped.size()
        return _Words(shaped, size.width(), size.height())


@dataclass(frozen=True, slots=True)
class _Inks:
    """The colours of one theme, ready to paint with."""

    text: QColor
    faint: QColor
    chosen: QColor
    surface: QColor
    track: QColor
    tones: dict[Tone, tuple[QColor, QColor]]


@cache
def _inks(now: Colours) -> _Inks:
    return _Inks(
        text=QColor(now.text),
        faint=QColor(now.faint),
        chosen=QColor(now.accent_soft),
        surface=QColor(now.surface),
        track=QColor(now.neutral_soft),
        tones={tone: tone_colours(tone) for tone in Tone},
    )


def _broken(text: str, font: QFont, room: int, lines: int) -> list[str]:
    """Return a text in so many lines of so many pixels at most; the last one holds the rest."""
    layout, wrapping = QTextLayout(text, font), QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrapping)
    layout.beginLayout()
    ends = [0]
    while len(ends) < lines and (made := layout.createLine()).isValid():
        made.setLineWidth(room)
        ends.append(made.textStart() + made.textLength())
    layout.endLayout()
    # Qt counts in units of UTF-16, of which an emoji has two.
    units = text.encode("utf-16-le", "surrogatepass")
    parts = [
        units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass").strip()
        for start, end in zip(ends, [*ends[1:], len(units) // 2], strict=True)
    ]
    return [part for part in parts if part] or [""]


def _top(room: QRect, height: float) -> float:
    return room.top() + (room.height() - height) / 2


def _paint_share(painter: QPainter, bar: QRectF, share: float, tone: Tone) -> None:
    """Paint a track and the part of it that a share from 0 to 1 fills."""
    inks, radius = _inks(colours()), bar.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.track)
    painter.drawRoundedRect(bar, radius, radius)
    if share > 0:
        filled = QRectF(bar)
        filled.setWidth(max(bar.height(), bar.width() * min(share, 1.0)))
        painter.setBrush(inks.tones[tone][0])
        painter.drawRoundedRect(filled, radius, radius)
