"""The Statistics tab: one task or all of them, as numbers and as the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.engine.views import Overview, TaskStatistics
from invite_desktop.ui.statistics.log_view import LogView
from invite_desktop.ui.statistics.numbers import (
    account_states,
    by_name,
    funnel,
    per_day,
    reasons,
    task_states,
    tiles_of,
)
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr
from invite_desktop.ui.widgets.bars import BarCard
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, Tile, label
from invite_desktop.ui.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask, TaskStatus
    from invite_desktop.ui.context import ScreenContext


class StatisticsScreen(Screen):
    """Numbers follow the facts; what is chosen or scrolled stays as it is."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "statistics_screen", rest=0.3)
        self._audited: tuple[int, TaskStatus] | None = None
        self._shown: TaskStatistics | Overview | None = None
        self._task_label = label()
        self.task: Choice[InviteTask | None] = Choice(_task_words, [None])
        self.task.setObjectName("statistics_task")
        self.pages = QTabBar(drawBase=False)
        self.tiles = [Tile() for _ in range(7)]
        self.funnel, self.causes, self.shares, self.days = (
            BarCard(lambda: tr("What"), lambda: tr("People")) for _ in range(4)
        )
        self.disagreement = FieldError()
        self.log = LogView(context)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def task_id(self) -> int | None:
        """Return the chosen task, None for all."""
        chosen = self.task.chosen
        return chosen.id if chosen else None

    def retranslate(self) -> None:
        """Write every text anew."""
        self._task_label.setText(tr("&Show"))
        self.task.retranslate()
        self.task.setAccessibleName(tr("Which task is shown"))
        self.pages.setTabText(0, tr("Numbers"))
        self.pages.setTabText(1, tr("Execution log"))
        self.pages.setAccessibleName(tr("Numbers or log"))
        self._show()

    async def load(self) -> None:
        """Fetch the numbers of what is chosen."""
        await self._list_tasks()
        task_id = self.task_id
        statistics = self.context.engine.statistics
        found = await (statistics.overview() if task_id is None else statistics.of_task(task_id))
        if task_id == self.task_id:
            self._shown = found
            self._show()
            await self._audit()

    async def _audit(self) -> None:
        """Compare the kept counters with a recount, once for each task that stands still."""
        if not isinstance(self._shown, TaskStatistics):
            self._audited = None
            self.disagreement.clear()
            return
        task = self._shown.task
        if task.status in ACTIVE_STATUSES or self._audited == (task.id, task.status):
            return
        self._audited = (task.id, task.status)
        doubt = await self.context.engine.statistics.audit(task.id)
        self.disagreement.say(show(doubt) if doubt else "")

    async def _list_tasks(self) -> None:
        tasks = [view.task for view in await self.context.engine.tasks.views()]
        known = [task.id for task in self.task.values if task is not None]
        if known != [task.id for task in tasks]:
            chosen = next((task for task in tasks if task.id == self.task_id), None)
            self.task.set_values([None, *tasks], chosen)

    def _show(self) -> None:
        match self._shown:
            case TaskStatistics() as statistics:
                self._show_task(statistics)
            case Overview() as overview:
                self._show_overview(overview)

    def _show_task(self, statistics: TaskStatistics) -> None:
        nothing = tr("Nothing yet. It fills while the task runs.")
        self._show_tiles(statistics.counters)
        self.funnel.say(tr("From the list to the chat"), nothing)
        self.funnel.show_rows(
            funnel(statistics.counters, statistics.task.kind, statistics.retention)
        )
        self.causes.say(tr("Reasons"), nothing)
        self.causes.show_rows(reasons(statistics))
        self.shares.say(tr("By account"), nothing)
        self.shares.show_rows(by_name(statistics.by_account))
        self.days.say(tr("By day"), nothing)
        self.days.show_rows(per_day(statistics.per_day))

    def _show_overview(self, overview: Overview) -> None:
        self._show_tiles(overview.counters)
        self.funnel.say(tr("From the lists to the chats"), tr("No tasks yet."))
        self.funnel.show_rows(funnel(overview.counters, None, overview.retention))
        self.causes.say(tr("Tasks by state"), tr("No tasks yet."))
        self.causes.show_rows(task_states(overview))
        self.shares.say(tr("Accounts by state"), tr("No accounts yet. Add one in Accounts."))
        self.shares.show_rows(account_states(overview))
        self.days.say(tr("By day"), tr("Nobody was invited or written to yet."))
        self.days.show_rows(per_day(overview.per_day))

    def _show_tiles(self, counters: Counters) -> None:
        for tile, (number, caption) in zip(self.tiles, tiles_of(counters), strict=True):
            tile.say(number, caption)

    def _task_chosen(self) -> None:
        self.log.show_task(self.task_id)
        self.refresh()

    def _facts(self, _ids: Collection[int]) -> None:
        self.refresh()

    def _connect(self) -> None:
        self._task_label.setBuddy(self.task)
        self.task.currentIndexChanged.connect(self._task_chosen)
        self.pages.currentChanged.connect(self._stack.setCurrentIndex)
        self.context.bridge.tasks_changed.connect(self._facts)
        self.context.bridge.accounts_changed.connect(self._facts)

    def _lay_out(self) -> None:
        self.pages.addTab("")
        self.pages.addTab("")
        self.task.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 44)
        numbers = QWidget()
        grid = QGridLayout(numbers)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.MEDIUM)
        grid.addLayout(line(*self.tiles), 0, 0, 1, 2)
        grid.addWidget(self.disagreement, 1, 0, 1, 2)
        for position, card in enumerate((self.funnel, self.causes, self.shares, self.days)):
            grid.addWidget(card, 2 + position // 2, position % 2)
        for row in (2, 3):
            grid.setRowStretch(row, 1)
        self._stack.addWidget(numbers)
        self._stack.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self._task_label, self.task, None, self.pages))
        column.addWidget(self._stack, 1)


def _task_words(task: InviteTask | None) -> str:
    return tr("All tasks") if task is None else task.name
