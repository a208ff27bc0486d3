"""``python -m tests`` and the promise that nothing is skipped under it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.__main__ import _WORKERS, _command
from tests.architecture.catalogue import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SKIPPING = """
from __future__ import annotations

import pytest


@pytest.mark.keyring
def test_that_needs_the_keyring():
    pytest.skip("missing")


@pytest.mark.screen
def test_that_needs_the_screen():
    pytest.skip("missing")


def test_that_needs_neither():
    pytest.skip("missing")
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it brings nothing")


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize(("full", "code", "skipped"), [("1", 1, 1), ("0", 0, 3)])
def test_a_promised_test_may_not_be_skipped(tmp_path: Path, full: str, code: int, skipped: int):
    file = tmp_path / "test_it.py"
    file.write_text(SKIPPING, encoding="utf-8")
    where = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path))
    done = _run("pytest", *where, "-p", "tests.conftest", str(file),
                INVITE_DESKTOP_FULL_TESTS=full)  # fmt: skip
    assert done.returncode == code, done.stdout
    assert f" {skipped} skipped" in done.stdout


@pytest.mark.parametrize(
    ("words", "spread"),
    [
        ([], True),
        (["-q", "--cov"], True),
        (["--long"], True),
        (["-k", "pace"], True),
        (["tests/domain"], False),
        (["tests/domain/test_pace.py::test_x", "-x"], False),
        (["-n", "0"], False),
        (["-n0"], False),
        (["--pdb"], False),
    ],
)
def test_a_run_of_everything_uses_every_processor(words: list[str], spread: bool):
    command = " ".join(_command(words))
    assert (f"-n {_WORKERS}" in command) is spread


@linux_only
def test_missing_programs_are_named_with_their_packages(tmp_path: Path):
    done = _run("tests", PATH=str(tmp_path))
    assert done.returncode == 2
    packages = "apt-get install dbus gnome-keyring imagemagick xdotool xvfb."
    assert packages in done.stderr


@linux_only
def test_the_others_can_run_without_the_missing_programs(tmp_path: Path):
    done = _run("tests", "--partial", "--version", PATH=str(tmp_path))
    assert done.returncode == 0
    assert "pytest" in done.stdout


@linux_only
@pytest.mark.screen
@pytest.mark.keyring
def test_the_surroundings_leave_nothing_behind(tmp_path: Path):
    done = _run("tests", "--version", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
