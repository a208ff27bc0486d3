"""What shows while people are read from Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.ui.context import ScreenContext


class FetchProgress(QWidget):
    """Counts the people, tells of waits, and offers to stop."""

    stop_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._now = context.engine.clock.now
        self.words = label()
        self.waiting = label("muted", wrapped=True)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.stop_button = button("cancel")
        row = line(self.words, self.bar, self.stop_button)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addLayout(row)
        column.addWidget(self.waiting)
        self.stop_button.clicked.connect(self.stop_requested)
        context.bridge.import_advanced.connect(self._advanced)
        context.bridge.import_waiting.connect(self._waits)
        self.hide()

    def run(self, *, running: bool) -> None:
        """Appear with the beginning of an import, or go."""
        self.words.setText(tr("Asking Telegram…"))
        self.waiting.hide()
        self.setVisible(running)
        if running:
            self.stop_button.setFocus()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.stop_button.setText(tr("S&top"))
        self.stop_button.setAccessibleName(tr("Stop reading; what was read is kept"))
        self.bar.setAccessibleName(tr("Import under way"))

    def _advanced(self, people: int) -> None:
        self.words.setText(tr_n("{count} person read", "{count} people read", people))
        self.waiting.hide()

    def _waits(self, until: datetime) -> None:
        self.waiting.setText(
            tr(
                "Telegram asks to wait. Reading goes on by itself at {moment}.",
                moment=translator().moment(until, self._now()),
            )
        )
        self.waiting.show()
