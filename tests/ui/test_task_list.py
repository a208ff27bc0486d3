"""The list of tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMessageBox

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskSituation, TaskStatus
from tests.fakes.engine import a_task
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.task_list import TaskList
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def tasks(window: MainWindow):
    return window.tabs.tasks.list


@pytest.fixture
def one(qtbot: QtBot, engine: FakeEngine, tasks: TaskList):
    engine.tasks.put(a_task(1), people=10)
    qtbot.waitUntil(lambda: len(tasks.model.rows) == 1)
    tasks.table.selectRow(0)
    return tasks


def texts_of(one: TaskList) -> list[str]:
    actions = (
        *one.actions_on_tasks.often[:4],
        one.actions_on_tasks.retry,
        one.actions_on_tasks.reschedule,
    )
    return [action.text().replace("&", "") for action in actions if action.isEnabled()]


def test_without_tasks_it_says_what_to_do_next(qtbot: QtBot, window: MainWindow, tasks: TaskList):
    assert "Drop a list" in tasks.empty.text
    tasks.empty.acted.emit()
    assert window.tabs.tasks.form.isVisible()


def test_a_task_is_a_row(qtbot: QtBot, one: TaskList):
    qtbot.waitUntil(lambda: rows_of(one.table) != [])
    name, kind, chat, status, progress, people, *_ = rows_of(one.table)[0]
    assert (name, kind, chat) == ("Приглашения в «Клуб»", "Invitations", "Клуб")
    assert (status, progress, people) == ("Not started", "0%", "0 of 10")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (TaskStatus.READY, ["Start", "Cancel task", "Schedule…"]),
        (TaskStatus.RUNNING, ["Pause", "Cancel task", "Schedule…"]),
        (TaskStatus.WAITING, ["Pause", "Cancel task", "Schedule…"]),
        (TaskStatus.PAUSED, ["Resume", "Cancel task", "Schedule…"]),
        (TaskStatus.COMPLETED, []),
        (TaskStatus.FAILED, []),
        (TaskStatus.CANCELLED, []),
    ],
)
def test_only_what_the_state_allows_can_be_done(
    qtbot: QtBot, engine: FakeEngine, one: TaskList, status: TaskStatus, allowed: list[str]
):
    engine.tasks.situate(1, TaskSituation(status))
    qtbot.waitUntil(lambda: one.model.rows[0].task.status is status)
    qtbot.waitUntil(lambda: texts_of(one) == allowed)


def test_only_failures_that_may_be_retried_can_be_retried(
    qtbot: QtBot, engine: FakeEngine, one: TaskList
):
    engine.tasks.end_target(1, 0, TargetState.FAILED, OutcomeCode.NOT_FOUND)
    engine.tasks.situate(1, TaskSituation(TaskStatus.COMPLETED))
    qtbot.waitUntil(lambda: texts_of(one) == [])
    engine.tasks.end_target(1, 1, TargetState.FAILED, OutcomeCode.ADD_FAILED)
    qtbot.waitUntil(lambda: texts_of(one) == ["Retry failed"])


def test_start_starts_the_task(qtbot: QtBot, engine: FakeEngine, one: TaskList):
    one.actions_on_tasks.start.trigger()
    qtbot.waitUntil(lambda: rows_of(one.table)[0][3] == "Running")
    assert engine.tasks.calls == [("start", 1)]


def test_a_refused_start_is_explained(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, one: TaskList
):
    engine.tasks.refusal = KnownError(message("No account is ready."), message("Wait."))
    one.actions_on_tasks.start.trigger()
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    assert (box.text(), box.informativeText()) == ("No account is ready.", "Wait.")
    box.reject()


@pytest.mark.parametrize(("agreed", "calls"), [(True, [("cancel", 1)]), (False, [])])
def test_cancelling_asks_first(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    one: TaskList,
    agreed: bool,
    calls: list[tuple[str, int]],
):
    one.actions_on_tasks.cancel.trigger()
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    wanted = "Cancel the task" if agreed else "Keep"
    button = next(button for button in box.buttons() if button.text() == wanted)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not any(b.isVisible() for b in window.findChildren(QMessageBox)))
    qtbot.waitUntil(lambda: engine.tasks.calls == calls)


def test_a_change_repaints_its_own_row_and_keeps_the_choice(
    qtbot: QtBot, engine: FakeEngine, one: TaskList
):
    engine.tasks.put(a_task(2), people=5)
    qtbot.waitUntil(lambda: len(one.model.rows) == 2)
    one.table.choose_position(1)
    chosen = [view.task.id for view in one.table.chosen()]
    resets = QSignalSpy(one.model.modelReset)
    engine.tasks.viewed.clear()
    engine.tasks.end_target(2, 0, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: engine.tasks.viewed == [2])
    qtbot.waitUntil(lambda: any(row[5] == "1 of 5" for row in rows_of(one.table)))
    assert [view.task.id for view in one.table.chosen()] == chosen
    assert resets.count() == 0


def test_the_reason_of_a_state_is_in_its_tool_tip(qtbot: QtBot, engine: FakeEngine, one: TaskList):
    engine.tasks.situate(1, TaskSituation(TaskStatus.WAITING, TaskReason.PACE))
    qtbot.waitUntil(lambda: rows_of(one.table)[0][3] == "Waiting")
    hint = one.model.index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert hint == "Waiting: keeping the safe pace"


def test_double_click_opens_the_task(qtbot: QtBot, window: MainWindow, one: TaskList):
    place = one.table.visualRect(one.table.model().index(0, 0)).center()
    viewport = one.table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert window.tabs.tasks.page.isVisible()


def test_a_hidden_list_loads_when_it_is_seen(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, one: TaskList
):
    window.tabs.go_to(1)
    engine.tasks.viewed.clear()
    engine.tasks.situate(1, TaskSituation(TaskStatus.RUNNING))
    qtbot.wait(250)
    assert engine.tasks.viewed == []
    window.tabs.go_to(0)
    qtbot.waitUntil(lambda: rows_of(one.table)[0][3] == "Running")


def test_a_cancelled_task_does_not_show_the_reason_of_an_earlier_pause(
    qtbot: QtBot, engine: FakeEngine, one: TaskList
):
    engine.tasks.situate(1, TaskSituation(TaskStatus.CANCELLED, TaskReason.BY_USER))
    qtbot.waitUntil(lambda: rows_of(one.table)[0][3] == "Cancelled")
    assert one.model.index(0, 3).data(Qt.ItemDataRole.ToolTipRole) == "Cancelled"


def test_on_another_day_all_rows_are_painted_anew(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, one: TaskList
):
    painted: list[bool] = []
    viewport = one.table.viewport()
    monkeypatch.setattr(viewport, "update", lambda: painted.append(True))
    engine.tasks.put(a_task(2), people=10)
    qtbot.waitUntil(lambda: len(one.model.rows) == 2)
    assert painted == []
    engine.clock.moment += timedelta(days=1)
    engine.tasks.put(a_task(2), people=11)
    qtbot.waitUntil(lambda: painted == [True])
