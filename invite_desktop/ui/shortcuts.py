"""Every shortcut of the window in one list, under ? and F1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QAction


def action_shortcuts(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """Return what each action with a shortcut does, and its keys as this system writes them."""
    return [
        (_plain(action.text()), _keys(action.shortcut().toString()))
        for action in actions
        if not action.shortcut().isEmpty()
    ]


def common_shortcuts(tabs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the shortcuts that stand in no menu."""
    found = [
        (tr("Go to “{tab}”", tab=name), _keys(f"Ctrl+{place}"))
        for place, name in enumerate(tabs, start=1)
    ]
    return [
        *found,
        (tr("Back to the list"), _keys("Alt+Left")),
        (tr("From one field to the next, and back"), f"{_keys('Tab')}, {_keys('Shift+Tab')}"),
        (tr("Search in what is shown"), _keys("Ctrl+F")),
        (tr("Open what is chosen"), _keys("Enter")),
        (tr("Rename what is chosen"), _keys("F2")),
        (tr("Delete what is chosen"), _keys("Delete")),
        (tr("Take back what was done last"), _keys("Ctrl+Z")),
        (tr("Choose everything in a table"), _keys("Ctrl+A")),
        (tr("Copy the chosen rows of a table"), _keys("Ctrl+C")),
        (tr("Take a list or a chat's link from the clipboard"), _keys("Ctrl+V")),
        (tr("Close a dialog without doing anything"), _keys("Esc")),
    ]


_HIGHEST = 610
"""Pixels; with its title bar it still fits a window of 640."""

_SIDE_BY_SIDE = 2


class ShortcutsDialog(Dialog):
    """What is done, and by which keys, in two columns side by side."""

    def __init__(self, shortcuts: Callable[[], Sequence[tuple[str, str]]], parent: QWidget) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self._rows = [(label(), label("strong")) for _ in shortcuts()]
        self._table = table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setVerticalSpacing(Space.SMALL)
        high = -(-len(self._rows) // _SIDE_BY_SIDE)
        for place, (what, how) in enumerate(self._rows):
            side, row = divmod(place, high)
            what.setContentsMargins(Space.WIDE * side, 0, 0, 0)
            grid.addWidget(what, row, 2 * side)
            grid.addWidget(how, row, 2 * side + 1)
            grid.setColumnStretch(2 * side, 1)
        self._area = area = QScrollArea(widgetResizable=True)
        area.setWidget(table)
        self.close_button = button()
        self.close_button.setText(tr("&Close"))
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(area, 1)
        column.addLayout(line(None, self.close_button))
        self.retranslate()
        language_changed().changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self._area.setAccessibleName(tr("Keyboard shortcuts"))
        for (what, how), (deed, keys) in zip(self._rows, self._shortcuts(), strict=True):
            what.setText(deed)
            how.setText(keys)
        self._fit()

    def _fit(self) -> None:
        """Be as large as all of them, where the screen is."""
        needed = self._table.sizeHint()
        below = self.close_button.sizeHint().height() + Space.MEDIUM
        high = needed.height() + below + 2 * Space.LARGE
        self.resize(needed.width() + 2 * Space.LARGE, min(high, _HIGHEST))


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def _keys(sequence: str) -> str:
    return QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
