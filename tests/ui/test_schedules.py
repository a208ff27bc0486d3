"""Start times and working hours, in the form and of a task that is there already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDateTime, QTime
from PySide6.QtWidgets import QMessageBox

from invite_desktop.domain.schedule import Schedule, WorkingHours
from invite_desktop.engine.events import StartMissed
from invite_desktop.ui.tasks.schedule_dialog import ask_for_schedule
from invite_desktop.ui.tasks.schedule_field import ScheduleField, Start, schedule_words
from tests.fakes.engine import NOW, a_task

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

TOMORROW = NOW.replace(second=0, microsecond=0) + timedelta(days=1)
NIGHTS = WorkingHours(frozenset({0, 6}), time(22), time(6, 30), "Asia/Kathmandu")


@pytest.fixture
def field(qtbot: QtBot) -> ScheduleField:
    made = ScheduleField(lambda: NOW)
    qtbot.addWidget(made)
    made.show()
    return made


def test_at_first_a_task_starts_by_hand_and_works_day_and_night(field: ScheduleField):
    assert field.schedule() == Schedule()
    assert not field.moment.isVisible()
    assert not field.begins.isVisible()


@pytest.mark.parametrize(
    "schedule", [Schedule(), Schedule(TOMORROW), Schedule(hours=NIGHTS), Schedule(TOMORROW, NIGHTS)]
)
def test_a_schedule_that_is_shown_comes_back_as_it_was(field: ScheduleField, schedule: Schedule):
    field.show_schedule(schedule)
    assert field.schedule() == schedule


def test_working_hours_begin_as_office_hours_of_this_machine(field: ScheduleField):
    field.limited.setChecked(True)
    hours = field.schedule().hours
    assert hours is not None
    assert (hours.weekdays, hours.begins, hours.ends) == (frozenset(range(5)), time(9), time(18))
    assert field.begins.isVisible()


@pytest.mark.parametrize("wrong", ["past", "no day", "no zone"])
def test_what_cannot_be_is_said_beside_the_field(field: ScheduleField, wrong: str):
    if wrong == "past":
        field.start.choose(Start.AT_A_TIME)
        field.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(NOW.timestamp()) - 60))
    else:
        field.limited.setChecked(True)
        for day in field.days if wrong == "no day" else ():
            day.setChecked(False)
        if wrong == "no zone":
            field.zone.setCurrentText("Mars/Olympus")
    assert field.error.isVisible()
    assert not field.complete()
    field.clear()
    assert not field.error.isVisible()


def test_the_words_tell_start_and_hours(field: ScheduleField):
    assert schedule_words(Schedule(), NOW) == ""
    words = schedule_words(Schedule(TOMORROW, NIGHTS), NOW)
    assert "Mon, Sun, 22:00 to 06:30 (Asia/Kathmandu)" in words
    assert words.startswith("starts ")


def test_the_form_plans_for_the_hours_and_leaves_the_start_to_the_clock(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    form.when.show_schedule(Schedule(TOMORROW, NIGHTS))
    form.when.begins.setTime(QTime(21, 0))
    qtbot.waitUntil(lambda: not form.start_button.isEnabled())
    assert "by itself" in form.start_button.toolTip()
    form.when.clear()
    form.when.changed.emit()
    qtbot.waitUntil(form.start_button.isEnabled)


def test_a_schedule_is_changed_in_a_dialog(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.tasks.put(a_task(1), people=3)
    form = ask_for_schedule(window.context, engine.tasks.rows[1], window)
    field = form.findChild(ScheduleField)
    field.show_schedule(Schedule(hours=NIGHTS))
    form.yes_button.click()
    qtbot.waitUntil(lambda: engine.tasks.rows[1].schedule == Schedule(hours=NIGHTS))


@pytest.mark.parametrize(
    ("answer", "started", "start_at"),
    [
        ("Start now", [("start", 1)], NOW - timedelta(hours=30)),
        ("Tomorrow at the same time", [], NOW + timedelta(hours=18)),
        ("Leave it", [], NOW - timedelta(hours=30)),
    ],
)
def test_a_missed_start_is_asked_about(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    answer: str,
    started: list[tuple[str, int]],
    start_at: datetime,
):
    engine.tasks.put(a_task(1), people=3)
    missed = Schedule(NOW - timedelta(hours=30))
    engine.tasks.rows[1] = replace(engine.tasks.rows[1], schedule=missed)
    engine.bus.publish(StartMissed(1))
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert "missed its start" in box.text()
    next(each for each in box.buttons() if each.text() == answer).click()
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    qtbot.waitUntil(lambda: engine.tasks.rows[1].schedule.start_at == start_at)
    assert [call for call in engine.tasks.calls if call[0] == "start"] == started
    assert start_at.tzinfo is UTC
