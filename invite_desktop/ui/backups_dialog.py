"""Backups of the database: made, put back, and, after that, the confirmation to send again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from invite_desktop.ui.translations import joined, tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.list_dialog import ListDialog
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.rows_model import RowsModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.engine.forgotten_invitations import DoubtfulTask
    from invite_desktop.engine.ports.backups import Backup
    from invite_desktop.engine.ports.restores import Restore
    from invite_desktop.engine.restored import Settled
    from invite_desktop.ui.context import ScreenContext

_MEBIBYTE = 1 << 20


class BackupsDialog(ListDialog["Backup"]):
    """``close_program_requested``: a backup was chosen, which takes its place at the next start."""

    close_program_requested = Signal()

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        model: RowsModel[Backup] = RowsModel(_columns(), key=lambda backup: backup.name)
        super().__init__(context.work, parent, model, EmptyState("save"))
        self.table.remember_columns(context.settings, "backups/columns")
        self._context = context
        self._backups = context.engine.backups
        self._restored = context.engine.restored
        self.off = label(wrapped=True)
        self.confirm_button = button(primary=True)
        self.make_button = button()
        self.restore_button = button("undo")
        column = self.lay_out((self.make_button, self.restore_button), 115, 70)
        column.insertWidget(0, self.off)
        column.insertLayout(1, line(self.confirm_button, None))
        self._connect()
        self.retranslate()
        self._say_off(None)
        self.choice_changed()

    async def fetch(self) -> Sequence[Backup]:
        """Return the backups there are."""
        return await self._backups.all()

    async def load(self) -> None:
        """Fetch which backups there are, and whether one was put back."""
        await super().load()
        self._say_off(await self._restored.unconfirmed())

    def choice_changed(self) -> None:
        """Allow going back to the chosen backup."""
        self.restore_button.setEnabled(bool(self.table.chosen()))

    def _make(self) -> None:
        self.run(self._make_one())

    async def _make_one(self) -> None:
        self.make_button.setEnabled(False)
        try:
            await self._backups.make()
        finally:
            self.make_button.setEnabled(True)
        await self.load()

    def _put_back(self) -> None:
        if chosen := self.table.chosen():
            self.run(self._put_back_after_asking(chosen[0]))

    async def _put_back_after_asking(self, backup: Backup) -> None:
        agreed = await self._context.notices.ask(
            tr("Go back to the backup of {moment}?", moment=_moment(backup)),
            tr(
                "The program closes; when you open it again, it has the data of that moment. "
                "What came later is kept in a file beside the backups. Sending is off until you "
                "confirm it, and what was sent meanwhile is looked up at Telegram first."
            ),
            tr("Go back and close"),
        )
        if agreed:
            await self._backups.put_back(backup.name)
            self.accept()
            self.close_program_requested.emit()

    def _confirm(self) -> None:
        self.run(self._confirm_restore())

    async def _confirm_restore(self) -> None:
        self.confirm_button.setEnabled(False)
        self.confirm_button.setText(tr("Asking Telegram…"))
        try:
            settled = await self._restored.confirm(self._invite_doubtful)
        finally:
            self.confirm_button.setEnabled(True)
            self.retranslate()
        self._say_off(await self._restored.unconfirmed())
        await self._context.notices.tell(
            tr("Sending is on again"),
            _found(settled),
        )

    async def _invite_doubtful(self, tasks: Sequence[DoubtfulTask]) -> bool:
        """Ask whether people are to be invited who may have been invited before."""
        people = tr_n("{count} person", "{count} people", sum(task.people for task in tasks))
        lines = [
            joined(f"• {task.name}", tr_n("{count} person", "{count} people", task.people), by=": ")
            for task in tasks
        ]
        warning = tr(
            "Telegram remembers for two days who was added to a chat, and the backup is older. "
            "Whoever is in the chat is left alone in any case; but nobody can know who of the "
            "others was invited after the backup and has left again. If you leave them out, "
            "they become uncertain, and you can still try them again in their task."
        )
        return await self._context.notices.ask(
            tr("Invite {people} all the same?", people=people),
            joined(warning, *lines, by="\n"),
            tr("Invite them"),
            tr("Leave them out"),
        )

    def _say_off(self, restore: Restore | None) -> None:
        self.off.setVisible(restore is not None)
        self.confirm_button.setVisible(restore is not None)

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.setWindowTitle(tr("Backups"))
        self.words.setText(
            tr(
                "The program copies its data once a day and keeps the copies of seven days and of "
                "four weeks. The accounts' log-ins are not in them; they stay in the system's "
                "keyring."
            )
        )
        self.off.setText(
            tr(
                "A backup was restored, and sending is off. The program first asks Telegram what "
                "your accounts have written since and whom they have invited, so that nobody is "
                "contacted twice."
            )
        )
        self.confirm_button.setText(tr("&Look up what was sent, and send again"))
        self.empty.say(tr("No backup yet"), tr("The first one is made soon after the start."))
        self.table.setAccessibleName(tr("Backups"))
        self.make_button.setText(tr("&Make a backup now"))
        self.restore_button.setText(tr("&Go back to this one…"))

    def _connect(self) -> None:
        self.make_button.clicked.connect(self._make)
        self.restore_button.clicked.connect(self._put_back)
        self.confirm_button.clicked.connect(self._confirm)


def _found(settled: Settled) -> str:
    """Return in words what was found before sending went on."""
    found = [
        tr_n(
            "{count} person was written to after the backup; nobody gets the same twice.",
            "{count} people were written to after the backup; nobody gets the same twice.",
            settled.people,
        )
    ]
    if settled.invited:
        found.append(
            tr_n(
                "{count} person was invited after it, and is not invited to that chat again.",
                "{count} people were invited after it, and are not invited to that chat again.",
                settled.invited,
            )
        )
    if settled.doubtful:
        found.append(
            tr_n(
                "{count} person is uncertain now and is not contacted by itself.",
                "{count} people are uncertain now and are not contacted by themselves.",
                settled.doubtful,
            )
        )
    found.append(
        tr(
            "The accounts rest for a day after the restore: what they did meanwhile counts "
            "against the limits."
        )
    )
    return joined(*found)


def _moment(backup: Backup) -> str:
    return translator().moment(backup.made_at)


def _size(backup: Backup) -> str:
    return translator().locale.toString(backup.size / _MEBIBYTE, "f", 1)


def _columns() -> Sequence[Column[Backup]]:
    return (
        Column(lambda: tr("Made"), _moment, 24),
        Column(lambda: tr("Size, MB"), _size, 12),
        Column(lambda: tr("File"), lambda backup: backup.name, 0),
    )
