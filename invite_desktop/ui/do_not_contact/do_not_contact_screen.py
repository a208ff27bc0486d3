"""The section of the Import tab with the people who are never contacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QTabBar, QVBoxLayout

from invite_desktop.ui.do_not_contact.forms import AddPeopleForm, ContactAgainForm, OptOutWordsForm
from invite_desktop.ui.do_not_contact.list_dialog import ListDialog
from invite_desktop.ui.do_not_contact.opt_out_columns import who_words
from invite_desktop.ui.do_not_contact.opt_out_list import OptOutList
from invite_desktop.ui.imports.sources import choose_files
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.drop_area import DropArea, dropped_paths
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import TableOrEmpty
from invite_desktop.ui.widgets.undo_bar import UndoBar
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from invite_desktop.engine.ports.audiences import OptOut
    from invite_desktop.ui.context import ScreenContext

_TYPING_MS = 200
"""Milliseconds without a key after which the search begins."""

_PRESENT, _LIFTED = range(2)


class DoNotContactScreen(Screen):
    """Finds, adds, imports, saves and, one at a time and with a reason, lifts entries."""

    person_opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "do_not_contact_screen", rest=0.3)
        self._all = 0
        self.search = QLineEdit(clearButtonEnabled=True)
        self.count = label("muted")
        self.add_button = button("add", primary=True)
        self.save_button = button("save")
        self.again_button = button("retry")
        self.words_button = button("edit")
        self.pages = QTabBar(drawBase=False)
        self.lists = [OptOutList(context, ended=ended) for ended in (False, True)]
        self.nobody, self.nothing_lifted = EmptyState("forbid"), EmptyState("forbid")
        self.told = label("good", wrapped=True)
        self.undo_bar = UndoBar(context.work, context.notices.refused)
        self.drop_area = DropArea(compact=True)
        self._stack = QStackedWidget()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._finding = Latest(context.work, "do-not-contact list found")
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def shown(self) -> OptOutList:
        """Return the list that is looked at."""
        return self.lists[self.pages.currentIndex()]

    def import_files(self, paths: Sequence[Path]) -> None:
        """Offer files and folders for the list."""
        if paths:
            self._tell("")
            ListDialog(self.context, self.window()).offer(paths)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by name, username, phone or reason"))
        self.search.setAccessibleName(tr("Search the do-not-contact list"))
        self.add_button.setText(tr("&Add people…"))
        self.save_button.setText(tr("Sav&e…"))
        self.save_button.setToolTip(tr("Save what is shown as an Excel workbook or a CSV table"))
        self.again_button.setText(tr("Contact a&gain…"))
        self.words_button.setText(tr("&Words for “no”…"))
        self.words_button.setToolTip(tr("Which answers put people on this list by themselves"))
        self.pages.setTabText(_PRESENT, tr("On the list"))
        self.pages.setTabText(_LIFTED, tr("Lifted"))
        self.pages.setAccessibleName(tr("Which entries are shown"))
        self.drop_area.say(
            tr("… or drop a list of people who must not be contacted"), "", tr("&Choose files…")
        )
        names = (tr("People who are never contacted"), tr("Entries that were lifted"))
        for each, name in zip(self.lists, names, strict=True):
            each.table.setAccessibleName(name)
            each.model.retranslate()
        self._say_empty()
        self._say_count()

    async def load(self) -> None:
        """Fetch the list anew; what is looked at stays in its place."""
        await self._find()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files anywhere on this screen."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Offer dropped files for this list, not for an audience."""
        event.acceptProposedAction()
        self.import_files(dropped_paths(event.mimeData()))

    async def _find(self) -> None:
        text, shown = self.search.text().strip(), self.shown
        await shown.find(text)
        ended = shown is self.lists[_LIFTED]
        self._all = (
            await self.context.engine.do_not_contact.count(ended=ended) if text else shown.found
        )
        self._say_empty()
        self._say_count()
        self._selection_changed()

    def _search(self) -> None:
        self._finding.start(self._find())

    def _page_chosen(self) -> None:
        self._stack.setCurrentIndex(self.pages.currentIndex())
        self.again_button.setVisible(self.pages.currentIndex() == _PRESENT)
        self._search()

    def _selection_changed(self) -> None:
        self.again_button.setEnabled(self.lists[_PRESENT].chosen is not None)

    def _say_count(self) -> None:
        searching = bool(self.search.text().strip())
        found = self.shown.found
        self.count.setText(
            tr("{found} of {all}", found=found, all=self._all)
            if searching
            else tr_n("{count} entry", "{count} entries", found)
        )
        self.save_button.setEnabled(found > 0)

    def _say_empty(self) -> None:
        if self.search.text().strip():
            for empty in (self.nobody, self.nothing_lifted):
                empty.say(tr("Nobody was found"), tr("Empty the search to see everybody."))
            return
        self.nobody.say(
            tr("Nobody is on the list"),
            tr(
                "No task ever contacts the people on it, however often a new list names them. "
                "Whoever answers “stop” is added by the program."
            ),
        )
        self.nothing_lifted.say(
            tr("Nothing was lifted"),
            tr("Whoever may be contacted again stays here with the reason."),
        )

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def _add(self) -> None:
        self._tell("")
        AddPeopleForm(self.context, self.window(), self._tell)

    def _contact_again(self) -> None:
        entry = self.lists[_PRESENT].chosen
        if entry is not None:
            self._tell("")
            ContactAgainForm(self.context, self.window(), entry, self._lifted)

    def _lifted(self, entry: OptOut) -> None:
        words = tr("{who}: may be contacted again.", who=who_words(entry))
        engine = self.context.engine
        self.undo_bar.say(lambda: words, lambda: engine.do_not_contact.list_again(entry))

    def _show_words(self) -> None:
        OptOutWordsForm(self.context, self.window())

    def _choose_files(self) -> None:
        choose_files(self, self.import_files)

    def _choose_place(self) -> None:
        title = tr("Save the do-not-contact list")
        choose_place(self, title, tr("Do not contact"), self._save)

    def _save(self, path: Path) -> None:
        self.context.work.start(self._write(path), "do-not-contact list saved")

    async def _write(self, path: Path) -> None:
        ended = self.pages.currentIndex() == _LIFTED
        text = self.search.text().strip()
        exports = self.context.engine.exports
        rows = await exports.do_not_contact(path, text=text, ended=ended)
        saved = tr_n(
            "{count} row saved as {file}", "{count} rows saved as {file}", rows, file=path.name
        )
        self._tell(saved)

    def _opened(self, entry: OptOut) -> None:
        if entry.person is not None:
            self.person_opened.emit(entry.person.id)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._search)
        self.pages.currentChanged.connect(self._page_chosen)
        self.add_button.clicked.connect(self._add)
        self.again_button.clicked.connect(self._contact_again)
        self.words_button.clicked.connect(self._show_words)
        self.save_button.clicked.connect(self._choose_place)
        self.drop_area.choose_requested.connect(self._choose_files)
        self.drop_area.paths_dropped.connect(self.import_files)
        self.context.bridge.audiences_changed.connect(self.refresh)
        for each in self.lists:
            each.table.selection_changed.connect(self._selection_changed)
            each.table.row_opened.connect(self._opened)
            each.model.dataChanged.connect(self._selection_changed)

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 80)
        for each, empty in zip(self.lists, (self.nobody, self.nothing_lifted), strict=True):
            self.pages.addTab("")
            self._stack.addWidget(TableOrEmpty(each.table, empty))
        self.told.hide()
        self.again_button.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        head = line(self.search, self.count, None, self.save_button, self.add_button)
        head.setStretch(0, 2)
        column.addLayout(head)
        column.addLayout(line(self.pages, None, self.words_button, self.again_button))
        column.addWidget(self._stack, 1)
        column.addWidget(self.told)
        column.addWidget(self.undo_bar)
        column.addWidget(self.drop_area)
