"""The Statistics tab: one task or all of them, as numbers, as the log, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.engine.views import Overview, TaskStatistics
from invite_desktop.ui.statistics.cards import NumberCards
from invite_desktop.ui.statistics.log_view import LogView
from invite_desktop.ui.statistics.numbers import pace_words
from invite_desktop.ui.statistics.report_dialog import ask_for_report
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, FieldError, button, label
from invite_desktop.ui.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.tasks import InviteTask, TaskStatus
    from invite_desktop.ui.context import ScreenContext


class StatisticsScreen(Screen):
    """Numbers follow the facts; what is chosen or scrolled stays as it is.

    ``people_requested`` carries a task's id with the state and the reason of a chosen bar,
    ``person_opened`` the id of the person of a chosen call; ``task_requested`` wants a first task.
    """

    people_requested = Signal(int, object, object)
    person_opened = Signal(int)
    task_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "statistics_screen", rest=1.0)
        self._audited: tuple[int, TaskStatus] | None = None
        self._shown: TaskStatistics | Overview | None = None
        self._task_label = label()
        self.task: Choice[InviteTask | None] = Choice(_task_words, [None])
        self.task.setObjectName("statistics_task")
        self.report_button = button("save")
        self.pages = QTabBar(drawBase=False)
        self.pace = label("muted")
        self.disagreement = FieldError()
        self.cards = NumberCards()
        self.nothing = EmptyState("statistics", "add")
        self._numbers = QStackedWidget()
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
        self.report_button.setText(tr("Save &report…"))
        self.report_button.setToolTip(tr("As XLSX, HTML, PDF or CSV with everybody"))
        self.pages.setTabText(0, tr("Numbers"))
        self.pages.setTabText(1, tr("Execution log"))
        self.pages.setAccessibleName(tr("Numbers or log"))
        self.nothing.say(
            tr("No numbers yet"),
            tr("Whom your tasks invited, who joined and who did not is counted here."),
            tr("&New task"),
        )
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
        pace = ""
        match self._shown:
            case TaskStatistics() as statistics:
                self.cards.show_task(statistics)
                pace = pace_words(statistics, self.context.engine.clock.now())
            case Overview() as overview:
                self.cards.show_overview(overview)
        empty = isinstance(self._shown, Overview) and not _counts_anything(self._shown)
        self._numbers.setCurrentWidget(self.nothing if empty else self.cards)
        self.report_button.setDisabled(empty)
        self.pace.setText(pace)
        self.pace.setVisible(bool(pace))

    def _task_chosen(self) -> None:
        self.log.show_task(self.task_id)
        self.refresh()

    def _facts(self, _ids: Collection[int]) -> None:
        self.refresh()

    def _show_people(self, state: TargetState, reason: OutcomeCode) -> None:
        if self.task_id is not None:
            self.people_requested.emit(self.task_id, state, reason)

    def _connect(self) -> None:
        self._task_label.setBuddy(self.task)
        self.task.currentIndexChanged.connect(self._task_chosen)
        self.pages.currentChanged.connect(self._stack.setCurrentIndex)
        self.report_button.clicked.connect(
            lambda: ask_for_report(self.context, self, self.task.chosen)
        )
        self.cards.people_requested.connect(self._show_people)
        self.nothing.acted.connect(self.task_requested)
        self.log.person_opened.connect(self.person_opened)
        self.context.bridge.tasks_changed.connect(self._facts)
        self.context.bridge.accounts_changed.connect(self._facts)

    def _lay_out(self) -> None:
        self.pages.addTab("")
        self.pages.addTab("")
        self.task.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 40)
        numbers = QWidget()
        inner = QVBoxLayout(numbers)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.SMALL)
        for part in (self.pace, self.disagreement):
            inner.addWidget(part)
        self._numbers.addWidget(self.cards)
        self._numbers.addWidget(self.nothing)
        inner.addWidget(self._numbers, 1)
        self._stack.addWidget(numbers)
        self._stack.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self._task_label, self.task, None, self.pages, self.report_button))
        column.addWidget(self._stack, 1)


def _counts_anything(overview: Overview) -> bool:
    """Return whether there is a task, or something left of those that were deleted."""
    return bool(overview.tasks or overview.counters.total or overview.per_day)


def _task_words(task: InviteTask | None) -> str:
    return tr("All tasks") if task is None else task.name
