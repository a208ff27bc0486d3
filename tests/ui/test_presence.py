"""The tray, notifications, pausing everything, and closing while tasks run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon

from invite_desktop.domain.messages import message
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskReason, TaskSituation, TaskStatus
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.engine.views import TaskView
from invite_desktop.ui.notifications import Notification
from invite_desktop.ui.presence import CLOSING_KEY, CONTINUE_KEY, Closing, closing_choice
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.tray import Mood, mood_of, mood_words, needs_attention
from tests.fakes.engine import NOW, a_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

RUNNING, WAITING, PAUSED = TaskStatus.RUNNING, TaskStatus.WAITING, TaskStatus.PAUSED
COMPLETED, FAILED = TaskStatus.COMPLETED, TaskStatus.FAILED


def a_view(
    number: int, status: TaskStatus, reason: TaskReason = TaskReason.NONE, coming: bool = False
) -> TaskView:
    task = replace(a_task(number, status), situation=TaskSituation(status, reason))
    return TaskView(task, Counters({}), "guests", NOW if coming else None)


@pytest.mark.parametrize(
    ("statuses", "mood"),
    [
        ([], Mood.IDLE),
        ([COMPLETED, FAILED], Mood.IDLE),
        ([WAITING, PAUSED], Mood.WAITING),
        ([RUNNING, WAITING, PAUSED], Mood.WORKING),
        ([COMPLETED, PAUSED], Mood.PAUSED),
    ],
)
def test_the_most_pressing_state_is_shown(statuses: list[TaskStatus], mood: Mood):
    views = [a_view(n, status, TaskReason.BY_USER) for n, status in enumerate(statuses)]
    assert mood_of(views) is mood


def test_a_task_that_paused_by_itself_presses_most():
    views = [a_view(1, RUNNING), a_view(2, PAUSED, TaskReason.PEER_FLOOD)]
    assert mood_of(views) is Mood.ATTENTION


@pytest.mark.parametrize(
    ("status", "reason", "needed"),
    [
        (PAUSED, TaskReason.BY_USER, False),
        (PAUSED, TaskReason.INTERRUPTED, False),
        (PAUSED, TaskReason.PEER_FLOOD, True),
        (FAILED, TaskReason.NO_RIGHTS, True),
        (COMPLETED, TaskReason.NONE, False),
    ],
)
def test_only_what_the_user_did_not_do_needs_her(
    status: TaskStatus, reason: TaskReason, needed: bool
):
    assert needs_attention(a_view(1, status, reason)) is needed


def test_a_wait_is_told_with_its_end():
    words = mood_words([a_view(1, WAITING, coming=True)])
    assert words.startswith("Waiting until")
    assert mood_words([a_view(1, WAITING)]) == "The tasks wait"
    assert mood_words([a_view(1, RUNNING), a_view(2, RUNNING)]) == "2 tasks are running"


@pytest.mark.parametrize(
    ("kept", "choice"),
    [
        ("quit", Closing.QUIT),
        ("keep_working", Closing.KEEP_WORKING),
        ("x", Closing.ASK),
        (None, Closing.ASK),
        ("cancel", Closing.ASK),
    ],
)
def test_only_a_known_way_of_closing_is_taken(kept: object, choice: Closing):
    assert closing_choice(kept) is choice


@pytest.fixture
def a_tray(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A desktop with a tray; what it was told to show."""
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "isVisible", lambda _self: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda *_: True)
    monkeypatch.setattr(
        QSystemTrayIcon,
        "showMessage",
        lambda _self, title, words, _icon, _ms: shown.append((title, words)),
    )
    return shown


@pytest.fixture
def desktop() -> DesktopWithButtons:
    return DesktopWithButtons()


@pytest.fixture
def window(
    make_window: Callable[..., MainWindow],
    engine: FakeEngine,
    request: pytest.FixtureRequest,
) -> MainWindow:
    engine.tasks.put(a_task(1, RUNNING), people=3)
    engine.tasks.put(a_task(2, WAITING), people=3)
    engine.tasks.put(a_task(3, COMPLETED), people=3)
    wanted = "desktop" in request.fixturenames
    notifier = request.getfixturevalue("desktop") if wanted else None
    window = make_window(may_close=False, notifier=notifier)
    window.presence.begin()
    return window


