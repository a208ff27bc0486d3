"""``invite-desktop --selftest``: does this installation work on this machine?"""

from __future__ import annotations

import asyncio
import importlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.app.console import Console
from invite_desktop.app.exit_codes import DISAGREES, OK
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    import gettext
    from collections.abc import Callable

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.domain.messages import Message

_MODULES = (
    *("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "qasync", "telethon", "cryptg"),
    *("peewee", "python_calamine", "charset_normalizer", "ijson", "phonenumbers", "xlsxwriter"),
    *("keyring", "platformdirs", "filelock", "rich", "wakepy"),
)
_PEOPLE = 8


def selftest(arguments: Arguments, catalogue: gettext.NullTranslations) -> int:
    """Try every part once, in a folder that is thrown away, and say what works."""
    console = Console(catalogue)
    steps: tuple[tuple[Message, Callable[[Path], Message]], ...] = (
        (message("libraries"), lambda _: _imports()),
        (message("database"), _database),
        (message("keyring"), lambda _: _keyring()),
        (message("rehearsal"), lambda folder: _rehearsal(folder, arguments, catalogue)),
        (message("window"), lambda folder: _window(folder, arguments)),
    )
    failed = 0
    with tempfile.TemporaryDirectory(prefix="invite-desktop-") as directory:
        for number, (name, step) in enumerate(steps):
            folder = Path(directory) / str(number)
            folder.mkdir()
            try:
                answer, mark = step(folder), "ok  "
            except KnownError as error:
                answer, mark = error.explanation, "FAIL"
            except Exception as error:  # noqa: BLE001 - whatever fails here is the answer
                answer, mark = message("{error}", error=repr(error)), "FAIL"
            failed += mark == "FAIL"
            console.say(message("{mark} {part}: {answer}", mark=mark, part=name, answer=answer))
    return DISAGREES if failed else OK


def _imports() -> Message:
    for name in _MODULES:
        importlib.import_module(name)
    return message("{count} libraries are there", count=len(_MODULES))


def _database(folder: Path) -> Message:
    from invite_desktop.store.store import Store  # noqa: PLC0415 - part of what is tested

    store = Store.open(folder / "test.sqlite3")
    try:
        audiences = asyncio.run(store.audiences.audiences())
    finally:
        store.close()
    if audiences:
        raise RuntimeError("a new database is not empty")
    return message("can be written and read")


def _keyring() -> Message:
    from invite_desktop.telegram.secret_vault import KeyringVault  # noqa: PLC0415

    vault = KeyringVault("selftest")
    try:
        asyncio.run(vault.credentials())
    except KnownError as error:
        # A machine without a keyring can still rehearse; adding an account will say the same.
        return message("none to be used: {trouble}", trouble=error.explanation)
    return message("{keyring} can be used", keyring=vault.description)


def _rehearsal(folder: Path, arguments: Arguments, catalogue: gettext.NullTranslations) -> Message:
    from invite_desktop.app.rehearse import rehearse  # noqa: PLC0415

    people = folder / "people.csv"
    rows = "".join(f"selftest_person_{number}\n" for number in range(_PEOPLE))
    people.write_text(f"username\n{rows}", encoding="utf-8")
    reports = tuple(folder / f"report{suffix}" for suffix in (".xlsx", ".html", ".csv"))
    asked = replace(
        arguments,
        command="rehearse",
        files=(people,),
        profile=None,
        accounts=1,
        reports=reports,
    )
    code = asyncio.run(rehearse(asked, Console(catalogue, quiet=True)))
    if code != OK:
        raise RuntimeError("the ledger, the counters and the server disagree")
    return message("{count} invitations ended as they should", count=_PEOPLE)


def _window(folder: Path, arguments: Arguments) -> Message:
    # A real window, drawn by Qt itself, whether this machine has a screen or not.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from invite_desktop.app.opening import draw_once  # noqa: PLC0415

    size = draw_once(replace(arguments, profile=folder))
    return message("drawn, {width} × {height}", width=size[0], height=size[1])
