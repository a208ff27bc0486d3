"""The table of task states."""

from __future__ import annotations

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.tasks import (
    ACTIVE_STATUSES,
    FINAL_STATUSES,
    TRANSITIONS,
    Priority,
    TaskMove,
    TaskStatus,
    next_status,
)

S, M = TaskStatus, TaskMove
ALLOWED = {
    (S.DRAFT, M.PREPARE): S.READY,
    (S.READY, M.START): S.RUNNING,
    (S.RUNNING, M.WAIT): S.WAITING,
    (S.WAITING, M.WAIT): S.WAITING,
    (S.RUNNING, M.WAKE): S.RUNNING,
    (S.WAITING, M.WAKE): S.RUNNING,
    (S.RUNNING, M.PAUSE): S.PAUSED,
    (S.WAITING, M.PAUSE): S.PAUSED,
    (S.PAUSED, M.RESUME): S.RUNNING,
    (S.RUNNING, M.COMPLETE): S.COMPLETED,
    (S.WAITING, M.COMPLETE): S.COMPLETED,
    (S.DRAFT, M.CANCEL): S.CANCELLED,
    (S.READY, M.CANCEL): S.CANCELLED,
    (S.RUNNING, M.CANCEL): S.CANCELLED,
    (S.WAITING, M.CANCEL): S.CANCELLED,
    (S.PAUSED, M.CANCEL): S.CANCELLED,
    (S.READY, M.FAIL): S.FAILED,
    (S.RUNNING, M.FAIL): S.FAILED,
    (S.WAITING, M.FAIL): S.FAILED,
    (S.READY, M.MISS_START): S.READY,
    (S.COMPLETED, M.REOPEN): S.READY,
    (S.CANCELLED, M.REOPEN): S.READY,
    (S.FAILED, M.REOPEN): S.READY,
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("move", M)
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(
    status: TaskStatus, move: TaskMove
):
    if (status, move) in ALLOWED:
        assert next_status(status, move) is ALLOWED[status, move]
        return
    with pytest.raises(KnownError) as refused:
        next_status(status, move)
    assert str(refused.value.explanation)


def test_every_move_has_its_row():
    assert set(TRANSITIONS) == set(M)


def test_no_task_is_both_active_and_final():
    assert not ACTIVE_STATUSES & FINAL_STATUSES


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (M.START, "Only a task that is ready can be started."),
        (M.PAUSE, "Only a running or waiting task can be paused."),
        (M.RESUME, "Only a paused task can be resumed."),
        (M.CANCEL, "The task is already finished."),
    ],
)
def test_what_a_user_asks_for_is_refused_with_its_reason(move: TaskMove, words: str):
    with pytest.raises(KnownError) as refused:
        next_status(S.COMPLETED, move)
    assert str(refused.value.explanation) == words


def test_final_are_the_statuses_that_only_a_retry_leaves():
    assert {status for status, move in ALLOWED if move is M.REOPEN} == FINAL_STATUSES
    assert not any(status in FINAL_STATUSES for status, move in ALLOWED if move is not M.REOPEN)


def test_the_engine_works_on_what_may_wait():
    assert {status for status, move in ALLOWED if move is M.WAIT} == ACTIVE_STATUSES


def test_the_database_knows_priorities_by_these_numbers():
    assert {level.name: level.value for level in Priority} == {"LOW": 0, "NORMAL": 1, "HIGH": 2}
