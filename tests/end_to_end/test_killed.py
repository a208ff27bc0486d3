"""Killed at any moment and started again: nobody is contacted twice, nothing is lost."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from tests.end_to_end.program import SAMPLES, kill_after, run, serving, start

PEOPLE = SAMPLES / "crm_export_cp1251.csv"
KILLS = 8
KILLS_OF_THE_LONG_RUN = int(os.environ.get("INVITE_DESKTOP_KILLS", "200"))


SLOW, FAST = 3_000, 50_000
"""Speeds: slow enough to be killed in the middle, fast enough to see the end."""


def _survive(tmp_path, kind, kills):
    """Kill a task at random moments, let it end, and return the moments (seconds after start)."""
    moments = []
    profile = tmp_path / "profile"
    with serving(tmp_path) as server:
        arguments = ["rehearse", PEOPLE, "--kind", kind, "--text", "Hello!", "--json"]
        arguments += ["--profile", profile, *server.options]
        for _ in range(kills):
            moment = random.uniform(0.5, 3.0)
            assert kill_after(start(tmp_path, *arguments, "--speed", SLOW), moment), "ended early"
            moments.append(moment)
        finished = run(tmp_path, *arguments, "--speed", FAST, timeout=300)
        contacted = Counter(server.invited_people() + server.written_to())
    assert finished.code == 0, (moments, finished.err, finished.out)
    twice = {person: times for person, times in contacted.items() if times > 1}
    assert not twice, (moments, twice)
    counters = finished.result["counters"]
    assert counters["pending"] == counters["in_work"] == 0
    assert counters["total"] == counters["processed"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["invite", "message"])
def test_nobody_is_contacted_twice_whenever_the_program_is_killed(tmp_path, kind):
    _survive(tmp_path, kind, KILLS // 2)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ["invite", "message"])
def test_nobody_is_contacted_twice_in_hundreds_of_kills(tmp_path, kind):
    for number in range(KILLS_OF_THE_LONG_RUN // 40):
        directory = tmp_path / str(number)
        directory.mkdir()
        _survive(directory, kind, 20)
