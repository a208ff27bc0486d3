"""A second start hands its files to the first window and leaves."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalSocket

from invite_desktop.app.front_door import FrontDoor, door_name, knock
from invite_desktop.app.paths import Profile, choose_profile
from invite_desktop.app.single_instance import SingleInstance
from tests.architecture.catalogue import ROOT
from tests.end_to_end.program import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


KNOCKING = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from invite_desktop.app.front_door import knock
from invite_desktop.app.paths import Profile
profile, *files = map(Path, sys.argv[1:])
sys.exit(0 if knock(Profile(profile), files, 0) else 1)
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return choose_profile(tmp_path / "profile")


@pytest.fixture
def door(qapp: object, profile: Profile) -> Iterator[FrontDoor]:
    door = FrontDoor(profile)
    assert door.open()
    yield door
    door.close()


@pytest.mark.parametrize("names", [["гости вебинара.csv", "b.xlsx"], []])
def test_files_arrive_with_their_absolute_paths(
    qtbot: QtBot, door: FrontDoor, profile: Profile, tmp_path: Path, names: list[str]
):
    command = [sys.executable, "-c", KNOCKING, str(profile.directory), *names]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(tmp_path)) as second:
        with qtbot.waitSignal(door.knocked, timeout=30_000) as heard:
            pass
        assert second.wait(30) == 0
    assert heard.args == [[tmp_path / name for name in names]]


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b'{"files": ["relative"]}\n', b"{}\n"])
def test_whoever_says_something_else_is_sent_away(
    qtbot: QtBot, door: FrontDoor, profile: Profile, line: bytes
):
    guest = QLocalSocket()
    guest.connectToServer(door_name(profile))
    assert guest.waitForConnected(1_000)
    guest.write(line)
    with qtbot.assertNotEmitted(door.knocked):
        qtbot.waitUntil(lambda: guest.state() is QLocalSocket.LocalSocketState.UnconnectedState)


def test_nobody_answers_where_no_window_is_open(qapp: object, profile: Profile):
    assert not knock(profile, [], 0)


def test_what_a_killed_program_left_behind_is_no_obstacle(door: FrontDoor, profile: Profile):
    second = FrontDoor(profile)
    assert second.open()
    second.close()


def test_each_profile_has_a_door_of_its_own(tmp_path: Path):
    assert door_name(choose_profile(tmp_path)) != door_name(choose_profile(tmp_path / "a"))


def test_the_second_program_ends_well_and_its_file_is_in_the_first(
    qtbot: QtBot, door: FrontDoor, profile: Profile, tmp_path: Path
):
    profile.make()
    (tmp_path / "guests.csv").write_text("username\nanna_orlova\n", encoding="utf-8")
    command = [sys.executable, "-m", "invite_desktop", "--profile", str(profile.directory)]
    with SingleInstance(profile):
        second = subprocess.Popen(
            [*command, str(tmp_path / "guests.csv")], env=environment(tmp_path)
        )
        with qtbot.waitSignal(door.knocked, timeout=60_000) as heard:
            pass
        assert second.wait(60) == 0
    assert heard.args == [[tmp_path / "guests.csv"]]
