"""Settings take effect at once and are remembered; the shortcuts are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog
from invite_desktop.ui.presence import Closing, continues_after_restart
from invite_desktop.ui.settings_dialog import SettingsDialog
from invite_desktop.ui.shortcuts import ShortcutsDialog
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.theme import CONTRAST, ThemeChoice, colours

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow


class NotedAutostart:
    """Remembers what was chosen, or refuses."""

    def __init__(self) -> None:
        self.on = False
        self.refusal: KnownError | None = None

    def is_on(self) -> bool:
        return self.on

    def set_on(self, on: bool, /) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.on = on


@pytest.fixture
def autostart() -> NotedAutostart:
    return NotedAutostart()


@pytest.fixture
def dialog(qtbot: QtBot, settings: QSettings, window: MainWindow, autostart: NotedAutostart):
    made = SettingsDialog(settings, autostart, window)
    made.open()
    return made


def choose(box: object, value: object) -> None:
    box.choose(value)
    box.activated.emit(box.currentIndex())


def test_the_menu_opens_them(qtbot: QtBot, window: MainWindow):
    window.menus.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog.isVisible()
    assert dialog.at_login.isHidden()


def test_language_and_theme_change_the_window_at_once(window: MainWindow, settings: QSettings):
    window.menus.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    choose(dialog.theme, ThemeChoice.CONTRAST)
    assert colours() is CONTRAST
    assert settings.value("window/theme") == "contrast"
    choose(dialog.language, "ru")
    assert window.tabs.tabText(Tab.TASKS) == "Задачи"
    assert settings.value("window/language") == "ru"


def test_the_rest_is_kept(dialog: SettingsDialog, settings: QSettings):
    choose(dialog.region, "KZ")
    choose(dialog.closing, Closing.QUIT)
    dialog.go_on.setChecked(False)
    assert settings.value("import/region") == "KZ"
    assert settings.value("window/closing") == "quit"
    assert not continues_after_restart(settings)


def test_what_was_kept_is_shown(
    qtbot: QtBot, settings: QSettings, window: MainWindow, autostart: NotedAutostart
):
    settings.setValue("import/region", "BY")
    settings.setValue("window/closing", "keep_working")
    settings.setValue("desktop/continue_after_restart", "false")
    autostart.on = True
    dialog = SettingsDialog(settings, autostart, window)
    assert (dialog.region.chosen, dialog.closing.chosen) == ("BY", Closing.KEEP_WORKING)
    assert (dialog.go_on.isChecked(), dialog.at_login.isChecked()) == (False, True)


def test_the_start_at_log_in_is_changed(dialog: SettingsDialog, autostart: NotedAutostart):
    dialog.at_login.click()
    assert autostart.on
    dialog.at_login.click()
    assert not autostart.on


def test_a_refused_start_at_log_in_is_told_beside_it(
    dialog: SettingsDialog, autostart: NotedAutostart
):
    autostart.refusal = KnownError(message("The folder is not yours."))
    dialog.at_login.click()
    assert not dialog.at_login.isChecked()
    assert "not yours" in dialog.at_login_error.text()


def test_the_proxy_is_one_click_away(qtbot: QtBot, window: MainWindow):
    window.menus.settings.trigger()
    window.findChild(SettingsDialog).proxy_button.click()
    qtbot.waitUntil(lambda: window.findChild(ProxyDialog) is not None)
    window.findChild(ProxyDialog).reject()


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question])
def test_the_shortcuts_are_listed_under_two_keys(qtbot: QtBot, window: MainWindow, key: Qt.Key):
    qtbot.keyClick(window, key)
    dialog = window.findChild(ShortcutsDialog)
    said = " ".join(shown.text() for shown in dialog.findChildren(QLabel))
    for words in (
        "New task",
        "Ctrl+N",
        "Go to “Accounts”",
        "Ctrl+4",
        "F1",
        "Pause all tasks",
        "Del",
        "F2",
        "Ctrl+Z",
    ):
        assert words in said
    dialog.close_button.click()


def test_a_question_mark_can_still_be_typed(qtbot: QtBot, window: MainWindow):
    window.tabs.begin_task()
    field = window.tabs.tasks.form.message.text
    field.show()
    field.setFocus()
    qtbot.keyClicks(field, "?")
    assert window.findChild(ShortcutsDialog) is None


def test_no_two_actions_share_a_key(make_window: Callable[..., MainWindow]):
    window = make_window()
    keys = [
        keys.toString()
        for menu in (window.menus.file, window.menus.help)
        for action in menu.actions()
        for keys in action.shortcuts()
    ]
    assert len(keys) == len(set(keys)) > 8
    assert window.findChildren(QDialog) == []
