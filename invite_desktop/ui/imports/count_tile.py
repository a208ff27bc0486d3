"""One count of a report, as a button that opens its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QSizePolicy

from invite_desktop.ui.widgets.pieces import NumberWithCaption

if TYPE_CHECKING:
    from PySide6.QtCore import QSize


class CountTile(QPushButton):
    """A number with what it counts; checked while its rows are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self._words = NumberWithCaption()
        self.setLayout(self._words)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    @property
    def number(self) -> str:
        """Return the number as it is shown."""
        return self._words.number.text()

    def say(self, number: str, caption: str) -> None:
        """Set the number and its caption."""
        self.setAccessibleName(self._words.say(number, caption))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room of number and caption; a button by itself knows only its own text."""
        return self._words.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the room without which something would be cut off."""
        return self.sizeHint()
