"""The profile and the resources."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from invite_desktop.app.paths import choose_profile, resources_directory
from invite_desktop.domain.errors import KnownError

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="rights of a Unix file")


@pytest.mark.parametrize("given", [None, Path("somewhere")])
def test_a_rehearsal_never_shares_a_directory_with_real_data(given: Path | None):
    real = choose_profile(given)
    rehearsal = choose_profile(given, rehearsal=True)
    assert rehearsal.directory != real.directory
    assert {rehearsal.database, rehearsal.lock, rehearsal.logs}.isdisjoint(
        {real.database, real.lock, real.logs}
    )


def test_the_profile_is_the_directory_that_was_given(tmp_path: Path):
    assert choose_profile(tmp_path).directory == tmp_path


def test_a_relative_directory_stays_the_same_when_the_program_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert choose_profile(Path("mine")).directory == tmp_path / "mine"


def test_the_home_sign_is_understood():
    assert choose_profile(Path("~/mine")).directory == Path.home() / "mine"


@posix_only
def test_the_usual_profile_lies_in_the_home_of_the_user():
    assert choose_profile().directory.is_relative_to(Path.home())


@posix_only
def test_a_new_profile_is_readable_by_its_owner_only(tmp_path: Path):
    profile = choose_profile(tmp_path / "new")
    profile.make()
    assert stat.S_IMODE(profile.directory.stat().st_mode) == 0o700
    assert profile.logs.is_dir()


def test_making_a_profile_twice_is_no_error(tmp_path: Path):
    profile = choose_profile(tmp_path / "new")
    profile.make()
    profile.make()


def test_a_file_in_place_of_the_profile_is_said_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(KnownError, match="cannot keep its data") as caught:
        choose_profile(tmp_path / "file").make()
    assert "--profile" in str(caught.value.next_step)


def test_the_resources_are_found_in_the_source_tree():
    assert (resources_directory() / "translations").is_dir()


def test_the_resources_of_a_frozen_program_lie_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_directory() == tmp_path / "resources"


def test_a_program_without_resources_is_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(FileNotFoundError, match="without its resources"):
        resources_directory()
