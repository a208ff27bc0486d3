"""A rehearsal and the real work never mix: not on disk, and not on the network."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.program import environment, run

if TYPE_CHECKING:
    from pathlib import Path

LISTENER = """
import json, runpy, sys
hosts = set()
def heard(event, values):
    if event == "socket.connect" and isinstance(values[1], tuple):
        hosts.add(str(values[1][0]))
    if event == "socket.getaddrinfo":
        hosts.add(str(values[0]))
sys.addaudithook(heard)
report = sys.argv.pop(1)
try:
    runpy.run_module("invite_desktop", run_name="__main__")
finally:
    open(report, "w").write(json.dumps(sorted(hosts)))
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def a_list(folder: Path, stem: str) -> Path:
    path = folder / f"{stem}.csv"
    names = "".join(f"@{stem}_{number:03}\n" for number in range(40))
    path.write_text(f"username\n{names}", encoding="utf-8")
    return path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_of_one_profile_appears_in_the_other(tmp_path: Path, profile: Path):
    real, rehearsed = a_list(tmp_path, "realperson"), a_list(tmp_path, "rehearsedone")
    given = "--profile", profile
    assert run(tmp_path, "import", real, "--basis", "customers", *given).code == 0
    before = contents(profile)
    assert any(b"realperson_007" in data for data in before.values())

    assert run(tmp_path, "rehearse", rehearsed, "--seed", "1", *given).code == 0
    after = contents(profile)
    inside = {path: data for path, data in after.items() if profile / "rehearsal" in path.parents}
    assert any(b"rehearsedone_007" in data for data in inside.values())
    assert not any(b"realperson" in data for data in inside.values())
    assert {path: data for path, data in after.items() if path not in inside} == before


def test_a_rehearsal_talks_to_this_computer_only(tmp_path: Path, profile: Path):
    report = tmp_path / "hosts.json"
    rehearsed = a_list(tmp_path, "rehearsedone")
    subprocess.run(
        [
            *(sys.executable, "-c", LISTENER, str(report)),
            *("rehearse", str(rehearsed), "--profile", str(profile)),
        ],
        env=environment(tmp_path),
        check=True,
        capture_output=True,
        timeout=100,
    )
    assert json.loads(report.read_text()) == ["127.0.0.1"]
