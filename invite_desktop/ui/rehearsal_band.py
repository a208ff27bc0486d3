"""The band that says on every screen that nobody is contacted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QSlider

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from invite_desktop.ui.context import RehearsalInfo

SPEEDS = (1, 10, 60, 300, 600, 1_000, 3_600, 5_000, 10_000)
"""How many times as fast as real time: a minute a second is 60, an hour a second 3 600."""


class RehearsalBand(QFrame):
    """Says what this is, lends the demo chat's link, and sets the speed of the clock."""

    accounts_requested = Signal()

    def __init__(self, rehearsal: RehearsalInfo) -> None:
        super().__init__()
        self.setProperty("role", "band")
        self._rehearsal = rehearsal
        self.words = label("strong")
        self.link_button = button()
        self.accounts_button = button()
        self.speed_words = label()
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self._speed = rehearsal.speed
        self._starting = False
        self.speed.setFixedWidth(self.fontMetrics().averageCharWidth() * 18)
        self.speed.setValue(_nearest(rehearsal.speed))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = line(self.words, self.link_button, self.accounts_button, self.speed_words, self.speed)
        row.setStretch(0, 1)
        row.setContentsMargins(Space.LARGE, Space.HAIR, Space.LARGE, Space.HAIR)
        self.setLayout(row)
        self.link_button.clicked.connect(self._copy_link)
        self.accounts_button.clicked.connect(self.accounts_requested)
        self.speed.valueChanged.connect(self._speed_chosen)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def say_starting(self, *, starting: bool) -> None:
        """Say that the server is not there yet, or no longer say so."""
        self._starting = starting
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.words.setText(
            tr("Rehearsal: nobody is contacted. The rehearsal server starts…")
            if self._starting
            else tr("Rehearsal: nobody is contacted")
        )
        self.words.setToolTip(
            tr("Everything here happens on a Telegram-like server inside this program.")
        )
        self.link_button.setText(tr("Copy the club's link"))
        self.link_button.setToolTip(self._rehearsal.club_link)
        self.accounts_button.setText(tr("Demo accounts"))
        self.speed.setAccessibleName(tr("Speed of the rehearsal"))
        self._say_speed()

    def _speed_chosen(self) -> None:
        self._speed = float(SPEEDS[self.speed.value()])
        self._rehearsal.set_speed(self._speed)
        self._say_speed()

    def _say_speed(self) -> None:
        speed = round(self._speed)
        words = tr("real time") if speed == 1 else f"×{translator().number(speed)}"
        self.speed_words.setText(tr("Speed: {speed}", speed=words))

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(self._rehearsal.club_link)
        self.link_button.setText(tr("Link copied"))


def _nearest(speed: float) -> int:
    """Return the slider's position for a speed."""
    return min(range(len(SPEEDS)), key=lambda place: abs(math.log(SPEEDS[place] / max(speed, 1))))
