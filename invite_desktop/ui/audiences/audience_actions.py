"""What the user can do with audiences: one set of actions for the list, its menu and the page."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.audiences import PeopleQuery
from invite_desktop.ui.audiences.audience_forms import (
    BasisForm,
    NameForm,
    SubtractForm,
    TagsForm,
    UniteForm,
)
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.translations import joined, language_changed, tr, tr_n
from invite_desktop.ui.widgets.save_dialog import choose_place

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.pieces import FieldError
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class AudienceActions(QObject):
    """Each action is allowed for the chosen audiences only where it makes sense.

    ``opened``, ``task_requested`` and ``made`` carry an audience's id, ``deleted`` none.
    """

    opened = Signal(int)
    task_requested = Signal(int)
    made = Signal(int)
    deleted = Signal()

    def __init__(
        self, context: ScreenContext, owner: QWidget, undo: UndoBar, error: FieldError
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._audiences = context.engine.audiences
        self._owner = owner
        self._undo = undo
        self._error = error
        self._chosen: Sequence[Audience] = ()
        self._all: Sequence[Audience] = ()
        self.query: Callable[[], PeopleQuery] = PeopleQuery
        self.open = self._action("folder", lambda: self.opened.emit(self._chosen[0].id))
        self.task = self._action("add", lambda: self.task_requested.emit(self._chosen[0].id))
        self.rename = self._action("edit", self._ask_name)
        self.tags = self._action("tag", self._ask_tags)
        self.basis = self._action("check", self._ask_basis)
        self.unite = self._action("unite", self._ask_union)
        self.subtract = self._action("subtract", self._ask_difference)
        self.copy = self._action("copy", self._ask_copy)
        self.export = self._action("save", self._ask_place)
        self.delete = self._action("delete", self._delete_chosen)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.set_chosen((), ())

    @property
    def rarer(self) -> Sequence[QAction]:
        """Return the actions that stand behind a button of their own."""
        return (self.tags, self.basis, self.unite, self.subtract, self.copy, self.export)

    @property
    def on_one(self) -> Sequence[QAction]:
        """Return what stands behind that button where only one audience is shown."""
        return (self.tags, self.basis, self.subtract, self.copy, self.export, self.delete)

    @property
    def all(self) -> Sequence[QAction]:
        """Return the actions in the order in which a menu shows them."""
        return (self.open, self.task, self.rename, *self.rarer, self.delete)

    def set_chosen(self, chosen: Sequence[Audience], everything: Sequence[Audience]) -> None:
        """Say which audiences the actions concern, and which there are."""
        self._chosen, self._all = tuple(chosen), tuple(everything)
        one, some = len(chosen) == 1, bool(chosen)
        for action in (self.open, self.rename, self.copy, self.export):
            action.setEnabled(one)
        for action in (self.tags, self.basis, self.delete):
            action.setEnabled(some)
        self.task.setEnabled(one and chosen[0].people > 0)
        self.unite.setEnabled(len(chosen) > 1)
        self.subtract.setEnabled(some and len(everything) > 1)

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        for action, text, hint in (
            (self.open, tr("&Open"), tr("See the people of the audience")),
            (self.task, tr("&Task with it"), tr("Begin a task with this audience")),
            (self.rename, tr("&Rename…"), tr("Give the audience another name")),
            (self.tags, tr("Ta&gs…"), tr("Words by which audiences are found")),
            (self.basis, tr("&Basis…"), tr("Why these people may be contacted")),
            (self.unite, tr("&Unite…"), tr("Make one audience of the chosen ones")),
            (self.subtract, tr("&Subtract…"), tr("Leave out the people of other audiences")),
            (self.copy, tr("&Copy…"), tr("Make another audience of the same people")),
            (self.export, tr("&Export…"), tr("Save everybody as an Excel workbook or CSV")),
            (self.delete, tr("&Delete"), tr("People and reports stay; it can be undone")),
        ):
            action.setText(text)
            action.setToolTip(hint)

    def _action(self, icon_name: str, chosen: Callable[[], None]) -> QAction:
        action = QAction(self._owner)
        put_icon(action, icon_name)
        action.triggered.connect(self._error.clear)
        action.triggered.connect(chosen)
        self._owner.addAction(action)
        return action

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._context.work.start(work, name, self._error.refuse)

    # ------------------------------------------------------------ one or several as they are

    def _ask_name(self) -> None:
        audience = self._chosen[0]
        form = NameForm(self._context.work, self._owner, tr("Rename the audience"), audience.name)
        form.ask(tr("Rename"), lambda: self._rename(audience, form.name.text()))

    async def _rename(self, audience: Audience, name: str) -> None:
        await self._audiences.rename(audience.id, name)

        async def undo() -> None:
            await self._audiences.rename(audience.id, audience.name)

        self._undo.say(lambda: tr("“{old}” has a new name.", old=audience.name), undo)

    def _ask_tags(self) -> None:
        audiences = self._chosen
        form = TagsForm(self._context.work, self._owner, audiences)
        form.ask(tr("Save"), lambda: self._tag(audiences, form))

    async def _tag(self, audiences: Sequence[Audience], form: TagsForm) -> None:
        for audience in audiences:
            await self._audiences.set_tags(audience.id, form.tags_of(audience))

        async def undo() -> None:
            for audience in audiences:
                await self._audiences.set_tags(audience.id, audience.tags)

        self._undo.say(lambda: tr("The tags are saved."), undo)

    def _ask_basis(self) -> None:
        audiences = self._chosen
        form = BasisForm(self._context.work, self._owner, audiences)
        form.ask(tr("Save"), lambda: self._change_basis(audiences, form))

    async def _change_basis(self, audiences: Sequence[Audience], form: BasisForm) -> None:
        for audience in audiences:
            await self._audiences.change_basis(audience.id, form.basis.chosen)

        async def undo() -> None:
            for audience in audiences:
                await self._audiences.change_basis(audience.id, audience.basis)

        self._undo.say(lambda: tr("The basis is saved."), undo)

    def _delete_chosen(self) -> None:
        self._start(self._delete(self._chosen), "audiences deleted")

    async def _delete(self, audiences: Sequence[Audience]) -> None:
        gone: list[Audience] = []
        for audience in audiences:
            try:
                await self._audiences.delete(audience.id)
            except KnownError as error:
                self._error.say(joined(audience.name, refusal_text(error), by=": "))
            else:
                gone.append(audience)
        if not gone:
            return

        async def undo() -> None:
            for audience in gone:
                await self._audiences.restore(audience.id)

        self._undo.say(lambda: _gone_words(gone), undo)
        self.deleted.emit()

    # ------------------------------------------------------------ new ones

    def _ask_union(self) -> None:
        audiences = self._chosen
        form = UniteForm(self._context.work, self._owner, audiences)
        ids = [audience.id for audience in audiences]
        unite = self._audiences.unite
        form.ask(tr("Unite"), lambda: self._make(unite(ids, form.name.text())))

    def _ask_difference(self) -> None:
        form = SubtractForm(self._context.work, self._owner, self._all, self._chosen)
        form.ask(tr("Subtract"), lambda: self._subtract(form))

    async def _subtract(self, form: SubtractForm) -> None:
        minus, whole = form.subtracted(), form.whole.chosen.id
        await self._make(self._audiences.subtract(whole, minus, form.name.text()))

    def _ask_copy(self) -> None:
        audience = self._chosen[0]
        name = tr("{name}, a copy", name=audience.name)
        form = NameForm(self._context.work, self._owner, tr("Copy the audience"), name)
        form.ask(tr("Copy"), lambda: self._copy(audience, form.name.text()))

    async def _copy(self, audience: Audience, name: str) -> None:
        everybody = await self._audiences.person_ids(audience.id)
        await self._make(self._audiences.copy(audience.id, everybody, name))

    async def _make(self, making: Coroutine[Any, Any, Audience]) -> None:
        audience = await making
        self.tell_made(audience)

    def tell_made(
        self, audience: Audience, undo: Callable[[], Coroutine[Any, Any, None]] | None = None
    ) -> None:
        """Say that there is a new audience; taking it back deletes it, if nothing else is given."""

        async def delete() -> None:
            await self._audiences.delete(audience.id)

        self._undo.say(
            lambda: tr_n(
                "“{name}” is saved: {count} person.",
                "“{name}” is saved: {count} people.",
                audience.people,
                name=audience.name,
            ),
            undo or delete,
        )
        self.made.emit(audience.id)

    # ------------------------------------------------------------ export

    def _ask_place(self) -> None:
        audience, query = self._chosen[0], self.query()
        choose_place(
            self._owner,
            tr("Export the audience"),
            audience.name,
            partial(self._export_chosen, audience, query),
        )

    def _export_chosen(self, audience: Audience, query: PeopleQuery, path: Path) -> None:
        self._start(self._export(audience, query, path), "audience exported")

    async def _export(self, audience: Audience, query: PeopleQuery, path: Path) -> None:
        exporting = asyncio.current_task()
        stop = exporting.cancel if exporting else None
        try:
            with self._undo.under_way(lambda: tr("Saving “{file}”…", file=path.name), stop):
                count = await self._context.engine.exports.audience(audience.id, path, query)
        except asyncio.CancelledError:
            self._undo.say(lambda: tr("“{file}” is not saved: it was stopped.", file=path.name))
            raise
        self._undo.say(
            lambda: tr_n(
                "{count} person is saved in “{file}”.",
                "{count} people are saved in “{file}”.",
                count,
                file=path.name,
            )
        )


def _gone_words(gone: Sequence[Audience]) -> str:
    if len(gone) == 1:
        return tr("“{name}” is deleted.", name=gone[0].name)
    return tr_n("{count} audience is deleted.", "{count} audiences are deleted.", len(gone))
