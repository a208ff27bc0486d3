"""One task's own page: where it stands, why, and every person in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.tasks.invite_link import InviteLink
from invite_desktop.ui.tasks.people_form import PeopleForm
from invite_desktop.ui.tasks.schedule_field import schedule_words
from invite_desktop.ui.tasks.target_columns import target_columns
from invite_desktop.ui.tasks.task_actions import TaskActions
from invite_desktop.ui.tasks.task_columns import next_moment, situation_words
from invite_desktop.ui.tasks.task_header import TaskHeader
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.widgets.pieces import Tile, button, label
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.ports.stores import Target
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.undo_bar import UndoBar


class TaskPage(Screen):
    """Shows one task at a time; ``open_task`` says which."""

    back_requested = Signal()
    person_opened = Signal(int)

    def __init__(self, context: ScreenContext, undo: UndoBar) -> None:
        super().__init__(context, "task_page")
        self._task_id = 0
        self._view: TaskView | None = None
        self._account_names: dict[int, str] = {}
        self.actions_on_task = TaskActions(context, self, undo)
        self.header = TaskHeader(self.actions_on_task)
        self.tiles = [Tile() for _ in range(6)]
        self.progress = QProgressBar(textVisible=False)
        self.link = InviteLink(context)
        self.filter = Choice(_filter_words, [None, *TargetState])
        self._shown_count = label("muted")
        self.people_button = button("person")
        self.model: PagedModel[Target] = PagedModel(
            target_columns(context.engine.clock.now, self._account_names),
            key=lambda target: target.id,
            fetch=self._fetch,
            work=context.work,
        )
        self.table = Table(self.model)
        self.table.setObjectName("targets")
        self.table.remember_columns(context.settings, "targets/columns")
        self._lay_out()
        self._connect()
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Show another task from its beginning."""
        self._task_id = task_id
        self._view = None
        self.filter.setCurrentIndex(0)
        self.model.start_over(0)
        self.link.open_task(task_id)
        self.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.filter.setAccessibleName(tr("Which people are shown"))
        self.people_button.setText(tr("Make an a&udience…"))
        self.people_button.setToolTip(tr("Keep these people as an audience of their own"))
        self.progress.setAccessibleName(tr("Progress"))
        self.table.setAccessibleName(tr("People of the task"))
        self.table.setToolTip(tr("Double-click opens the person's card"))
        self.filter.retranslate()
        self.model.retranslate()
        self.header.retranslate()
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
        self.header.say(view, self._situation(view))
        self.progress.setRange(0, max(view.counters.total, 1))
        self.progress.setValue(view.counters.processed)
        for tile, (number, caption) in zip(self.tiles, _numbers(view), strict=True):
            tile.say(translator().number(number), caption)
        self.link.setVisible(view.task.kind is TaskKind.INVITE)
        self._set_total(view.counters)

    def _situation(self, view: TaskView) -> str:
        words = [situation_words(view)]
        if moment := next_moment(view):
            shown = translator().moment(moment, self.context.engine.clock.now())
            words.append(tr("next action {moment}", moment=shown))
        if view.expected_end is not None:
            shown = translator().moment(view.expected_end, self.context.engine.clock.now())
            words.append(tr("expected end {moment}", moment=shown))
        if schedule := schedule_words(view.task.schedule, self.context.engine.clock.now()):
            words.append(schedule)
        words.append(tr("audience “{name}”", name=view.audience_name))
        if said := _replies_words(view):
            words.append(said)
        return "  ·  ".join(words)

    def _set_total(self, counters: Counters) -> None:
        states = self._states()
        total = sum(map(counters.count, states)) if states else counters.total
        self.model.set_total(total)
        self._shown_count.setText(tr_n("{count} person", "{count} people", total))

    def _states(self) -> frozenset[TargetState]:
        chosen = self.filter.chosen
        return frozenset() if chosen is None else frozenset({chosen})

    async def _fetch(self, offset: int, limit: int) -> Sequence[Target]:
        wanted = TargetFilter(states=self._states())
        tasks = self.context.engine.tasks
        return await tasks.targets(self._task_id, wanted, offset, limit)

    def _filter_chosen(self) -> None:
        self.model.start_over(0)
        if self._view is not None:
            self._set_total(self._view.counters)

    def _make_audience(self) -> None:
        if self._view is not None:
            made = self._audience_made
            PeopleForm(self.context, self.window(), self._view, self.filter.chosen, made)

    def _audience_made(self, audience: Audience) -> None:
        headline = tr("“{name}” is saved among your audiences", name=audience.name)
        people = tr_n("{count} person", "{count} people", audience.people)
        self.context.work.start(self.context.notices.tell(headline, people), "audience made")

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self.refresh()

    def _targets_changed(self, changed: Mapping[int, Collection[int]]) -> None:
        targets = changed.get(self._task_id, ())
        if targets and self._states():
            self.model.all_changed()
        elif targets:
            self.model.rows_changed(targets)

    def _connect(self) -> None:
        self.header.back_requested.connect(self.back_requested)
        self.filter.currentIndexChanged.connect(self._filter_chosen)
        self.people_button.clicked.connect(self._make_audience)
        self.table.row_opened.connect(lambda target: self.person_opened.emit(target.person.id))
        self.context.bridge.tasks_changed.connect(self._tasks_changed)
        self.context.bridge.targets_changed.connect(self._targets_changed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.header)
        column.addWidget(self.progress)
        column.addLayout(line(*self.tiles))
        column.addLayout(line(self.filter, self._shown_count, self.people_button, None, self.link))
        column.addWidget(self.table, 1)


def _filter_words(state: TargetState | None) -> str:
    return tr("Everybody") if state is None else titled(state)


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
        (counters.skipped + counters.already_member, tr("Skipped")),
        (counters.failed, tr("Failed")),
    )


def _replies_words(view: TaskView) -> str:
    """Return how many people answered, empty while nobody has."""
    replies = view.replies
    if replies.opted_out:
        return tr(
            "answered: {replied}, of them {opted_out} want no more messages",
            replied=replies.replied,
            opted_out=replies.opted_out,
        )
    return tr("answered: {replied}", replied=replies.replied) if replies.replied else ""
