"""The measure itself, and the one promise that holds on any machine."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.start_up import EMPTY_WINDOW, DidNotStartError, StartUp, compare, first_paint


def test_the_first_line_is_timed_and_not_the_end():
    late = "import time; print('painted', flush=True); time.sleep(1.5)"
    assert first_paint([sys.executable, "-c", late]) < 1.5


def test_an_empty_window_paints():
    assert 0 < first_paint([sys.executable, "-c", EMPTY_WINDOW]) < 30


@pytest.mark.parametrize("code", ["raise SystemExit('no display')", "pass"])
def test_a_program_without_a_window_is_no_measurement(code: str):
    with pytest.raises(DidNotStartError):
        first_paint([sys.executable, "-c", code])


def test_the_median_is_not_moved_by_one_slow_start():
    assert StartUp("x", [1.0, 1.1, 9.0]).median == 1.1


@pytest.mark.long
def test_the_program_opens_within_a_few_empty_windows():
    empty, program = compare(5)
    assert program.median < 8 * empty.median
