"""Questions and messages in boxes that do not stop the loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.theme import ThemeChoice, set_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.background import BackgroundScope
    from invite_desktop.ui.main_window import MainWindow


def box_of(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    def find() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: len(find()) == 1)
    return find()[0]


@pytest.fixture
def asked(background: BackgroundScope, window: MainWindow) -> asyncio.Task[bool]:
    return background.start(window.notices.ask("Cancel it?", "For ever.", "Yes, do"), "ask")


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    button = next(button for button in box.buttons() if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tab_order(box: QMessageBox) -> list[str]:
    """Return what has the keyboard now, and after each press of Tab until it has it again."""
    found: list[str] = []
    while found.count(found[0] if found else "") < 2 and len(found) < 9:
        focused = box.focusWidget()
        assert isinstance(focused, QAbstractButton)
        found.append(focused.text())
        box.focusNextChild()
    return found


@pytest.mark.parametrize(("text", "answer"), [("Yes, do", True), ("Cancel", False)])
def test_a_question_is_answered(
    qtbot: QtBot, window: MainWindow, asked: asyncio.Task[bool], text: str, answer: bool
):
    box = box_of(qtbot, window)
    assert (box.text(), box.informativeText()) == ("Cancel it?", "For ever.")
    press(qtbot, box, text)
    qtbot.waitUntil(asked.done)
    assert asked.result() is answer


def test_escape_means_no(qtbot: QtBot, window: MainWindow, asked: asyncio.Task[bool]):
    qtbot.keyClick(box_of(qtbot, window), Qt.Key.Key_Escape)
    qtbot.waitUntil(asked.done)
    assert asked.result() is False


def test_the_loop_runs_on_behind_an_open_box(
    qtbot: QtBot, window: MainWindow, background: BackgroundScope, asked: asyncio.Task[bool]
):
    box_of(qtbot, window)
    ticks: list[int] = []

    async def tick() -> None:
        for number in range(5):
            await asyncio.sleep(0)
            ticks.append(number)

    background.start(tick(), "ticks")
    qtbot.waitUntil(lambda: len(ticks) == 5)
    assert not asked.done()


def test_a_refusal_is_shown_with_its_next_step(qtbot: QtBot, window: MainWindow):
    window.notices.refused(KnownError(message("The file is broken."), message("Save it anew.")))
    box = box_of(qtbot, window)
    assert (box.text(), box.informativeText()) == ("The file is broken.", "Save it anew.")
    press(qtbot, box, "Close")


def test_beside_a_field_a_refusal_is_one_line():
    error = KnownError(message("It is broken."), message("Mend it."))
    assert refusal_text(error) == "It is broken. Mend it."
    assert refusal_text(KnownError(message("It is broken."))) == "It is broken."


def test_enter_presses_what_does_no_harm_and_the_sign_follows_the_theme(
    qtbot: QtBot, window: MainWindow, background: BackgroundScope
):
    asking = window.notices.choose_and_remember("Which?", "", ["This", "Neither"], "Always")
    background.start(asking, "ask")
    box = box_of(qtbot, window)
    qtbot.waitUntil(box.isActiveWindow)
    assert box.focusWidget() is box.defaultButton()
    sign = box.iconPixmap().toImage()
    set_theme(ThemeChoice.DARK)
    assert box.iconPixmap().toImage() != sign
    assert box.focusWidget() is box.defaultButton()
    assert tab_order(box) == ["Neither", "Always", "This", "Neither"]
    press(qtbot, box, "Neither")
