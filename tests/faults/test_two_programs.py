"""Two programs cannot work on one profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.program import SAMPLES, run, start

if TYPE_CHECKING:
    from pathlib import Path


def test_the_second_program_is_refused_in_words_and_the_first_goes_on(tmp_path: Path):
    arguments = ["rehearse", SAMPLES / "webinar_guests.xlsx", "--profile", tmp_path / "profile"]
    first = start(tmp_path, *arguments, "--speed", 2_000)
    database = tmp_path / "profile" / "rehearsal" / "running.lock"
    while not database.exists():
        assert first.poll() is None
    second = run(tmp_path, *arguments)
    assert (second.code, second.out) == (2, "")
    assert "already" in second.err
    assert first.poll() is None
    first.kill()
    first.communicate()
