"""Every shortcut of the window in one list, under ? and F1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
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
        (tr("Open what is chosen"), _keys("Return")),
        (tr("Choose everything in a table"), _keys("Ctrl+A")),
        (tr("Copy the chosen rows of a table"), _keys("Ctrl+C")),
        (tr("Take a list or a chat's link from the clipboard"), _keys("Ctrl+V")),
        (tr("Close a dialog without doing anything"), _keys("Esc")),
    ]


_HIGHEST = 610
"""Pixels; with its title bar it still fits a window of 640."""


class ShortcutsDialog(QDialog):
    """Two columns: what is done, and by which keys."""

    def __init__(self, shortcuts: Callable[[], Sequence[tuple[str, str]]], parent: QWidget) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self._rows = [(label("", wrapped=True), label("strong")) for _ in shortcuts()]
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setVerticalSpacing(Space.SMALL)
        grid.setColumnStretch(0, 1)
        for row, (what, how) in enumerate(self._rows):
            grid.addWidget(what, row, 0)
            grid.addWidget(how, row, 1)
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
        # As high as all of them, where the screen is: twenty lines fit the smallest one.
        self.resize(560, min(table.sizeHint().height() + self._around(), _HIGHEST))

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self._area.setAccessibleName(tr("Keyboard shortcuts"))
        for (what, how), (deed, keys) in zip(self._rows, self._shortcuts(), strict=True):
            what.setText(deed)
            how.setText(keys)

    def _around(self) -> int:
        return self.close_button.sizeHint().height() + 2 * Space.LARGE + 2 * Space.MEDIUM


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def _keys(sequence: str) -> str:
    return QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
