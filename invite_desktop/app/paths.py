"""Where things lie: the profile with the user's data, and what is shipped with the program."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

_PROGRAM = "invite-desktop"
_REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Profile:
    """One directory with everything the program keeps; sessions alone live in the keyring."""

    directory: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "invite-desktop.sqlite3"

    @property
    def backups(self) -> Path:
        """The directory of database copies."""
        return self.directory / "backups"

    @property
    def logs(self) -> Path:
        """The directory of the rotating log."""
        return self.directory / "logs"

    @property
    def lock(self) -> Path:
        """The file that the running program holds locked."""
        return self.directory / "running.lock"

    @property
    def settings(self) -> Path:
        """The file in which the window remembers its size, language and theme."""
        return self.directory / "window.ini"

    @property
    def rehearsal_server(self) -> Path:
        """The directory of the rehearsal server's state."""
        return self.directory / "rehearsal-server"

    def make(self) -> None:
        """Make the directories, readable by their owner only. Raises KnownError."""
        for directory in (self.directory, self.logs):
            try:
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise _unusable(directory) from error
        if not os.access(self.directory, os.W_OK | os.X_OK):
            raise _unusable(self.directory)


def choose_profile(given: Path | None = None, *, rehearsal: bool = False) -> Profile:
    """Return the profile to work on; a rehearsal has one of its own inside, so data never mix."""
    directory = given.expanduser().absolute() if given else _default_directory()
    return Profile(directory / _REHEARSAL if rehearsal else directory)


def resources_directory() -> Path:
    """Return the directory of icons, style and translations, wherever the program runs from."""
    for candidate in _resource_candidates():
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("the program was installed without its resources")


def _default_directory() -> Path:
    return platformdirs.user_data_path(_PROGRAM, appauthor=False)


def _resource_candidates() -> tuple[Path, ...]:
    frozen_root: str | None = getattr(sys, "_MEIPASS", None)
    if frozen_root is not None:
        return (Path(frozen_root) / "resources",)
    package = Path(__file__).resolve().parents[1]
    return (package / "_resources", package.parent / "resources")


def _unusable(directory: Path) -> KnownError:
    return KnownError(
        message("The program cannot keep its data in {directory}.", directory=directory),
        message(
            "Check that the folder is yours and that the disk is not full, or choose another"
            " folder with --profile."
        ),
    )
