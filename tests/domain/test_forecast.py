"""What the user is told to expect."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.forecast import forecast, slowest
from invite_desktop.domain.pace import DAY, PaceHistory, next_allowed
from invite_desktop.domain.schedule import EVERY_DAY, WorkingHours
from tests.examples import examples

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW = PaceHistory(NOW, {})
TRUSTED = PaceHistory(NOW - timedelta(days=30), {})


def test_without_accounts_nothing_is_ever_done():
    assert forecast(10, Action.INVITE, [], NOW).done_at is None


def test_nobody_left_is_done_now():
    assert forecast(0, Action.INVITE, [TRUSTED], NOW).done_at == NOW


@pytest.mark.parametrize(
    ("people", "histories", "days"),
    [
        (1, [NEW], 1),
        (15, [NEW], 1),
        (16, [NEW], 2),
        (50, [TRUSTED], 1),
        (51, [TRUSTED], 2),
        (100, [TRUSTED, TRUSTED], 1),
        (1240, [TRUSTED, TRUSTED], 13),
        (1_000_000, [TRUSTED], 20_000),
    ],
)
def test_days_follow_the_daily_budgets(people: int, histories: list[PaceHistory], days: int):
    assert forecast(people, Action.INVITE, histories, NOW).days == days


def test_what_was_done_today_is_taken_off_the_first_day():
    busy = PaceHistory(TRUSTED.added_at, {Action.INVITE: [NOW] * 50})
    assert forecast(1, Action.INVITE, [busy], NOW).days == 2


@pytest.mark.parametrize(
    ("by_phone", "histories", "slow", "days"),
    [
        (0, [TRUSTED], Action.INVITE, 6),
        (50, [TRUSTED], Action.INVITE, 6),
        (300, [TRUSTED], Action.CONTACT_IMPORT, 20),
        (300, [TRUSTED, TRUSTED], Action.CONTACT_IMPORT, 10),
    ],
)
def test_look_ups_by_phone_may_take_longer_than_the_invitations(
    by_phone: int, histories: list[PaceHistory], slow: Action, days: int
):
    needed = {Action.INVITE: 300, Action.CONTACT_IMPORT: by_phone}
    action, expected = slowest(needed, histories, NOW)
    assert (action, expected.days) == (slow, days)


def test_five_an_hour_are_the_most():
    end = forecast(12, Action.INVITE, [TRUSTED], NOW).done_at
    assert timedelta(hours=2) < end - NOW < timedelta(hours=2, minutes=10)


@settings(max_examples=examples(15))
@given(st.integers(1, 160), st.integers(0, 20))
def test_the_expectation_is_near_what_the_pace_then_allows(people: int, age: int):
    added_at, now, done = NOW - timedelta(days=age), NOW, []
    for _ in range(people):
        recent = [t for t in done if t > now - DAY]
        now = next_allowed(Action.INVITE, PaceHistory(added_at, {Action.INVITE: recent}), now, 1).at
        done.append(now)
    expected = forecast(people, Action.INVITE, [PaceHistory(added_at, {})], NOW).done_at
    assert abs(expected - now) < timedelta(hours=14)


@given(st.integers(0, 3000), st.integers(1, 500))
def test_more_people_never_take_less_time(people: int, more: int):
    sooner = forecast(people, Action.MESSAGE, [NEW], NOW).done_at
    assert sooner <= forecast(people + more, Action.MESSAGE, [NEW], NOW).done_at


@pytest.mark.parametrize(
    ("people", "hours", "days"),
    [(10, (9, 11), 1), (11, (9, 11), 2), (16, (9, 18), 1), (46, (9, 18), 2), (50, (0, 0), 1)],
)
def test_in_working_hours_a_day_holds_what_its_hours_hold(
    people: int, hours: tuple[int, int], days: int
):
    office = WorkingHours(EVERY_DAY, time(hours[0]), time(hours[1]), "UTC")
    assert forecast(people, Action.INVITE, [TRUSTED], NOW, office).days == days


def test_a_weekend_off_moves_the_end_to_monday():
    friday = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    office = WorkingHours(zone="UTC")
    expected = forecast(46, Action.INVITE, [TRUSTED], friday, office)
    assert expected.done_at is not None
    assert expected.done_at.date() == (friday + timedelta(days=3)).date()


def test_an_end_beyond_all_plans_is_not_named():
    office = WorkingHours(frozenset({0}), time(9), time(10), "UTC")
    assert forecast(1_000_000, Action.INVITE, [TRUSTED], NOW, office).done_at is None
