"""How a task came along: the funnel, the reasons, who did it, and what happened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.statistics.numbers import by_name, funnel, reasons
from invite_desktop.ui.theme import Space
from invite_desktop.ui.tones import outcome_tone
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.bars import BarCard
from invite_desktop.ui.widgets.cells import PAD
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import table_card
from invite_desktop.ui.widgets.pieces import EmptyState, frame, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from invite_desktop.engine.ports.ledger import LedgerRow
    from invite_desktop.engine.views import TaskStatistics
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.bars import BarRow

LAST_ACTIONS = 30
"""So many of the newest calls are shown; the execution log has them all."""


class ProgressSection(Screen):
    """Follows one task; ``people_requested`` carries the state and the reason of a chosen bar."""

    people_requested = Signal(object, object)
    person_opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "task_progress", rest=0.3)
        self._task_id = 0
        self._shown: TaskStatistics | None = None
        self.funnel, self.reasons, self.accounts = (
            BarCard(lambda: tr("What"), lambda: tr("People")) for _ in range(3)
        )
        self.last: RowsModel[LedgerRow] = RowsModel(
            _columns(context.engine.clock.now), key=lambda row: row.attempt.id
        )
        self.last_table = Table(self.last)
        self.last_table.remember_columns(context.settings, "last_actions/columns")
        self._last_title = label("strong")
        self._empty = EmptyState("clock")
        self._lay_out()
        self._connect()
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Show another task."""
        self._task_id, self._shown = task_id, None
        self.last.start_over(())
        self.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        nothing = tr("Nothing yet. It fills while the task runs.")
        self.funnel.say(tr("From the list to the chat"), nothing)
        self.reasons.say(tr("Reasons"), nothing)
        self.reasons.table.setToolTip(tr("Double-click shows these people"))
        self.accounts.say(tr("By account"), nothing)
        self._last_title.setText(tr("Last actions"))
        self.last_table.setAccessibleName(tr("Last actions"))
        self.last_table.setToolTip(tr("Double-click opens the person's card"))
        self._empty.say(tr("No actions yet"), tr("The newest ones are shown here."))
        self.last.retranslate()
        if self._shown is not None:
            self._show(self._shown)

    async def load(self) -> None:
        """Fetch the numbers and the newest calls."""
        task_id, statistics = self._task_id, self.context.engine.statistics
        if not task_id:
            return
        shown = await statistics.of_task(task_id)
        newest = await statistics.log(LedgerFilter(task_id=task_id), 0, LAST_ACTIONS)
        if task_id == self._task_id:
            self._shown = shown
            self._show(shown)
            self.last.replace(newest)

    def _show(self, shown: TaskStatistics) -> None:
        self.funnel.show_rows(funnel(shown.counters, shown.task.kind, shown.retention))
        self.reasons.show_rows(reasons(shown))
        self.accounts.show_rows(by_name(shown.by_account))

    def _reason_opened(self, bar: BarRow) -> None:
        state, code = bar.key.split("/")
        self.people_requested.emit(TargetState(state), OutcomeCode(code))

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self.refresh()

    def _connect(self) -> None:
        self.reasons.table.row_opened.connect(self._reason_opened)
        self.last_table.row_opened.connect(
            lambda row: self.person_opened.emit(row.attempt.person_id)
        )
        self.context.bridge.tasks_changed.connect(self._tasks_changed)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, Space.SMALL, 0, 0)
        grid.setSpacing(Space.SMALL)
        grid.addWidget(self.funnel, 0, 0)
        grid.addWidget(self.reasons, 0, 1)
        grid.addWidget(self.accounts, 1, 0)
        grid.addWidget(self._last_card(), 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for row in (0, 1):
            grid.setRowStretch(row, 1)

    def _last_card(self) -> QWidget:
        card = frame("card")
        self.last_table.setProperty("plain", "true")
        column = table_card(card)
        self._last_title.setContentsMargins(PAD, 0, 0, 0)
        column.addWidget(self._last_title)
        column.addWidget(TableOrEmpty(self.last_table, self._empty), 1)
        return card


def _columns(now: Callable[[], datetime]) -> Sequence[Column[LedgerRow]]:
    def outcome(row: LedgerRow) -> str:
        code = row.attempt.outcome
        return tr("In flight") if code is None else titled(code)

    return (
        Column(
            lambda: tr("Time"),
            lambda row: translator().moment(row.attempt.started_at, now()),
            12,
        ),
        Column(lambda: tr("Person"), lambda row: row.person_label, 0, lines=2),
        Column(
            lambda: tr("Outcome"),
            outcome,
            27,
            tone=lambda row: outcome_tone(row.attempt.outcome),
        ),
    )
