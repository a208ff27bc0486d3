"""One message as the person gets it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from invite_desktop.domain.formatted_text import FormattedText
from invite_desktop.ui.tasks.message_html import message_html
from invite_desktop.ui.theme import theme_changed

_EMPTY = FormattedText("")


class MessageBubble(QLabel):
    """Shows formatting, follows no link, and takes no room while there is no message."""

    def __init__(self) -> None:
        super().__init__()
        self._letter = _EMPTY
        self.setProperty("role", "bubble")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setWordWrap(True)
        theme_changed().changed.connect(self._draw)
        self.hide()

    @property
    def letter(self) -> FormattedText:
        """Return the message that is shown."""
        return self._letter

    def say(self, letter: FormattedText | None) -> None:
        """Show a message, or nothing."""
        self._letter = letter or _EMPTY
        self.setVisible(bool(self._letter.text))
        self._draw()

    def _draw(self) -> None:
        self.setText(message_html(self._letter) if self._letter.text else "")
        self.setAccessibleName(self._letter.text)
