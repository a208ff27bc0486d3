"""What shows while an import is under way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from invite_desktop.ui.engine_bridge import EngineBridge


class ImportProgress(QWidget):
    """Counts the rows, and offers to stop with nothing stored."""

    cancel_requested = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._since = 0.0
        self.words = label()
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.cancel_button = button("cancel")
        row = line(self.words, self.bar, self.cancel_button)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.cancel_button.clicked.connect(self.cancel_requested)
        bridge.import_advanced.connect(self._advanced)
        self.hide()

    def run(self, *, running: bool) -> None:
        """Appear with the beginning of an import, or go."""
        self._since = time.monotonic()
        self.words.setText(tr("Reading…"))
        self.setVisible(running)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.cancel_button.setText(tr("S&top"))
        self.cancel_button.setAccessibleName(tr("Stop the import, store nothing"))
        self.bar.setAccessibleName(tr("Import under way"))

    def _advanced(self, rows: int) -> None:
        seconds = time.monotonic() - self._since
        words = tr_n("{count} row read", "{count} rows read", rows)
        if seconds > 1:
            speed = tr("{count} a second", count=int(rows / seconds))
            words = f"{words}, {speed}"
        self.words.setText(words)
