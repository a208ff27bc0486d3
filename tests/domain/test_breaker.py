"""When a task stops by itself."""

from __future__ import annotations

import random

import pytest

from invite_desktop.domain.breaker import (
    FAILURES_IN_A_ROW,
    REFUSAL_WINDOW,
    RefusalBreaker,
    too_many_opt_outs,
)
from invite_desktop.domain.outcomes import OutcomeCode

C = OutcomeCode


def test_refusal_after_refusal_trips_it():
    breaker = RefusalBreaker()
    tripped = [breaker.note(C.PRIVACY) for _ in range(REFUSAL_WINDOW)]
    assert tripped.index(True) == 26


def test_failures_in_a_row_trip_it_early():
    breaker = RefusalBreaker()
    tripped = [breaker.note(C.ADD_FAILED) for _ in range(FAILURES_IN_A_ROW)]
    assert tripped == [False] * (FAILURES_IN_A_ROW - 1) + [True]


@pytest.mark.parametrize("success", [C.INVITED, C.JOINED, C.SENT])
def test_a_success_ends_a_row_of_failures(success: OutcomeCode):
    breaker = RefusalBreaker()
    row = [*[C.ADD_FAILED] * (FAILURES_IN_A_ROW - 1), success, *[C.ADD_FAILED] * 4]
    assert not any(breaker.note(code) for code in row)


@pytest.mark.parametrize(
    "code",
    [
        C.NOT_FOUND,
        C.UNKNOWN_BY_PHONE,
        C.NOT_ADDRESSABLE,
        C.NO_TEXT,
        C.BOT,
        C.DELETED_ACCOUNT,
        C.MYSELF,
        C.OPTED_OUT,
        C.ALREADY_INVITED,
        C.FLOOD_WAIT,
        C.NOT_CONNECTED,
        C.ALREADY_MEMBER,
    ],
)
def test_endings_that_are_no_refusals_never_trip_it(code: OutcomeCode):
    breaker = RefusalBreaker()
    assert not any(breaker.note(code) for _ in range(100))


def test_a_list_where_half_refuse_runs_to_its_end():
    chance, breaker = random.Random(7), RefusalBreaker()
    codes = [*[C.JOINED] * 49, C.ADD_FAILED, *[C.PRIVACY] * 50]
    assert not any(breaker.note(chance.choice(codes)) for _ in range(10_000))


@pytest.mark.parametrize(
    ("opted_out", "contacted", "stops"),
    [
        pytest.param(4, 4, False, id="too few to say anything"),
        pytest.param(5, 5, True, id="everybody"),
        pytest.param(5, 100, True, id="one in twenty"),
        pytest.param(5, 101, False, id="fewer than one in twenty"),
        pytest.param(50, 1000, True, id="one in twenty of many"),
    ],
)
def test_opt_outs_stop_a_task_by_number_and_share(opted_out: int, contacted: int, stops: bool):
    assert too_many_opt_outs(opted_out, contacted) is stops
