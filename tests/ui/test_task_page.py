"""One task's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskSituation, TaskStatus
from invite_desktop.ui.widgets.action_button import ActionButton
from tests.fakes.engine import a_task
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.task_page import TaskPage
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=1_000)
    window.tabs.tasks.open_task(1)
    page = window.tabs.tasks.page
    qtbot.waitUntil(lambda: page.model.rowCount() == 1_000)
    qtbot.waitUntil(lambda: page.model.row_at(0) is not None)
    return page


def numbers(page: TaskPage) -> list[str]:
    return [tile.number for tile in page.tiles]


def test_it_says_where_the_task_stands(page: TaskPage):
    assert page.header.name.text() == "Приглашения в «Клуб»"
    assert page.header.situation.text().startswith("Running")
    assert "audience “Гости вебинара”" in page.header.situation.text()
    assert numbers(page) == ["1,000", "1,000", "0", "0", "0", "0"]


def test_a_pause_by_the_breaker_says_why(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    engine.tasks.situate(1, TaskSituation(TaskStatus.PAUSED, TaskReason.PEER_FLOOD))
    qtbot.waitUntil(lambda: "contacts too many people" in page.header.situation.text())


def test_an_end_changes_its_row_and_the_numbers(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    resets = QSignalSpy(page.model.modelReset)
    page.table.selectRow(1)
    engine.tasks.end_target(1, 1, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    qtbot.waitUntil(lambda: rows_of(page.table)[1][2] == "Left out")
    qtbot.waitUntil(lambda: numbers(page) == ["1,000", "999", "0", "0", "1", "0"])
    assert rows_of(page.table)[1][3] == "Their privacy settings do not allow it"
    assert page.progress.value() == 1
    assert [target.position for target in page.table.chosen()] == [2]
    assert resets.count() == 0


def test_only_the_pages_looked_at_are_fetched(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    qtbot.wait(50)
    assert set(engine.tasks.pages) == {0}


def test_people_can_be_filtered_by_state(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    for place in (3, 500, 900):
        engine.tasks.end_target(1, place, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: numbers(page)[3] == "3")
    page.filter.choose(TargetState.JOINED)
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.table)] == ["4", "501", "901"])
    engine.tasks.end_target(1, 950, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.table)][-1] == "951")


def test_pause_and_resume_from_the_page(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    page.actions_on_task.pause.trigger()
    qtbot.waitUntil(page.actions_on_task.resume.isEnabled)
    page.actions_on_task.resume.trigger()
    qtbot.waitUntil(page.actions_on_task.pause.isEnabled)
    assert engine.tasks.calls == [("pause", 1), ("resume", 1)]


def test_the_invite_link_is_fetched_and_copied(qtbot: QtBot, qapp: QApplication, page: TaskPage):
    qtbot.mouseClick(page.link.get_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.link.address.isVisible)
    qtbot.mouseClick(page.link.copy_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == "https://t.me/+AbCdEfGh12345"


def test_back_leads_to_the_list(qtbot: QtBot, window: MainWindow, page: TaskPage):
    qtbot.mouseClick(page.header.back_button, Qt.MouseButton.LeftButton)
    assert window.tabs.tasks.list.isVisible()


def test_another_task_shows_its_own_people(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, page: TaskPage
):
    engine.tasks.put(a_task(2), people=3)
    window.tabs.tasks.open_task(2)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    qtbot.waitUntil(lambda: page.model.row_at(0) is not None)
    assert page.model.row_at(0).task_id == 2


def test_only_what_is_allowed_now_is_offered(qtbot: QtBot, page: TaskPage):
    def offered() -> list[str]:
        buttons = page.header.findChildren(ActionButton)
        return [button.text().replace("&", "") for button in buttons if button.isVisible()]

    qtbot.waitUntil(lambda: offered() == ["Pause", "Cancel task"])
    page.actions_on_task.pause.trigger()
    qtbot.waitUntil(lambda: offered() == ["Resume", "Cancel task"])
