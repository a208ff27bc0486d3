"""Copies of the database file: made while it is in use, checked, rotated, and put back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.backups import Backup
from invite_desktop.store.replaced_opt_outs import take_over_opt_outs
from invite_desktop.store.replaced_targets import take_over_ends
from invite_desktop.store.restores import mark_as_restored
from invite_desktop.store.schema import APPLICATION_ID, bring_up_to_date, copy_path
from invite_desktop.store.storage_errors import in_words, make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

DAILY, WEEKLY = 7, 4
"""So many days, and so many weeks, of which the newest copy is kept."""

REPLACED = 3
"""So many databases are kept that a backup has taken the place of."""

DUE_AFTER = timedelta(days=1)

_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"backup-(\d{8}-\d{6})\.sqlite3")
_COUNTED = ("people", "audiences", "tasks", "targets", "attempts", "do_not_contact")
_SIDE_FILES = ("-wal", "-shm")


def now() -> datetime:
    """Return real time, UTC and aware."""
    return datetime.now(UTC)


class SqliteBackups:
    """The port BackupShelf: copies of one file in one folder; the work is done in threads."""

    def __init__(self, database: Path, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def all(self) -> Sequence[Backup]:
        """Return the copies, newest first."""
        return await asyncio.to_thread(backups_in, self._folder)

    async def make(self) -> Backup:
        """Copy the database as it is now, check the copy, and drop those that are not kept."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(make_backup, self._database, self._folder, self._clock())

    async def make_if_due(self) -> Backup | None:
        """Do the same if the newest copy is older than a day; None when it is not."""
        newest = next(iter(await self.all()), None)
        if newest is not None and timedelta() <= self._clock() - newest.made_at < DUE_AFTER:
            return None
        return await self.make()

    async def put_back(self, name: str) -> None:
        """Check a copy and let it take the place of the database when the program next starts."""
        async with self._one_at_a_time:
            await asyncio.to_thread(prepare_restore, self._folder / name, self._database)


def backups_in(folder: Path) -> list[Backup]:
    """Return the copies in a folder, newest first."""
    found = []
    for path in folder.glob("backup-*.sqlite3"):
        if (match := _NAME.fullmatch(path.name)) is not None:
            made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path.name, path, made_at, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def make_backup(database: Path, folder: Path, at: datetime) -> Backup:
    """Copy a database that may be in use, check the copy, and drop those that are not kept.

    Blocks. Raises KnownError for a full disk and a damaged database, with nothing left behind.
    """
    path = folder / f"backup-{at.astimezone(UTC):{_STAMP}}.sqlite3"
    part = path.with_suffix(".part")
    make_folder(path)
    try:
        with in_words(database):
            counts = _copy(database, part)
            _check(part, counts)
        _move_into_place(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for backup in dropped(backups_in(folder)):
        # One of a day that a wrong clock made up must not outlive the one that was just made.
        if backup.path != path:
            backup.path.unlink()
    return Backup(path.name, path, at, path.stat().st_size)


def dropped(backups: Iterable[Backup]) -> list[Backup]:
    """Return those that are neither the newest of one of the last days nor of the last weeks."""
    ordered = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for backup in ordered:
        days.setdefault(backup.made_at.date(), backup)
        weeks.setdefault(backup.made_at.isocalendar()[:2], backup)
    kept = {b.name for b in [*list(days.values())[:DAILY], *list(weeks.values())[:WEEKLY]]}
    return [backup for backup in ordered if backup.name not in kept]


def prepare_restore(backup: Path, database: Path) -> None:
    """Make a checked copy of a backup that the next start puts in the database's place.

    Blocks. Raises KnownError for a file that is no sound backup, or that a newer version made.
    """
    if not backup.is_file():
        raise KnownError(
            message("There is no backup {name}.", name=backup.name),
            message("“invite-desktop backups” lists what there is."),
        )
    make_folder(database)
    part = _waiting(database).with_suffix(".part")
    _remove(part)
    try:
        with in_words(backup):
            _copy(backup, part)
            _check(part, None)
            with contextlib.closing(_connect(part)) as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                bring_up_to_date(connection, part)
                copy_path(part, version).unlink(missing_ok=True)
        _move_into_place(part, _waiting(database))
    except BaseException:
        _remove(part)
        raise


def finish_restore(database: Path, folder: Path, at: datetime) -> bool:
    """Put a prepared backup in the database's place, which is kept in the folder of backups.

    Who has opted out since the backup stands on its list, too, and whom a task has come to since
    is not come to again. For the start of the program,
    before the file is opened; whenever it is interrupted, the next start goes on. Blocks. Return
    whether there was one.
    """
    waiting = _waiting(database)
    if not waiting.exists():
        return False
    # The same name again when an earlier start came to no end.
    chosen_at = datetime.fromtimestamp(waiting.stat().st_mtime, UTC)
    aside = folder / f"replaced-{chosen_at:{_STAMP}}.sqlite3"
    make_folder(aside)
    # A log left beside the new file would be taken for its own; so the old ones leave first.
    for suffix in ("", *_SIDE_FILES):
        old = _beside(database, suffix)
        if old.exists():
            old.replace(_beside(aside, suffix))
    with in_words(waiting), contextlib.closing(_connect(waiting)) as connection:
        take_over_opt_outs(connection, aside)
        take_over_ends(connection, aside)
        mark_as_restored(connection, at)
    waiting.replace(database)
    _flush_folder(database.parent)
    for forgotten in sorted(folder.glob("replaced-*.sqlite3"))[:-REPLACED]:
        _remove(forgotten)
    return True


def _waiting(database: Path) -> Path:
    """Return the file that the next start puts in the database's place."""
    return database.with_name(f"{database.stem}.restored{database.suffix}")


def _copy(source: Path, target: Path) -> dict[str, int]:
    """Copy a database as it is at one moment; return how many rows it had then."""
    target.unlink(missing_ok=True)
    with contextlib.closing(_connect(source)) as old, contextlib.closing(_connect(target)) as new:
        old.execute("BEGIN")
        counts = _counts(old)
        old.backup(new)
        old.execute("COMMIT")
        # A copy is one file.
        new.execute("PRAGMA journal_mode = DELETE")
    return counts


def _check(path: Path, counts: dict[str, int] | None) -> None:
    """Raise KnownError unless a copy is sound, ours, and as full as what it is a copy of."""
    with contextlib.closing(_connect(path)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if not (sound and ours) or counts not in (None, _counts(connection)):
            raise KnownError(
                message("The copy of the database is damaged."),
                message("Take another backup, or check the disk."),
            )


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of this module
        for table in _COUNTED
        if table in there
    }


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None)


def _move_into_place(part: Path, path: Path) -> None:
    """Let a complete file appear under its name, on the disk and not only in memory."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for suffix in ("", *_SIDE_FILES):
        _beside(path, suffix).unlink(missing_ok=True)
