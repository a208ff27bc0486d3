"""Choosing a country by typing a part of its name, in either language, or of its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter

from invite_desktop.ui.accounts.countries import countries, sorted_countries

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

_REGION, _WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class CountryPicker(QComboBox):
    """An editable list of countries; what is no country goes back to the one chosen before.

    ``picked`` tells the ISO 3166 code that the user has chosen.
    """

    picked = Signal(str)

    def __init__(self, region: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self._offered = QStandardItemModel(self)
        self.setModel(self._offered)
        finder = _Finder(self)
        finder.setModel(self._offered)
        self.setCompleter(finder)
        self.retranslate()
        self.choose(region)
        self.activated.connect(self._activated)
        finder.activated[QModelIndex].connect(self._found)  # type: ignore[index] # PySide's stubs know no overloads

    @property
    def region(self) -> str:
        """Return the code of the country that is chosen."""
        return str(self.currentData(_REGION))

    def choose(self, region: str) -> None:
        """Show a country, and tell nobody."""
        if region in countries():
            self.setCurrentIndex(self.findData(region, _REGION))
            self.setEditText(countries()[region].label)
            if (line := self.lineEdit()) is not None:
                line.setCursorPosition(0)

    def retranslate(self) -> None:
        """Write every name anew, in the order of the language."""
        chosen = self.currentData(_REGION)
        self._offered.clear()
        for country in sorted_countries():
            item = QStandardItem(country.label)
            item.setData(country.region, _REGION)
            item.setData(country.search_words, _WORDS)
            self._offered.appendRow(item)
        if chosen is not None:
            self.choose(str(chosen))

    def _activated(self, row: int) -> None:
        self.setCurrentIndex(row)
        self.choose(self.region)
        self.picked.emit(self.region)

    def _found(self, index: QModelIndex) -> None:
        self.choose(str(index.data(_REGION)))
        self.picked.emit(self.region)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - overrides Qt
        """Show the chosen country again, whatever was typed."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.choose(self.region)


class _Finder(QCompleter):
    """Finds by any word, and writes the name."""

    def __init__(self, owner: CountryPicker) -> None:
        super().__init__(owner)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompletionRole(_WORDS)
        self.setMaxVisibleItems(12)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:  # noqa: N802 - overrides Qt
        """Return what the field shows for a country."""
        return str(index.data())
