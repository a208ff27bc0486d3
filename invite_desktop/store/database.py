"""One database file: a thread that writes, a thread that reads, one transaction a call."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar, cast

from peewee import SqliteDatabase

from invite_desktop.store.rows import connection_of
from invite_desktop.store.schema import MIGRATIONS, bring_up_to_date
from invite_desktop.store.storage_errors import in_words, make_folder
from invite_desktop.store.text_search import any_contains, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from invite_desktop.store.schema import Migration

_logger = logging.getLogger(__name__)

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


class AbandonedError(Exception):
    """Work gave itself up because somebody wished so; its transaction is rolled back."""


class Database:
    """An open database. Work given to it runs in its own threads, in the order of the calls.

    A transaction never contains an ``await``. Cancelling the awaiting coroutine leaves work that
    was given to the writer to be done completely. Raises KnownError for the world's faults.
    """

    def __init__(self, path: Path, writer: _Lane, reader: _Lane) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader

    @classmethod
    def open(cls, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Database:
        """Open or create the file, and bring it to the newest schema. Blocks."""
        make_folder(path)
        writer = _Lane("store-writer", path, _PRAGMAS, begin="BEGIN IMMEDIATE")
        try:
            writer.call(
                lambda database: bring_up_to_date(connection_of(database), path, migrations)
            )
        except BaseException:
            writer.close()
            raise
        return cls(path, writer, _Lane("store-reader", path, _READER_PRAGMAS, begin="BEGIN"))

    async def write(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work in the writer's thread as one transaction, durable when this returns."""
        return await self._writer.transact(work)

    async def write_soon(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work as ``write`` does, but let the next durable transaction make it durable.

        It survives the end of the program at any moment; only a loss of power may undo it, as if
        it had never been. For what the start of the program puts right anyway.
        """
        return await self._writer.transact(work, durable=False)

    async def read(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work in the reader's thread on one unchanging view of what was committed."""
        return await self._reader.transact(work)

    async def read_if_wanted(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work as ``read`` does, but give it up when the caller is cancelled.

        For long questions that nobody needs an answer to any more: others wait behind them.
        """
        left = threading.Event()
        try:
            return await self._reader.transact(lambda database: _until(left, database, work))
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

    def close(self) -> None:
        """Finish everything that was asked for and close the file. Blocks."""
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


class _Lane:
    """One thread with one connection."""

    def __init__(self, name: str, path: Path, pragmas: Mapping[str, object], begin: str) -> None:
        self._path = path
        self._begin = begin
        self._database = SqliteDatabase(str(path), pragmas=dict(pragmas), timeout=BUSY_SECONDS)
        self._database.register_function(any_contains, "any_contains", -1)
        self._database.register_function(folded, "folded", 1)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def call(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work without a transaction and wait for it."""
        return self._thread.submit(self._guarded, work).result()

    async def transact(self, work: Callable[[SqliteDatabase], _T], *, durable: bool = True) -> _T:
        """Run work as one transaction, also when the caller is cancelled meanwhile.

        Leaner than waiting for the thread's own future: each transaction of a call takes this way.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()

        def answering() -> None:
            try:
                result = self._worked(work, durable=durable)
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                _tell(loop, answer, None, error)
            else:
                _tell(loop, answer, result, None)

        self._thread.submit(answering)
        return await answer

    def transact_now(self, work: Callable[[SqliteDatabase], _T], *, durable: bool = True) -> _T:
        """Run work as one transaction and wait for it."""
        return self._thread.submit(self._worked, work, durable=durable).result()

    def close(self) -> None:
        self._thread.submit(self._database.close).result()
        self._thread.shutdown()

    def _worked(self, work: Callable[[SqliteDatabase], _T], *, durable: bool) -> _T:
        run = self._run if durable else self._run_without_sync
        return self._guarded(lambda database: run(database, work))

    def _guarded(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        with in_words(self._path):
            self._database.connect(reuse_if_open=True)
            return work(self._database)

    def _run(self, database: SqliteDatabase, work: Callable[[SqliteDatabase], _T]) -> _T:
        connection = connection_of(database)
        connection.execute(self._begin)
        try:
            result = work(database)
            connection.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _run_without_sync(
        self, database: SqliteDatabase, work: Callable[[SqliteDatabase], _T]
    ) -> _T:
        connection = connection_of(database)
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            return self._run(database, work)
        finally:
            connection.execute("PRAGMA synchronous = FULL")


def _checkpoint_at(database: SqliteDatabase, pages: int) -> None:
    connection_of(database).execute(f"PRAGMA wal_autocheckpoint = {pages}")


async def answer_of(future: Future[_T]) -> _T:
    """Wait for work of another thread; a caller who leaves lets it go on to its end."""
    heard = asyncio.wrap_future(future)
    try:
        return await asyncio.shield(heard)
    except asyncio.CancelledError:
        report_failure(future)
        # asyncio would complain of the same failure in words of its own.
        heard.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise


def _tell(
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[_T],
    result: _T | None,
    error: BaseException | None,
) -> None:
    """Hand an answer to the loop's thread; whoever has left leaves a failure to the log."""
    try:
        loop.call_soon_threadsafe(_deliver, answer, result, error)
    except RuntimeError:  # The loop has ended.
        _note_failure(error)


def _deliver(answer: asyncio.Future[_T], result: _T | None, error: BaseException | None) -> None:
    if answer.done():
        _note_failure(error)
    elif error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(cast("_T", result))


def report_failure(future: Future[_T]) -> None:
    """Log the failure, if it comes to one, of work whose caller cannot hear of it."""
    future.add_done_callback(_log_failure)


def _log_failure(future: Future[_T]) -> None:
    _note_failure(None if future.cancelled() else future.exception())


def _note_failure(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, AbandonedError):
        _logger.error("a transaction failed after its caller had left", exc_info=error)
