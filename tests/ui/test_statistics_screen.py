"""The Statistics tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QSignalSpy

from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.retention import RetentionCount
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskKind, TaskSituation, TaskStatus
from invite_desktop.ui.statistics.log_model import PAGE
from invite_desktop.ui.statistics.numbers import funnel
from invite_desktop.ui.tabs import Tab
from tests.fakes.engine import a_task, an_account
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.statistics.statistics_screen import StatisticsScreen
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.accounts.put(an_account(1))
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=20)
    engine.tasks.put(a_task(2), people=5)
    engine.tasks.end_target(1, 0, TargetState.JOINED, OutcomeCode.JOINED)
    engine.tasks.end_target(1, 1, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    engine.tasks.end_target(1, 2, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    window.tabs.go_to(Tab.STATISTICS)
    screen = window.tabs.statistics
    qtbot.waitUntil(lambda: screen.task.count() == 3)
    qtbot.waitUntil(lambda: tiles(screen)[0] == "25")
    return screen


def tiles(screen: StatisticsScreen) -> list[str]:
    return [tile.number for tile in screen.tiles]


def choose(qtbot: QtBot, screen: StatisticsScreen, task_id: int) -> None:
    position = next(
        place for place, task in enumerate(screen.task.values) if task and task.id == task_id
    )
    screen.task.setCurrentIndex(position)
    qtbot.waitUntil(lambda: screen.causes.title.text() == "Reasons")


def test_overall_numbers_cover_every_task(screen: StatisticsScreen):
    assert tiles(screen) == ["25", "3", "1", "1", "2", "0", "100%"]
    assert rows_of(screen.causes.table) == [["Not started", "1"], ["Running", "1"]]
    assert rows_of(screen.shares.table) == [["Ready", "1"]]


def test_one_task_shows_its_reasons_the_most_frequent_first(qtbot: QtBot, screen: StatisticsScreen):
    choose(qtbot, screen, 1)
    assert rows_of(screen.causes.table) == [
        ["Their privacy settings do not allow it", "2"],
        ["Joined: the membership was checked", "1"],
    ]
    funnel = [["People", "20"], ["Processed", "3"], ["Invited", "1"], ["Joined", "1"]]
    assert rows_of(screen.funnel.table) == funnel


def test_facts_change_numbers_and_leave_the_choice_alone(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    choose(qtbot, screen, 1)
    screen.causes.table.selectRow(1)
    chosen = screen.causes.table.chosen()[0].key
    engine.tasks.end_target(1, 3, TargetState.FAILED, OutcomeCode.NOT_FOUND)
    qtbot.waitUntil(lambda: screen.causes.model.rowCount() == 3)
    assert screen.causes.table.chosen()[0].key == chosen
    assert screen.task_id == 1


def test_the_log_shows_every_call_newest_first(qtbot: QtBot, screen: StatisticsScreen):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: screen.log.model.rowCount() == 3)
    newest = rows_of(screen.log.table)[0]
    assert newest[1:3] == ["Приглашения в «Клуб»", "Иван Петров 2 (@rehearsal_7_00002)"]
    assert newest[5] == "Their privacy settings do not allow it"


def test_new_calls_come_on_top_without_a_reset(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: screen.log.model.rowCount() == 3)
    screen.log.table.selectRow(0)
    chosen = screen.log.table.chosen()
    resets = QSignalSpy(screen.log.model.modelReset)
    engine.tasks.end_target(1, 5, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: screen.log.model.rowCount() == 4)
    assert screen.log.table.chosen() == chosen
    assert resets.count() == 0


def test_the_log_can_be_narrowed_to_an_outcome(qtbot: QtBot, screen: StatisticsScreen):
    screen.pages.setCurrentIndex(1)
    screen.log.outcome.choose(OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: [row[5] for row in rows_of(screen.log.table)] == [JOINED_WORDS])


JOINED_WORDS = "Joined: the membership was checked"


def test_older_calls_come_as_one_scrolls(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    engine.tasks.put(a_task(3), people=450)
    for place in range(450):
        engine.tasks.end_target(3, place, TargetState.JOINED, OutcomeCode.JOINED)
    screen.pages.setCurrentIndex(1)
    model = screen.log.model
    qtbot.waitUntil(lambda: model.rowCount() == PAGE)
    while model.canFetchMore():
        before = model.rowCount()
        model.fetchMore()
        qtbot.waitUntil(lambda before=before: model.rowCount() > before)
    ids = [row.attempt.id for row in model.rows]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 453


def test_counters_that_disagree_are_said_aloud(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    engine.statistics.doubt = message("The counters differ by 2.")
    engine.tasks.situate(1, TaskSituation(TaskStatus.COMPLETED))
    choose(qtbot, screen, 1)
    qtbot.waitUntil(lambda: screen.disagreement.text() == "The counters differ by 2.")


def test_with_nothing_yet_every_card_says_so(qtbot: QtBot, window: MainWindow):
    window.tabs.go_to(Tab.STATISTICS)
    screen = window.tabs.statistics
    qtbot.waitUntil(screen.shares.empty.isVisible)
    assert screen.shares.empty.text() == "No accounts yet. Add one in Accounts."


def test_who_stayed_follows_in_the_funnel_once_it_was_looked(screen: StatisticsScreen):
    counters = Counters({(TargetState.JOINED, OutcomeCode.JOINED): 4})
    looked = [RetentionCount(1, 3, 1), RetentionCount(7, coming=4), RetentionCount(30, coming=4)]
    rows = funnel(counters, TaskKind.INVITE, looked)
    assert [(row.words, row.count) for row in rows[-2:]] == [
        ("Joined", 4),
        ("Still there after 1 day", 3),
    ]
