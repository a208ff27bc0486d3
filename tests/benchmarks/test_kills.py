"""Twenty-five strikes at the program: nobody is contacted twice, nothing is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.kills import main

if TYPE_CHECKING:
    from pathlib import Path

needs_linux = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("strace") is None, reason="needs Linux and strace"
)


def strike(results: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the bench in a process without threads, which may fork."""
    command = [sys.executable, "-m", "tests.benchmarks.kills", "--results", str(results)]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


@needs_linux
@pytest.mark.timeout(600)
def test_a_program_struck_in_every_way_contacts_nobody_twice_and_loses_nothing(tmp_path: Path):
    results = tmp_path / "results.jsonl"
    ran = strike(results, "--quick")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert sum(line["rounds"] for line in lines) == 25
    assert {line["variant"] for line in lines} == {"kill", "drop", "disk-full", "busy", "power"}


@needs_linux
@pytest.mark.long
@pytest.mark.timeout(7200)
def test_five_hundred_strikes_hold(tmp_path: Path):
    ran = strike(tmp_path / "results.jsonl")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@needs_linux
def test_a_bench_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wrong = {"twice": [], "lost": ["somebody"], "disagreements": []}
    counts = dict.fromkeys(("restarts", "open_contacts", "targets", "contacts", "uncertain"), 1)
    line = {"variant": "kill", "rounds": 10, "seconds": 1, "pauses": {}, "holds": False}
    results = tmp_path / "results.jsonl"
    results.write_text(json.dumps({**line, **counts, **wrong}) + "\n")
    assert main(["--variants", "kill", "--rounds", "10", "--results", str(results)]) == 1
    assert "kill" in capsys.readouterr().out
    assert len(results.read_text().splitlines()) == 1
