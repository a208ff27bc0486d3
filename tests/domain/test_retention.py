"""What a look some days after a joining tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.retention import (
    MOST_LISTED,
    RETENTION,
    RetentionCount,
    Stay,
    is_list_cheaper,
    stay_of,
)


@given(st.sampled_from(sorted(RETENTION)), st.timedeltas(min_value=timedelta()))
def test_who_is_there_now_was_there_then(days: int, late: timedelta):
    assert stay_of(days, late, present=True) is Stay.STAYED


@pytest.mark.parametrize(
    ("days", "late", "expected"),
    [
        (1, timedelta(), Stay.LEFT),
        (1, timedelta(days=1), Stay.LEFT),
        (1, timedelta(days=1, seconds=1), Stay.UNKNOWN),
        (7, timedelta(days=2), Stay.LEFT),
        (7, timedelta(days=3), Stay.UNKNOWN),
        (30, timedelta(days=7), Stay.LEFT),
        (30, timedelta(days=8), Stay.UNKNOWN),
    ],
)
def test_who_is_gone_had_left_by_then_only_if_it_was_looked_in_time(
    days: int, late: timedelta, expected: Stay
):
    assert stay_of(days, late, present=False) is expected


@pytest.mark.parametrize(
    ("people", "members", "cheaper"),
    [
        (1, 200, False),
        (2, 200, True),
        (50, MOST_LISTED, False),
        (51, MOST_LISTED, True),
        (10_000, MOST_LISTED + 1, False),
    ],
)
def test_the_list_is_read_where_that_takes_fewer_calls(people: int, members: int, cheaper: bool):
    assert is_list_cheaper(people, members) is cheaper


def test_the_share_counts_only_those_who_are_known():
    assert RetentionCount(7, stayed=3, left=1, unknown=5, coming=9).share == 0.75
    assert RetentionCount(7, unknown=5, coming=9).share is None