def seen(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: len(window.presence.views) == 3)


def the_box(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    return window.findChild(QMessageBox)


def answer(box: QMessageBox, words: str) -> None:
    next(each for each in box.buttons() if words in each.text()).click()


def test_the_tray_says_what_goes_on(qtbot: QtBot, window: MainWindow):
    seen(qtbot, window)
    tray = window.presence.tray
    assert tray.state.text() == "1 task is running"
    assert tray.icon.toolTip() == "Invite Desktop: 1 task is running"
    assert tray.pause_all.isEnabled()
    assert not tray.resume_all.isEnabled()
    set_theme(ThemeChoice.DARK)
    assert not tray.icon.icon().isNull()


def test_everything_is_paused_and_goes_on_again(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    window.menus.pause_all.trigger()
    qtbot.waitUntil(lambda: {c for c, _ in engine.tasks.calls} == {"pause"})
    assert sorted(task_id for _, task_id in engine.tasks.calls) == [1, 2]
    engine.tasks.calls.clear()
    qtbot.waitUntil(window.presence.tray.resume_all.isEnabled)
    window.presence.tray.resume_all.trigger()
    qtbot.waitUntil(lambda: len(engine.tasks.calls) == 2)
    assert {move for move, _ in engine.tasks.calls} == {"resume"}


def test_what_paused_by_itself_is_not_resumed_with_the_rest(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.tasks.situate(1, TaskSituation(PAUSED, TaskReason.PEER_FLOOD))
    engine.tasks.situate(2, TaskSituation(PAUSED, TaskReason.BY_USER))
    window.menus.resume_all.trigger()
    qtbot.waitUntil(lambda: engine.tasks.calls == [("resume", 2)])


def test_a_finished_task_is_told_to_those_who_look_elsewhere(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    a_tray: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
):
    seen(qtbot, window)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    engine.tasks.situate(1, TaskSituation(COMPLETED))
    qtbot.waitUntil(lambda: len(a_tray) == 1)
    assert a_tray[0][0].startswith("Finished: ")
    window.tabs.go_to(Tab.ACCOUNTS)
    window.presence.tray.icon.messageClicked.emit()
    assert window.tabs.currentIndex() == Tab.TASKS
    assert window.tabs.tasks.page.course.isVisible()


class DesktopWithButtons:
    """Keeps what it is to show, and how each can be followed."""

    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.shown: list[tuple[Notification, Callable[[], None]]] = []

    async def show(self, told: Notification, followed: Callable[[], None]) -> bool:
        self.shown.append((told, followed))
        return self.there


@pytest.mark.parametrize(
    ("situation", "button", "page"),
    [
        (TaskSituation(COMPLETED), "Open report", "course"),
        (TaskSituation(PAUSED, TaskReason.PEER_FLOOD), "Open task", "people"),
    ],
)
def test_a_button_leads_to_what_the_notification_is_about(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    desktop: DesktopWithButtons,
    monkeypatch: pytest.MonkeyPatch,
    situation: TaskSituation,
    button: str,
    page: str,
):
    seen(qtbot, window)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    engine.tasks.situate(1, situation)
    qtbot.waitUntil(lambda: len(desktop.shown) == 1)
    told, followed = desktop.shown[0]
    assert told.button == button
    window.hide()
    followed()
    assert window.isVisible()
    assert getattr(window.tabs.tasks.page, page).isVisible()


def test_where_the_desktop_shows_no_buttons_the_tray_tells(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    desktop: DesktopWithButtons,
    a_tray: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
):
    desktop.there = False
    seen(qtbot, window)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    engine.tasks.situate(1, TaskSituation(COMPLETED))
    qtbot.waitUntil(lambda: len(a_tray) == 1)
    assert len(desktop.shown) == 1


def test_a_matter_without_a_task_leads_to_the_window(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    desktop: DesktopWithButtons,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    engine.bus.publish(AttentionNeeded(message("The keyring is locked.")))
    qtbot.waitUntil(lambda: len(desktop.shown) == 1)
    window.tabs.go_to(Tab.ACCOUNTS)
    window.hide()
    desktop.shown[0][1]()
    assert window.isVisible()
    assert window.tabs.currentIndex() == Tab.ACCOUNTS


def test_what_needs_the_user_is_told_with_its_reason(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    a_tray: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
):
    seen(qtbot, window)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    engine.tasks.situate(1, TaskSituation(PAUSED, TaskReason.PEER_FLOOD))
    engine.bus.publish(AttentionNeeded(message("The keyring is locked.")))
    qtbot.waitUntil(lambda: len(a_tray) == 2)
    assert ("Invite Desktop needs you", "The keyring is locked.") in a_tray
    assert any(title.startswith("Needs you: ") and words for title, words in a_tray)


def test_nothing_is_told_twice_to_those_who_look_at_the_window(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, a_tray: list[tuple[str, str]]
):
    seen(qtbot, window)
    engine.tasks.situate(1, TaskSituation(COMPLETED))
    qtbot.waitUntil(lambda: window.presence.views[0].task.status is COMPLETED)
    assert a_tray == []


def test_a_desktop_without_a_tray_misses_nothing_but_the_icon(qtbot: QtBot, window: MainWindow):
    seen(qtbot, window)
    assert not window.presence.tray.is_there
    assert not window.presence.tray.notify(Notification("x", "y"))


def test_closing_without_tasks_asks_nothing(
    qtbot: QtBot, make_window: Callable[..., MainWindow], engine: FakeEngine
):
    window = make_window(may_close=False)
    with qtbot.waitSignal(window.close_requested):
        window.close()


def test_closing_while_tasks_run_asks_and_can_be_cancelled(qtbot: QtBot, window: MainWindow):
    window.close()
    box = the_box(qtbot, window)
    assert box.text() == "2 tasks are running"
    with qtbot.assertNotEmitted(window.close_requested, wait=100):
        answer(box, "Cancel")
    assert window.isVisible()


@pytest.mark.parametrize(("goes_on", "words"), [("true", "go on when"), ("false", "wait for you")])
def test_the_question_says_what_becomes_of_the_tasks(
    qtbot: QtBot, window: MainWindow, settings: QSettings, goes_on: str, words: str
):
    settings.setValue(CONTINUE_KEY, goes_on)
    window.close()
    box = the_box(qtbot, window)
    assert words in box.informativeText()
    answer(box, "Cancel")


def test_quitting_can_be_chosen_and_remembered(
    qtbot: QtBot, window: MainWindow, settings: QSettings
):
    window.close()
    box = the_box(qtbot, window)
    box.checkBox().setChecked(True)
    with qtbot.waitSignal(window.close_requested):
        answer(box, "quit")
    assert settings.value(CLOSING_KEY) == "quit"
    with qtbot.waitSignal(window.close_requested):
        window.close()


def test_the_program_goes_on_in_the_tray_and_comes_back(
    qtbot: QtBot, window: MainWindow, a_tray: list[tuple[str, str]]
):
    window.close()
    answer(the_box(qtbot, window), "tray")
    qtbot.waitUntil(lambda: not window.isVisible())
    window.presence.tray.open.trigger()
    assert window.isVisible()


def test_without_a_tray_the_window_becomes_small_instead(qtbot: QtBot, window: MainWindow):
    window.close()
    answer(the_box(qtbot, window), "small")
    qtbot.waitUntil(window.isMinimized)


def test_quit_in_the_menu_asks_even_if_closing_means_the_tray(
    qtbot: QtBot, window: MainWindow, settings: QSettings
):
    settings.setValue(CLOSING_KEY, "keep_working")
    window.menus.quit.trigger()
    with qtbot.waitSignal(window.close_requested):
        answer(the_box(qtbot, window), "quit")
