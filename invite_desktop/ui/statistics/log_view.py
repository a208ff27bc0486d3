"""The execution log: every call to Telegram, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.statistics.log_filter import LogFilter
from invite_desktop.ui.statistics.log_model import TASK_COLUMN, LogModel
from invite_desktop.ui.statistics.report_dialog import ask_for_log
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.ui.context import ScreenContext


class LogView(Screen):
    """The log of one task or of all, narrowed by account, outcome, time and text.

    ``person_opened`` carries the id of the person of a chosen call.
    """

    person_opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "log_view", rest=0.3)
        self._task_id: int | None = None
        self._wanted = LedgerFilter()
        self.filter = LogFilter()
        self.filter.set_today(context.engine.clock.now().astimezone().date())
        self.model = LogModel(context.engine.statistics, context.work)
        self.table = Table(self.model)
        self.table.setObjectName("log")
        self.table.remember_columns(context.settings, "log/columns")
        self.empty = EmptyState("statistics")
        self.total = label("muted")
        self.save_button = button("save")
        self.save_button.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.filter)
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
        column.addLayout(line(self.total, None, self.save_button))
        self.filter.changed.connect(self._choose)
        self.save_button.clicked.connect(self._save)
        self.empty.acted.connect(self.filter.show_everything)
        self.table.row_opened.connect(lambda row: self.person_opened.emit(row.attempt.person_id))
        context.bridge.tasks_changed.connect(self._tasks_changed)
        self.retranslate()

    def show_task(self, task_id: int | None) -> None:
        """Show the calls of one task, None for all."""
        self._task_id = task_id
        self.table.setColumnHidden(TASK_COLUMN, task_id is not None)
        self._choose()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.filter.retranslate()
        self.table.setAccessibleName(tr("Execution log"))
        self.table.setToolTip(tr("Double-click opens the person's card"))
        self.save_button.setText(tr("Save the lo&g…"))
        self.save_button.setToolTip(tr("The calls shown here, as a workbook (XLSX) or CSV"))
        self._say_empty()
        self.model.retranslate()

    async def load(self) -> None:
        """Fetch what is new at the top, and count all of it."""
        views = await self.context.engine.accounts.views()
        self.filter.offer_accounts([view.account for view in views])
        wanted = self._wanted
        await self.model.refresh()
        total = await self.context.engine.statistics.count_log(wanted)
        if wanted is self._wanted:
            self.total.setText(tr_n("{count} call", "{count} calls", total))
            self.save_button.setEnabled(total > 0)

    def _save(self) -> None:
        ask_for_log(self.context, self, self._wanted)

    def _choose(self) -> None:
        self._wanted = self.filter.wanted(self._task_id, self.context.engine.clock.now())
        self.model.show_only(self._wanted)
        self.total.clear()
        self.save_button.setEnabled(False)
        self._say_empty()
        self.refresh()

    def _say_empty(self) -> None:
        if self._wanted == LedgerFilter(task_id=self._task_id):
            self.empty.say(
                tr("No calls yet"),
                tr("Every call to Telegram is written here, with its outcome, once a task runs."),
            )
        else:
            self.empty.say(
                tr("No call is like this"), tr("Ask for less to see more calls."), tr("Show all")
            )

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id is None or self._task_id in task_ids:
            self.refresh()
