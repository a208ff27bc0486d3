"""The very first start: what this is, an account or a rehearsal, the first list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel

from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.first_start import Step
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.translations import load_translator, set_translator
from tests.fakes.engine import an_account
from tests.ui.conftest import Speeds, drop_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.first_start import FirstStart
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

MOST_WORDS = 90
"""A step is read in less than half a minute."""


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(first_start=Step.WELCOME)


@pytest.fixture
def first(window: MainWindow) -> FirstStart:
    assert window.first_start is not None
    return window.first_start


def has_begun(window: MainWindow) -> bool:
    return window.first_start is None and window.tabs.isVisible()


def words_of(first: FirstStart) -> list[str]:
    shown = [*first.findChildren(QLabel), *first.findChildren(QAbstractButton)]
    return " ".join(each.text() for each in shown if each.isVisible()).split()


def test_it_stands_in_front_of_the_tabs_and_says_what_this_is(
    window: MainWindow, first: FirstStart
):
    assert not has_begun(window)
    for words in ("Uses the Telegram API", "not made by Telegram", "Takes nobody from"):
        assert words in first.text
    assert first.place.text() == "Step 1 of 3"
    assert not first.back_button.isVisible()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("step", list(Step))
def test_each_step_is_short_and_nothing_on_it_is_cut_off(
    qtbot: QtBot, first: FirstStart, step: Step, language: str
):
    set_translator(load_translator(language))
    first.show_step(step)
    qtbot.wait(50)
    assert 10 < len(words_of(first)) <= MOST_WORDS
    for label in first.labels:
        assert not label.isVisible() or label.height() >= label.heightForWidth(label.width())


def test_enter_leads_through_it_without_a_mouse(
    qtbot: QtBot, first: FirstStart, settings: QSettings
):
    qtbot.waitUntil(first.next_button.hasFocus)
    qtbot.keyClick(first.next_button, Qt.Key.Key_Return)
    assert first.step is Step.ACCOUNT
    assert settings.value("window/first_start") == "account"
    assert first.connect_button.hasFocus()
    qtbot.mouseClick(first.back_button, Qt.MouseButton.LeftButton)
    assert first.step is Step.WELCOME


def test_the_rehearsal_can_be_chosen(qtbot: QtBot, window: MainWindow, first: FirstStart):
    first.go_to(Step.ACCOUNT)
    with qtbot.waitSignal(window.rehearsal_requested):
        qtbot.mouseClick(first.rehearse_button, Qt.MouseButton.LeftButton)
    assert not has_begun(window)


@pytest.mark.parametrize("closing", ["accept", "reject"])
def test_an_account_that_was_added_leads_to_the_first_list(
    qtbot: QtBot,
    window: MainWindow,
    first: FirstStart,
    settings: QSettings,
    engine: FakeEngine,
    closing: str,
):
    first.go_to(Step.ACCOUNT)
    qtbot.mouseClick(first.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(AddAccountDialog) is not None)
    engine.accounts.put(an_account(1))
    getattr(window.findChild(AddAccountDialog), closing)()
    qtbot.waitUntil(lambda: first.step is Step.AUDIENCE)
    assert settings.value("window/first_start") == "audience"


def test_an_account_that_was_given_up_leaves_the_step(
    qtbot: QtBot, window: MainWindow, first: FirstStart
):
    first.go_to(Step.ACCOUNT)
    qtbot.mouseClick(first.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(AddAccountDialog) is not None)
    window.findChild(AddAccountDialog).reject()
    qtbot.wait(50)
    assert first.step is Step.ACCOUNT


def test_looking_and_leaving_chooses_nothing(window: MainWindow, settings: QSettings):
    window.close()
    assert not settings.contains("window/first_start")


def test_it_can_be_skipped_for_good(
    qtbot: QtBot, window: MainWindow, first: FirstStart, settings: QSettings
):
    qtbot.mouseClick(first.skip_button, Qt.MouseButton.LeftButton)
    assert has_begun(window)
    assert settings.value("window/first_start") == "seen"


@pytest.mark.parametrize("on_the_area", [True, False])
def test_a_dropped_list_begins(
    window: MainWindow, first: FirstStart, tmp_path: Path, on_the_area: bool
):
    guests = tmp_path / "guests.csv"
    guests.write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    first.show_step(Step.AUDIENCE)
    drop_files(first.drop_area if on_the_area else window, [guests])
    assert has_begun(window)
    assert window.tabs.currentIndex() == Tab.IMPORT


def test_a_pasted_list_begins(qtbot: QtBot, window: MainWindow, first: FirstStart):
    first.show_step(Step.AUDIENCE)
    QGuiApplication.clipboard().setText("@anna_orlova\n@boris_belov")
    qtbot.mouseClick(first.drop_area.paste_button, Qt.MouseButton.LeftButton)
    assert has_begun(window)
    table = window.tabs.imports.form.preview.preview_model
    qtbot.waitUntil(lambda: table.rowCount() > 0)


def test_only_a_rehearsal_lends_an_example(
    qtbot: QtBot, make_window: Callable[..., MainWindow], first: FirstStart
):
    first.show_step(Step.AUDIENCE)
    assert not first.example_button.isVisible()
    window = make_window(Speeds().rehearsal(), first_start=Step.AUDIENCE)
    lent = window.first_start
    assert lent is not None
    assert not lent.back_button.isVisible()
    qtbot.mouseClick(lent.example_button, Qt.MouseButton.LeftButton)
    table = window.tabs.imports.form.preview.preview_model
    qtbot.waitUntil(lambda: table.rowCount() == 100)


def test_the_keys_to_a_tab_begin_as_well(qtbot: QtBot, window: MainWindow):
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert has_begun(window)
    assert window.tabs.currentIndex() == Tab.STATISTICS


def test_the_menu_leads_into_the_rehearsal_and_out_of_it(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
):
    ordinary = make_window()
    assert ordinary.menus.other_window.text() == "Open re&hearsal"
    with qtbot.waitSignal(ordinary.rehearsal_requested):
        ordinary.menus.other_window.trigger()
    rehearsal = make_window(Speeds().rehearsal())
    assert rehearsal.menus.other_window.text() == "&Leave rehearsal"
    with qtbot.waitSignal(rehearsal.leave_rehearsal_requested):
        rehearsal.menus.other_window.trigger()
