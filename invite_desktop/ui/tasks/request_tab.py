"""People who ask to be let into a task's chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space, Tone
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.join_requests import JoinRequest
    from invite_desktop.engine.ports.links import TaskLink
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.pieces import FieldError


class RequestTab(QWidget):
    """Asks Telegram when it is first shown and when it is told to."""

    def __init__(self, context: ScreenContext, task_id: int, error: FieldError) -> None:
        super().__init__()
        self._context = context
        self._task_id = task_id
        self._error = error
        self._busy = False
        self._asked = False
        self.model: RowsModel[JoinRequest] = RowsModel(
            _COLUMNS, key=lambda request: request.person.peer.user_id
        )
        self.table = Table(self.model)
        self.table.remember_columns(context.settings, "join_requests/columns")
        self._empty = EmptyState("person")
        self.count = label("muted")
        self.look_button = button("retry")
        self.listed_button = button("check", primary=True)
        self.let_in_button = button("done")
        self.decline_button = button("forbid")
        self.by_itself = QCheckBox()
        self._lay_out()
        self._write()
        self._connect()
        self._show()

    def show_link(self, link: TaskLink | None) -> None:
        """Show whether people of the task are let in by themselves; that needs a link."""
        was_blocked = self.by_itself.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.by_itself.setChecked(link is not None and link.lets_listed_in)
        self.by_itself.setEnabled(link is not None)
        self.by_itself.blockSignals(was_blocked)

    def look(self) -> None:
        """Ask Telegram for those who wait now, unless it is being asked."""
        if not self._busy:
            self._start_asking()
            work = self._context.work.start(self._look(), "join requests", self._error.refuse)
            work.add_done_callback(lambda _: self._end_asking())

    def look_first(self) -> None:
        """Ask Telegram if that has not been done yet."""
        if not self._asked:
            self.look()

    async def _look(self) -> None:
        self._asked = True
        requests = self._context.engine.join_requests
        self.model.replace(await requests.of_task(self._task_id))

    def _answer(self, chosen: Sequence[JoinRequest], *, let_in: bool) -> None:
        if chosen and not self._busy:
            self._start_asking()
            coroutine = self._answer_all(chosen, let_in=let_in)
            work = self._context.work.start(coroutine, "join requests", self._error.refuse)
            work.add_done_callback(lambda _: self._end_asking())

    async def _answer_all(self, chosen: Sequence[JoinRequest], *, let_in: bool) -> None:
        requests = self._context.engine.join_requests
        try:
            await requests.answer(self._task_id, chosen, let_in=let_in)
        finally:
            await self._look()

    async def _change_by_itself(self, *, wanted: bool) -> None:
        await self._context.engine.join_requests.let_listed_in(self._task_id, wanted=wanted)

    def _by_itself_chosen(self, wanted: bool) -> None:  # noqa: FBT001 - a value of Qt's signal
        work = self._change_by_itself(wanted=wanted)
        self._context.work.start(work, "join requests by themselves", self._error.refuse)

    def _listed(self) -> Sequence[JoinRequest]:
        return [request for request in self.model.rows if request.listed]

    def _start_asking(self) -> None:
        self._busy = True
        self._error.clear()
        self._show()

    def _end_asking(self) -> None:
        self._busy = False
        self._show()

    def _show(self) -> None:
        chosen, listed = bool(self.table.chosen()), len(self._listed())
        self.look_button.setEnabled(not self._busy)
        self.let_in_button.setEnabled(chosen and not self._busy)
        self.decline_button.setEnabled(chosen and not self._busy)
        self.listed_button.setEnabled(listed > 0 and not self._busy)
        count = len(self.model.rows)
        self.count.setText(
            tr("Asking Telegram…")
            if self._busy
            else tr_n("{count} person waits", "{count} people wait", count)
        )
        self.listed_button.setText(
            tr_n("Let in {count} of yo&ur list", "Let in {count} of yo&ur list", listed)
        )

    def _connect(self) -> None:
        self.look_button.clicked.connect(self.look)
        self.listed_button.clicked.connect(lambda: self._answer(self._listed(), let_in=True))
        self.let_in_button.clicked.connect(lambda: self._answer(self.table.chosen(), let_in=True))
        self.decline_button.clicked.connect(lambda: self._answer(self.table.chosen(), let_in=False))
        self.table.selection_changed.connect(self._show)
        self.by_itself.toggled.connect(self._by_itself_chosen)

    def _write(self) -> None:
        self.look_button.setText(tr("Look agai&n"))
        self.let_in_button.setText(tr("&Let in"))
        self.decline_button.setText(tr("&Turn away"))
        self.by_itself.setText(tr("Let people of my list in without asking me"))
        self.by_itself.setToolTip(tr("Every ten minutes, as long as the program runs"))
        self.table.setAccessibleName(tr("People who ask to be let in"))
        self._empty.say(
            tr("Nobody waits"),
            tr("Here are those who used a link that needs your yes, or asked in the chat itself."),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self.count, None, self.look_button))
        column.addWidget(TableOrEmpty(self.table, self._empty), 1)
        buttons = (self.decline_button, self.let_in_button, self.listed_button)
        column.addLayout(line(self.by_itself, None))
        column.addLayout(line(None, *buttons))


def _name(request: JoinRequest) -> str:
    person = request.person
    name = f"{person.first_name} {person.last_name}".strip()
    return name or str(person.peer.user_id)


_COLUMNS: Sequence[Column[JoinRequest]] = (
    Column(lambda: tr("Person"), _name, 0),
    Column(
        lambda: tr("Username"), lambda r: f"@{r.person.username}" if r.person.username else "", 22
    ),
    Column(lambda: tr("Asked"), lambda r: translator().moment(r.at), 18),
    Column(
        lambda: tr("On your list"),
        lambda r: tr("yes") if r.listed else tr("no"),
        12,
        tone=lambda r: Tone.GOOD if r.listed else Tone.QUIET,
    ),
)
