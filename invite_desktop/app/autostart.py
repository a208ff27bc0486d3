"""Starting the program when the user logs in, by each system's own means."""

from __future__ import annotations

import os
import plistlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from invite_desktop.app.switching import program_command
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL = "invite-desktop"
_RUN_KEY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"


class FileAutostart:
    """Implements Autostart by a file that the desktop reads at log-in."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._path = path
        self._content = content

    def is_on(self) -> bool:
        """Return whether the program starts at log-in."""
        return self._path.exists()

    def set_on(self, on: bool) -> None:  # noqa: FBT001 - it is the setting itself
        """Start at log-in from now on, or no more. Raises KnownError."""
        try:
            if on:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_bytes(self._content)
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(str(self._path)) from error


class RegistryAutostart:
    """Implements Autostart by the Run key of the registry of Windows.

    ``key`` is where programs are named, a registry path or, in tests, a file.
    """

    def __init__(
        self, command: str, key: str = _RUN_KEY, kind: QSettings.Format | None = None
    ) -> None:
        self._command = command
        self._run = QSettings(key, kind or QSettings.Format.NativeFormat)

    def is_on(self) -> bool:
        """Return whether the program starts at log-in."""
        return bool(self._run.contains(_LABEL))

    def set_on(self, on: bool) -> None:  # noqa: FBT001 - it is the setting itself
        """Start at log-in from now on, or no more. Raises KnownError."""
        if on:
            self._run.setValue(_LABEL, self._command)
        else:
            self._run.remove(_LABEL)
        self._run.sync()
        if self._run.status() is not QSettings.Status.NoError:
            raise _refused(_RUN_KEY)


def system_autostart(given: Sequence[str], platform: str = sys.platform) -> Autostart:
    """Return this system's way to start the program with a command line."""
    command = [*program_command(), *given]
    if platform == "win32":
        return RegistryAutostart(" ".join(f'"{word}"' for word in command))
    if platform == "darwin":
        place = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
        agent = {"Label": _LABEL, "ProgramArguments": command, "RunAtLoad": True}
        return FileAutostart(place, plistlib.dumps(agent))
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return FileAutostart(settings / "autostart" / f"{_LABEL}.desktop", desktop_entry(command))


def desktop_entry(command: Sequence[str]) -> bytes:
    """Return a desktop entry that starts a command (freedesktop.org, Desktop Entry 1.5)."""
    words = " ".join(_quoted(word) for word in command)
    lines = ("[Desktop Entry]", "Type=Application", "Name=Invite Desktop", f"Exec={words}")
    return "\n".join((*lines, "Terminal=false", "")).encode()


def _quoted(word: str) -> str:
    if shlex.quote(word) == word and "%" not in word:
        return word
    for special in ("\\", '"', "`", "$"):
        word = word.replace(special, "\\" + special)
    # Once more for the file's own escapes, and a percent sign would name a field.
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


def _refused(place: str) -> KnownError:
    return KnownError(
        message("The start at log-in could not be changed: {place}", place=place),
        message("Check that you may write there."),
    )


Autostart = FileAutostart | RegistryAutostart
"""Either way."""
