"""Garbage is collected in the window's thread alone.

Python collects wherever a threshold is passed, also in a thread of the store; an object of Qt's
that is destroyed there takes the program with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QTimer

_BETWEEN_ROUNDS_MS = 500


class GarbageRounds(QTimer):
    """Does in rounds what Python would do by itself, by the same thresholds."""

    def __init__(self) -> None:
        super().__init__(interval=_BETWEEN_ROUNDS_MS)
        self.timeout.connect(self._look)

    def begin(self) -> None:
        """Take over from Python's own collection."""
        gc.disable()
        self.start()

    def _look(self) -> None:
        grown = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, most) in enumerate(grown) if count > most]
        if due:
            gc.collect(max(due))
