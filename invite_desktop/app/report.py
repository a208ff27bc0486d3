"""``invite-desktop report``: the tasks of a profile, and reports of them as files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from invite_desktop.app.exit_codes import OK
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.rehearsal_mode import continue_from_the_ledger
from invite_desktop.app.screen import require_screen
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.app.translations import choose_language
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.words import words_for
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.setup import EngineSettings
from invite_desktop.telegram.memory_vault import MemoryVault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.console import Console
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.views import TaskView


async def report(arguments: Arguments, console: Console) -> int:
    """Save the named reports, or list the tasks when none is named; return the exit code."""
    profile = choose_profile(arguments.profile, rehearsal=arguments.rehearsal)
    if not profile.database.exists():
        raise KnownError(
            message("There is no database in {directory} yet.", directory=profile.directory),
            message("Choose another folder with --profile."),
        )
    bugs: list[BaseException] = []
    settings = EngineSettings(rehearsal=arguments.rehearsal)
    with SingleInstance(profile):
        clock = AcceleratedClock(1.0)
        around = Surroundings(
            profile, MemoryVault(), console.words, bugs.append, clock, settings=settings
        )
        async with open_engine(around) as opened:
            # A rehearsal has a time of its own, which may be weeks ahead.
            await continue_from_the_ledger(opened.engine, clock)
            if arguments.reports:
                saved = await save_reports(opened.engine, arguments, arguments.task, console)
                if arguments.json:
                    console.result(saved)
            else:
                _list(await opened.engine.tasks.views(), arguments, console)
    return OK


async def save_reports(
    engine: Engine, arguments: Arguments, task_id: int | None, console: Console
) -> Sequence[dict[str, object]]:
    """Save the report of one task, or over all of them, in every format that was asked for.

    Return what was saved, for scripts.
    """
    # Dates and numbers are written as the window writes them; only here does that need Qt.
    from invite_desktop.ui.translations import load_translator  # noqa: PLC0415 - see above

    language = choose_language(arguments.language)
    translator = load_translator(language)
    engine.reports.speak(translator.text, translator.list_separator, language)
    if any(path.suffix.lower() == ".pdf" for path in arguments.reports):
        _lay_out_letters()
    saved: list[dict[str, object]] = []
    for path in arguments.reports:
        rows = await (
            engine.reports.overall(path) if task_id is None else engine.reports.task(task_id, path)
        )
        console.say(_saved(path, rows))
        saved.append({"file": str(path), "rows": rows})
    return saved


def _saved(path: Path, rows: int) -> Message:
    return counted(
        "“{file}” is saved, with {count} row.",
        "“{file}” is saved, with {count} rows.",
        rows,
        file=path.name,
    )


def _lay_out_letters() -> None:
    """Start as much of Qt as drawing letters needs, without a screen. Raises KnownError."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    require_screen()
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - Qt aborts where something lacks

    if QGuiApplication.instance() is None:
        _kept.append(QGuiApplication([]))


def _list(views: Sequence[TaskView], arguments: Arguments, console: Console) -> None:
    if arguments.json:
        console.result([_shown(view) for view in views])
        return
    if not views:
        console.say(message("There are no tasks yet."))
    console.table(
        [
            (f"{view.task.id}  {view.task.name}", console.words(words_for(view.task.status)), total)
            for view in views
            for total in (view.counters.total,)
        ]
    )


def _shown(view: TaskView) -> dict[str, object]:
    task, counters = view.task, view.counters
    return {
        "number": task.id,
        "name": task.name,
        "kind": task.kind,
        "status": task.status,
        "people": counters.total,
        "processed": counters.processed,
    }


_kept: list[object] = []
"""Qt ends with the last reference to its application."""
