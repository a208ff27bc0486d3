"""One of an account's four budgets: what was used of it, and when the next action may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QVBoxLayout

from invite_desktop.domain.attempts import Action
from invite_desktop.ui.accounts.account_words import next_words
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.pieces import label

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.engine.views import AccountView


class BudgetCard(QFrame):
    """Shows one kind of action."""

    def __init__(self, action: Action) -> None:
        super().__init__()
        self._action = action
        self.setProperty("role", "tile")
        self.caption = label("small", wrapped=True)
        self.used = label("heading")
        self.bar = QProgressBar(textVisible=False)
        self.next = label("small", wrapped=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.HAIR)
        for part in (self.caption, self.used, self.bar, self.next):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, view: AccountView, now: datetime) -> None:
        """Show an account's budget of this kind."""
        use = view.today.get(self._action)
        self.setVisible(use is not None)
        if use is None:
            return
        self.caption.setText(_caption(self._action))
        self.used.setText(tr("{done} of {allowed}", done=use.done, allowed=use.allowed))
        self.bar.setRange(0, max(use.allowed, 1))
        self.bar.setValue(min(use.done, use.allowed))
        self.next.setText(tr("next {when}", when=next_words(view, self._action, now)))
        words = " ".join(part.text() for part in (self.caption, self.used, self.next))
        self.setAccessibleName(words)
        self.bar.setAccessibleName(words)


def _caption(action: Action) -> str:
    match action:
        case Action.INVITE:
            return tr("Today’s invitations")
        case Action.MESSAGE:
            return tr("Today’s messages")
        case Action.LOOK_UP:
            return tr("Look-ups by username today")
        case Action.CONTACT_IMPORT:
            return tr("Look-ups by phone today")
