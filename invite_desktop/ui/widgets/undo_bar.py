"""What was just done, with the way to take it back; it goes away by itself."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import anew, language_changed, tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, dress, label

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import Any

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.ui.work import Work

SHOWN_MS = 12_000
"""Milliseconds for reading and changing one's mind; the pointer over the bar holds them."""


class UndoBar(QWidget):
    """One deed at a time, the newest; takes no room while there is none.

    ``refused`` shows why something could not be taken back.
    """

    def __init__(self, work: Work, refused: Callable[[KnownError], None]) -> None:
        super().__init__()
        self._work = work
        self._refused = refused
        self._words: Callable[[], str] = str
        self._undo: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._stop: Callable[[], object] | None = None
        self._stays = False
        self._card = QFrame()
        self.words = label("", wrapped=True)
        self.undo_button = button("undo")
        self.stop_button = button("cancel")
        self.close_button = button("cancel")
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        self.undo_button.clicked.connect(self.undo)
        self.stop_button.clicked.connect(self.stop)
        self.close_button.clicked.connect(self.clear)
        self._lay_out()
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.clear()

    @property
    def text(self) -> str:
        """Return what is said, empty when the bar is away."""
        return "" if self.isHidden() else self.words.text()

    def say(
        self,
        words: Callable[[], str],
        undo: Callable[[], Coroutine[Any, Any, None]] | None = None,
        *,
        stays: bool = False,
        stop: Callable[[], object] | None = None,
    ) -> None:
        """Tell what was done; ``undo`` makes the coroutine that takes it back.

        ``stays``: it is still being done, and the bar waits for the next word. ``stop`` ends it.
        """
        self._stays = stays
        self._words, self._undo, self._stop = words, undo, stop
        self.undo_button.setVisible(undo is not None)
        self.stop_button.setVisible(stop is not None)
        self.close_button.setVisible(stop is None)
        self.stop_button.setEnabled(True)
        self._wait()
        self.retranslate()
        self._dress()
        self.show()

    @contextlib.contextmanager
    def under_way(
        self, words: Callable[[], str], stop: Callable[[], object] | None = None
    ) -> Iterator[None]:
        """Tell that something goes on; what comes of it is told next, a failure elsewhere.

        ``stop`` ends it when the user no longer wants it.
        """
        self.say(words, stays=True, stop=stop)
        try:
            yield
        except BaseException:
            self.clear()
            raise

    def undo(self) -> None:
        """Take back what is told here."""
        if self._undo is not None:
            taken_back, self._undo = self._undo, None
            self._timer.stop()
            self.hide()
            self._work.start(taken_back(), "undo", self._refused)

    def stop(self) -> None:
        """End what is under way here."""
        if self._stop is not None:
            stopped, self._stop = self._stop, None
            self.stop_button.setEnabled(False)
            stopped()

    def clear(self) -> None:
        """Go away."""
        self._timer.stop()
        self._undo = None
        self.hide()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.undo_button.setText(tr("&Undo"))
        self.undo_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.stop_button.setText(tr("St&op"))
        self.close_button.setToolTip(tr("Close"))
        self.close_button.setAccessibleName(tr("Close this message"))
        self.words.setText(anew(self._words()))
        self.setAccessibleName(self.words.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the pointer is here."""
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Count from the beginning when the pointer goes."""
        super().leaveEvent(event)
        if self.isVisible():
            self._wait()

    def _dress(self) -> None:
        """Take the colour of what is under way, or done."""
        self._card.setProperty("role", "under_way" if self._stays else "done")
        dress(self._card)

    def _wait(self) -> None:
        self._timer.stop()
        if not self._stays:
            self._timer.start()

    def _lay_out(self) -> None:
        card = self._card
        row = line(self.words, self.undo_button, self.stop_button, self.close_button)
        row.setStretch(0, 1)
        row.setContentsMargins(Space.MEDIUM, Space.HAIR, Space.HAIR, Space.HAIR)
        card.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
