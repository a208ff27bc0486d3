"""What every view has to be: used without a mouse, read aloud, seen whole on a small screen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QWidget,
)

from invite_desktop.ui.widgets.cells import PAD
from invite_desktop.ui.widgets.columns import CellRole
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.widgets.columns import Cell
    from tests.ui.views import View

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
)
FIELDS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)
SMALLEST = (1024, 640)
_STEPS = 150
"""More presses of Tab than any view has controls."""


def front(window: MainWindow) -> QWidget:
    """Return what lies above the window, or the window itself."""
    above = [each for each in window.findChildren(QDialog) if each.isVisible()]
    menus = [each for each in window.findChildren(QMenu) if each.isVisible()]
    return [window, *above, *menus][-1]


def is_shown(window: MainWindow, kind: type[QWidget]) -> bool:
    """Return whether a widget of a kind is what lies in front, or in it."""
    shown = front(window)
    inside = (each for each in shown.findChildren(kind) if each.window() is shown)
    return isinstance(shown, kind) or any(each.isVisible() for each in inside)


def controls(shown: QWidget) -> Sequence[QWidget]:
    """Return what can be used in a window or dialog."""
    return [
        each
        for each in shown.findChildren(QWidget)
        if isinstance(each, CONTROLS)
        and each.isVisible()
        and each.window() is shown
        and not _is_part_of_another(each)
    ]


def lead_to(qtbot: QtBot, window: MainWindow, view: View, rest: int) -> None:
    """Go to a view, a step every ``rest`` milliseconds."""
    for step in view.steps:
        qtbot.waitUntil(lambda step=step: step(window) is not False)
        qtbot.wait(rest)
    qtbot.waitUntil(lambda: is_shown(window, view.shows))


def complaints(qtbot: QtBot, window: MainWindow, view: View, rest: int) -> Sequence[str]:
    """Go to a view, a step every ``rest`` milliseconds; return what stays wrong with it."""
    lead_to(qtbot, window, view, rest)
    found: list[str] = []
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not look(window, found), timeout=1_500)
    return found


def look(window: MainWindow, found: list[str]) -> Sequence[str]:
    """Return in words what somebody could not read, reach or see; ``found`` gets it too."""
    shown = front(window)
    found[:] = [
        *_nameless(shown),
        *_out_of_reach(shown),
        *_cut(shown),
        *_cut_cells(shown),
        *_too_large(shown),
        *_main_steps(shown),
    ]
    return found


def _is_part_of_another(widget: QWidget) -> bool:
    """Return whether Qt itself made the widget inside another control."""
    parts = (QComboBox, QTabBar, QLineEdit, QAbstractSpinBox)
    return (
        isinstance(widget.parentWidget(), parts)
        or isinstance(widget, QHeaderView)
        or widget.objectName().startswith("qt_")
        or type(widget).__name__ == "QTableCornerButton"
    )


def _nameless(shown: QWidget) -> Iterator[str]:
    for each in controls(shown):
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name):
            yield f"without a name: {_words(each)}"


def _out_of_reach(shown: QWidget) -> Iterator[str]:
    wanted = [
        each
        for each in controls(shown)
        if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    if isinstance(shown, QMenu) or not wanted:
        return
    reached: set[QWidget | None] = set()
    shown.activateWindow()
    wanted[0].setFocus()
    for _ in range(_STEPS):
        focus = QApplication.focusWidget()
        reached |= {focus, focus.focusProxy() if focus is not None else None}
        shown.focusNextChild()
    for each in wanted:
        if each not in reached and not _shares_reach(each, reached):
            yield f"not reached by Tab: {_words(each)}"


def _shares_reach(widget: QWidget, reached: set[QWidget | None]) -> bool:
    """Return whether arrows lead on to the widget: of a group of choices Tab reaches one."""
    return (
        isinstance(widget, QAbstractButton)
        and widget.group() is not None
        and any(each in reached for each in widget.group().buttons())
    )


def _cut(shown: QWidget) -> Iterator[str]:
    for each in controls(shown):
        if isinstance(each, QAbstractButton) and each.width() < each.minimumSizeHint().width():
            yield f"narrower than its words: {_words(each)}"
        if isinstance(each, FIELDS) and each.height() < each.minimumSizeHint().height():
            yield f"lower than its words: {_words(each)}"
    for words in shown.findChildren(QLabel):
        if not words.isVisible() or words.window() is not shown or not words.text():
            continue
        if words.wordWrap():
            needed, there = words.heightForWidth(words.width()), words.height()
        else:
            needed, there = _drawn_width(words), words.contentsRect().width()
        if there < needed:
            yield f"smaller than its words: {words.text()} ({there} of {needed})"


def _cut_cells(shown: QWidget) -> Iterator[str]:
    for table in shown.findChildren(Table):
        if table.isVisible() and table.window() is shown:
            yield from _cut_in(table)


def _cut_in(table: Table) -> Iterator[str]:
    model = table.model()
    first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    for row in range(max(first, 0), model.rowCount() if last < 0 else last + 1):
        for place in range(model.columnCount()):
            index = model.index(row, place)
            cell: Cell = index.data(CellRole.CELL)
            if not table.isColumnHidden(place) and _is_cut(cell, table.visualRect(index), table):
                yield f"a cell ends in …: {type(table).__name__} {cell.text}"


def _is_cut(cell: Cell, room: QRect, table: Table) -> bool:
    """Return whether the words of a cell need more than its room has."""
    metrics, beside = table.fontMetrics(), 2 * PAD if cell.tone is None else 3 * PAD
    if cell.lines == 1 or cell.tone is not None:
        return metrics.horizontalAdvance(cell.text) > room.width() - beside
    wrapped = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
    needed = metrics.boundingRect(QRect(0, 0, room.width() - beside, 1_000), wrapped, cell.text)
    return needed.height() > room.height()


def _drawn_width(words: QLabel) -> int:
    """Return how wide Qt draws one line; with a key in three parts, each from a whole pixel."""
    if words.textFormat() is not Qt.TextFormat.PlainText or words.buddy() is None:
        return max(words.fontMetrics().horizontalAdvance(each) for each in words.text().split("\n"))
    before, _, rest = words.text().partition("&")
    parts = (before, rest[:1], rest[1:]) if rest else (before,)
    return sum(words.fontMetrics().horizontalAdvance(each) for each in parts)


def _main_steps(shown: QWidget) -> Iterator[str]:
    filled = [each for each in controls(shown) if each.property("primary")]
    if len(filled) > 1:
        yield f"more than one main step: {', '.join(map(_words, filled))}"


def _too_large(shown: QWidget) -> Iterator[str]:
    hint = shown.minimumSizeHint()
    size = shown.size() if shown.parentWidget() is None else hint
    for found in (hint, size):
        if found.width() > SMALLEST[0] or found.height() > SMALLEST[1]:
            yield f"larger than the smallest screen: {found.width()} x {found.height()}"


def _words(widget: QWidget) -> str:
    said = widget.text() if isinstance(widget, QAbstractButton | QLineEdit) else ""
    return f"{type(widget).__name__} {widget.objectName()} {said} {widget.accessibleName()}"
