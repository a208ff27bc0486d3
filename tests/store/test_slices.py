"""How much of long work one transaction does."""

from __future__ import annotations

import pytest

from invite_desktop.store.slices import LEAST_ROWS, MOST_ROWS, Slices


class Clock:
    """Tells the time that it was told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def after(rows: int, seconds: float, *, done: int | None = None) -> int:
    clock = Clock()
    slices = Slices(rows, clock=clock)
    slices.begin()
    clock.now += seconds
    slices.end(rows if done is None else done)
    return slices.rows


@pytest.mark.parametrize(
    ("seconds", "rows"),
    [
        (0.05, 1_000),
        (0.1, 500),
        (0.04, 1_250),
        (0.001, 2_000),
        (0.0, 2_000),
        (60.0, LEAST_ROWS),
    ],
)
def test_the_next_transaction_takes_as_many_as_keep_the_time(seconds: float, rows: int):
    assert after(1_000, seconds) == rows


def test_no_transaction_takes_more_than_a_block():
    assert after(4_000, 0.01) == MOST_ROWS


def test_what_was_left_undone_counts_for_nothing():
    assert after(1_000, 0.05, done=300) == 300


def test_a_transaction_is_over_when_its_time_is():
    clock = Clock()
    slices = Slices(clock=clock)
    slices.begin()
    assert not slices.is_over()
    clock.now += 0.06
    assert slices.is_over()


def test_fewer_rows_than_are_worth_it_are_not_taken():
    clock = Clock()
    slices = Slices(1_000, clock=clock)
    slices.begin()
    clock.now += 60.0
    slices.end(1_000, least=700)
    assert slices.rows == 700
