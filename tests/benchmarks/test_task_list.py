"""The measure of the list of tasks, and that it still measures."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks.loop_probe import Stretches, usual
from tests.benchmarks.task_list import Measured


def test_one_long_stretch_of_a_hundred_is_not_usual():
    assert usual([0.001] * 199 + [0.04]) == 0.001


@pytest.mark.parametrize(
    ("stretches", "kept"),
    [
        ([0.001] * 199 + [0.04], True),
        ([0.001] * 199 + [0.06], False),
        ([0.001] * 190 + [0.03] * 10, False),
    ],
    ids=["quick", "one too long", "often too long"],
)
def test_the_longest_and_the_usual_stretch_are_held(stretches: list[float], kept: bool):
    measured = Measured(phases=[Stretches("list", stretches, stretches)], ends=[7])
    assert measured.within_limits is kept
    assert [line.startswith("list: pauses") for line in measured.lines()] == [True]


@pytest.mark.screen
@pytest.mark.long
@pytest.mark.timeout(180)
def test_all_phases_are_measured():
    command = [sys.executable, "-m", "tests.benchmarks.task_list", "3", "200"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170).stdout
    assert len(said.splitlines()) == 7
