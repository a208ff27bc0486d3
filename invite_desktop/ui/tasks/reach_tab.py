"""People of a task whom only its link can bring: saved as a file, or written to by a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from invite_desktop.domain.invitation_texts import InvitationText, invitation
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.reach import plain
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr, tr_n
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.pieces import FieldError


class ReachTab(QWidget):
    """Nothing is sent from here: a click makes a message task that the user starts herself."""

    def __init__(self, context: ScreenContext, task_id: int, error: FieldError) -> None:
        super().__init__()
        self._context = context
        self._task_id = task_id
        self._error = error
        self._title = ""
        self._address = ""
        self._allowed = False
        self._total = 0
        self.words = label("muted", wrapped=True)
        self.model: PagedModel[Target] = PagedModel(
            _COLUMNS,
            key=lambda target: target.id,
            fetch=self._fetch,
            work=context.work,
        )
        self.table = Table(self.model)
        self.table.remember_columns(context.settings, "only_by_link/columns")
        self._empty = EmptyState("link")
        self.count = label("muted")
        self.export_button = button("save")
        self.message_button = button("add")
        self._lay_out()
        self._write()
        self.export_button.clicked.connect(self._ask_place)
        self.message_button.clicked.connect(self._ask_text)

    async def load(self) -> None:
        """Count these people anew; the rows come when they are looked at."""
        engine = self._context.engine
        task = (await engine.tasks.view(self._task_id)).task
        link = await engine.links.of_task(self._task_id)
        basis = await engine.only_by_link.basis(self._task_id)
        self._title = task.chat.title if task.chat else task.name
        self._address = link.address if link else ""
        self._allowed = basis.allows_sending
        total = await engine.only_by_link.count(self._task_id)
        if total == self._total:
            self.model.all_changed()
        else:
            self.model.start_over(total)
        self._total = total
        self._show()

    def _show(self) -> None:
        some = self._total > 0
        self.count.setText(tr_n("{count} person", "{count} people", self._total))
        self.export_button.setEnabled(some)
        self.message_button.setEnabled(some and self._allowed and bool(self._address))
        if not self._allowed:
            why = tr("It is not known why these people may be written to.")
        elif not self._address:
            why = tr("Make the link first.")
        else:
            why = tr("Makes a task that you look at and start yourself")
        self.message_button.setToolTip(why)

    async def _fetch(self, offset: int, limit: int) -> Sequence[Target]:
        return await self._context.engine.only_by_link.people(self._task_id, offset, limit)

    def _ask_place(self) -> None:
        name = tr("{title}: by link", title=self._title)
        choose_place(self, tr("Save these people"), name, self._save)

    def _save(self, path: Path) -> None:
        self._error.clear()
        self._context.work.start(self._export(path), "only by link saved", self._error.refuse)

    async def _export(self, path: Path) -> None:
        saved = await self._context.engine.only_by_link.export(self._task_id, path)
        self.count.setText(tr_n("{count} person saved", "{count} people saved", saved))

    def _ask_text(self) -> None:
        words = tr_n(
            "{count} person gets this message, at the usual safe pace and with the line on how to "
            "stop. Nothing is sent before you start the task.",
            "{count} people get this message, at the usual safe pace and with the line on how to "
            "stop. Nothing is sent before you start the task.",
            self._total,
        )
        form = SmallForm(self._context.work, self, tr("A message with the link"), words)
        text = QPlainTextEdit()
        text.setTabChangesFocus(True)
        offered = invitation(InvitationText.COULD_NOT_ADD, plain(self._title), self._address)
        text.setPlainText(show(offered))
        form.add_row(tr("&Text"), text)

        async def make() -> None:
            await self._context.engine.only_by_link.message_task(self._task_id, text.toPlainText())

        form.ask(tr("Make the task"), make)

    def _write(self) -> None:
        self.words.setText(
            tr(
                "Telegram lets nobody add these people: their settings or its rules forbid it. "
                "By the link they can join themselves. Who came by it already, and who wants no "
                "messages, is left out."
            )
        )
        self.export_button.setText(tr("Save as a fi&le…"))
        self.export_button.setToolTip(tr("With the reason and the link, to send it yourself"))
        self.message_button.setText(tr("Make a message &task…"))
        self.table.setAccessibleName(tr("People whom only the link reaches"))
        self._empty.say(
            tr("Nobody so far"),
            tr("Here will be those whom Telegram does not let you add."),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.words)
        column.addWidget(TableOrEmpty(self.table, self._empty), 1)
        column.addLayout(line(self.count, None, self.export_button, self.message_button))


def _reason(target: Target) -> str:
    return titled(target.outcome or OutcomeCode.LINK_ONLY)


_COLUMNS: Sequence[Column[Target]] = (
    Column(lambda: tr("Person"), lambda target: target.person.label, 0),
    Column(lambda: tr("Phone"), lambda target: target.person.keys.phone or "", 16),
    Column(lambda: tr("Reason"), _reason, 40),
)
