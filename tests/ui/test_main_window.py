"""The window as a whole: tabs, drops, languages, themes, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog

from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.ui.main_window import MainWindow
from invite_desktop.ui.tabs import Tab
from tests.fakes.engine import a_task
from tests.ui.conftest import LaptopScreen, Speeds, drop_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.fakes.engine import FakeEngine


@pytest.fixture
def a_list(tmp_path: Path) -> Path:
    path = tmp_path / "guests.csv"
    path.write_text("Имя;Ник;Город\nАнна;@anna_orlova;Тверь\n", encoding="utf-8")
    return path


def test_it_has_the_four_tabs(window: MainWindow):
    names = [window.tabs.tabText(tab) for tab in range(window.tabs.count())]
    assert names == ["Tasks", "Import", "Statistics", "Accounts"]


@pytest.mark.parametrize("tab", [tab for tab in Tab if tab is not Tab.SERVER])
def test_a_file_dropped_anywhere_is_shown_in_the_import_tab(
    qtbot: QtBot, window: MainWindow, a_list: Path, tab: Tab
):
    window.tabs.go_to(tab)
    drop_files(window, [a_list])
    assert window.tabs.currentIndex() == Tab.IMPORT
    form = window.tabs.imports.form
    qtbot.waitUntil(lambda: form.preview.preview_model.rowCount() == 1)
    assert form.fields.name == "guests"


def test_a_screen_is_built_only_when_it_is_looked_at(qtbot: QtBot, window: MainWindow):
    assert window.findChild(object, "accounts_screen") is None
    window.tabs.go_to(Tab.ACCOUNTS)
    assert window.findChild(object, "accounts_screen") is not None


def test_ctrl_and_a_number_lead_to_a_tab(qtbot: QtBot, window: MainWindow):
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentIndex() == Tab.STATISTICS


def test_the_language_changes_while_running_and_is_remembered(
    window: MainWindow, settings: QSettings
):
    for action in window.menus.languages.actions():
        if action.data() == "ru":
            action.trigger()
    assert window.tabs.tabText(Tab.TASKS) == "Задачи"
    assert window.tabs.tasks.list.new_button.text() == "&Новая задача"
    assert settings.value("window/language") == "ru"


def test_the_theme_changes_while_running_and_is_remembered(
    window: MainWindow, settings: QSettings, qapp: QApplication
):
    light = qapp.palette().color(QPalette.ColorRole.Window)
    for action in window.menus.themes.actions():
        if action.data() == "dark":
            action.trigger()
    dark = qapp.palette().color(QPalette.ColorRole.Window)
    assert dark.lightness() < 80 < light.lightness()
    assert settings.value("window/theme") == "dark"


def test_closing_asks_the_app_first(qtbot: QtBot, make_window: Callable[..., MainWindow]):
    window = make_window(may_close=False)
    with qtbot.waitSignal(window.close_requested):
        assert not window.close()
    assert window.isVisible()
    window.allow_close()
    assert window.close()


def test_size_and_columns_are_remembered(
    qtbot: QtBot, engine: FakeEngine, make_window: Callable[..., MainWindow]
):
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=3)
    first = make_window(size=(1024, 690))
    qtbot.waitUntil(first.tabs.tasks.list.table.isVisible)
    first.tabs.tasks.list.table.horizontalHeader().resizeSection(3, 177)
    first.close()
    second = make_window(size=None)
    assert (second.width(), second.height()) == (1024, 690)
    assert second.tabs.tasks.list.table.columnWidth(3) == 177


def test_the_tab_is_remembered(make_window: Callable[..., MainWindow]):
    first = make_window()
    first.tabs.go_to(Tab.ACCOUNTS)
    first.close()
    assert make_window().tabs.currentIndex() == Tab.ACCOUNTS


def test_a_tab_that_is_not_there_is_not_gone_back_to(
    make_window: Callable[..., MainWindow], settings: QSettings
):
    settings.setValue("window/tab", int(Tab.SERVER))
    assert make_window().tabs.currentIndex() == Tab.TASKS
    settings.setValue("window/tab", "broken")
    assert make_window().tabs.currentIndex() == Tab.TASKS


def test_order_and_filter_of_the_tasks_are_remembered(
    qtbot: QtBot, make_window: Callable[..., MainWindow], engine: FakeEngine
):
    for number, status in enumerate((TaskStatus.RUNNING, TaskStatus.READY, TaskStatus.RUNNING), 1):
        engine.tasks.put(a_task(number, status), people=number)
    first = make_window().tabs.tasks.list
    qtbot.waitUntil(lambda: first.table.model().rowCount() == 3)
    first.filter.status.setCurrentIndex(first.filter.status.values.index(TaskStatus.RUNNING))
    first.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    first.filter.search.setText("words are not")
    first.window().close()
    again = make_window().tabs.tasks.list
    qtbot.waitUntil(lambda: again.table.model().rowCount() == 2)
    assert again.filter.status.chosen is TaskStatus.RUNNING
    assert again.filter.search.text() == ""
    header = again.table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (
        0,
        Qt.SortOrder.DescendingOrder,
    )


def test_it_never_gets_smaller_than_its_words_need(make_window: Callable[..., MainWindow]):
    window = make_window(size=(300, 200))
    assert (window.width(), window.height()) == (1024, 640)


@pytest.mark.parametrize("size", [(1024, 600), (1024, 560), (800, 480), (1366, 728)])
def test_the_first_window_fits_a_small_screen_with_its_title(
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
):
    monkeypatch.setattr(MainWindow, "screen", lambda _self: LaptopScreen(*size))
    window = make_window(size=None)
    assert window.width() <= size[0]
    assert window.height() < size[1]


@pytest.mark.parametrize("tab", [tab for tab in Tab if tab is not Tab.SERVER])
def test_no_tab_grows_the_window_over_the_edge_of_a_small_screen(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    tab: Tab,
):
    monkeypatch.setattr(MainWindow, "screen", lambda _self: LaptopScreen(1024, 600))
    window = make_window(size=None)
    window.tabs.go_to(tab)
    qtbot.wait(50)
    assert window.width() <= 1024
    assert window.height() < 600


def test_what_needs_attention_stays_until_it_is_read(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.bus.publish(AttentionNeeded(message("The keyring is locked.")))
    assert window.attention.isVisible()
    assert window.attention.words.text() == "The keyring is locked."
    qtbot.mouseClick(window.attention.close_button, Qt.MouseButton.LeftButton)
    assert not window.attention.isVisible()


def test_ctrl_f_leads_to_the_search_of_what_is_shown(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.tasks.put(a_task(1), people=3)
    search = window.tabs.tasks.list.filter.search
    qtbot.waitUntil(search.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.hasFocus()
    window.tabs.tasks.open_task(1)
    people = window.tabs.tasks.page.people.search
    qtbot.waitUntil(people.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert people.hasFocus()


def test_a_second_matter_does_not_take_the_place_of_an_unread_one(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    for words in ("The keyring is locked.", "The disk is full.", "The keyring is locked."):
        engine.bus.publish(AttentionNeeded(message(words)))
    assert window.attention.words.text() == "The keyring is locked."
    qtbot.mouseClick(window.attention.close_button, Qt.MouseButton.LeftButton)
    assert window.attention.words.text() == "The disk is full."
    qtbot.mouseClick(window.attention.close_button, Qt.MouseButton.LeftButton)
    assert not window.attention.isVisible()


def test_without_rehearsal_there_is_no_band(window: MainWindow):
    assert window.band is None
    assert window.windowTitle() == "Invite Desktop"


def test_the_rehearsal_says_so_on_every_tab(make_window: Callable[..., MainWindow]):
    window = make_window(Speeds().rehearsal())
    for tab in Tab:
        window.tabs.go_to(tab)
        assert window.band.isVisible()
        assert "nobody is contacted" in window.band.words.text()
    assert window.windowTitle() == "Rehearsal"


def test_the_band_needs_no_dialog(make_window: Callable[..., MainWindow]):
    window = make_window(Speeds().rehearsal())
    window.band.accounts_button.click()
    window.band.link_button.click()
    assert window.findChildren(QDialog) == []


@pytest.mark.parametrize(
    ("key", "speed", "words"),
    [
        (Qt.Key.Key_Home, 1.0, "Speed: real time"),
        (Qt.Key.Key_End, 10_000.0, "Speed: ×10,000"),
        (Qt.Key.Key_Right, 1_000.0, "Speed: ×1,000"),
        (Qt.Key.Key_Left, 300.0, "Speed: ×300"),
    ],
)
def test_the_speed_is_set_by_keyboard_from_one_end_to_the_other(
    qtbot: QtBot, make_window: Callable[..., MainWindow], key: Qt.Key, speed: float, words: str
):
    speeds = Speeds()
    window = make_window(speeds.rehearsal())
    window.band.speed.setFocus()
    qtbot.keyClick(window.band.speed, key)
    assert speeds.chosen == [speed]
    assert window.band.speed_words.text() == words


def test_the_speed_of_the_rehearsal_follows_the_slider(make_window: Callable[..., MainWindow]):
    speeds = Speeds()
    window = make_window(speeds.rehearsal())
    window.band.speed.setValue(0)
    window.band.speed.setValue(8)
    assert speeds.chosen == [1.0, 10_000.0]
    assert "10,000" in window.band.speed_words.text()


def test_the_club_link_can_be_copied(
    qtbot: QtBot, qapp: QApplication, make_window: Callable[..., MainWindow]
):
    window = make_window(Speeds().rehearsal())
    qtbot.mouseClick(window.band.link_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == "https://t.me/rehearsal_club"
