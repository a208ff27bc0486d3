"""One audience's own page: everybody in it, found, sorted and edited."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QVBoxLayout

from invite_desktop.engine.ports.audiences import PeopleQuery
from invite_desktop.ui.audiences.audience_actions import AudienceActions
from invite_desktop.ui.audiences.audience_columns import AudienceRow, facts_words
from invite_desktop.ui.audiences.people_actions import PeopleActions
from invite_desktop.ui.audiences.people_table import PeopleTable
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.action_button import ActionButton, MenuButton
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, FieldError, button, label
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import TableOrEmpty
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar

TYPING_MS = 150
"""Milliseconds without a key after which the search begins."""

SLOW_MS = 250
"""Milliseconds after which a search that still runs is spoken of."""

MOST_FOUND = 10_000
"""People that a search finds at most, as engine.audiences promises."""


class AudiencePage(Screen):
    """Shows one audience at a time; ``open_audience`` says which."""

    back_requested = Signal()

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        super().__init__(context, "audience_page", rest=0.3)
        self._audience_id = 0
        self._audience: Audience | None = None
        self._all: Sequence[Audience] = ()
        self._asked = PeopleQuery()
        self._whole: tuple[PeopleQuery, array[int]] | None = None
        self._finding = Latest(context.work, "people of an audience")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self.back_button = button("back")
        self.name = label("heading")
        self.facts = label("muted", wrapped=True)
        self.error = FieldError()
        self.search = QLineEdit(clearButtonEnabled=True)
        self.count = label("muted")
        self.table = PeopleTable(context)
        self.nobody = EmptyState("search")
        self.actions_on_audience = AudienceActions(context, self, undo, self.error)
        self.actions_on_audience.query = self._query
        self.actions_on_people = PeopleActions(
            context, self.table, self.actions_on_audience, undo, self.error
        )
        self.more_button = MenuButton("more", self.actions_on_audience.on_one)
        self._lay_out()
        self._connect()
        self.retranslate()

    def open_audience(self, audience_id: int) -> None:
        """Show another audience from its beginning."""
        self._audience_id = audience_id
        self._audience = None
        self._whole = None
        self.error.clear()
        self._finding.cancel()
        self.search.clear()
        self._typing.stop()
        self.table.show_ids(array("q"), from_the_top=True)
        self.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.back_button.setText(tr("Audiences"))
        self.back_button.setAccessibleName(tr("Back to the list of audiences"))
        self.back_button.setShortcut(QKeySequence("Alt+Left"))
        self.more_button.setText(tr("&More"))
        self.search.setPlaceholderText(tr("Search by name, username, phone, id, any column"))
        self.search.setAccessibleName(tr("Search the people of the audience"))
        self.table.setAccessibleName(tr("People of the audience"))
        self.table.people.retranslate()
        self._write()

    async def load(self) -> None:
        """Fetch the audience and who is in it; what is typed and chosen stays."""
        self._all = await self.context.engine.audiences.all()
        found = next((one for one in self._all if one.id == self._audience_id), None)
        if found is None:
            self.back_requested.emit()
            return
        self._audience = found
        self.actions_on_audience.set_chosen([found], self._all)
        self.actions_on_people.set_audience(found)
        self._whole = None
        self._find()

    def _query(self) -> PeopleQuery:
        return PeopleQuery(self.search.text().strip(), self.table.sort, self.table.descending)

    def _find(self) -> None:
        self._typing.stop()
        query = self._query()
        if self._whole is not None and self._whole[0] == query:
            self._finding.cancel()
            self._show_ids(query, self._whole[1])
        else:
            self._slow.start()
            self._finding.start(self._fetch_ids(self._audience_id, query), self._refused)

    async def _fetch_ids(self, audience_id: int, query: PeopleQuery) -> None:
        ids = await self.context.engine.audiences.person_ids(audience_id, query)
        if not query.text:
            # A search that is emptied again shows everybody at once.
            self._whole = (query, ids)
        self._show_ids(query, ids)

    def _show_ids(self, query: PeopleQuery, ids: array[int]) -> None:
        self._slow.stop()
        anew, self._asked = query != self._asked, query
        self.table.show_ids(ids, from_the_top=anew)
        self._write()

    def _refused(self, error: KnownError) -> None:
        self._slow.stop()
        self.error.refuse(error)

    def _write(self) -> None:
        audience = self._audience
        if audience is not None:
            self.name.setText(audience.name)
            self.name.setToolTip(audience.name)
            self.facts.setText(facts_words(AudienceRow(audience), self.context.engine.clock.now()))
        text, found = self._asked.text, len(self.table.people.ids)
        self.count.setText(_count_words(text, found, self.table.chosen_count()))
        self._say_nobody(text)

    def _say_nobody(self, text: str) -> None:
        if text:
            words = tr("Nobody here has “{text}” in any column", text=text)
            self.nobody.say(words, tr("Empty the search to see everybody."), tr("Show everybody"))
        else:
            self.nobody.say(
                tr("Nobody is in this audience"),
                tr("Everybody was taken out. The audience can be deleted under “More”."),
            )

    def _say_slow(self) -> None:
        sorts = self._query().text == self._asked.text
        self.count.setText(tr("Sorting…") if sorts else tr("Searching…"))

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self.actions_on_people.all))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_requested)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self._find)
        self._typing.timeout.connect(self._find)
        self._slow.timeout.connect(self._say_slow)
        self.nobody.acted.connect(self.search.clear)
        self.table.order_changed.connect(self._find)
        self.table.selection_changed.connect(self._write)
        opened = self.actions_on_people.person_opened
        self.table.row_opened.connect(lambda person: opened.emit(person.id))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.actions_on_audience.deleted.connect(self.back_requested)
        self.context.bridge.audiences_changed.connect(self.refresh)

    def _lay_out(self) -> None:
        # A long name gives way to the buttons beside it.
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        on_audience = self.actions_on_audience
        head = line(
            self.back_button,
            self.name,
            *(ActionButton(action) for action in (on_audience.task, on_audience.rename)),
            self.more_button,
        )
        head.setStretch(1, 1)
        on_people = [ActionButton(action) for action in self.actions_on_people.all]
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(self.facts)
        finding = line(self.search, self.count)
        finding.setStretch(0, 1)
        column.addLayout(finding)
        column.addLayout(line(*on_people, None))
        column.addWidget(self.error)
        column.addWidget(TableOrEmpty(self.table, self.nobody), 1)


def _count_words(text: str, found: int, chosen: int) -> str:
    if text and found >= MOST_FOUND:
        words = tr("the first {count} found; type more to find fewer", count=found)
    elif text:
        words = tr_n("{count} person found", "{count} people found", found)
    else:
        words = tr_n("{count} person", "{count} people", found)
    return f"{words}  ·  {tr('chosen: {count}', count=chosen)}" if chosen else words
