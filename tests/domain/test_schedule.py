from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.schedule import (
    EVERY_DAY,
    WorkingHours,
    is_missed,
    next_open,
    openings,
)

MOSCOW = "Europe/Moscow"
BERLIN = "Europe/Berlin"


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# 2026-11-23 is a Monday.
@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T17:59", "2026-11-23T17:59"),
        ("2026-11-23T18:00", "2026-11-24T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
    ],
)
def test_outside_of_office_hours_it_opens_on_the_next_workday(now: str, opens: str):
    hours = WorkingHours(zone=MOSCOW)
    assert next_open(hours, local(MOSCOW, now)) == local(MOSCOW, opens)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T05:59", "2026-11-23T05:59"),
        ("2026-11-23T06:00", "2026-11-23T22:00"),
        ("2026-11-24T00:30", "2026-11-24T00:30"),
        ("2026-11-24T06:00", "2026-11-29T22:00"),
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_begins(now: str, opens: str):
    sunday_and_monday = frozenset({6, 0})
    hours = WorkingHours(sunday_and_monday, time(22), time(6), MOSCOW)
    assert next_open(hours, local(MOSCOW, now)) == local(MOSCOW, opens)


def test_equal_times_mean_all_day():
    hours = WorkingHours(EVERY_DAY, time(9), time(9), MOSCOW)
    moment = local(MOSCOW, "2026-11-25T03:00")
    assert next_open(hours, moment) == moment


def test_an_hour_that_does_not_exist_opens_when_clocks_have_been_set_on():
    hours = WorkingHours(EVERY_DAY, time(2, 30), time(5), BERLIN)
    now = local(BERLIN, "2026-03-29T00:00")
    assert next_open(hours, now) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_open_both_times():
    hours = WorkingHours(EVERY_DAY, time(2), time(3), BERLIN)
    first = next(openings(hours, local(BERLIN, "2026-10-25T00:00")))
    assert first.ends - first.begins == timedelta(hours=1) + timedelta(hours=1)


def test_without_hours_it_is_always_open():
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_open(None, moment) == moment


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_hours_without_a_day_are_refused(weekdays: frozenset[int]):
    with pytest.raises(KnownError, match="day of the week"):
        WorkingHours(weekdays)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "a\0b"])
def test_an_unknown_zone_is_refused_in_words(zone: str):
    with pytest.raises(KnownError, match="time zone"):
        WorkingHours(zone=zone)


@pytest.mark.parametrize(("late", "missed"), [(9, False), (10, False), (11, True), (600, True)])
def test_a_start_is_missed_after_ten_minutes(late: int, missed: bool):
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert is_missed(start, start + timedelta(minutes=late)) is missed


HOURS = st.builds(
    WorkingHours,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    st.sampled_from([MOSCOW, BERLIN, "UTC", "America/St_Johns", "Asia/Kathmandu"]),
)
MOMENTS = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(HOURS, MOMENTS)
def test_it_never_opens_before_the_moment_nor_at_a_wrong_wall_clock(
    hours: WorkingHours, moment: datetime
):
    opens = next_open(hours, moment)
    assert moment <= opens <= moment + timedelta(days=9)
    assert next_open(hours, opens) == opens
    shown = opens.astimezone(ZoneInfo(hours.zone))
    since_yesterday = hours.ends <= hours.begins and shown.time() < hours.ends
    yesterday = (shown.weekday() - 1) % 7
    assert shown.weekday() in hours.weekdays or (since_yesterday and yesterday in hours.weekdays)


@given(HOURS, MOMENTS)
def test_openings_come_in_order_and_only_touch(hours: WorkingHours, moment: datetime):
    several = list(islice(openings(hours, moment), 12))
    assert several[0].ends > moment
    assert all(one.begins < one.ends for one in several)
    hour = timedelta(hours=1)
    assert all(one.ends <= other.begins + hour for one, other in pairwise(several))
