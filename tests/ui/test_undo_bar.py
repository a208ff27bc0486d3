"""The bar that tells what was done and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.widgets import undo_bar
from invite_desktop.ui.widgets.undo_bar import UndoBar
from invite_desktop.ui.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.background import BackgroundScope


@pytest.fixture
def refusals() -> list[KnownError]:
    return []


@pytest.fixture
def bar(
    qtbot: QtBot,
    background: BackgroundScope,
    refusals: list[KnownError],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[UndoBar]:
    monkeypatch.setattr(undo_bar, "SHOWN_MS", 60)
    # A widget by itself would be a window, and may open right under the pointer.
    host = QWidget()
    made = UndoBar(Work(background, refusals.append), refusals.append)
    made.setParent(host)
    qtbot.addWidget(host)
    host.setGeometry(0, 0, 300, 100)
    QCursor.setPos(600, 500)
    host.show()
    yield made
    host.close()


def deleted() -> str:
    return "Two are deleted."


async def nothing() -> None:
    pass


def test_it_goes_away_by_itself(qtbot: QtBot, bar: UndoBar):
    bar.say(deleted, nothing)
    assert bar.text == "Two are deleted."
    qtbot.waitUntil(bar.isHidden)
    assert bar.text == ""


def test_it_stays_while_the_pointer_is_on_it(qtbot: QtBot, bar: UndoBar):
    bar.say(deleted, nothing)
    place = QPointF(1, 1)
    QApplication.sendEvent(bar, QEnterEvent(place, place, place))
    qtbot.wait(150)
    assert bar.isVisible()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(bar.isHidden)


def test_it_takes_back_once(qtbot: QtBot, bar: UndoBar):
    taken_back: list[int] = []

    async def undo() -> None:
        taken_back.append(1)

    bar.say(deleted, undo)
    qtbot.mouseClick(bar.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: taken_back == [1])
    assert bar.isHidden()
    bar.undo()
    qtbot.wait(50)
    assert taken_back == [1]


def test_a_refused_undo_is_explained(qtbot: QtBot, bar: UndoBar, refusals: list[KnownError]):
    async def undo() -> None:
        raise KnownError(message("It is in use."))

    bar.say(deleted, undo)
    bar.undo()
    qtbot.waitUntil(lambda: len(refusals) == 1)


def test_what_goes_on_is_told_until_it_ends(qtbot: QtBot, bar: UndoBar):
    with bar.under_way(lambda: "Saving…"):
        qtbot.wait(150)
        assert bar.text == "Saving…"
        assert not bar.undo_button.isVisible()
    bar.say(deleted)
    qtbot.waitUntil(bar.isHidden)


def test_what_failed_is_no_longer_told(bar: UndoBar):
    with pytest.raises(KnownError), bar.under_way(lambda: "Saving…"):
        raise KnownError(message("The disk is full."))
    assert bar.isHidden()


def test_what_is_under_way_can_be_stopped(qtbot: QtBot, bar: UndoBar):
    stopped: list[int] = []
    with bar.under_way(lambda: "Saving…", lambda: stopped.append(1)):
        assert bar.stop_button.isVisible()
        qtbot.mouseClick(bar.stop_button, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(bar.stop_button, Qt.MouseButton.LeftButton)
        assert not bar.stop_button.isEnabled()
        bar.say(deleted)
    assert stopped == [1]
    assert bar.stop_button.isHidden()
