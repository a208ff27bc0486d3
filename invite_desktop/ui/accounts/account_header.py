"""The head of an account's page: way back, name, condition, next step and actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from invite_desktop.ui.accounts.account_columns import names
from invite_desktop.ui.accounts.account_words import condition_words, trouble_words, trust_words
from invite_desktop.ui.accounts.avatar import Avatar
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.accounts.account_actions import AccountActions


class AccountHeader(QWidget):
    """Says which account this is and how it is."""

    back_requested = Signal()

    def __init__(self, actions: AccountActions) -> None:
        super().__init__()
        self.back_button = button("back")
        self.back_button.setObjectName("back")
        self.back_button.clicked.connect(self.back_requested)
        self.name = label("heading")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.condition = label("strong", wrapped=True)
        self.trouble = label("muted", wrapped=True)
        self.trust = label("muted", wrapped=True)
        self.avatar = Avatar()
        head = line(self.back_button, self.avatar, self.name)
        head.setStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addLayout(
            line(
                ActionButton(actions.check),
                actions.rest_button(),
                ActionButton(actions.switch),
                ActionButton(actions.spam_bot),
                ActionButton(actions.log_out),
                None,
            )
        )
        for part in (self.condition, self.trouble, self.trust):
            column.addWidget(part)

    def say(self, view: AccountView, now: datetime) -> None:
        """Show an account."""
        self.avatar.say(view)
        self.name.setText(names(view))
        self.name.setToolTip(names(view))
        self.condition.setText(condition_words(view, now))
        trouble = trouble_words(view, now)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.trust.setText(trust_words(view))

    def retranslate(self) -> None:
        """Write the button's text anew."""
        self.back_button.setText(tr("Accounts"))
        self.back_button.setAccessibleName(tr("Back to the list of accounts"))
        self.back_button.setShortcut(QKeySequence("Alt+Left"))
