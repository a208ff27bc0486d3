"""Every text that a person can see or hear in the window and in what lies above it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTabWidget,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from invite_desktop.ui.main_window import MainWindow

_MOST_ROWS = 12
"""Rows of a table that are read; the others say the same."""


def texts_of(window: MainWindow) -> Counter[str]:
    """Return each visible text with the kind of widget that says it, and how often it is there."""
    above = [each for each in window.findChildren(QDialog) if each.isVisible()]
    return Counter(
        f"{type(each).__name__} {part}: {text}"
        for shown in (window, *above)
        for each in (shown, *shown.findChildren(QWidget))
        if each.isVisible() and each.window() is shown
        for part, text in _parts(each)
        if text
    )


def typed_into(window: MainWindow) -> list[str]:
    """Return what stands in the fields, in order."""
    return [
        field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        for field in _fields(window)
    ]


def type_into(window: MainWindow, words: str) -> None:
    """Write into every empty field that takes words and searches nothing."""
    for field in _fields(window):
        if field.isReadOnly():
            continue
        if isinstance(field, QPlainTextEdit):
            field.setPlainText(words)
        elif not field.text():
            field.setText(words)


def _fields(window: MainWindow) -> Iterator[QLineEdit | QPlainTextEdit]:
    for kind in (QLineEdit, QPlainTextEdit):
        for each in window.findChildren(kind):
            part = isinstance(each.parentWidget(), QComboBox | QAbstractSpinBox)
            if each.isVisible() and not part and not _searches(each):
                yield each


def _searches(field: QLineEdit | QPlainTextEdit) -> bool:
    return isinstance(field, QLineEdit) and field.isClearButtonEnabled()


def _parts(each: QWidget) -> Iterator[tuple[str, str]]:
    yield "is called", each.accessibleName()
    yield "is described as", each.accessibleDescription()
    yield "hints", each.toolTip()
    if each.isWindow():
        yield "is titled", each.windowTitle()
    for kind, says in _SAYS.items():
        if isinstance(each, kind):
            yield from (("says", text) for text in says(each))
    for action in each.actions():
        yield "offers", action.text()
        yield "hints", action.toolTip()


def _opened(each: QAbstractButton) -> Iterator[str]:
    """Return what a button says, and what its menu offers."""
    yield each.text()
    menu = getattr(each, "menu", None)
    if callable(menu) and isinstance(opened := menu(), QMenu):
        yield from (action.text() for action in opened.actions())


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    columns = 1 if isinstance(view, QListView) else model.columnCount()
    for column in range(columns):
        title = model.headerData(column, Qt.Orientation.Horizontal)
        yield str(title or "")
        for row in range(min(model.rowCount(), _MOST_ROWS)):
            index = model.index(row, column)
            yield str(index.data() or "")
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


_SAYS: Mapping[type[QWidget], Callable[[Any], Iterable[str]]] = {
    QLabel: lambda each: [each.text()],
    QAbstractButton: _opened,
    QComboBox: lambda each: [each.itemText(place) for place in range(each.count())],
    QAbstractSpinBox: lambda each: [each.text()],
    QLineEdit: lambda each: [each.placeholderText()],
    QPlainTextEdit: lambda each: [each.placeholderText()],
    QTabBar: lambda each: [each.tabText(place) for place in range(each.count())],
    QTabWidget: lambda each: [each.tabToolTip(place) for place in range(each.count())],
    QAbstractItemView: _cells,
}
