"""The execution log: every call to Telegram, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.statistics.log_model import TASK_COLUMN, LogModel
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, label
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.ui.context import ScreenContext


class LogView(Screen):
    """The log of one task or of all, by outcome if wanted."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "log_view", rest=0.3)
        self._task_id: int | None = None
        self._outcome_label = label()
        self.outcome = Choice(_outcome_words, [None, *OutcomeCode])
        self.model = LogModel(context.engine.statistics, context.work)
        self.table = Table(self.model)
        self.table.setObjectName("log")
        self.table.remember_columns(context.settings, "log/columns")
        self._empty = EmptyState("statistics")
        self.outcome.setMaximumWidth(self.fontMetrics().averageCharWidth() * 50)
        self._outcome_label.setBuddy(self.outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self._outcome_label, self.outcome, None))
        column.addWidget(TableOrEmpty(self.table, self._empty), 1)
        self.outcome.currentIndexChanged.connect(self._choose)
        context.bridge.tasks_changed.connect(self._tasks_changed)
        self.retranslate()

    def show_task(self, task_id: int | None) -> None:
        """Show the calls of one task, None for all."""
        self._task_id = task_id
        self.table.setColumnHidden(TASK_COLUMN, task_id is not None)
        self._choose()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._outcome_label.setText(tr("&Outcome"))
        self.outcome.setAccessibleName(tr("Outcome"))
        self.outcome.retranslate()
        self.table.setAccessibleName(tr("Execution log"))
        self._empty.say(
            tr("No calls yet"),
            tr("Every call to Telegram is written here, with its outcome, once a task runs."),
        )
        self.model.retranslate()

    async def load(self) -> None:
        """Fetch what is new at the top."""
        await self.model.refresh()

    def _choose(self) -> None:
        self.model.show_only(LedgerFilter(task_id=self._task_id, outcome=self.outcome.chosen))
        self.refresh()

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id is None or self._task_id in task_ids:
            self.refresh()


def _outcome_words(code: OutcomeCode | None) -> str:
    return tr("All outcomes") if code is None else titled(code)
