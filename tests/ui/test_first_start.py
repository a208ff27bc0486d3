"""The very first page: what this is, and two ways to begin; anything else begins too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.tabs import Tab
from tests.ui.conftest import Speeds, drop_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(first_start=True)


def has_begun(window: MainWindow) -> bool:
    return window.first_start is None and window.tabs.isVisible()


def test_it_stands_in_front_of_the_tabs_and_says_what_this_is(window: MainWindow):
    assert not has_begun(window)
    for words in ("uses the Telegram API", "not made by Telegram", "does not collect people"):
        assert words in window.first_start.text


def test_nothing_on_it_is_cut_off(qtbot: QtBot, window: MainWindow):
    qtbot.wait(50)
    for label in window.first_start.labels:
        assert label.height() >= label.heightForWidth(label.width())


def test_the_rehearsal_can_be_chosen(qtbot: QtBot, window: MainWindow, settings: QSettings):
    with qtbot.waitSignal(window.rehearsal_requested):
        qtbot.mouseClick(window.first_start.rehearse_button, Qt.MouseButton.LeftButton)
    assert settings.contains("window/first_start")
    assert has_begun(window)


def test_an_account_can_be_connected(qtbot: QtBot, window: MainWindow, settings: QSettings):
    qtbot.mouseClick(window.first_start.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(AddAccountDialog) is not None)
    assert window.tabs.currentIndex() == Tab.ACCOUNTS
    assert settings.contains("window/first_start")
    assert has_begun(window)
    window.findChild(AddAccountDialog).reject()


def test_looking_and_leaving_chooses_nothing(window: MainWindow, settings: QSettings):
    window.close()
    assert not settings.contains("window/first_start")


def test_a_dropped_list_begins_as_well(window: MainWindow, tmp_path: Path):
    guests = tmp_path / "guests.csv"
    guests.write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    drop_files(window, [guests])
    assert has_begun(window)
    assert window.tabs.currentIndex() == Tab.IMPORT


def test_the_keys_to_a_tab_begin_as_well(qtbot: QtBot, window: MainWindow):
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert has_begun(window)
    assert window.tabs.currentIndex() == Tab.STATISTICS


def test_the_menu_leads_into_the_rehearsal_and_out_of_it(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
):
    ordinary = make_window()
    assert ordinary.menus.other_window.text() == "Open &rehearsal"
    with qtbot.waitSignal(ordinary.rehearsal_requested):
        ordinary.menus.other_window.trigger()
    rehearsal = make_window(Speeds().rehearsal())
    assert rehearsal.menus.other_window.text() == "&Leave rehearsal"
    with qtbot.waitSignal(rehearsal.leave_rehearsal_requested):
        rehearsal.menus.other_window.trigger()
