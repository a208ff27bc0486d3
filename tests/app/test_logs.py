"""The log of a profile."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from invite_desktop.app.logs import start_logging
from invite_desktop.app.paths import choose_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.app.paths import Profile

LOG = logging.getLogger("invite_desktop.somewhere")


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = choose_profile(tmp_path)
    profile.make()
    level = logging.getLogger().level
    stop = start_logging(profile)
    yield profile
    stop()
    logging.getLogger().setLevel(level)


def _written(profile: Profile) -> str:
    return (profile.logs / "invite-desktop.log").read_text(encoding="utf-8")


def test_a_line_has_time_level_and_name(profile: Profile):
    LOG.info("imported %d rows", 17)
    line = _written(profile)
    assert line.endswith("+00:00 INFO invite_desktop.somewhere: imported 17 rows\n")
    assert line.startswith("20")


def test_personal_data_in_the_arguments_is_cleaned(profile: Profile):
    LOG.warning("look-up of %s failed", "+79001234567")
    assert "look-up of <number> failed" in _written(profile)


def test_a_trace_is_cleaned_even_when_another_handler_wrote_it_in_full(profile: Profile):
    try:
        raise ValueError("no such person 'Anna'")
    except ValueError:
        LOG.exception("failed")  # pytest's own handler has formatted it by now
    written = _written(profile)
    assert "in test_a_trace_is_cleaned" in written
    assert "Anna" not in written


def test_debugging_details_are_left_out(profile: Profile):
    LOG.debug("detail")
    LOG.info("fact")
    assert "detail" not in _written(profile)


@pytest.mark.parametrize("library", ["telethon.network", "asyncio"])
def test_chatty_libraries_speak_only_of_trouble(profile: Profile, library: str):
    logging.getLogger(library).info("packet")
    logging.getLogger(library).warning("trouble")
    written = _written(profile)
    assert "packet" not in written
    assert "trouble" in written


def test_the_log_never_outgrows_its_six_files(profile: Profile):
    for _ in range(90):
        LOG.info("long line. " * 10_000)
    sizes = [file.stat().st_size for file in profile.logs.iterdir()]
    assert len(sizes) == 6
    assert max(sizes) <= 1_000_000


def test_a_stopped_log_is_written_no_more(tmp_path: Path):
    profile = choose_profile(tmp_path)
    profile.make()
    stop = start_logging(profile)
    LOG.warning("before")
    stop()
    LOG.warning("after")
    assert "after" not in _written(profile)
