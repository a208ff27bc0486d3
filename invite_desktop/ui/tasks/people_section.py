"""The people of a task: by state and reason, found by words, and one person's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.ui.tasks.people_form import PeopleForm
from invite_desktop.ui.tasks.target_columns import target_columns
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import named, titled
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext

SEARCH_MS = 250
"""Milliseconds without a key until the people are searched."""


class PeopleSection(QWidget):
    """Fetches only the pages that are looked at. ``person_opened`` carries a person's id."""

    person_opened = Signal(int)

    def __init__(self, context: ScreenContext, account_names: Mapping[int, str]) -> None:
        super().__init__()
        self._context = context
        self._view: TaskView | None = None
        self._task_id = 0
        self._text = ""
        self._counting = Latest(context.work, "people counted")
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setObjectName("target_search")
        self.filter: Choice[TargetState | None] = Choice(_state_words, [None, *TargetState])
        self.reason: Choice[OutcomeCode | None] = Choice(_reason_words, [None])
        self.count = label("muted")
        self.people_button = button("person")
        self.model: PagedModel[Target] = PagedModel(
            target_columns(context.engine.clock.now, account_names),
            key=lambda target: target.id,
            fetch=self._fetch,
            work=context.work,
        )
        self.table = Table(self.model)
        self.table.setObjectName("targets")
        self.table.remember_columns(context.settings, "targets/columns")
        self.nobody = EmptyState("search")
        self._lay_out()
        self._connect()

    def open_task(self, task_id: int) -> None:
        """Show another task's people, all of them."""
        self._task_id, self._view = task_id, None
        self.show_only(None, None)

    def show_only(self, state: TargetState | None, reason: OutcomeCode | None) -> None:
        """Show the people in a state and with a reason; None: all."""
        self.search.clear()
        self._timer.stop()
        self._text = ""
        self.filter.choose(state)
        if reason is not None and reason not in self.reason.values:
            self.reason.set_values([*self.reason.values, reason])
        self.reason.choose(reason)
        self._start_over()

    def show_view(self, view: TaskView) -> None:
        """Follow the counters of the task."""
        self._view = view
        reasons = {code for (_, code), n in view.counters.by_reason.items() if code and n}
        if chosen := self.reason.chosen:
            reasons.add(chosen)
        values = [None, *sorted(reasons, key=named)]
        if list(self.reason.values) != values:
            self.reason.set_values(values, chosen)
        self._count()

    def targets_changed(self, targets: Collection[int]) -> None:
        """Show people anew who have come further."""
        if self.wanted == TargetFilter(text=self._text):
            self.model.rows_changed(targets)
        else:
            self.model.all_changed()

    @property
    def wanted(self) -> TargetFilter:
        """Return what is asked for."""
        state, reason = self.filter.chosen, self.reason.chosen
        return TargetFilter(
            frozenset() if state is None else frozenset({state}),
            frozenset() if reason is None else frozenset({reason}),
            self._text,
        )

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by name, username, phone, id"))
        self.search.setAccessibleName(tr("Search the people of the task"))
        self.filter.setAccessibleName(tr("Which people are shown"))
        self.reason.setAccessibleName(tr("Only people with this reason"))
        self.people_button.setText(tr("Make an a&udience…"))
        self.people_button.setToolTip(tr("Keep these people as an audience of their own"))
        self.table.setAccessibleName(tr("People of the task"))
        self.table.setToolTip(tr("Double-click opens the person's card"))
        self.nobody.say(
            tr("Nobody here is like this"), tr("Ask for less to see more people."), tr("Show all")
        )
        self.filter.retranslate()
        self.reason.retranslate()
        self.model.retranslate()
        self._show_total(self.model.rowCount())

    async def _fetch(self, offset: int, limit: int) -> Sequence[Target]:
        tasks = self._context.engine.tasks
        return await tasks.targets(self._task_id, self.wanted, offset, limit)

    def _start_over(self) -> None:
        self.model.start_over(0)
        self._count()

    def _count(self) -> None:
        """Find out how long the table is: from the counters, or by a question if words are in."""
        if self._view is None:
            return
        if self._text:
            self._counting.start(self._ask_count(self.wanted))
            return
        self._counting.cancel()
        state, reason = self.filter.chosen, self.reason.chosen
        self._show_total(
            sum(
                number
                for (each, code), number in self._view.counters.by_reason.items()
                if state in (None, each) and reason in (None, code)
            )
        )

    async def _ask_count(self, wanted: TargetFilter) -> None:
        total = await self._context.engine.tasks.count_targets(self._task_id, wanted)
        if wanted == self.wanted:
            self._show_total(total)

    def _show_total(self, total: int) -> None:
        self.model.set_total(total)
        self.count.setText(tr_n("{count} person", "{count} people", total))

    def _typed(self) -> None:
        if self.search.text().strip() != self._text:
            self._timer.start()

    def _search(self) -> None:
        self._text = self.search.text().strip()
        self._start_over()

    def _make_audience(self) -> None:
        if self._view is not None:
            made = self._audience_made
            PeopleForm(self._context, self.window(), self._view, self.filter.chosen, made)

    def _audience_made(self, audience: Audience) -> None:
        headline = tr("“{name}” is saved among your audiences", name=audience.name)
        people = tr_n("{count} person", "{count} people", audience.people)
        self._context.work.start(self._context.notices.tell(headline, people), "audience made")

    def _show_all(self) -> None:
        self.show_only(None, None)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._search)
        self._timer.timeout.connect(self._search)
        self.filter.currentIndexChanged.connect(self._start_over)
        self.reason.currentIndexChanged.connect(self._start_over)
        self.people_button.clicked.connect(self._make_audience)
        self.nobody.acted.connect(self._show_all)
        self.table.row_opened.connect(lambda target: self.person_opened.emit(target.person.id))

    def _lay_out(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        self.reason.setMaximumWidth(letter * 34)
        head = line(self.search, self.filter, self.reason, self.count, self.people_button)
        head.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(TableOrEmpty(self.table, self.nobody), 1)


def _state_words(state: TargetState | None) -> str:
    return tr("Everybody") if state is None else titled(state)


def _reason_words(reason: OutcomeCode | None) -> str:
    return tr("Any reason") if reason is None else titled(reason)
