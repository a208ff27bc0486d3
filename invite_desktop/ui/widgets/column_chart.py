"""Counts in time as columns side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space, Tone, colours, theme_changed, tone_colours
from invite_desktop.ui.translations import translator
from invite_desktop.ui.widgets.pieces import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_WIDEST = 44.0
_FILLED = 0.7
"""The share of its step that a column fills."""


@dataclass(frozen=True, slots=True)
class Point:
    """One column; ``words`` name its moment."""

    words: str
    count: int


class ColumnChart(QWidget):
    """Each column says its number when pointed at; a screen reader reads them all."""

    def __init__(self) -> None:
        super().__init__()
        self._points: Sequence[Point] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme_changed().changed.connect(self.update)

    @property
    def points(self) -> Sequence[Point]:
        """Return what is shown."""
        return self._points

    def show_points(self, points: Sequence[Point]) -> None:
        """Show other counts."""
        if tuple(points) != self._points:
            self._points = tuple(points)
            number = translator().number
            self.setAccessibleDescription(
                ", ".join(
                    f"{point.words}: {number(point.count)}" for point in points if point.count
                )
            )
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room in which columns can be compared."""
        return QSize(280, 120)

    def minimumSizeHint(self) -> QSize:
        """Return the room below which nothing could be read."""
        return QSize(120, 80)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the columns, with as many words under them as fit."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say what the column under the pointer counts."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._points:
            step = self.width() / len(self._points)
            point = self._points[min(int(event.pos().x() // step), len(self._points) - 1)]
            words = f"{point.words}: {translator().number(point.count)}"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _draw(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        step = self.width() / len(self._points)
        foot = self.height() - metrics.height() - Space.HAIR
        head = metrics.height() + Space.HAIR
        most = max(point.count for point in self._points) or 1
        front, _ = tone_colours(Tone.ACTIVE)
        widest = max(metrics.horizontalAdvance(point.words) for point in self._points)
        every = max(1, -int(-(widest + Space.SMALL) // step))
        thick = min(step * _FILLED, _WIDEST)
        for place, point in enumerate(self._points):
            middle = step * (place + 0.5)
            height = (foot - head) * point.count / most
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(front)
            column = QRectF(middle - thick / 2, foot - height, thick, height)
            painter.drawRoundedRect(column, 2, 2)
            number = translator().number(point.count)
            if point.count and metrics.horizontalAdvance(number) <= step:
                self._write(painter, middle, foot - height - Space.HAIR, number, colours().text)
            if place % every == (every - 1) // 2:
                self._write(
                    painter, middle, self.height() - Space.HAIR, point.words, colours().muted
                )
        painter.setPen(QColor(colours().border))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))

    def _write(self, painter: QPainter, middle: float, base: float, text: str, colour: str) -> None:
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(middle - width / 2, 0.0), max(self.width() - width, 0.0))
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(left, base), text)


class ChartCard(QFrame):
    """A titled card with counts in time, or with the words for when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.title = label("strong")
        self.empty = label("muted", wrapped=True)
        self.chart = ColumnChart()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.HAIR)
        for part in (self.title, self.empty):
            column.addWidget(part)
        column.addWidget(self.chart, 1)
        column.addStretch(0)

    def say(self, title: str, empty: str) -> None:
        """Set the title, and the words for when there is nothing to count."""
        self.title.setText(title)
        self.empty.setText(empty)
        self.chart.setAccessibleName(title)

    def show_points(self, points: Sequence[Point]) -> None:
        """Show other counts."""
        self.chart.show_points(points)
        self.empty.setVisible(not points)
        self.chart.setVisible(bool(points))
