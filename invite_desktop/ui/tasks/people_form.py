"""People of a task, by how it went for them, as a new audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext

_ROWS_SHOWN = 5


class PeopleForm(SmallForm):
    """Choose states, and if wished one reason; ``made`` gets the audience.

    ``state`` is the one that is chosen at first, None for all.
    """

    def __init__(
        self,
        context: ScreenContext,
        parent: QWidget,
        view: TaskView,
        state: TargetState | None,
        made: Callable[[Audience], None],
    ) -> None:
        words = tr("People of “{task}”, as they stand now.", task=view.task.name)
        super().__init__(context.work, parent, tr("A new audience"), words)
        self._audiences = context.engine.audiences
        self._view = view
        self._made = made
        self._own_name = ""
        self._present = [each for each in TargetState if view.counters.count(each)]
        self.states = QListWidget()
        self.reason: Choice[OutcomeCode | None] = Choice(_reason_words, [None])
        self.name_field = QLineEdit(maxLength=120)
        self.count = label("strong")
        self._fill(state)
        self.add_row(tr("&How it went for them"), self.states)
        self.add_row(tr("&Reason"), self.reason)
        self.add_row(tr("Na&me of the audience"), self.name_field)
        self.count.setContentsMargins(0, Space.SMALL, 0, 0)
        self.rows.addRow(self.count)
        self.states.itemChanged.connect(self._states_chosen)
        self.reason.currentIndexChanged.connect(self._show_count)
        self._states_chosen()
        self.ask(tr("Make the audience"), self._make)

    def retranslate(self) -> None:
        """Write every text anew; what is ticked stays, and so does a name of the user's own."""
        super().retranslate()
        for row, state in enumerate(self._present):
            self.states.item(row).setText(self._counted(state))
        self._states_chosen()

    @property
    def chosen(self) -> Sequence[TargetState]:
        """Return the chosen states."""
        return [
            state
            for row, state in enumerate(self._present)
            if self.states.item(row).checkState() is Qt.CheckState.Checked
        ]

    def _fill(self, chosen: TargetState | None) -> None:
        for state in self._present:
            item = QListWidgetItem(self._counted(state), self.states)
            ticked = chosen in (None, state)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.states.ensurePolished()
        rows = min(max(len(self._present), 2), _ROWS_SHOWN)
        around = 2 * (self.states.frameWidth() + Space.SMALL)
        self.states.setFixedHeight(self.states.sizeHintForRow(0) * rows + around)

    def _counted(self, state: TargetState) -> str:
        return f"{titled(state)}: {translator().number(self._view.counters.count(state))}"

    def _states_chosen(self) -> None:
        states = self.chosen
        reasons = {
            code
            for (state, code), count in self._view.counters.by_reason.items()
            if code is not None and count and state in states
        }
        self.reason.set_values([None, *sorted(reasons, key=named)], self.reason.chosen)
        names = ", ".join(named(state) for state in states)
        whole = len(states) == len(self._present)
        suggested = self._view.task.name if whole else f"{self._view.task.name}: {names}"
        if self.name_field.text() == self._own_name:
            self.name_field.setText(suggested)
        self._own_name = suggested
        self._show_count()

    def _show_count(self) -> None:
        reason, states = self.reason.chosen, self.chosen
        count = sum(
            number
            for (state, code), number in self._view.counters.by_reason.items()
            if state in states and reason in (None, code)
        )
        self.count.setText(tr_n("{count} person", "{count} people", count))
        self.yes_button.setEnabled(count > 0)

    async def _make(self) -> None:
        reasons = [] if self.reason.chosen is None else [self.reason.chosen]
        audience = await self._audiences.from_task(
            self._view.task.id, self.chosen, reasons, self.name_field.text()
        )
        self._made(audience)


def _reason_words(reason: OutcomeCode | None) -> str:
    return tr("Any reason") if reason is None else titled(reason)
