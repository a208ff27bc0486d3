"""One running program a profile."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

HOLDING = """
import sys
from pathlib import Path
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import SingleInstance
held = SingleInstance(choose_profile(Path(sys.argv[1])))
held.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_program(tmp_path: Path):
    """A second process that holds the profile in ``tmp_path``."""
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.kill()


@pytest.mark.usefixtures("other_program")
def test_a_second_program_is_refused_in_words(tmp_path: Path):
    with pytest.raises(KnownError, match="already open") as caught:
        SingleInstance(choose_profile(tmp_path)).acquire()
    assert "window" in str(caught.value.next_step)


@pytest.mark.usefixtures("other_program")
def test_a_rehearsal_may_run_beside_the_real_thing(tmp_path: Path):
    profile = choose_profile(tmp_path, rehearsal=True)
    profile.make()
    with SingleInstance(profile):
        pass


def test_a_killed_program_leaves_the_profile_free(
    tmp_path: Path, other_program: subprocess.Popen[bytes]
):
    other_program.kill()
    other_program.wait()
    with SingleInstance(choose_profile(tmp_path)):
        pass


def test_a_profile_let_go_of_can_be_taken_again(tmp_path: Path):
    profile = choose_profile(tmp_path)
    for _ in range(2):
        with SingleInstance(profile):
            pass
