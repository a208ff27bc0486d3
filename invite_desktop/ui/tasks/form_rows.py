"""The rows of the form: a name at the left, a field at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.pieces import label

_WIDEST = 980
"""Pixels; a form wider than a page is harder to read."""


class FormRows(QWidget):
    """Rows that can be hidden one by one; their order is the order of the Tab key."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[QLabel] = []
        self._fields: list[QWidget] = []
        self._wide = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.LARGE)
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.MEDIUM)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * 22)
        self.setMaximumWidth(_WIDEST)

    def add_rows(self, *fields: QWidget) -> None:
        """Add fields from top to bottom."""
        for field in fields:
            name = label("strong", wrapped=True)
            name.setContentsMargins(0, Space.HAIR + 2, 0, 0)
            name.setMaximumWidth(self.fontMetrics().averageCharWidth() * 26)
            name.setBuddy(_first_control(field))
            row = len(self._fields)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(field, row, 1)
            self._names.append(name)
            self._fields.append(field)

    def add_wide(self, part: QWidget) -> None:
        """Add something under the last field."""
        row = len(self._fields) + self._wide
        self._wide += 1
        self._grid.addWidget(part, row, 1)
        # Whatever room is left stays under the last one; a grid never forgets a row that it had.
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 1, 1)

    @property
    def names(self) -> list[str]:
        """Return what the rows are called."""
        return [name.text() for name in self._names]

    def name_all(self, *texts: str) -> None:
        """Write the names of the rows."""
        for name, text in zip(self._names, texts, strict=True):
            name.setText(text)

    def show_row(self, field: QWidget, *, visible: bool) -> None:
        """Show a row or take it away."""
        position = self._fields.index(field)
        self._names[position].setVisible(visible)
        field.setVisible(visible)


def _first_control(field: QWidget) -> QWidget:
    """Return what a mnemonic of the name should lead to."""
    if field.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return field
    inside = field.findChildren(QWidget)
    return next((each for each in inside if each.focusPolicy() & Qt.FocusPolicy.TabFocus), field)
