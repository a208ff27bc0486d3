"""Which people of which account become an audience, and the import itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.engine.ports.fetched_people import ChatOfMembers, PeopleList
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.telegram_sources.chat_table import ChatTable
from invite_desktop.ui.telegram_sources.fetch_progress import FetchProgress
from invite_desktop.ui.telegram_sources.unfinished import UnfinishedFetches
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.wording import titled
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from typing import Any

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.context import ScreenContext

_PRESETS = {
    Origin.CHAT: Basis.CHAT_MEMBERS,
    Origin.DIALOGS: Basis.WROTE_TO_ME,
    Origin.CONTACTS: Basis.CUSTOMERS,
}
_SIZE = (720, 540)

_COLUMNS = 2
_ABOVE_CHATS, _BELOW_CHATS = 0, 4
"""Rows of the grid; the table of chats stands between them."""


class TelegramDialog(Dialog):
    """Open it with ``begin``; ``imported`` carries the ImportReport."""

    imported = Signal(object)

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._sources = context.engine.sources
        self._chats: dict[int, list[ChatInfo]] | None = None
        self._import: asyncio.Task[None] | None = None
        self._gone = False
        self._loading = Latest(context.work, "accounts for an import")
        self._looking = Latest(context.work, "imports that were cut off")
        self.unfinished = UnfinishedFetches()
        self.account: Choice[AccountView] = Choice(_account_words)
        self.origin: Choice[Origin] = Choice(_origin_words, list(_PRESETS))
        self.chats = ChatTable(context.settings)
        self.name_field = QLineEdit(maxLength=120)
        self.basis: Choice[Basis] = Choice(titled, list(Basis))
        self.basis_hint = label("small", wrapped=True)
        self.error = FieldError()
        self.progress = FetchProgress(context)
        self.cancel_button = button()
        self.import_button = button("import", primary=True)
        self._fields = QWidget()
        self._labels = [label() for _ in range(4)]
        self._lay_out()
        self._connect()
        self.retranslate()
        self._origin_chosen()

    @property
    def busy(self) -> bool:
        """Return whether an import is under way."""
        return self._import is not None and not self._import.done()

    def begin(self) -> None:
        """Open, and ask the accounts for their chats."""
        self.open()
        self._loading.start(self._load(), self.error.refuse)

    def reject(self) -> None:
        """Stop an import under way; close when there is none."""
        if self._import is not None and self.busy:
            self._import.cancel()
        else:
            super().reject()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("People from Telegram"))
        titles = (tr("&Account"), tr("Whic&h people"), tr("Na&me of the audience"), _basis_title())
        for each, title in zip(self._labels, titles, strict=True):
            each.setText(title)
        for choice in (self.account, self.origin, self.basis):
            choice.retranslate()
        self.chats.retranslate()
        self.progress.retranslate()
        self.cancel_button.setText(tr("Canc&el"))
        self.import_button.setText(tr("&Import"))
        self._show_choice()

    async def _load(self) -> None:
        await self._show_unfinished()
        views = await self._context.engine.accounts.views()
        usable = [v for v in views if v.state in (AccountState.READY, AccountState.RESTING)]
        self.account.set_values(usable)
        if not usable:
            self.error.say(
                tr(
                    "No account is ready. Add one in the Accounts tab, or wait until "
                    "one has rested."
                )
            )
        found: dict[int, list[ChatInfo]] = {}
        self._show_choice()
        for one in await self._sources.administered_chats():
            found.setdefault(one.account.id, []).append(one.chat)
        self._chats = found
        self._show_choice()

    async def _show_unfinished(self) -> None:
        now = self._context.engine.clock.now()
        self.unfinished.show_fetches(await self._sources.unfinished(), now)

    def _accounts_changed(self) -> None:
        """Look again when there was no account to choose: one may have become ready."""
        if not (self._gone or self.busy or self.account.values):
            self.error.clear()
            self._loading.start(self._load(), self.error.refuse)

    def _origin_chosen(self) -> None:
        self.basis.choose(_PRESETS[self.origin.chosen])
        self._show_choice()

    def _show_choice(self) -> None:
        """Show what the chosen account has, and what the audience would be called."""
        account = self.account.chosen.account if self.account.values else None
        members = self.origin.chosen is Origin.CHAT
        # Without an account nobody is asked for chats, and the error says what to do.
        asked = account is not None or self._chats is None
        self.chats.setVisible(members and asked)
        if account is not None and self._chats is not None:
            self.chats.show_chats(self._chats.get(account.id, []))
        else:
            self.chats.show_chats(None)
        self._chat_chosen()

    def _chat_chosen(self) -> None:
        people = self._people()
        self.name_field.setPlaceholderText(self._sources.name_of(people) if people else "")
        self.import_button.setEnabled(people is not None and not self.busy)
        closed = not self.basis.chosen.allows_sending
        hint = tr("Nothing can be sent to this audience; it can only be given a link.")
        self.basis_hint.setText(hint if closed else "")
        self.basis_hint.setVisible(closed)

    def _people(self) -> PeopleList | None:
        """Return the list that is chosen, None while something is missing."""
        if not self.account.values:
            return None
        account_id, origin, chat = (
            self.account.chosen.account.id,
            self.origin.chosen,
            self.chats.chat,
        )
        if origin is not Origin.CHAT:
            return PeopleList(account_id, origin)
        if chat is None:
            return None
        return PeopleList(account_id, origin, ChatOfMembers(chat.chat_id, chat.title, chat.kind))

    def _start(self) -> None:
        people, chat = self._people(), self.chats.chat
        if people is None or self.busy:
            return
        account_id, basis, name = people.account_id, self.basis.chosen, self.name_field.text()
        sources = self._sources
        if people.origin is Origin.DIALOGS:
            self._run(lambda: sources.import_dialogs(account_id, basis, name))
        elif people.origin is Origin.CONTACTS:
            self._run(lambda: sources.import_contacts(account_id, basis, name))
        elif chat is not None:
            self._run(lambda: sources.import_members(account_id, chat, basis, name))

    def _go_on(self, fetch_id: int) -> None:
        if not self.busy:
            self._run(lambda: self._sources.go_on(fetch_id))

    def _drop(self, fetch_id: int) -> None:
        self._looking.start(self._dropped(fetch_id), self.error.refuse)

    async def _dropped(self, fetch_id: int) -> None:
        await self._sources.drop(fetch_id)
        await self._show_unfinished()

    def _run(self, begin: Callable[[], Coroutine[Any, Any, ImportReport]]) -> None:
        self.error.clear()
        self._set_busy(busy=True)
        work = self._context.work
        self._import = work.start(self._imports(begin), "people from Telegram", self._refused)
        self._import.add_done_callback(self._ended)

    async def _imports(self, begin: Callable[[], Coroutine[Any, Any, ImportReport]]) -> None:
        report = await begin()
        self.accept()
        self.imported.emit(report)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._gone:
            return
        self._set_busy(busy=False)
        if task.cancelled():
            self.error.say(tr("Stopped. What was read is kept: go on, or drop it."))
            self._looking.start(self._show_unfinished())

    def _refused(self, error: KnownError) -> None:
        self.error.refuse(error)
        self._looking.start(self._show_unfinished())

    def _set_busy(self, *, busy: bool) -> None:
        self.progress.run(running=busy)
        self.cancel_button.setVisible(not busy)
        self._fields.setEnabled(not busy)
        self.unfinished.setEnabled(not busy)
        self.import_button.setEnabled(not busy)

    def _connect(self) -> None:
        self.account.currentIndexChanged.connect(self._show_choice)
        self.origin.currentIndexChanged.connect(self._origin_chosen)
        self.basis.currentIndexChanged.connect(self._chat_chosen)
        self.chats.changed.connect(self._chat_chosen)
        self.chats.table.row_opened.connect(self._start)
        self.import_button.clicked.connect(self._start)
        self.cancel_button.clicked.connect(self.reject)
        self.progress.stop_requested.connect(self.reject)
        self.unfinished.go_on_requested.connect(self._go_on)
        self.unfinished.drop_requested.connect(self._drop)
        self.finished.connect(self._leave)
        self._context.bridge.accounts_changed.connect(self._accounts_changed)
        language_changed().changed.connect(self.retranslate)

    def _leave(self) -> None:
        self._gone = True
        self._loading.cancel()
        self._looking.cancel()
        self.deleteLater()

    def _lay_out(self) -> None:
        fields: tuple[QWidget, ...] = (self.account, self.origin, self.name_field, self.basis)
        for each, field in zip(self._labels, fields, strict=True):
            each.setBuddy(field)
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.HAIR)
        for place, (each, field) in enumerate(zip(self._labels, fields, strict=True)):
            each.setContentsMargins(0, Space.SMALL if place >= _COLUMNS else 0, 0, 0)
            row = _ABOVE_CHATS if place < _COLUMNS else _BELOW_CHATS
            grid.addWidget(each, row, place % _COLUMNS)
            grid.addWidget(field, row + 1, place % _COLUMNS)
            grid.setColumnStretch(place % _COLUMNS, 1)
        grid.setRowMinimumHeight(2, Space.SMALL)
        grid.addWidget(self.chats, _BELOW_CHATS - 1, 0, 1, _COLUMNS)
        grid.addWidget(self.basis_hint, _BELOW_CHATS + 2, 1)
        grid.setRowStretch(_BELOW_CHATS - 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.unfinished)
        column.addWidget(self._fields, 1)
        column.addWidget(self.error)
        column.addWidget(self.progress)
        column.addLayout(line(None, self.cancel_button, self.import_button))
        self.resize(*_SIZE)


def _basis_title() -> str:
    return tr("&Why may you contact them? *")


def _account_words(view: AccountView) -> str:
    if view.state is AccountState.READY:
        return account_label(view.account)
    return f"{account_label(view.account)} ({titled(view.state)})"


def _origin_words(origin: Origin) -> str:
    return {
        Origin.CHAT: tr("Members of a chat that the account administers"),
        Origin.DIALOGS: tr("People with whom the account has dialogues"),
        Origin.CONTACTS: tr("The account's own contacts"),
    }[origin]
