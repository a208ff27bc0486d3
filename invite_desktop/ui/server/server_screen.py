"""The Server tab of a rehearsal: what the server saw, to be compared with the ledger by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.engine.ports.server_view import ServerAccount, ServerChat, ServerPerson
from invite_desktop.ui.server.columns import (
    account_columns,
    chat_columns,
    people_columns,
    story_words,
)
from invite_desktop.ui.server.comparison import Comparison
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.widgets.pieces import EmptyState, Tile, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.ports.server_view import ServerTotals, ServerView
    from invite_desktop.ui.context import RehearsalInfo, ScreenContext

_LOOK_MS = 500
"""Milliseconds between two looks at whether something happened at the server."""

_STORY_LINES = 4
"""So many of a person's latest deeds are told below the table; its hint has them all."""

_PEOPLE, _CHATS, _ACCOUNTS = range(3)
_TILES = 5


class ServerScreen(Screen):
    """Both sides' sums on top; below, the server's people, chats and accounts.

    A server in another process keeps its own books: then only the accounts are shown.
    """

    def __init__(self, context: ScreenContext, rehearsal: RehearsalInfo) -> None:
        super().__init__(context, "server_screen", rest=0.3)
        self._rehearsal = rehearsal
        self._server: ServerView | None = rehearsal.server
        self._version = -1
        self._counters: Counters | None = None
        self.joined, self.messages = Comparison(), Comparison()
        self.tiles = [Tile() for _ in range(_TILES)]
        self.pages = QTabBar(drawBase=False)
        self.people: PagedModel[ServerPerson] = PagedModel(
            people_columns(), lambda person: person.id, self._fetch_people, context.work
        )
        self.chats: RowsModel[ServerChat] = RowsModel(chat_columns(), lambda chat: chat.id)
        self.accounts: RowsModel[ServerAccount] = RowsModel(
            account_columns(), lambda account: account.phone
        )
        self.tables = [Table(model) for model in (self.people, self.chats, self.accounts)]
        self.nobody, self.elsewhere = EmptyState("server"), EmptyState("server")
        self.story = label("muted", wrapped=True)
        self._sums = QWidget()
        self._stack = QStackedWidget()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_accounts(self) -> None:
        """Show who can log in."""
        self.pages.setCurrentIndex(_ACCOUNTS)

    def retranslate(self) -> None:
        """Write every text anew."""
        names = (tr("Touched people"), tr("Chats"), tr("Demo accounts"))
        for position, name in enumerate(names):
            self.pages.setTabText(position, name)
            self.tables[position].setAccessibleName(tr("At the server: {what}", what=name))
        self.pages.setAccessibleName(tr("What of the server is shown"))
        self.nobody.say(
            tr("Nobody was touched yet"),
            tr("Whoever is looked up, invited or written to appears here as the server sees it."),
        )
        self.elsewhere.say(
            tr("This server keeps its own books"),
            tr(
                "The rehearsal runs against a server of another process. What it did stands in "
                "the file that was named with --log when it was started."
            ),
        )
        for model in (self.people, self.chats, self.accounts):
            model.retranslate()
        self._show_sums()
        self._show_story()

    async def load(self) -> None:
        """Fetch both sides' sums, and what changed of the rows that are looked at."""
        if self._server is None:
            return
        self._counters = (await self.context.engine.statistics.overview()).counters
        self._version = self._server.version
        self.people.set_total(self._server.totals().touched)
        self.people.all_changed()
        self.chats.replace(self._server.chats())
        self.accounts.replace(self._server.accounts())
        self._show_sums()

    async def _fetch_people(self, offset: int, limit: int) -> Sequence[ServerPerson]:
        return self._server.people(offset, limit) if self._server else ()

    def _show_sums(self) -> None:
        if self._server is None or self._counters is None:
            return
        counters, totals = self._counters, self._server.totals()
        doubtful = counters.uncertain + counters.in_work
        self.joined.say(
            tr("Joined"),
            counters.joined,
            totals.joined + totals.left,
            doubtful + counters.count(TargetState.INVITED),
        )
        self.messages.say(tr("Messages"), counters.sent, totals.messages, doubtful)
        for tile, (number, caption) in zip(self.tiles, _tiles(totals), strict=True):
            tile.say(number, caption)

    def _show_story(self) -> None:
        """Tell below the table everything that happened to the person chosen in it."""
        chosen = self.tables[_PEOPLE].chosen() if self.pages.currentIndex() == _PEOPLE else []
        story = story_words(chosen[0]).splitlines() if chosen and chosen[0] else []
        words = "\n".join(story[-_STORY_LINES:])
        self.story.setText(words)
        self.story.setAccessibleName(words)
        self.story.setVisible(bool(words))

    def _look_at_the_server(self) -> None:
        if self.isVisible() and self._server and self._server.version != self._version:
            self.refresh()

    def _facts(self, _ids: Collection[int]) -> None:
        self.refresh()

    def _connect(self) -> None:
        self.pages.currentChanged.connect(self._stack.setCurrentIndex)
        self.pages.currentChanged.connect(self._show_story)
        self.tables[_PEOPLE].selection_changed.connect(self._show_story)
        self.people.dataChanged.connect(self._show_story)
        self._look.timeout.connect(self._look_at_the_server)
        self._look.start()
        self.context.bridge.tasks_changed.connect(self._facts)

    def _lay_out(self) -> None:
        for position, (table, name) in enumerate(
            zip(self.tables, ("people", "chats", "accounts"), strict=True)
        ):
            self.pages.addTab("")
            table.setSelectionMode(Table.SelectionMode.SingleSelection)
            table.setObjectName(f"server_{name}")
            table.remember_columns(self.context.settings, f"server_{name}/columns")
            self._stack.addWidget(
                TableOrEmpty(table, self.nobody) if position == _PEOPLE else table
            )
        for tile in self.tiles:
            tile.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Preferred)
        sums = line(self.joined, self.messages, *self.tiles)
        self._sums.setLayout(sums)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._sums)
        column.addWidget(self.elsewhere, 1)
        column.addLayout(line(self.pages, None))
        column.addWidget(self._stack, 1)
        column.addWidget(self.story)
        elsewhere = self._server is None
        self._sums.setHidden(elsewhere)
        self.elsewhere.setHidden(not elsewhere)
        if elsewhere:
            for position in (_PEOPLE, _CHATS):
                self.pages.setTabVisible(position, False)  # noqa: FBT003 - Qt's own signature
            self.show_accounts()
            self._stack.setCurrentIndex(_ACCOUNTS)
            codes = self._rehearsal.phone_codes.items()
            self.accounts.replace([ServerAccount(phone, code) for phone, code in codes])


def _tiles(totals: ServerTotals) -> Sequence[tuple[str, str]]:
    number = translator().number
    return (
        (number(totals.touched), tr("Touched")),
        (number(totals.refused), tr("Refusals")),
        (number(totals.answers), tr("Answers")),
        (number(totals.left), tr("Left the chat")),
        (number(totals.people), tr("Known to the server")),
    )
