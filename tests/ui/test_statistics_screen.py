"""The Statistics tab."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate
from PySide6.QtTest import QSignalSpy

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.retention import RetentionCount
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskKind, TaskSituation, TaskStatus
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.views import (
    AccountUse,
    AudienceYield,
    BudgetUse,
    Overview,
    TaskStatistics,
)
from invite_desktop.ui.statistics.log_filter import Span
from invite_desktop.ui.statistics.log_model import PAGE
from invite_desktop.ui.statistics.numbers import funnel, in_time, limits, pace_words, yields
from invite_desktop.ui.statistics.report_dialog import ReportDialog
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.widgets.column_chart import Point
from tests.fakes.engine import NOW, a_task, an_account
from tests.ui.conftest import choose_file, rows_of

if TYPE_CHECKING:
    from pathlib import Path

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
    return [tile.number for tile in screen.cards.tiles]


def choose(qtbot: QtBot, screen: StatisticsScreen, task_id: int) -> None:
    position = next(
        place for place, task in enumerate(screen.task.values) if task and task.id == task_id
    )
    screen.task.setCurrentIndex(position)
    qtbot.waitUntil(lambda: screen.cards.causes.title.text() == "Reasons")


def test_overall_numbers_cover_every_task(screen: StatisticsScreen):
    assert tiles(screen) == ["25", "3", "1", "1", "2", "0", "100%"]
    assert rows_of(screen.cards.causes.table) == [["Not started", "1"], ["Running", "1"]]
    assert rows_of(screen.cards.shares.table) == [["Ready", "1"]]


def test_one_task_shows_its_reasons_the_most_frequent_first(qtbot: QtBot, screen: StatisticsScreen):
    choose(qtbot, screen, 1)
    assert rows_of(screen.cards.causes.table) == [
        ["Their privacy settings do not allow it", "2"],
        ["Joined: the membership was checked", "1"],
    ]
    funnel = [["People", "20"], ["Processed", "3"], ["Invited", "1"], ["Joined", "1"]]
    assert rows_of(screen.cards.funnel.table) == funnel


def test_facts_change_numbers_and_leave_the_choice_alone(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    choose(qtbot, screen, 1)
    screen.cards.causes.table.selectRow(1)
    chosen = screen.cards.causes.table.chosen()[0].key
    engine.tasks.end_target(1, 3, TargetState.FAILED, OutcomeCode.NOT_FOUND)
    qtbot.waitUntil(lambda: screen.cards.causes.model.rowCount() == 3)
    assert screen.cards.causes.table.chosen()[0].key == chosen
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
    screen.log.filter.outcome.choose(OutcomeCode.JOINED)
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


def test_with_nothing_yet_one_sentence_leads_to_the_first_task(qtbot: QtBot, window: MainWindow):
    window.tabs.go_to(Tab.STATISTICS)
    screen = window.tabs.statistics
    qtbot.waitUntil(screen.nothing.isVisible)
    assert "No numbers yet" in screen.nothing.text
    assert not screen.cards.isVisible()
    assert not screen.report_button.isEnabled()
    screen.nothing.acted.emit()
    assert window.tabs.tasks.form.isVisible()


def test_the_first_task_brings_the_numbers(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    window.tabs.go_to(Tab.STATISTICS)
    screen = window.tabs.statistics
    qtbot.waitUntil(screen.nothing.isVisible)
    engine.tasks.put(a_task(1), people=5)
    qtbot.waitUntil(screen.cards.isVisible)
    assert screen.cards.shares.empty.text() == "No accounts yet. Add one in Accounts."


def test_the_calls_shown_are_saved_as_a_table(
    qtbot: QtBot, window: MainWindow, screen: StatisticsScreen, engine: FakeEngine, tmp_path: Path
):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(screen.log.save_button.isEnabled)
    screen.log.filter.outcome.choose(OutcomeCode.PRIVACY)
    qtbot.waitUntil(screen.log.save_button.isEnabled)
    screen.log.save_button.click()
    path = tmp_path / "log.xlsx"
    choose_file(qtbot, screen.log, path)
    qtbot.waitUntil(path.exists)
    (asked,) = engine.exports.saved
    assert asked == ("log", path, LedgerFilter(outcome=OutcomeCode.PRIVACY))
    dialog = window.findChild(ReportDialog)
    qtbot.waitUntil(lambda: "log.xlsx" in dialog.words.text())
    assert dialog.windowTitle() == "Execution log"
    dialog.reject()


def test_nothing_is_saved_where_no_call_is_shown(qtbot: QtBot, screen: StatisticsScreen):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(screen.log.save_button.isEnabled)
    screen.log.filter.search.setText("nobody at all")
    qtbot.waitUntil(screen.log.empty.isVisible)
    assert not screen.log.save_button.isEnabled()


def test_who_stayed_follows_in_the_funnel_once_it_was_looked(screen: StatisticsScreen):
    counters = Counters({(TargetState.JOINED, OutcomeCode.JOINED): 4})
    looked = [RetentionCount(1, 3, 1), RetentionCount(7, coming=4), RetentionCount(30, coming=4)]
    rows = funnel(counters, TaskKind.INVITE, looked)
    assert [(row.words, row.count) for row in rows[-2:]] == [
        ("Joined", 4),
        ("Still there after 1 day", 3),
    ]


def test_a_chosen_reason_leads_to_its_people(
    qtbot: QtBot, window: MainWindow, screen: StatisticsScreen
):
    choose(qtbot, screen, 1)
    table = screen.cards.causes.table
    table.row_opened.emit(screen.cards.causes.model.row_at(0))
    people = window.tabs.tasks.page.people
    qtbot.waitUntil(people.isVisible)
    assert people.filter.chosen is TargetState.SKIPPED
    assert people.reason.chosen is OutcomeCode.PRIVACY


def test_a_bar_of_all_tasks_leads_nowhere(
    qtbot: QtBot, window: MainWindow, screen: StatisticsScreen
):
    screen.cards.causes.table.row_opened.emit(screen.cards.causes.model.row_at(0))
    assert window.tabs.currentIndex() == Tab.STATISTICS


def test_a_call_leads_to_its_person(qtbot: QtBot, screen: StatisticsScreen):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: screen.log.model.rowCount() == 3)
    screen.person_opened.disconnect()
    opened = QSignalSpy(screen.person_opened)
    screen.log.table.row_opened.emit(screen.log.model.row_at(0))
    assert opened.at(0) == [screen.log.model.row_at(0).attempt.person_id]


def test_the_log_counts_what_is_asked_for(
    qtbot: QtBot, engine: FakeEngine, screen: StatisticsScreen
):
    screen.pages.setCurrentIndex(1)
    log = screen.log
    qtbot.waitUntil(lambda: log.total.text() == "3 calls")
    log.filter.search.setText("nobody")
    qtbot.waitUntil(lambda: log.total.text() == "0 calls")
    assert log.empty.text.startswith("No call is like this")
    log.empty.acted.emit()
    qtbot.waitUntil(lambda: log.total.text() == "3 calls")


def test_the_log_is_narrowed_to_days_of_this_computer(screen: StatisticsScreen):
    log_filter = screen.log.filter
    log_filter.span.choose(Span.TODAY)
    assert log_filter.wanted(1, NOW).since == NOW.astimezone().replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    log_filter.span.choose(Span.PERIOD)
    log_filter.first.setDate(QDate(2025, 12, 1))
    log_filter.last.setDate(QDate(2025, 12, 2))
    wanted = log_filter.wanted(None, NOW)
    assert (wanted.until - wanted.since).days == 2
    assert wanted.since.date() == date(2025, 12, 1)


def test_time_passes_evenly_in_a_chart():
    hours = in_time({"2025-12-08T08": 4, "2025-12-08T11": 1})
    assert [(point.words, point.count) for point in hours] == [
        ("08:00", 4),
        ("09:00", 0),
        ("10:00", 0),
        ("11:00", 1),
    ]
    days = in_time({f"2025-{month:02}-01": 1 for month in range(1, 13)})
    assert len(days) == 48
    assert days[-1] == Point("1 Dec", 1)


def test_a_running_task_says_its_speed_and_its_end():
    task = a_task(1, TaskStatus.RUNNING)
    numbers = TaskStatistics(task, Counters({}), (), {}, {}, speed_per_hour=5.0)
    assert pace_words(numbers, NOW) == "5 people an hour"
    later = replace(numbers, expected_end=NOW + timedelta(hours=2))
    assert pace_words(later, NOW).startswith("5 people an hour  ·  expected end ")
    assert pace_words(replace(numbers, task=a_task(1, TaskStatus.COMPLETED)), NOW) == ""


def test_accounts_stand_against_their_limits_and_audiences_by_their_share():
    account = an_account(1)
    today = {Action.INVITE: BudgetUse(15, 15), Action.MESSAGE: BudgetUse(0, 12)}
    gained = Counters({(TargetState.JOINED, OutcomeCode.JOINED): 3})
    poor = Counters({(TargetState.FAILED, OutcomeCode.NOT_FOUND): 9, **gained.by_reason})
    overview = Overview(
        {},
        {},
        Counters({}),
        limits=[AccountUse(account, today)],
        audiences=[AudienceYield(1, "Poor", poor), AudienceYield(2, "Good", gained)],
    )
    full, empty = limits(overview)
    assert (full.shown, full.share, full.tone) == ("15 of 15", 1.0, Tone.CARE)
    assert (empty.shown, empty.share, empty.tone) == ("0 of 12", 0.0, Tone.ACTIVE)
    assert [(row.words, row.shown) for row in yields(overview)] == [
        ("Good", "3 of 3, 100%"),
        ("Poor", "3 of 12, 25%"),
    ]
