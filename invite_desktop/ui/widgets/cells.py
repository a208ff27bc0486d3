"""How cells are painted: words on a tone, and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from invite_desktop.ui.theme import Tone, colours, tone_colours
from invite_desktop.ui.widgets.columns import CellRole

if TYPE_CHECKING:
    from invite_desktop.ui.widgets.columns import Index

_PAD = 8
_BAR_HEIGHT = 6


class CellDelegate(QStyledItemDelegate):
    """Paints a cell by what its column has: a tone, a share, or plain text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        share, tone = index.data(CellRole.SHARE), index.data(CellRole.TONE)
        if share is None and tone is None:
            super().paint(painter, _without_focus(option), index)
            return
        self._paint_ground(painter, option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if share is not None:
            _paint_bar(painter, option.rect, float(share), text, Tone(tone or Tone.ACTIVE))
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            _paint_badge(painter, option.rect, text, Tone(tone), chosen=chosen)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of a cell, with air around the text."""
        found = super().sizeHint(option, index)
        return QSize(found.width() + 2 * _PAD, found.height() + _PAD)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(_without_focus(option))
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.state &= ~QStyle.StateFlag.State_HasFocus
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, option.widget)


def _without_focus(option: QStyleOptionViewItem) -> QStyleOptionViewItem:
    """Return the option without the frame around one cell: rows are chosen, not cells."""
    plain = QStyleOptionViewItem(option)
    plain.state &= ~QStyle.StateFlag.State_HasFocus
    return plain


def _paint_badge(painter: QPainter, cell: QRect, text: str, tone: Tone, *, chosen: bool) -> None:
    if not text:
        return
    front, back = tone_colours(tone)
    if chosen:
        back = QColor(colours().surface)
    metrics = painter.fontMetrics()
    room = cell.adjusted(_PAD // 2, 0, -_PAD // 2, 0)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() - 2 * _PAD)
    width = min(metrics.horizontalAdvance(shown) + 2 * _PAD, room.width())
    height = min(metrics.height() + 4, cell.height() - 2)
    badge = QRectF(room.left(), cell.center().y() - height / 2 + 0.5, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawRoundedRect(badge, height / 2, height / 2)
    painter.setPen(front)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_bar(painter: QPainter, cell: QRect, share: float, text: str, tone: Tone) -> None:
    metrics = painter.fontMetrics()
    label = metrics.horizontalAdvance("100 %") if text else 0
    label = max(label, metrics.horizontalAdvance(text))
    gap = _PAD if text else 0
    bar = QRectF(
        cell.left() + _PAD,
        cell.center().y() - _BAR_HEIGHT / 2 + 0.5,
        max(cell.width() - 2 * _PAD - label - gap, 4),
        _BAR_HEIGHT,
    )
    paint_share(painter, bar, share, tone)
    if text:
        painter.setPen(QColor(colours().text))
        room = cell.adjusted(0, 0, -_PAD, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def paint_share(painter: QPainter, bar: QRectF, share: float, tone: Tone) -> None:
    """Paint a track and the part of it that a share from 0 to 1 fills."""
    front, _ = tone_colours(tone)
    radius = bar.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().neutral_soft))
    painter.drawRoundedRect(bar, radius, radius)
    if share > 0:
        filled = QRectF(bar)
        filled.setWidth(max(bar.height(), bar.width() * min(share, 1.0)))
        painter.setBrush(front)
        painter.drawRoundedRect(filled, radius, radius)
