"""What the user can do with chosen people of an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit

from invite_desktop.ui.audiences.audience_forms import NameForm
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.translations import language_changed, tr, tr_n
from invite_desktop.ui.widgets.small_form import SmallForm

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.ui.audiences.audience_actions import AudienceActions
    from invite_desktop.ui.audiences.people_table import PeopleTable
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.pieces import FieldError
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class PeopleActions(QObject):
    """Acts on whom the table has chosen; ``person_opened`` carries a person's id."""

    person_opened = Signal(int)

    def __init__(
        self,
        context: ScreenContext,
        table: PeopleTable,
        actions: AudienceActions,
        undo: UndoBar,
        error: FieldError,
    ) -> None:
        super().__init__(table)
        self._context = context
        self._audiences = context.engine.audiences
        self._table = table
        self._audience_actions = actions
        self._undo = undo
        self._error = error
        self._audience: Audience | None = None
        self.open = self._action("person", self._open_chosen)
        self.remove = self._action("delete", self._remove_chosen, QKeySequence.StandardKey.Delete)
        self.split = self._action("split", self._ask_split)
        self.copy = self._action("copy", self._ask_copy)
        self.forbid = self._action("forbid", self._ask_reason)
        table.selection_changed.connect(self._selection_changed)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self._selection_changed()

    @property
    def all(self) -> Sequence[QAction]:
        """Return the actions in the order in which they are shown."""
        return (self.open, self.remove, self.split, self.copy, self.forbid)

    def set_audience(self, audience: Audience) -> None:
        """Say whose people these are."""
        self._audience = audience

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        for action, text, hint in (
            (self.open, tr("C&ard"), tr("Everything that is known of the chosen person")),
            (self.remove, tr("R&emove"), tr("Take the chosen people out; it can be undone")),
            (self.split, tr("&Split…"), tr("Move the chosen people into a new audience")),
            (self.copy, tr("&Copy…"), tr("Copy the chosen people into a new audience")),
            (self.forbid, tr("&Do not contact…"), tr("Never contact the chosen people again")),
        ):
            action.setText(text)
            action.setToolTip(hint)

    def _action(
        self,
        icon_name: str,
        chosen: Callable[[], None],
        keys: QKeySequence.StandardKey | None = None,
    ) -> QAction:
        action = QAction(self._table)
        put_icon(action, icon_name)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self._error.clear)
        action.triggered.connect(chosen)
        self._table.addAction(action)
        return action

    def _selection_changed(self) -> None:
        count = self._table.chosen_count()
        self.open.setEnabled(count == 1)
        for action in (self.remove, self.split, self.copy, self.forbid):
            action.setEnabled(count > 0)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._context.work.start(work, name, self._error.refuse)

    def _open_chosen(self) -> None:
        for person_id in self._table.chosen_ids()[:1]:
            self.person_opened.emit(person_id)

    def _remove_chosen(self) -> None:
        if self._audience is not None:
            people = self._table.chosen_ids()
            self._start(self._remove(self._audience, people), "people removed")

    async def _remove(self, audience: Audience, people: Sequence[int]) -> None:
        with self._undo.under_way(lambda: tr("Taking people out…")):
            removed = await self._audiences.remove_people(audience.id, people)

        async def undo() -> None:
            with self._undo.under_way(lambda: tr("Putting people back…")):
                await self._audiences.put_back(removed)
            self._undo.clear()

        self._undo.say(
            lambda: tr_n(
                "{count} person is taken out of “{name}”.",
                "{count} people are taken out of “{name}”.",
                removed.count,
                name=audience.name,
            ),
            undo,
        )

    def _ask_split(self) -> None:
        self._ask_name(tr("Split the audience"), tr("Split"), self._split)

    def _ask_copy(self) -> None:
        self._ask_name(tr("Copy into a new audience"), tr("Copy"), self._copy)

    def _ask_name(
        self,
        title: str,
        yes: str,
        make: Callable[[Audience, Sequence[int], str], Coroutine[Any, Any, None]],
    ) -> None:
        audience, people = self._audience, self._table.chosen_ids()
        if audience is None:
            return
        words = tr_n(
            "{count} chosen person goes into the new audience.",
            "{count} chosen people go into the new audience.",
            len(people),
        )
        name = tr("{name}, a part", name=audience.name)
        form = NameForm(self._context.work, self._table, title, name, words)
        form.ask(yes, lambda: make(audience, people, form.name.text()))

    async def _copy(self, audience: Audience, people: Sequence[int], name: str) -> None:
        self._audience_actions.tell_made(await self._audiences.copy(audience.id, people, name))

    async def _split(self, audience: Audience, people: Sequence[int], name: str) -> None:
        split = await self._audiences.split(audience.id, people, name)

        async def undo() -> None:
            with self._undo.under_way(lambda: tr("Putting people back…")):
                await self._audiences.unsplit(split)
            self._undo.clear()

        self._audience_actions.tell_made(split.audience, undo)

    def _ask_reason(self) -> None:
        people = self._table.chosen_ids()
        form = SmallForm(
            self._context.work,
            self._table,
            tr("Do not contact"),
            tr_n(
                "{count} chosen person is never contacted again, in any task and any audience, "
                "until you take them off the list by hand.",
                "{count} chosen people are never contacted again, in any task and any audience, "
                "until you take them off the list by hand.",
                len(people),
            ),
        )
        reason = QLineEdit(maxLength=200)
        form.add_row(tr("&Reason"), reason)
        form.ask(tr("Do not contact"), lambda: self._begin_to_forbid(people, reason.text()))

    async def _begin_to_forbid(self, people: Sequence[int], reason: str) -> None:
        # Very many people take minutes; the form must not stand in the way so long.
        self._start(self._forbid(people, reason), "people put on the do-not-contact list")

    async def _forbid(self, people: Sequence[int], reason: str) -> None:
        with self._undo.under_way(lambda: tr("Writing the do-not-contact list…")):
            await self._context.engine.do_not_contact.add_people(people, reason)
        self._undo.say(
            lambda: tr_n(
                "{count} person is on the do-not-contact list.",
                "{count} people are on the do-not-contact list.",
                len(people),
            )
        )
