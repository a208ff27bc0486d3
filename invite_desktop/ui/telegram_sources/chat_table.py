"""The chats that one account administers, found as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.pieces import EmptyState
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.ui.settings import SettingsStore


class ChatTable(QWidget):
    """Keeps the chats of one account and which of them is chosen."""

    changed = Signal()

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self._chats: Sequence[ChatInfo] | None = None
        self.search = QLineEdit(clearButtonEnabled=True)
        self.model: RowsModel[ChatInfo] = RowsModel(_columns(), key=lambda chat: chat.chat_id)
        self.table = Table(self.model)
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.table.setObjectName("administered_chats")
        self.table.remember_columns(settings, "administered_chats/columns")
        self.empty = EmptyState("search")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addWidget(self.search)
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
        self.search.textChanged.connect(self._show)
        self.table.selection_changed.connect(self.changed)

    @property
    def chat(self) -> ChatInfo | None:
        """Return the chosen chat."""
        chosen: Sequence[ChatInfo] = self.table.chosen()
        return chosen[0] if chosen else None

    def show_chats(self, chats: Sequence[ChatInfo] | None) -> None:
        """Show an account's chats; None while they are being asked for."""
        self._chats = chats
        self._show()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search your chats by title or username"))
        self.search.setAccessibleName(tr("Search your chats"))
        self.table.setAccessibleName(tr("Chats that the account administers"))
        self.model.retranslate()
        self._show()

    def _show(self) -> None:
        words = self.search.text().casefold().removeprefix("@").split()
        found = [
            chat
            for chat in self._chats or ()
            if all(word in f"{chat.title} {chat.username or ''}".casefold() for word in words)
        ]
        self.model.replace(found)
        if len(found) == 1:
            self.table.choose_position(0)
        self.empty.say(*self._nothing())
        self.changed.emit()

    def _nothing(self) -> tuple[str, str]:
        if self._chats is None:
            return tr("Asking the account…"), ""
        if self._chats:
            return tr("No chat was found"), tr("Empty the search to see all of them.")
        return (
            tr("This account administers no chat"),
            tr("Only members of chats that your accounts administer can be imported."),
        )


def _columns() -> Sequence[Column[ChatInfo]]:
    return (
        Column(lambda: tr("Chat"), lambda chat: chat.title, 0),
        Column(
            lambda: tr("Username"), lambda chat: f"@{chat.username}" if chat.username else "", 18
        ),
        Column(lambda: tr("Kind"), lambda chat: titled(chat.kind), 12),
        Column(
            lambda: tr("Members"), lambda chat: translator().number(chat.members), 10, number=True
        ),
    )
