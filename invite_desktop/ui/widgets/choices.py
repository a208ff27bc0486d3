"""A choice among values of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtWidgets import QComboBox

from invite_desktop.ui.translations import language_changed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value = TypeVar("Value")


class Choice(QComboBox, Generic[Value]):
    """A combo box over Python values; Qt itself would turn a string enum into a plain string.

    In another language it says them anew by itself.
    """

    def __init__(self, words: Callable[[Value], str], values: Sequence[Value] = ()) -> None:
        super().__init__()
        self._words = words
        self._values: list[Value] = []
        self.set_values(values)
        language_changed().changed.connect(self.retranslate)

    @property
    def values(self) -> Sequence[Value]:
        """Return everything that can be chosen."""
        return tuple(self._values)

    @property
    def chosen(self) -> Value:
        """Return what is chosen. Raises IndexError when there is nothing to choose."""
        return self._values[self.currentIndex()]

    def choose(self, value: Value) -> None:
        """Choose a value, the first one if it is not there."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def set_values(self, values: Sequence[Value], chosen: Value | None = None) -> None:
        """Offer other values, with one of them chosen, and announce nothing."""
        was_blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.clear()
        self._values = list(values)
        self.addItems([self._words(value) for value in values])
        if chosen is not None and chosen in self._values:
            self.setCurrentIndex(self._values.index(chosen))
        self.blockSignals(was_blocked)

    def retranslate(self) -> None:
        """Write every value's words anew."""
        for position, value in enumerate(self._values):
            self.setItemText(position, self._words(value))
