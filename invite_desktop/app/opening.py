"""Opens the program with its window: from the command line to the exit code."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QMessageBox

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import PROGRAM
from invite_desktop.app.console import Console
from invite_desktop.app.exit_codes import OK, REFUSED
from invite_desktop.app.logs import start_logging
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import AlreadyOpenError, SingleInstance
from invite_desktop.app.window import WindowProgram
from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile

_KNOCK_PATIENCE = 5.0
"""Seconds that a second start waits for the first one to listen: it may have just begun."""


def open_window(arguments: Arguments, catalogue: gettext.NullTranslations) -> int:
    """Show the window and return when it has been closed and everything has ended in order."""
    application = _application()
    console = Console(catalogue)
    try:
        with _opened_profile(arguments) as profile:
            program = WindowProgram(arguments, profile)
            application.commitDataRequest.connect(program.end_with_the_session)
            return event_loop.run(program.run(), application)
    except AlreadyOpenError as error:
        return OK if _was_handed_over(arguments) else _refuse(error, console, application)
    except KnownError as error:
        return _refuse(error, console, application)


def _was_handed_over(arguments: Arguments) -> bool:
    """Let the window that is open come to the front with our files; False when none answers."""
    from invite_desktop.app.front_door import knock  # noqa: PLC0415 - QtNetwork is seldom needed

    profile = choose_profile(arguments.profile, rehearsal=arguments.rehearsal)
    return knock(profile, arguments.files, _KNOCK_PATIENCE)


def _refuse(error: KnownError, console: Console, application: QApplication) -> int:
    console.complain(error)
    return event_loop.run(_tell(error, console), application)


def draw_once(arguments: Arguments) -> tuple[int, int]:
    """Show the window, close it after its first paint, and return its size in pixels."""
    application = _application()
    with _opened_profile(arguments) as profile:
        program = WindowProgram(arguments, profile)
        program.close_after_first_paint = True
        event_loop.run(program.run(), application)
    return program.drawn_size


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([PROGRAM])
        application.setApplicationName(PROGRAM)
        application.setApplicationDisplayName("Invite Desktop")
        application.setQuitOnLastWindowClosed(False)
    return application


@contextmanager
def _opened_profile(arguments: Arguments) -> Iterator[Profile]:
    profile = choose_profile(arguments.profile, rehearsal=arguments.rehearsal)
    profile.make()
    with SingleInstance(profile):
        stop_logging = start_logging(profile)
        try:
            yield profile
        finally:
            stop_logging()


async def _tell(error: KnownError, console: Console) -> int:
    """Show why the program cannot be opened, for those who started it without a terminal."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Invite Desktop", console.words(error.explanation))
    if error.next_step is not None:
        box.setInformativeText(console.words(error.next_step))
    closed = asyncio.Event()
    box.finished.connect(lambda _: closed.set())
    box.open()
    await closed.wait()
    return REFUSED
