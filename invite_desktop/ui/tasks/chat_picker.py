"""The chats that the user's accounts administer, to pick one instead of typing its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.wording import named
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.views import AdministeredChat
    from invite_desktop.ui.context import ScreenContext

_HEIGHT = 170
_TO_THE_LIST = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class PickedChat:
    """One chat of the list, with the accounts that may invite there."""

    info: ChatInfo
    accounts: tuple[str, ...]

    @property
    def address(self) -> ChatAddress:
        """Return how the form names the chat: by its username, else by its id."""
        if self.info.username:
            return ChatAddress(AddressKind.USERNAME, self.info.username)
        basic = self.info.kind is ChatKind.BASIC_GROUP
        kind = AddressKind.BASIC_GROUP_ID if basic else AddressKind.CHANNEL_ID
        return ChatAddress(kind, str(self.info.chat_id))

    def is_meant_by(self, text: str) -> bool:
        """Return whether title, username or an account's name contain what was typed."""
        wanted = text.strip().removeprefix("@").casefold()
        return any(
            wanted in part.casefold()
            for part in (self.info.title, self.info.username or "", *self.accounts)
        )


class ChatPicker(QFrame):
    """A panel that unfolds under the field: a search field above the list."""

    picked = Signal(str)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("chat_picker")
        self._context = context
        self._loading = Latest(context.work, "chats that the accounts administer")
        self._chats: Sequence[PickedChat] = ()
        self._found: Sequence[PickedChat] = ()
        self.search = QLineEdit(clearButtonEnabled=True)
        self.list = QListWidget()
        self.words = label("muted", wrapped=True)
        self.search.textChanged.connect(self._show_chats)
        self.search.returnPressed.connect(self._pick_current)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._pick)
        self.list.itemActivated.connect(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        column.setSpacing(Space.SMALL)
        for part in (self.search, self.words, self.list):
            column.addWidget(part)
        column.setStretchFactor(self.list, 1)
        self.list.setFixedHeight(_HEIGHT)
        self.hide()

    def toggle(self) -> None:
        """Unfold and ask the accounts, or fold up again."""
        if self.isVisible():
            self._fold()
            return
        self.search.clear()
        self._chats = ()
        self._show_chats()
        self.words.setText(tr("Asking your accounts…"))
        self.show()
        self.search.setFocus()
        self._loading.start(self._load(), self._refused)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by title"))
        self.search.setAccessibleName(tr("Search among the chats of your accounts"))
        self.list.setAccessibleName(tr("Chats that your accounts administer"))
        for row, chat in enumerate(self._found):
            self._write(self.list.item(row), chat)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead from the search field into the list with the arrow keys."""
        if _leads_to_the_list(event) and self.list.count():
            self.list.setFocus()
            self.list.setCurrentRow(0)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold up with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._fold()
        else:
            super().keyPressEvent(event)

    def _fold(self) -> None:
        """Hide, and ask no further once nobody looks."""
        self._loading.cancel()
        self.hide()

    async def _load(self) -> None:
        self._chats = merged(await self._context.engine.sources.administered_chats())
        self._show_chats()

    def _refused(self, error: KnownError) -> None:
        self.words.setText(refusal_text(error))
        self.words.show()

    def _show_chats(self) -> None:
        self._found = [chat for chat in self._chats if chat.is_meant_by(self.search.text())]
        self.list.clear()
        for chat in self._found:
            item = QListWidgetItem()
            self._write(item, chat)
            item.setData(Qt.ItemDataRole.UserRole, str(chat.address))
            self.list.addItem(item)
        self.words.setText(
            tr("No chat is called like that.")
            if self._chats
            else tr("None of your accounts that are ready may invite to a chat.")
        )
        self.words.setVisible(not self._found)
        self.list.setVisible(bool(self._found))

    @staticmethod
    def _write(item: QListWidgetItem, chat: PickedChat) -> None:
        item.setText(_line(chat))
        item.setToolTip(_line(chat))

    def _pick_current(self) -> None:
        if self.list.count():
            self._pick(self.list.item(max(self.list.currentRow(), 0)))

    def _pick(self, item: QListWidgetItem) -> None:
        self._fold()
        self.picked.emit(item.data(Qt.ItemDataRole.UserRole))


def merged(chats: Iterable[AdministeredChat]) -> list[PickedChat]:
    """Return each chat once, with everybody who administers it, by title."""
    found: dict[int, PickedChat] = {}
    for each in chats:
        known = found.get(each.chat.chat_id, PickedChat(each.chat, ()))
        names = (*known.accounts, account_label(each.account))
        found[each.chat.chat_id] = PickedChat(known.info, names)
    return sorted(found.values(), key=lambda chat: chat.info.title.casefold())


def _leads_to_the_list(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
        return False
    return event.key() in _TO_THE_LIST


def _line(chat: PickedChat) -> str:
    members = tr_n("{count} member", "{count} members", chat.info.members)
    return "  ·  ".join((chat.info.title, named(chat.info.kind), members, ", ".join(chat.accounts)))
