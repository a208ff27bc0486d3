"""The program's start: read the command line, choose what to run, answer with an exit code."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from invite_desktop.app.arguments import Arguments, parse
from invite_desktop.app.console import Console
from invite_desktop.app.exit_codes import INTERRUPTED, REFUSED
from invite_desktop.app.translations import choose_language, load_catalogue
from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    import gettext
    from collections.abc import Sequence


def run(given: Sequence[str]) -> int:
    """Run the program with its command line (without the program's name)."""
    catalogue = load_catalogue(choose_language(_language_asked_for(given)))
    console = Console(catalogue)
    try:
        arguments = parse(given, console.words)
        return _run_command(arguments, catalogue)
    except KnownError as error:
        console.complain(error)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run_command(arguments: Arguments, catalogue: gettext.NullTranslations) -> int:
    # Each command imports its own heavy parts, so that none of them pays for the others.
    console = Console(catalogue, quiet=arguments.json)
    if arguments.command == "rehearse":
        from invite_desktop.app.rehearse import rehearse  # noqa: PLC0415

        return asyncio.run(rehearse(arguments, console))
    if arguments.command == "import":
        from invite_desktop.app.import_files import import_files  # noqa: PLC0415

        return asyncio.run(import_files(arguments, console))
    if arguments.command == "report":
        from invite_desktop.app.report import report  # noqa: PLC0415

        return asyncio.run(report(arguments, console))
    if arguments.command in {"backups", "restore"}:
        from invite_desktop.app.backups import list_backups, restore  # noqa: PLC0415

        return (list_backups if arguments.command == "backups" else restore)(arguments, console)
    if arguments.command == "selftest":
        from invite_desktop.app.selftest import selftest  # noqa: PLC0415

        return selftest(arguments, catalogue)
    from invite_desktop.app.screen import require_screen  # noqa: PLC0415

    require_screen()  # before Qt is imported, which would end the process without a word
    # While hundreds of modules load there is no garbage, but looking for it takes a tenth of a
    # second; after its first paint the window does it in rounds of its own.
    gc.disable()
    from invite_desktop.app.opening import open_window  # noqa: PLC0415

    try:
        return open_window(arguments, catalogue)
    finally:
        gc.enable()


def _language_asked_for(given: Sequence[str]) -> str | None:
    """Find --language before the command line is read, so that even its refusal is understood."""
    for option, value in zip(given, [*given[1:], ""], strict=True):
        if option == "--language":
            return value
        if option.startswith("--language="):
            return option.partition("=")[2]
    return None
