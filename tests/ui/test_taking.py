"""Lists and links, dropped on the window or pasted into it, wherever one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.taking import chat_link
from tests.fakes.engine import a_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

PASTE = Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://t.me/football_club", True),
        (" t.me/+AbCdEf123456 \n", True),
        ("tg://resolve?domain=football_club", True),
        ("-1001234567890", True),
        ("@football_club", False),
        ("football_club", False),
        ("https://t.me/football_club https://t.me/other_club", False),
        ("+79001234567", False),
        ("https://example.com/list.csv", False),
        ("", False),
    ],
)
def test_a_link_is_told_from_a_list(text: str, link: bool):
    assert bool(chat_link(text)) is link


@pytest.fixture
def window(make_window: Callable[..., MainWindow], engine: FakeEngine) -> MainWindow:
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=3)
    return make_window()


def drop(window: MainWindow, on: QWidget, mime: QMimeData) -> None:
    """Drop as the system does: on the window, which finds out what lies under the pointer."""
    place = on.mapTo(window, QPoint(on.width() // 2, on.height() // 2))
    how = (
        *(Qt.DropAction.CopyAction, mime),
        *(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )
    handle = window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(place, *how))
    QApplication.sendEvent(handle, QDragMoveEvent(place, *how))
    QApplication.sendEvent(handle, QDropEvent(QPointF(place), *how, QEvent.Type.Drop))


def a_file(path: Path) -> QMimeData:
    path.write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def a_text(text: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(text)
    return mime


def test_a_file_that_falls_on_a_field_is_no_text_for_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    search = window.tabs.tasks.list.filter.search
    qtbot.waitUntil(search.isVisible)
    drop(window, search, a_file(tmp_path / "guests.csv"))
    assert search.text() == ""
    assert window.tabs.currentIndex() == Tab.IMPORT
    table = window.tabs.imports.form.preview.preview_model
    qtbot.waitUntil(lambda: table.rowCount() == 1)


def test_dragged_text_is_still_for_the_field(qtbot: QtBot, window: MainWindow, tmp_path: Path):
    search = window.tabs.tasks.list.filter.search
    qtbot.waitUntil(search.isVisible)
    drop(window, search, a_file(tmp_path / "guests.csv"))
    window.tabs.go_to(Tab.TASKS)
    drop(window, search, a_text("club"))
    assert search.text() == "club"


def test_a_link_dragged_from_a_browser_begins_a_task(qtbot: QtBot, window: MainWindow):
    mime = a_text("https://t.me/football_club")
    mime.setUrls([QUrl("https://t.me/football_club")])
    drop(window, window.tabs.tasks.list.table, mime)
    form = window.tabs.tasks.form
    assert form.isVisible()
    qtbot.waitUntil(lambda: form.chat.check is not None)


@pytest.mark.parametrize("tab", [Tab.TASKS, Tab.STATISTICS, Tab.ACCOUNTS])
def test_a_list_is_pasted_wherever_one_is(qtbot: QtBot, window: MainWindow, tab: Tab):
    QGuiApplication.clipboard().setText("@anna_orlova\n@boris_belov")
    window.tabs.go_to(tab)
    window.tabs.tabBar().setFocus()
    qtbot.keyClick(window.tabs.tabBar(), *PASTE)
    assert window.tabs.currentIndex() == Tab.IMPORT
    table = window.tabs.imports.form.preview.preview_model
    qtbot.waitUntil(lambda: table.rowCount() > 0)


def test_a_link_is_pasted_wherever_one_is(qtbot: QtBot, window: MainWindow):
    QGuiApplication.clipboard().setText("t.me/football_club")
    window.tabs.go_to(Tab.STATISTICS)
    window.tabs.tabBar().setFocus()
    qtbot.keyClick(window.tabs.tabBar(), *PASTE)
    form = window.tabs.tasks.form
    assert form.isVisible()
    assert form.chat.address.text() == "t.me/football_club"
    qtbot.waitUntil(lambda: form.chat.check is not None)


def test_a_field_that_has_the_keyboard_takes_what_is_pasted(qtbot: QtBot, window: MainWindow):
    QGuiApplication.clipboard().setText("club")
    search = window.tabs.tasks.list.filter.search
    qtbot.waitUntil(search.isVisible)
    search.setFocus()
    qtbot.keyClick(search, *PASTE)
    assert search.text() == "club"
    assert window.tabs.currentIndex() == Tab.TASKS


def test_an_empty_clipboard_is_said(qtbot: QtBot, window: MainWindow):
    QGuiApplication.clipboard().clear()
    window.tabs.tabBar().setFocus()
    qtbot.keyClick(window.tabs.tabBar(), *PASTE)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "no list on the clipboard" in box.text()
    box.reject()
