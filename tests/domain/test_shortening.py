"""What would make a task shorter, within the same limits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.forecast import forecast
from invite_desktop.domain.pace import DAY, PaceHistory, trust
from invite_desktop.domain.schedule import ANY_TIME, EVERY_DAY, Schedule, WorkingHours
from invite_desktop.domain.shortening import ShorteningKind, full_trust_at, shortenings
from tests.examples import examples

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW = PaceHistory(NOW - timedelta(hours=5), {})
TRUSTED = PaceHistory(NOW - timedelta(days=30), {})
OFFICE = Schedule(hours=WorkingHours())


def kinds(people: int, histories: list[PaceHistory], schedule: Schedule = ANY_TIME):
    found = shortenings(people, Action.INVITE, histories, NOW, schedule)
    return {each.kind: each for each in found}


def test_without_an_account_nothing_is_proposed():
    assert kinds(500, []) == {}


def test_what_is_done_in_a_day_needs_nothing():
    assert kinds(10, [TRUSTED]) == {}


def test_another_account_counts_as_one_that_is_added_now():
    found = kinds(1_000, [TRUSTED])
    assert list(found) == [ShorteningKind.ANOTHER_ACCOUNT]
    newcomer = PaceHistory(NOW, {})
    usual = forecast(1_000, Action.INVITE, [TRUSTED, newcomer], NOW)
    assert found[ShorteningKind.ANOTHER_ACCOUNT].expected == usual
    assert usual.days < forecast(1_000, Action.INVITE, [TRUSTED], NOW).days


def test_waiting_for_trust_counts_from_the_day_on_which_it_is_full():
    change = kinds(200, [NEW])[ShorteningKind.FULL_TRUST]
    assert change.at == NEW.added_at + 14 * DAY
    assert change.expected == forecast(200, Action.INVITE, [TRUSTED], change.at)


def test_hours_too_short_for_a_day_are_made_just_long_enough():
    short = Schedule(hours=WorkingHours(EVERY_DAY, time(22, 30), time(1, 0)))
    change = kinds(200, [TRUSTED], short)[ShorteningKind.LONGER_HOURS]
    assert (change.hours.begins, change.hours.ends) == (time(22, 30), time(8, 30))
    assert change.expected.days == 4


def test_hours_that_suffice_are_left_alone():
    long = Schedule(hours=WorkingHours(EVERY_DAY, time(8), time(18)))
    assert ShorteningKind.LONGER_HOURS not in kinds(500, [TRUSTED], long)
    all_day = Schedule(hours=WorkingHours(EVERY_DAY, time(9), time(9)))
    assert ShorteningKind.LONGER_HOURS not in kinds(500, [TRUSTED], all_day)


def test_the_weekend_ends_the_task_sooner():
    change = kinds(500, [TRUSTED], OFFICE)[ShorteningKind.EVERY_DAY]
    assert change.hours.weekdays == EVERY_DAY
    usual = forecast(500, Action.INVITE, [TRUSTED], NOW, OFFICE.hours)
    assert change.expected.done_at < usual.done_at


def test_a_spoilt_day_is_waited_for_once_more():
    spoilt = PaceHistory(NOW - timedelta(hours=30), {}, waits=[NOW - timedelta(hours=1)])
    at = full_trust_at([spoilt], NOW)
    assert at == spoilt.added_at + 15 * DAY
    assert trust(spoilt, at) == pytest.approx(1.0)
    assert trust(spoilt, at - timedelta(seconds=1)) < 1.0


@settings(max_examples=examples(25), deadline=None)
@given(
    st.integers(1, 900),
    st.lists(st.integers(0, 20), min_size=1, max_size=3),
    st.sampled_from([ANY_TIME, OFFICE, Schedule(hours=WorkingHours(begins=time(13)))]),
)
def test_nothing_is_proposed_that_saves_no_day(people: int, ages: list[int], schedule: Schedule):
    histories = [PaceHistory(NOW - age * DAY, {}) for age in ages]
    usual = forecast(people, Action.INVITE, histories, NOW, schedule.hours)
    for change in kinds(people, histories, schedule).values():
        fewer = change.expected.days < usual.days
        assert fewer or usual.done_at - change.expected.done_at >= DAY
        assert change.kind is ShorteningKind.FULL_TRUST or (
            change.expected.done_at <= usual.done_at
        )
