"""The start at log-in, as each system wants it."""

from __future__ import annotations

import configparser
import plistlib
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from invite_desktop.app.autostart import (
    FileAutostart,
    RegistryAutostart,
    desktop_entry,
    system_autostart,
)
from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_switched_on_and_off(tmp_path: Path):
    autostart = FileAutostart(tmp_path / "a" / "b.desktop", b"x")
    assert not autostart.is_on()
    autostart.set_on(True)
    assert autostart.is_on()
    autostart.set_on(False)
    autostart.set_on(False)
    assert not autostart.is_on()


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KnownError, match="log-in"):
        FileAutostart(tmp_path / "file" / "b.desktop", b"x").set_on(True)


def test_linux_gets_a_desktop_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    system_autostart(["--profile", "/home/a b"], "linux").set_on(True)
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(tmp_path / "autostart" / "invite-desktop.desktop", encoding="utf-8")
    assert entry["Desktop Entry"]["Type"] == "Application"
    assert entry["Desktop Entry"]["Exec"].endswith('-m invite_desktop --profile "/home/a b"')


def test_special_letters_of_a_path_are_quoted_as_the_standard_says():
    said = desktop_entry(["/opt/x", "50% $a", 'q"']).decode()
    assert 'Exec=/opt/x "50%% \\\\$a" "q\\\\""' in said


def test_macos_gets_a_launch_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    system_autostart(["--language", "ru"], "darwin").set_on(True)
    (place,) = (tmp_path / "Library" / "LaunchAgents").iterdir()
    agent = plistlib.loads(place.read_bytes())
    assert agent["RunAtLoad"]
    assert agent["ProgramArguments"][-2:] == ["--language", "ru"]


def test_windows_gets_a_run_key(tmp_path: Path):
    registry = str(tmp_path / "registry.ini")
    autostart = RegistryAutostart('"C:\\x.exe"', registry, QSettings.Format.IniFormat)
    autostart.set_on(True)
    assert autostart.is_on()
    kept = QSettings(registry, QSettings.Format.IniFormat)
    assert kept.value("invite-desktop") == '"C:\\x.exe"'
    autostart.set_on(False)
    assert not autostart.is_on()
