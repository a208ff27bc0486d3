"""One count of a report, as a button that opens its rows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.pieces import label


class CountTile(QPushButton):
    """A number with what it counts; checked while its rows are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self._number = label("number")
        self._caption = label("small")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(0)
        for part in (self._number, self._caption):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    @property
    def number(self) -> str:
        """Return the number as it is shown."""
        return self._number.text()

    def say(self, number: str, caption: str) -> None:
        """Set the number and its caption."""
        self._number.setText(number)
        self._caption.setText(caption)
        self.setAccessibleName(f"{caption}: {number}")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room of number and caption; a button by itself knows only its own text."""
        layout = self.layout()
        return layout.sizeHint() if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the room without which something would be cut off."""
        return self.sizeHint()
