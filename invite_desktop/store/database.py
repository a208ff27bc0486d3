"""One database file: threads that write, read, and ask at length; one transaction a call."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.lane import READING, WRITING, Lane
from invite_desktop.store.rows import connection_of
from invite_desktop.store.schema import MIGRATIONS, bring_up_to_date
from invite_desktop.store.storage_errors import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from peewee import SqliteDatabase

    from invite_desktop.store.schema import Migration

BUSY_SECONDS = 5
"""How long a locked file is waited for."""

CACHE = -64_000
"""Kibibytes of the file that the writer may keep in memory."""

CHECKPOINT_PAGES, APART_CHECKPOINT_PAGES = 1_000, 65_536
"""Pages of the log with which the writer itself carries it into the file: SQLite's own measure, and
while another thread does that. It takes a flush of the disk, and the next transaction waits."""

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "temp_store": "memory",
    "cache_size": CACHE,
    "journal_size_limit": 64 * 1024 * 1024,
}
_READER_PRAGMAS = {"query_only": 1, "cache_size": -16_000}

STEPS_BETWEEN_LOOKS = 20_000
"""Instructions of SQLite's machine, some milliseconds, between looks whether work is wanted."""

_T = TypeVar("_T")


class Database:
    """An open database. Work given to it runs in its own threads, in the order of the calls.

    A transaction never contains an ``await``. Cancelling the awaiting coroutine leaves work that
    was given to the writer to be done completely. Raises KnownError for the world's faults.
    """

    def __init__(self, path: Path, writer: Lane, reader: Lane, asker: Lane) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._asker = asker

    @classmethod
    def open(cls, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Database:
        """Open or create the file, and bring it to the newest schema. Blocks."""
        make_folder(path)
        writer = Lane("store-writer", path, _PRAGMAS, WRITING, BUSY_SECONDS)
        try:
            writer.call(
                lambda database: bring_up_to_date(connection_of(database), path, migrations)
            )
        except BaseException:
            writer.close()
            raise
        reader = Lane("store-reader", path, _READER_PRAGMAS, READING, BUSY_SECONDS)
        asker = Lane("store-asker", path, _READER_PRAGMAS, READING, BUSY_SECONDS)
        return cls(path, writer, reader, asker)

    async def write(self, work: Callable[[SqliteDatabase], _T], *, with_next: bool = False) -> _T:
        """Run work in the writer's thread as one transaction, durable when this returns.

        ``with_next``: it may wait a moment to share the transaction of what is written next.
        """
        return await self._writer.transact(work, with_next=with_next)

    async def write_soon(
        self, work: Callable[[SqliteDatabase], _T], *, with_next: bool = False
    ) -> _T:
        """Run work as ``write`` does, but let the next durable transaction make it durable.

        It survives the end of the program at any moment; only a loss of power may undo it, as if
        it had never been. For what the start of the program puts right anyway. ``with_next``: it
        may wait a moment to share the transaction of what is written next; the end of the
        program, too, may undo it until this returns.
        """
        return await self._writer.transact(work, durable=False, with_next=with_next)

    async def read(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work in the reader's thread on one unchanging view of what was committed."""
        return await self._reader.transact(work)

    async def read_if_wanted(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work as ``read`` does, but give it up when the caller is cancelled.

        For long questions: they stand in a line of their own, so that short ones need not wait.
        """
        left = threading.Event()
        try:
            return await self._asker.transact(lambda database: _until(left, database, work))
        except asyncio.CancelledError:
            left.set()
            raise

    def write_now(self, work: Callable[[SqliteDatabase], _T], *, durable: bool = True) -> _T:
        """Do what ``write`` or ``write_soon`` does, for a thread that may wait. Blocks."""
        return self._writer.transact_now(work, durable=durable)

    def between_writes(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work in the writer's thread outside of any transaction. Blocks.

        For what SQLite allows only there, and what needs no transaction.
        """
        return self._writer.call(work)

    @contextlib.contextmanager
    def checkpoints_apart(self) -> Iterator[Callable[[], object]]:
        """Keep the writer from checkpoints; yield what makes one in the calling thread. Blocks.

        For many transactions in a row, between which others shall get their turn at once.
        """
        self._writer.call(lambda database: _checkpoint_at(database, APART_CHECKPOINT_PAGES))
        try:
            with contextlib.closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as own:
                yield lambda: own.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            self._writer.call(lambda database: _checkpoint_at(database, CHECKPOINT_PAGES))

    def read_now(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Do what ``read`` does, for a thread that may wait. Blocks."""
        return self._reader.transact_now(work)

    def ask_now(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Do what ``read_now`` does for a long question, among those of ``read_if_wanted``."""
        return self._asker.transact_now(work)

    def close(self) -> None:
        """Finish everything that was asked for and close the file. Blocks."""
        self._asker.close()
        self._reader.close()
        self._writer.close()


def _until(
    left: threading.Event, database: SqliteDatabase, work: Callable[[SqliteDatabase], _T]
) -> _T:
    """Run work until its caller has left. Raises AbandonedError then."""
    if left.is_set():
        raise AbandonedError
    connection = connection_of(database)
    connection.set_progress_handler(left.is_set, STEPS_BETWEEN_LOOKS)
    try:
        return work(database)
    except sqlite3.OperationalError:
        if left.is_set():
            raise AbandonedError from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _checkpoint_at(database: SqliteDatabase, pages: int) -> None:
    connection_of(database).execute(f"PRAGMA wal_autocheckpoint = {pages}")
