"""The bin: deleted tasks, to be brought back or deleted for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.task_bin import KEPT_FOR
from invite_desktop.ui.tones import TASK_TONES
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.list_dialog import ListDialog
from invite_desktop.ui.widgets.pieces import EmptyState, button
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.theme import Tone


class BinDialog(ListDialog["InviteTask"]):
    """What can be done with a deleted task is done with all that are chosen."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        model: RowsModel[InviteTask] = RowsModel(
            _columns(context.engine.clock.now), key=lambda task: task.id
        )
        super().__init__(context.work, parent, model, EmptyState("delete"))
        self.table.remember_columns(context.settings, "bin/columns")
        self._context = context
        self._bin = context.engine.bin
        self.restore_button = button("undo", primary=True)
        self.purge_button = button("delete")
        self.empty_button = button()
        self.lay_out((self.restore_button, self.purge_button, self.empty_button), 110, 60)
        self.restore_button.clicked.connect(self._restore)
        self.purge_button.clicked.connect(self._purge)
        self.empty_button.clicked.connect(self._empty)
        self.retranslate()
        self.choice_changed()

    async def fetch(self) -> Sequence[InviteTask]:
        """Return the deleted tasks."""
        return await self._bin.contents()

    def choice_changed(self) -> None:
        """Allow what makes sense for the chosen tasks."""
        chosen = bool(self.table.chosen())
        self.restore_button.setEnabled(chosen)
        self.purge_button.setEnabled(chosen)
        self.empty_button.setEnabled(bool(self.model.rowCount()))

    def _restore(self) -> None:
        self.run(self._restore_chosen([task.id for task in self.table.chosen()]))

    async def _restore_chosen(self, task_ids: Sequence[int]) -> None:
        result = await self._context.engine.bulk.each(task_ids, self._bin.restore)
        if (refusal := result.refusal) is not None:
            self.error.refuse(refusal)
        await self.load()

    def _purge(self) -> None:
        self.run(self._purge_after_asking(self.table.chosen()))

    def _empty(self) -> None:
        self.run(self._purge_after_asking(self.model.rows))

    async def _purge_after_asking(self, tasks: Sequence[InviteTask]) -> None:
        agreed = await self._context.notices.ask(
            tr_n("Delete the task for good?", "Delete {count} tasks for good?", len(tasks)),
            tr(
                "It cannot be brought back then. Whom it contacted, and who said no, "
                "stays remembered, and so does the execution log."
            ),
            tr("Delete for good"),
            tr("Keep"),
        )
        if agreed:
            await self._bin.purge([task.id for task in tasks])
            await self.load()

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.setWindowTitle(tr("Bin"))
        self.words.setText(
            tr_n(
                "Deleted tasks are kept for {count} day.",
                "Deleted tasks are kept for {count} days.",
                KEPT_FOR.days,
            )
        )
        self.empty.say(tr("The bin is empty"), tr("Tasks that you delete come here first."))
        self.table.setAccessibleName(tr("Deleted tasks"))
        self.restore_button.setText(tr("&Bring back"))
        self.purge_button.setText(tr("&Delete for good…"))
        self.empty_button.setText(tr("&Empty the bin…"))


def _columns(now: Callable[[], datetime]) -> Sequence[Column[InviteTask]]:
    def moment(value: datetime | None) -> str:
        return "" if value is None else translator().moment(value, now())

    def gone_at(task: InviteTask) -> datetime | None:
        return task.deleted_at + KEPT_FOR if task.deleted_at else None

    def tone(task: InviteTask) -> Tone:
        return TASK_TONES[task.status]

    return (
        Column(lambda: tr("Task"), lambda task: task.name, 0),
        Column(lambda: tr("Status"), lambda task: titled(task.status), 13, tone=tone),
        Column(lambda: tr("Deleted"), lambda task: moment(task.deleted_at), 15),
        Column(lambda: tr("Kept until"), lambda task: moment(gone_at(task)), 15),
    )
