"""From the ordinary window to the rehearsal and back: each is a process with a profile of its own.

Two processes share nothing, so a rehearsal cannot reach real data, nor a real window the keys and
addresses of a rehearsal's server.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, QProcessEnvironment, QSettings

from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.main_window import LANGUAGE_KEY, THEME_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile

_LOOK = (LANGUAGE_KEY, THEME_KEY)


def other_arguments(arguments: Arguments, *, rehearsal: bool) -> list[str]:
    """Return the command line of the other window; a server of the command line stays behind."""
    given = ["--rehearsal"] if rehearsal else []
    if arguments.profile is not None:
        given += ["--profile", str(arguments.profile)]
    if arguments.language is not None:
        given += ["--language", arguments.language]
    return given


def program_command() -> list[str]:
    """Return what starts this very program, packaged or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "invite_desktop"]


def start_program(given: Sequence[str]) -> None:
    """Start this program once more, on its own. Raises KnownError."""
    program, *own = program_command()
    process = QProcess()
    process.setProgram(program)
    process.setArguments([*own, *given])
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    surroundings = QProcessEnvironment.systemEnvironment()
    # A packaged program would otherwise take itself for a part of the one that starts it.
    surroundings.insert("PYINSTALLER_RESET_ENVIRONMENT", "1")
    process.setProcessEnvironment(surroundings)
    if not process.startDetached():
        raise KnownError(
            message("The other window could not be opened: the program did not start."),
            message("Close this window and start Invite Desktop anew."),
        )


def is_open(profile: Profile) -> bool:
    """Return whether some program works on a profile. Raises KnownError for an unusable folder."""
    profile.make()
    probe = SingleInstance(profile)
    try:
        probe.acquire()
    except KnownError:
        return True
    probe.release()
    return False


def lend_look(settings: QSettings, profile: Profile) -> None:
    """Give another profile's window the language and theme of this one."""
    other = QSettings(str(profile.settings), QSettings.Format.IniFormat)
    for key in _LOOK:
        if settings.contains(key):
            other.setValue(key, settings.value(key))
    other.sync()
