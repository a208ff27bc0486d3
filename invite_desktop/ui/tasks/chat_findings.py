"""What the check of a link found: the chat, and every account with what it may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from invite_desktop.domain.chats import MAX_MANUAL_CHANNEL_MEMBERS, ChatKind
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr, tr_n, translator
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.wording import named

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.engine.views import AccountStanding, ChatCheck


class ChatFindings(QFrame):
    """A card that is there only when there is something to say."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._now = now
        self.title = label("strong", wrapped=True)
        self.facts = label("muted", wrapped=True)
        self.problem = label("error", wrapped=True)
        self._rows: list[QLabel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self._column.setSpacing(Space.HAIR)
        for part in (self.title, self.facts, self.problem):
            self._column.addWidget(part)
        self.hide()

    def show_check(self, check: ChatCheck | None) -> None:
        """Show an answer, or nothing."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = []
        self.setVisible(check is not None)
        if check is not None:
            self._show_chat(check)
            self._show_accounts(check)

    def _show_chat(self, check: ChatCheck) -> None:
        info = check.info
        self.title.setText(info.title if info else tr("No account can see this chat"))
        self.facts.setText(_facts(info) if info else "")
        self.facts.setVisible(info is not None)
        self.problem.setText(show(check.problem) if check.problem else "")
        self.problem.setVisible(check.problem is not None)

    def _show_accounts(self, check: ChatCheck) -> None:
        for standing in sorted(check.accounts, key=lambda row: not row.ready):
            row = label("good" if standing.ready else "muted", wrapped=True)
            row.setText(self._line(standing))
            self._column.addWidget(row)
            self._rows.append(row)

    def _line(self, standing: AccountStanding) -> str:
        name = account_label(standing.account)
        if standing.ready:
            return tr("✓ {account}: ready to invite", account=name)
        why = show(standing.why) if standing.why else named(standing.standing)
        words = tr("– {account}: {why}", account=name, why=why)
        if standing.until is None:
            return words
        until = translator().moment(standing.until, self._now())
        return tr("{words}, until {moment}", words=words, moment=until)


def _facts(info: ChatInfo) -> str:
    parts = [named(info.kind), tr_n("{count} member", "{count} members", info.members)]
    parts.append(tr("public, @{name}", name=info.username) if info.username else tr("private"))
    if info.kind is ChatKind.CHANNEL and not info.link_only:
        left = MAX_MANUAL_CHANNEL_MEMBERS - info.members
        parts.append(
            tr_n(
                "{count} more person can be added by hand",
                "{count} more can be added by hand",
                left,
            )
        )
    return "  ·  ".join(parts)
