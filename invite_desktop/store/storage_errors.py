"""The database's own errors in words: full disks, locked, damaged or forbidden files."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from typing import TYPE_CHECKING

import peewee

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.domain.messages import Message

_PRIMARY = 0xFF
"""SQLite's extended result codes keep the primary code in their lowest byte."""

_FULL = (
    message("The disk is full: the program could not save its data."),
    message("Free some space on the disk and try again. What was saved before is not lost."),
)
_BUSY = (
    message("Another program holds the database of Invite Desktop."),
    message("Close it (it may be a second copy of this program) and try again."),
)
_DAMAGED = (
    message("The database of Invite Desktop is damaged."),
    message("Put back a copy of the file {path}, or choose another profile folder."),
)
_STRANGER = (
    message("{path} is not a database of Invite Desktop."),
    message("Choose another profile folder, or move this file away."),
)
_FORBIDDEN = (
    message("The database {path} cannot be opened or written to."),
    message("Check that the folder exists and that you may write to it."),
)
_DISK_ERROR = (
    message("The disk reported an error while the database was in use."),
    message("Check the disk, and make a copy of the file {path}."),
)

_WORDS: dict[int, tuple[Message, Message]] = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _STRANGER,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_CANTOPEN: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_IOERR: _DISK_ERROR,
}
"""Explanation and next step by SQLite's primary result code (sqlite.org/rescode.html)."""


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise KnownError in place of the database errors that are the world's fault."""
    try:
        yield
    except (sqlite3.Error, peewee.PeeweeException) as error:
        words = _WORDS.get(_result_code(error))
        if words is None:
            raise
        explanation, next_step = (_at(part, path) for part in words)
        raise KnownError(explanation, next_step) from error


def make_folder(path: Path) -> None:
    """Create the folder of a database file. Raises KnownError when that is not allowed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        explanation, next_step = (_at(part, path) for part in _FORBIDDEN)
        raise KnownError(explanation, next_step) from error


def _result_code(error: Exception) -> int:
    """Return SQLite's primary code; peewee keeps the driver's error as ``orig``."""
    original = getattr(error, "orig", error)
    return int(getattr(original, "sqlite_errorcode", 0)) & _PRIMARY


def _at(words: Message, path: Path) -> Message:
    return dataclasses.replace(words, values={"path": str(path)})
