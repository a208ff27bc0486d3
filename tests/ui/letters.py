"""The letters that go somewhere with Alt, and those that would go to two places."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGroupBox,
    QLabel,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)

from invite_desktop.ui.widgets.tables import Table
from tests.ui.usable import front

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from invite_desktop.ui.main_window import MainWindow


def shared_letters(window: MainWindow) -> Sequence[str]:
    """Return in words which letters are used twice in what lies in front, or in one menu."""
    shown = front(window)
    at_once = [] if isinstance(shown, QMenu) else list(_visible(shown))
    menus = [*_menus(window), *_opened(shown)]
    return [*_twice(at_once), *(line for menu in menus for line in _twice(menu))]


def letters(texts: Iterable[str]) -> Sequence[str]:
    """Return the letters behind the ampersands of texts."""
    found = (QKeySequence.mnemonic(text).toString() for text in texts)
    return [each.removeprefix("Alt+") for each in found if each]


def _twice(texts: Sequence[str]) -> Iterator[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for letter in letters([text]):
            places[letter].append(text)
    for letter, found in places.items():
        if len(found) > 1:
            yield f"{letter}: {' | '.join(sorted(found))}"


def _visible(shown: QWidget) -> Iterator[str]:
    for each in shown.findChildren(QWidget):
        if each.isVisible() and each.window() is shown:
            yield from _marked(each)


def _marked(each: QWidget) -> Iterable[str]:
    match each:
        # What a tool button takes from its action goes through the same text.
        case QAbstractButton():
            return [each.text()]
        case QLabel() if each.buddy() is not None:
            return [each.text()]
        case QGroupBox():
            return [each.title()]
        case QTabBar():
            return [each.tabText(place) for place in range(each.count())]
        case QMenuBar():
            return [action.text() for action in each.actions() if action.isVisible()]
    return []


def _menus(window: MainWindow) -> Iterator[Sequence[str]]:
    """Yield what stands in each menu that is there."""
    for each in window.findChildren(QWidget):
        opened = each.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
        if opened or isinstance(each, QMenu):
            yield [action.text() for action in each.actions() if action.isVisible()]


def _opened(shown: QWidget) -> Iterator[Sequence[str]]:
    """Yield what the menu key offers in each table, with one row chosen and with all."""
    for table in shown.findChildren(Table):
        if table.isVisible() and table.model().rowCount():
            for choose in (lambda table=table: table.choose_position(0), table.selectAll):
                choose()
                yield menu_of(table)


def menu_of(table: Table) -> Sequence[str]:
    """Press the menu key in a table, and return what it offers."""
    before = {each for each in table.findChildren(QMenu) if each.isVisible()}
    place = table.viewport().rect().center()
    reason = QContextMenuEvent.Reason.Keyboard
    asked = QContextMenuEvent(reason, place, table.viewport().mapToGlobal(place))
    QApplication.sendEvent(table.viewport(), asked)
    found: list[str] = []
    for menu in table.findChildren(QMenu):
        if menu.isVisible() and menu not in before:
            found += [action.text() for action in menu.actions() if action.isVisible()]
            menu.close()
    return found
