"""An account's face: its photo in a circle, or the first letters of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QLabel

from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.theme import Tone, theme_changed, tone_colours
from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from invite_desktop.engine.views import AccountView

_SIDE = 36


class Avatar(QLabel):
    """Pixels of a circle; a photo that cannot be read counts as none."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._photo = QPixmap()
        self.setFixedSize(_SIDE, _SIDE)
        theme_changed().changed.connect(self._draw)

    @property
    def has_photo(self) -> bool:
        """Return whether a photo is shown."""
        return not self._photo.isNull()

    def say(self, view: AccountView) -> None:
        """Show another account."""
        self._name = account_label(view.account)
        self._photo = QPixmap()
        if view.photo is not None:
            self._photo.loadFromData(view.photo)
        self.setAccessibleName(tr("Photo of {account}", account=self._name))
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(round(_SIDE * ratio), round(_SIDE * ratio))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        circle, place = QPainterPath(), QRectF(0, 0, _SIDE, _SIDE)
        circle.addEllipse(place)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(circle)
        if self.has_photo:
            painter.drawPixmap(place, self._photo, QRectF(self._photo.rect()))
        else:
            self._draw_letters(painter, place)
        painter.end()
        self.setPixmap(drawn)

    def _draw_letters(self, painter: QPainter, place: QRectF) -> None:
        front, back = tone_colours(Tone.ACTIVE)
        painter.fillRect(place, QColor(back))
        painter.setPen(front)
        letters = "".join(word[0] for word in self._name.lstrip("@+").split()[:2]).upper()
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letters)
