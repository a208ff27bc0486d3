"""The journal of a task: every turn it took, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.ui.theme import Space
from invite_desktop.ui.tones import TASK_TONES
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import ROOT, Column, Index
from invite_desktop.ui.widgets.pieces import EmptyState
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from invite_desktop.domain.tasks import JournalEntry
    from invite_desktop.engine.tasks import Tasks
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.work import Work

PAGE = 200


class JournalSection(Screen):
    """Follows one task, the newest turn on top."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "task_journal", rest=0.3)
        self._task_id = 0
        self.model = JournalModel(context.engine.tasks, context.work, context.engine.clock.now)
        self.table = Table(self.model)
        self.table.remember_columns(context.settings, "journal/columns")
        self._empty = EmptyState("clock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.addWidget(TableOrEmpty(self.table, self._empty))
        context.bridge.tasks_changed.connect(self._tasks_changed)
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Show another task's journal."""
        self._task_id = task_id
        self.model.show_task(task_id)
        self.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.table.setAccessibleName(tr("Journal of the task"))
        self._empty.say(
            tr("Nothing happened yet"),
            tr("Starts, pauses and whatever else happens to the task are written here."),
        )
        self.model.retranslate()

    async def load(self) -> None:
        """Fetch what is new at the top."""
        if self._task_id:
            await self.model.refresh()

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self.refresh()


class JournalModel(RowsModel["JournalEntry"]):
    """Asks for one page at a time. A journal only grows, so its length tells what is new."""

    def __init__(self, tasks: Tasks, work: Work, now: Callable[[], datetime]) -> None:
        super().__init__(_columns(now), key=id)
        self._tasks = tasks
        self._work = work
        self._task_id = 0
        self._more = False
        self._fetching = False

    def show_task(self, task_id: int) -> None:
        """Show another journal."""
        self._task_id, self._more = task_id, False
        self.start_over(())

    async def refresh(self) -> None:
        """Fetch the newest page and put what is new on top."""
        task_id = self._task_id
        newest = await self._tasks.journal(task_id, 0, PAGE)
        if task_id != self._task_id:
            return
        rows = self.rows
        fresh = next((n for n, entry in enumerate(newest) if rows and entry == rows[0]), None)
        if fresh is None:
            self.start_over(newest)
            self._more = len(newest) == PAGE
        else:
            self.prepend(newest[:fresh])

    def canFetchMore(self, parent: Index = ROOT) -> bool:
        """Return whether older turns may be there."""
        return not parent.isValid() and self._more and not self._fetching

    def fetchMore(self, parent: Index = ROOT) -> None:
        """Fetch the next older page."""
        if self.canFetchMore(parent):
            self._fetching = True
            self._work.start(self._fetch_older(self._task_id), "older journal")

    async def _fetch_older(self, task_id: int) -> None:
        try:
            older = await self._tasks.journal(task_id, self.rowCount(), PAGE)
        finally:
            self._fetching = False
        if task_id == self._task_id:
            self._more = len(older) == PAGE
            self.append(older)


def entry_words(entry: JournalEntry, now: datetime) -> str:
    """Return one turn of a task as a sentence."""
    situation = entry.situation
    words = _turn_words(situation.status)
    if situation.reason is not TaskReason.NONE:
        words = tr("{what}: {why}", what=words, why=named(situation.reason))
    if situation.detail:
        words = f"{words} ({situation.detail})"
    if situation.until is not None:
        shown = translator().moment(situation.until, now)
        words = tr("{what}; until {moment}", what=words, moment=shown)
    return f"{words}."


def _turn_words(status: TaskStatus) -> str:
    return {
        TaskStatus.DRAFT: tr("Begun as a draft"),
        TaskStatus.READY: tr("Ready to start"),
        TaskStatus.RUNNING: tr("Runs"),
        TaskStatus.WAITING: tr("Waits"),
        TaskStatus.PAUSED: tr("Paused"),
        TaskStatus.COMPLETED: tr("Completed: everybody has an outcome"),
        TaskStatus.CANCELLED: tr("Cancelled by you"),
        TaskStatus.FAILED: tr("Stopped: it cannot go on"),
    }[status]


def _columns(now: Callable[[], datetime]) -> Sequence[Column[JournalEntry]]:
    return (
        Column(
            lambda: tr("When"),
            lambda entry: translator().exact_moment(entry.at),
            22,
        ),
        Column(
            lambda: tr("Status"),
            lambda entry: titled(entry.situation.status),
            16,
            tone=lambda entry: TASK_TONES[entry.situation.status],
        ),
        Column(lambda: tr("What happened"), lambda entry: entry_words(entry, now()), 0),
    )
