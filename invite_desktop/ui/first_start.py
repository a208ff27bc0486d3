"""The page of the very first start: what this program is, and the two ways to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, frame, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

_WIDTH = 640
"""Pixels; a longer line is harder to read."""


class FirstStart(QWidget):
    """Stands in front of the tabs until one of its buttons, or the menu, is used."""

    rehearsal_requested = Signal()
    account_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("first_start")
        self._title = label("title", wrapped=True)
        self._does, self._does_not, self._whose = (label("", wrapped=True) for _ in range(3))
        self._rehearse_words, self._connect_words = (label("small", wrapped=True) for _ in range(2))
        self.rehearse_button = button("start", primary=True)
        self.connect_button = button("accounts")
        self.rehearse_button.clicked.connect(self.rehearsal_requested)
        self.connect_button.clicked.connect(self.account_requested)
        self._lay_out()
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def text(self) -> str:
        """Return what is said here."""
        return "\n".join(part.text() for part in self.labels)

    @property
    def labels(self) -> Sequence[QLabel]:
        """Return everything that is said here, from top to bottom."""
        words = self._rehearse_words, self._connect_words
        return self._title, self._does, self._does_not, self._whose, *words

    def retranslate(self) -> None:
        """Write every text anew."""
        self._title.setText(tr("Welcome to Invite Desktop"))
        self._does.setText(
            tr(
                "It brings people from your own lists into a Telegram group or channel that you "
                "administer, or writes to them, through your own Telegram accounts. It goes at a "
                "pace that Telegram tolerates and tells you what happened to every single person."
            )
        )
        self._does_not.setText(
            tr(
                "It does not collect people from other people's chats and does not get round "
                "Telegram's limits. Whoever asked not to be contacted is never contacted again."
            )
        )
        self._whose.setText(
            tr(
                "It uses the Telegram API. It is not made by Telegram and does not belong to it. "
                "Your lists and results stay on this computer, your logins in its keyring."
            )
        )
        self.rehearse_button.setText(tr("&Rehearse first: nobody is contacted"))
        self._rehearse_words.setText(
            tr(
                "A full run with your own list against a Telegram-like server inside this "
                "program, many times faster than real time."
            )
        )
        self.connect_button.setText(tr("&Connect my account"))
        self._connect_words.setText(
            tr(
                "You need the phone of the account, and the api_id and api_hash that you get at "
                "my.telegram.org."
            )
        )

    def _lay_out(self) -> None:
        card = frame("card")
        card.setFixedWidth(_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.WIDE, Space.WIDE, Space.WIDE, Space.WIDE)
        inside.setSpacing(Space.MEDIUM)
        for part in (self._title, self._does, self._does_not, self._whose):
            inside.addWidget(part)
        for choice, words in (
            (self.rehearse_button, self._rehearse_words),
            (self.connect_button, self._connect_words),
        ):
            inside.addSpacing(Space.SMALL)
            inside.addLayout(line(choice, None))
            inside.addWidget(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.addStretch(1)
        column.addLayout(line(None, card, None))
        column.addStretch(2)
