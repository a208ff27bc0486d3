"""How many accounts are in each condition, in one line; a click shows only those."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from invite_desktop.domain.accounts import Condition
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Iterable


class StateFilter(QWidget):
    """A chip for every condition, and one for all accounts; exactly one is chosen."""

    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counter[Condition] = Counter()
        self._chips: dict[Condition | None, QPushButton] = {
            condition: self._chip(condition) for condition in (None, *Condition)
        }
        for condition, chip in self._chips.items():
            chip.clicked.connect(partial(self._clicked, condition))
        self._chips[None].setChecked(True)
        self.setLayout(line(*self._chips.values(), None, spacing=Space.HAIR))
        self.retranslate()

    @property
    def chosen(self) -> Condition | None:
        """Return the condition whose accounts are shown, None for all."""
        return next((c for c, chip in self._chips.items() if chip.isChecked()), None)

    def choose(self, condition: Condition | None) -> None:
        """Show only the accounts in a condition, or all."""
        self._chips[condition].click()

    def texts(self) -> list[str]:
        """Return what the chips say."""
        return [chip.text() for chip in self._chips.values()]

    def count(self, conditions: Iterable[Condition]) -> None:
        """Say how many accounts are in each condition; one that empties stays chosen."""
        self._counts = Counter(conditions)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every chip anew."""
        for condition, chip in self._chips.items():
            count = self._counts.total() if condition is None else self._counts[condition]
            name = tr("All") if condition is None else titled(condition)
            number = translator().number(count)
            chip.setText(f"{name} {number}")
            chip.setAccessibleName(tr("{state}: {count} accounts", state=name, count=count))
            chip.setEnabled(bool(count) or condition is None or chip.isChecked())

    def _clicked(self, chosen: Condition | None) -> None:
        # An exclusive group would let the Tab key reach one of its buttons only.
        for condition, chip in self._chips.items():
            chip.setChecked(condition is chosen)
        self.chosen_changed.emit()

    def _chip(self, condition: Condition | None) -> QPushButton:
        chip = QPushButton(autoDefault=False)
        chip.setCheckable(True)
        chip.setProperty("chip", "true")
        chip.setObjectName(f"state_{condition.value if condition else 'all'}")
        return chip
