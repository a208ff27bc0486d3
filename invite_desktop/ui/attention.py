"""The bar for what only the user can set right; it stays until it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from invite_desktop.ui.icons import picture
from invite_desktop.ui.theme import Space, colours, theme_changed
from invite_desktop.ui.translations import language_changed, show, tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from invite_desktop.domain.messages import Message


class AttentionBar(QWidget):
    """Shows the newest matter that was not read; it takes no room when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._unread: list[Message] = []
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.words = label("", wrapped=True)
        self.close_button = button("done")
        self.close_button.clicked.connect(self.clear)
        card = QFrame()
        card.setProperty("role", "notice")
        row = line(self._picture, self.words, self.close_button)
        row.setStretch(1, 1)
        row.setContentsMargins(Space.MEDIUM, Space.HAIR, Space.SMALL, Space.HAIR)
        card.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.HAIR)
        column.addWidget(card)
        language_changed().changed.connect(self.retranslate)
        theme_changed().changed.connect(self._draw)
        self._draw()
        self.clear()

    def show_matter(self, matter: Message) -> None:
        """Show something that needs the user; what was not read yet comes again after it."""
        self._unread = [each for each in self._unread if each != matter]
        self._unread.append(matter)
        self._show_newest()

    def clear(self) -> None:
        """Take what is shown as read."""
        del self._unread[-1:]
        self._show_newest()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.close_button.setText(tr("Got it"))
        if self._unread:
            self.words.setText(show(self._unread[-1]))
            self.setAccessibleName(self.words.text())

    def _show_newest(self) -> None:
        self.retranslate()
        self.setVisible(bool(self._unread))

    def _draw(self) -> None:
        drawn = picture("warning", 20, self.devicePixelRatioF(), colours().warn)
        self._picture.setPixmap(drawn)
