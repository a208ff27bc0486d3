"""Dialogs open as large as the user left them, within the screen and around what they hold."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

import invite_desktop.ui
from invite_desktop.ui.translations import load_translator, set_translator, tr
from invite_desktop.ui.widgets.dialog import Dialog, DialogSizes
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.ui.conftest import LaptopScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow

FIRST, WIDER = QSize(300, 200), QSize(520, 410)
LAPTOP = QSize(1366, 728)


class Example(Dialog):
    """A dialog with a size of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = QLabel("words", wordWrap=True)
        QVBoxLayout(self).addWidget(self.words)
        self.resize(FIRST)


@pytest.fixture(autouse=True)
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dialog, "screen", lambda _self: LaptopScreen())


@pytest.fixture
def parent(qtbot: QtBot, settings: QSettings) -> QWidget:
    """A window that remembers sizes."""
    window = QWidget()
    qtbot.addWidget(window)
    DialogSizes(settings, window)
    return window


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[[QWidget], Example]:
    """Open an example over a widget."""

    def open_one(parent: QWidget) -> Example:
        dialog = Example(parent)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    return open_one


def drag(qtbot: QtBot, dialog: QDialog, size: QSize) -> None:
    """Give a dialog a size as the window manager does when its edge is dragged."""
    dialog.windowHandle().resize(size)
    qtbot.waitUntil(lambda: dialog.size() == size)


def test_a_dialog_comes_back_as_large_as_the_user_made_it(qtbot: QtBot, parent, opened):
    dialog = opened(parent)
    drag(qtbot, dialog, WIDER)
    dialog.reject()
    assert opened(parent).size() == WIDER


def test_a_dialog_above_another_one_comes_back_so_too(qtbot: QtBot, parent, opened):
    below = opened(parent)
    inside = QWidget(below)
    dialog = opened(inside)
    drag(qtbot, dialog, WIDER)
    dialog.accept()
    assert opened(inside).size() == WIDER


def test_a_size_that_the_program_chose_is_not_remembered(parent, opened, settings: QSettings):
    dialog = opened(parent)
    dialog.resize(WIDER)
    dialog.reject()
    assert settings.allKeys() == []
    assert opened(parent).size() == FIRST


def test_a_remembered_size_does_not_exceed_the_screen(parent, opened, settings: QSettings):
    DialogSizes(settings, parent).keep("Example", QSize(4_000, 3_000))
    size = opened(parent).size()
    assert size.width() == LAPTOP.width()
    assert LAPTOP.height() - 60 < size.height() < LAPTOP.height()


def test_a_remembered_size_leaves_room_for_what_the_dialog_holds(
    qtbot: QtBot, parent, settings: QSettings
):
    DialogSizes(settings, parent).keep("Example", QSize(200, 60))
    dialog = Example(parent)
    dialog.words.setText("many words " * 60)
    dialog.open()
    qtbot.waitExposed(dialog)
    words = dialog.words
    assert words.height() >= words.heightForWidth(words.width())


def test_a_dialog_is_as_high_as_its_words_need_at_its_own_width(parent):
    dialog = Example(parent)
    dialog.setMinimumWidth(WIDER.width())
    dialog.words.setText("many words " * 30)
    dialog.fit_height()
    dialog.open()
    needed = dialog.words.heightForWidth(dialog.words.width())
    assert (dialog.width(), dialog.words.height()) == (WIDER.width(), needed)


def test_a_size_that_the_user_gave_is_not_made_smaller(qtbot: QtBot, parent, opened):
    dialog = opened(parent)
    drag(qtbot, dialog, WIDER)
    dialog.fit_height()
    assert dialog.size() == WIDER
    dialog.words.setText("many words " * 300)
    dialog.fit_height()
    assert dialog.words.height() >= dialog.words.heightForWidth(dialog.words.width())


@pytest.mark.parametrize("nonsense", ["", "abc", 7, QSize(0, 0), QSize(-3, 40)])
def test_what_is_no_size_is_passed_over(parent, opened, settings: QSettings, nonsense: object):
    settings.setValue("dialogs/Example", nonsense)
    assert opened(parent).size() == FIRST


def test_a_dialog_of_no_window_opens_as_it_was_made(qtbot: QtBot, opened):
    alone = QWidget()
    qtbot.addWidget(alone)
    assert opened(alone).size() == FIRST


def test_forms_made_on_the_spot_are_told_apart_in_every_language(window: MainWindow):
    def names() -> list[str]:
        titles = (tr("Rename the task"), tr("Schedule of “{task}”", task="Клуб"))
        forms = [SmallForm(window.context.work, window, title) for title in titles]
        return [form.size_name for form in forms]

    in_english = names()
    set_translator(load_translator("ru"))
    assert names() == in_english
    assert len(set(in_english)) == 2


def test_the_window_remembers_the_sizes_of_its_dialogs(
    qtbot: QtBot, make_window: Callable[..., MainWindow], settings: QSettings
):
    window = make_window()
    window.menus.settings.trigger()
    dialog = window.findChild(Dialog)
    qtbot.waitExposed(dialog)
    size = dialog.size() + QSize(60, 40)
    drag(qtbot, dialog, size)
    dialog.reject()
    assert settings.value("dialogs/SettingsDialog") == size


def test_every_dialog_of_the_program_remembers_its_size():
    for module in pkgutil.walk_packages(invite_desktop.ui.__path__, "invite_desktop.ui."):
        importlib.import_module(module.name)
    ours = [each for each in QDialog.__subclasses__() if each.__module__.startswith("invite_")]
    assert ours == [Dialog]
