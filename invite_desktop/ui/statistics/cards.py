"""The numbers of the Statistics tab as cards: of one task, or over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.ui.statistics.numbers import (
    account_states,
    by_hour,
    by_name,
    funnel,
    in_time,
    limits,
    reasons,
    task_states,
    tiles_of,
    time_title,
    yields,
)
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.bars import BarCard
from invite_desktop.ui.widgets.column_chart import ChartCard
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import Tile

if TYPE_CHECKING:
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.views import Overview, TaskStatistics
    from invite_desktop.ui.widgets.bars import BarRow

_CARD_LINES = 9
"""Lines of text a card has room for at least; more numbers scroll in it."""


class NumberCards(QWidget):
    """``people_requested`` carries the state and the reason of a chosen bar of one task."""

    people_requested = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.tiles = [Tile() for _ in range(7)]
        self.funnel, self.causes, self.shares, self.limits, self.audiences = (
            BarCard(lambda: tr("What"), lambda: tr("People")) for _ in range(5)
        )
        self.days, self.hours = ChartCard(), ChartCard()
        self._cards = (
            *(self.funnel, self.causes, self.shares, self.days),
            *(self.limits, self.hours, self.audiences),
        )
        self._lowest = self.fontMetrics().height() * _CARD_LINES
        self._of_one_task = False
        self.causes.table.row_opened.connect(self._cause_opened)
        self._lay_out()

    def show_task(self, statistics: TaskStatistics) -> None:
        """Show the numbers of one task."""
        nothing = tr("Nothing yet. It fills while the task runs.")
        self._show_kind(one_task=True)
        self._show_tiles(statistics.counters)
        self.funnel.say(tr("From the list to the chat"), nothing)
        self.funnel.show_rows(
            funnel(statistics.counters, statistics.task.kind, statistics.retention)
        )
        self.causes.say(tr("Reasons"), nothing)
        self.causes.table.setToolTip(tr("Double-click shows these people"))
        self.causes.show_rows(reasons(statistics))
        self.shares.say(tr("By account"), nothing)
        self.shares.show_rows(by_name(statistics.by_account))
        self.days.say(time_title(statistics.timeline), nothing)
        self.days.show_points(in_time(statistics.timeline))
        self._make_room()

    def show_overview(self, overview: Overview) -> None:
        """Show the numbers over all tasks."""
        nobody = tr("Nobody was invited or written to yet.")
        self._show_kind(one_task=False)
        self._show_tiles(overview.counters)
        self.funnel.say(tr("From the lists to the chats"), tr("No tasks yet."))
        self.funnel.show_rows(funnel(overview.counters, None, overview.retention))
        self.causes.say(tr("Tasks by state"), tr("No tasks yet."))
        self.causes.table.setToolTip("")
        self.causes.show_rows(task_states(overview))
        self.shares.say(tr("Accounts by state"), tr("No accounts yet. Add one in Accounts."))
        self.shares.show_rows(account_states(overview))
        self.days.say(tr("By day"), nobody)
        self.days.show_points(in_time(overview.per_day))
        self.limits.say(
            tr("Accounts against today's limits"), tr("No accounts yet. Add one in Accounts.")
        )
        self.limits.show_rows(limits(overview))
        self.hours.say(tr("By hour of the day"), nobody)
        self.hours.show_points(by_hour(overview.by_hour))
        self.audiences.say(tr("Audiences by yield"), nobody)
        self.audiences.show_rows(yields(overview))
        self._make_room()

    def _show_kind(self, *, one_task: bool) -> None:
        self._of_one_task = one_task
        for card in (self.limits, self.hours, self.audiences):
            card.setVisible(not one_task)

    def _make_room(self) -> None:
        """Make cards as low as their words while they have nothing to count."""
        for card in self._cards:
            card.setMinimumHeight(self._lowest if card.empty.isHidden() else 0)

    def _show_tiles(self, counters: Counters) -> None:
        for tile, (number, caption) in zip(self.tiles, tiles_of(counters), strict=True):
            tile.say(number, caption)

    def _cause_opened(self, bar: BarRow) -> None:
        if self._of_one_task:
            state, code = bar.key.split("/")
            self.people_requested.emit(TargetState(state), OutcomeCode(code))

    def _lay_out(self) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.MEDIUM)
        for position, card in enumerate(self._cards[:-1]):
            grid.addWidget(card, position // 2, position % 2)
        grid.addWidget(self.audiences, len(self._cards) // 2, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        whole = QGridLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Space.MEDIUM)
        whole.addLayout(line(*self.tiles), 0, 0)
        whole.addWidget(scroll, 1, 0)
        whole.setRowStretch(1, 1)
