"""One task's own page: where it stands and why, its people, its course and its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QTabWidget, QVBoxLayout, QWidget

from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.tasks.invite_link import InviteLink
from invite_desktop.ui.tasks.journal_section import JournalSection
from invite_desktop.ui.tasks.message_section import MessageSection
from invite_desktop.ui.tasks.people_section import PeopleSection
from invite_desktop.ui.tasks.progress_section import ProgressSection
from invite_desktop.ui.tasks.schedule_field import schedule_words
from invite_desktop.ui.tasks.task_actions import TaskActions
from invite_desktop.ui.tasks.task_columns import next_moment, situation_words
from invite_desktop.ui.tasks.task_header import TaskHeader
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import Tile, dress
from invite_desktop.ui.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class TaskPage(Screen):
    """Shows one task at a time; ``open_task`` says which."""

    back_requested = Signal()
    person_opened = Signal(int)

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        super().__init__(context, "task_page", rest=0.1)
        self._task_id = 0
        self._view: TaskView | None = None
        self._account_names: dict[int, str] = {}
        self.actions_on_task = TaskActions(context, self, undo)
        self.header = TaskHeader(self.actions_on_task)
        self.tiles = [Tile() for _ in range(6)]
        self.progress = QProgressBar(textVisible=False)
        self.people = PeopleSection(context, self._account_names)
        self.course = ProgressSection(context)
        self.journal = JournalSection(context)
        self.message = MessageSection(context)
        self.link = InviteLink(context)
        self.sections = QTabWidget(documentMode=True)
        self._link_place = QWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Show another task from its beginning."""
        self._task_id = task_id
        self._view = None
        self.sections.setCurrentWidget(self.people)
        for section in (self.people, self.course, self.journal, self.link):
            section.open_task(task_id)
        self.refresh()

    def show_course(self) -> None:
        """Show how the task goes, in numbers."""
        self.sections.setCurrentWidget(self.course)

    def show_link(self) -> None:
        """Show the task's invite link."""
        self.sections.setCurrentWidget(self._link_place)

    def show_people(self, state: TargetState, reason: OutcomeCode) -> None:
        """Show the people in a state and with a reason."""
        self.sections.setCurrentWidget(self.people)
        self.people.show_only(state, reason)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.progress.setAccessibleName(tr("Progress"))
        for section, name in (
            (self.people, tr("The people")),
            (self.course, tr("How it goes")),
            (self.journal, tr("Journal")),
            (self.message, tr("Message")),
            (self._link_place, tr("Invite link")),
        ):
            self.sections.setTabText(self.sections.indexOf(section), name)
        self.sections.tabBar().setAccessibleName(tr("Parts of the task"))
        self.header.retranslate()
        self.people.retranslate()
        self.message.retranslate()
        if self._view is not None:
            self._show_view(self._view)

    async def load(self) -> None:
        """Fetch the task's situation and numbers; the rows come when they are looked at."""
        if not self._task_id:
            return
        view = await self.context.engine.tasks.view(self._task_id)
        accounts = await self.context.engine.accounts.views()
        self._account_names.update(
            {each.account.id: account_label(each.account) for each in accounts}
        )
        if view.task.id == self._task_id:
            self._view = view
            self._show_view(view)

    def _show_view(self, view: TaskView) -> None:
        self.actions_on_task.set_chosen([view])
        stopped = view.task.status in _STOPPED
        trouble = situation_words(view) if stopped else ""
        self.header.say(view, trouble, self._situation(view, told=stopped))
        self.progress.setRange(0, max(view.counters.total, 1))
        self.progress.setValue(view.counters.processed)
        self.progress.setProperty("done", view.task.status is TaskStatus.COMPLETED)
        dress(self.progress)
        for tile, (number, caption) in zip(self.tiles, _numbers(view), strict=True):
            tile.say(translator().number(number), caption)
        messages = view.task.kind is TaskKind.MESSAGE
        self.sections.setTabVisible(self.sections.indexOf(self.message), messages)
        self.sections.setTabVisible(self.sections.indexOf(self._link_place), not messages)
        self.people.show_view(view)
        if messages:
            self.message.show_view(view)

    def _situation(self, view: TaskView, *, told: bool) -> str:
        """Return how a task stands in one line; ``told``: its status stands above it already."""
        now = self.context.engine.clock.now()
        words = [] if told else [situation_words(view)]
        if view.task.deleted_at is not None:
            shown = translator().moment(view.task.deleted_at, now)
            words.insert(0, tr("in the bin since {moment}", moment=shown))
        if moment := next_moment(view):
            words.append(tr("next action {moment}", moment=translator().moment(moment, now)))
        if view.expected_end is not None:
            shown = translator().moment(view.expected_end, now)
            words.append(tr("expected end {moment}", moment=shown))
        if schedule := schedule_words(view.task.schedule, now):
            words.append(schedule)
        words.append(tr("audience “{name}”", name=view.audience_name))
        return "  ·  ".join(words)

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self.refresh()

    def _targets_changed(self, changed: Mapping[int, Collection[int]]) -> None:
        if targets := changed.get(self._task_id, ()):
            self.people.targets_changed(targets)

    def _connect(self) -> None:
        self.header.back_requested.connect(self.back_requested)
        self.people.person_opened.connect(self.person_opened)
        self.course.person_opened.connect(self.person_opened)
        self.course.people_requested.connect(self.show_people)
        self.context.bridge.tasks_changed.connect(self._tasks_changed)
        self.context.bridge.targets_changed.connect(self._targets_changed)

    def _lay_out(self) -> None:
        place = QVBoxLayout(self._link_place)
        place.setContentsMargins(0, Space.SMALL, 0, 0)
        place.addWidget(self.link, 1)
        self.sections.tabBar().setDrawBase(False)
        for section in (self.people, self.course, self.journal, self.message, self._link_place):
            self.sections.addTab(section, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.header)
        column.addWidget(self.progress)
        column.addLayout(line(*self.tiles))
        column.addWidget(self.sections, 1)


_STOPPED = frozenset({TaskStatus.PAUSED, TaskStatus.FAILED})
"""Statuses in which the user has to do something before the task goes on."""


def _numbers(view: TaskView) -> Sequence[tuple[int, str]]:
    """Return the six numbers of the page, each defined in domain.statistics."""
    counters = view.counters
    done = (
        [(counters.sent, tr("Messages sent")), (counters.uncertain, tr("Uncertain"))]
        if view.task.kind is TaskKind.MESSAGE
        else [(counters.accepted, tr("Invited")), (counters.joined, tr("Joined"))]
    )
    return (
        (counters.total, tr("People")),
        (counters.pending + counters.in_work, tr("Still to do")),
        *done,
        (counters.left_alone, tr("Skipped or there already")),
        (counters.failed, tr("Failed")),
    )
