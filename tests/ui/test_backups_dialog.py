"""The dialog of backups: made, put back, and the confirmation after a restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMessageBox

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.forgotten_invitations import DoubtfulTask
from invite_desktop.engine.ports.restores import Restore
from invite_desktop.ui.backups_dialog import BackupsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def restored(engine: FakeEngine) -> None:
    now = engine.clock.now()
    engine.restored.restore = Restore(now, now, 0)


def opened(window: MainWindow) -> BackupsDialog:
    window.menus.backups.trigger()
    dialog = window.findChild(BackupsDialog)
    assert dialog is not None
    return dialog


def box(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    def shown() -> QMessageBox | None:
        return next((b for b in window.findChildren(QMessageBox) if b.isVisible()), None)

    qtbot.waitUntil(lambda: shown() is not None)
    found = shown()
    assert found is not None
    return found


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def test_a_backup_can_be_made_and_is_listed(qtbot: QtBot, window: MainWindow):
    dialog = opened(window)
    qtbot.waitUntil(dialog.make_button.isEnabled)
    assert not dialog.restore_button.isEnabled()
    dialog.make_button.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    assert dialog.restore_button.isEnabled()


def test_going_back_asks_first_and_closes_the_program(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    dialog = opened(window)
    dialog.make_button.click()
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    dialog.restore_button.click()
    with qtbot.waitSignal(window.close_requested):
        press(box(qtbot, window), "Go back and close")
    assert engine.backups.put_back_names == [engine.backups.there[0].name]


def test_a_no_leaves_everything_as_it_is(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    dialog = opened(window)
    dialog.make_button.click()
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    dialog.restore_button.click()
    press(box(qtbot, window), "Cancel")
    assert dialog.isVisible()
    assert engine.backups.put_back_names == []


def test_what_the_disk_refuses_is_said_in_the_dialog(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.backups.refusal = KnownError(message("The disk is full."))
    dialog = opened(window)
    dialog.make_button.click()
    qtbot.waitUntil(lambda: "disk is full" in dialog.error.text())
    assert dialog.make_button.isEnabled()


def test_without_a_restore_there_is_nothing_to_confirm(qtbot: QtBot, window: MainWindow):
    dialog = opened(window)
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.confirm_button.isVisible()
    assert not dialog.off.isVisible()


@pytest.mark.usefixtures("restored")
def test_a_restore_is_confirmed_here(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    dialog = opened(window)
    qtbot.waitUntil(dialog.confirm_button.isVisible)
    dialog.confirm_button.click()
    said = box(qtbot, window)
    assert "2 people" in said.informativeText()
    press(said, "Close")
    assert engine.restored.restore is None
    assert not dialog.confirm_button.isVisible()


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(
    ("answer", "uncertain"), [("Invite them", False), ("Leave them out", True)]
)
def test_whom_nobody_remembers_is_asked_about_with_counts(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, answer: str, *, uncertain: bool
):
    engine.restored.doubtful = [DoubtfulTask(1, "To the club", 5), DoubtfulTask(2, "Others", 1)]
    dialog = opened(window)
    qtbot.waitUntil(dialog.confirm_button.isVisible)
    dialog.confirm_button.click()
    asked = box(qtbot, window)
    assert "6 people" in asked.text()
    assert "To the club: 5 people" in asked.informativeText()
    assert "Others: 1 person" in asked.informativeText()
    press(asked, answer)
    qtbot.waitUntil(lambda: "on again" in box(qtbot, window).text())
    said = box(qtbot, window)
    assert "4 people were invited" in said.informativeText()
    assert ("6 people are uncertain" in said.informativeText()) is uncertain
    press(said, "Close")


@pytest.mark.usefixtures("restored")
def test_a_confirmation_that_cannot_be_settled_says_why(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.restored.refusal = KnownError(message("Anna cannot be asked."))
    dialog = opened(window)
    qtbot.waitUntil(dialog.confirm_button.isVisible)
    dialog.confirm_button.click()
    qtbot.waitUntil(lambda: "cannot be asked" in dialog.error.text())
    assert dialog.confirm_button.isEnabled()
    assert dialog.confirm_button.isVisible()
