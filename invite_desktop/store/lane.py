"""A thread with one connection to the database: its work in order, each piece as a whole."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from peewee import SqliteDatabase

from invite_desktop.store.answers import tell
from invite_desktop.store.rows import connection_of
from invite_desktop.store.storage_errors import in_words
from invite_desktop.store.text_search import any_contains, folded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

READING, WRITING = "BEGIN", "BEGIN IMMEDIATE"
"""How a transaction begins. Only what writes shares one: to read together is only to wait."""

MOST_TOGETHER = 64
"""So many pieces of work share one transaction at the most."""

LONGEST_WAIT = 0.02
"""Seconds that work waits for company at the most, when it may."""

_T = TypeVar("_T")


class _TornError(Exception):
    """One of several pieces of work that share a transaction failed, which undoes all of them."""


@dataclass(slots=True, eq=False)
class _Job:
    """Work for the thread, and who waits for it: on a loop, or (None) in another thread.

    ``transaction`` False: to be run outside of any.
    """

    work: Callable[[SqliteDatabase], Any]
    answer: Any
    loop: asyncio.AbstractEventLoop | None = None
    durable: bool = True
    transaction: bool = True
    result: Any = None
    error: BaseException | None = None


class Lane:
    """Does work in the order of the calls.

    What the loop asks for in one turn, or while the thread is at work, goes together into the next
    transaction, so that it shares one flush of the disk. When a piece of it fails, each is done
    again on its own; nobody gets an answer before the common commit. Work of other threads, which
    may take long, stays alone. ``durable`` False spares the flush, ``with_next`` lets work wait a
    moment for what is asked for next.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        pragmas: Mapping[str, object],
        begin: str,
        busy_seconds: float,
    ) -> None:
        self._path = path
        self._begin = begin
        self._most_together = MOST_TOGETHER if begin == WRITING else 1
        self._database = SqliteDatabase(str(path), pragmas=dict(pragmas), timeout=busy_seconds)
        self._database.register_function(any_contains, "any_contains", -1)
        self._database.register_function(folded, "folded", 1)
        self._syncs = True
        self._asked: list[_Job] = []
        self._passing: asyncio.AbstractEventLoop | None = None
        self._passed = 0
        self._jobs: SimpleQueue[Sequence[_Job] | None] = SimpleQueue()
        self._taken: deque[Sequence[_Job] | None] = deque()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Callable[[SqliteDatabase], _T]) -> _T:
        """Run work without a transaction and wait for it."""
        return self._wait_for(work, transaction=False)

    async def transact(
        self,
        work: Callable[[SqliteDatabase], _T],
        *,
        durable: bool = True,
        with_next: bool = False,
    ) -> _T:
        """Run work as one transaction, also when the caller is cancelled meanwhile."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()
        self._ask(loop, _Job(work, answer, loop, durable), with_next=with_next)
        return await answer

    def transact_now(self, work: Callable[[SqliteDatabase], _T], *, durable: bool = True) -> _T:
        """Run work as one transaction and wait for it."""
        return self._wait_for(work, durable=durable)

    def close(self) -> None:
        """Finish everything that was asked for, and close the connection. Blocks."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._pass_on()
                self._jobs.put(None)
        self._thread.join()

    def _wait_for(
        self,
        work: Callable[[SqliteDatabase], _T],
        *,
        durable: bool = True,
        transaction: bool = True,
    ) -> _T:
        answer: Future[_T] = Future()
        self._put(_Job(work, answer, None, durable, transaction))
        return answer.result()

    def _put(self, job: _Job) -> None:
        with self._door:
            self._require_open()
            self._pass_on()
            self._jobs.put([job])

    def _ask(self, loop: asyncio.AbstractEventLoop, job: _Job, *, with_next: bool) -> None:
        with self._door:
            self._require_open()
            self._asked.append(job)
            if with_next:
                loop.call_later(LONGEST_WAIT, self._end_of_wait, self._passed)
            elif self._passing is not loop:
                self._passing = loop
                loop.call_soon(self._end_of_turn)

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")

    def _end_of_turn(self) -> None:
        with self._door:
            self._pass_on()

    def _end_of_wait(self, passed: int) -> None:
        with self._door:
            if self._passed == passed:
                self._pass_on()

    def _pass_on(self) -> None:
        """Give the thread what the loop has asked for in this turn."""
        for _, asked in groupby(self._asked, lambda job: job.loop):
            jobs, most = list(asked), self._most_together
            for first in range(0, len(jobs), most):
                self._jobs.put(jobs[first : first + most])
        self._asked.clear()
        self._passing = None
        self._passed += 1

    # ------------------------------------------------------------ in the thread

    def _live(self) -> None:
        while (jobs := self._next()) is not None:
            self._do(jobs)
            _answer(jobs)
            del jobs
        self._database.close()

    def _next(self) -> list[_Job] | None:
        """Wait for work; return what may be done together, None at the end."""
        asked = self._taken.popleft() if self._taken else self._jobs.get()
        if asked is None:
            return None
        jobs = list(asked)
        loop = jobs[0].loop
        while loop is not None and len(jobs) < self._most_together:
            try:
                more = self._jobs.get_nowait()
            except Empty:
                break
            if more is None or more[0].loop is not loop:
                self._taken.append(more)
                break
            jobs.extend(more)
        return jobs

    def _do(self, jobs: Sequence[_Job]) -> None:
        if len(jobs) > 1:
            try:
                self._do_together(jobs)
            except _TornError:
                # Nothing of them was committed. Each is done once more on its own, so that what is
                # wrong with one undoes no other.
                pass
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                for job in jobs:
                    job.error = error
                return
            else:
                return
        for job in jobs:
            self._do_alone(job)

    def _do_alone(self, job: _Job) -> None:
        job.error = None
        try:
            with in_words(self._path):
                connection = self._connected()
                if not job.transaction:
                    job.result = job.work(self._database)
                    return
                self._begin_transaction(connection, durable=job.durable)
                try:
                    job.result = job.work(self._database)
                    connection.execute("COMMIT")
                except BaseException:
                    _roll_back(connection)
                    raise
        except BaseException as error:  # noqa: BLE001 - whoever asked gets it
            job.error = error

    def _do_together(self, jobs: Sequence[_Job]) -> None:
        with in_words(self._path):
            connection = self._connected()
            self._begin_transaction(connection, durable=any(job.durable for job in jobs))
            try:
                for job in jobs:
                    job.result = job.work(self._database)
                connection.execute("COMMIT")
            except BaseException as error:
                _roll_back(connection)
                raise _TornError from error

    def _connected(self) -> sqlite3.Connection:
        self._database.connect(reuse_if_open=True)
        return connection_of(self._database)

    def _begin_transaction(self, connection: sqlite3.Connection, *, durable: bool) -> None:
        if durable is not self._syncs:
            level = "FULL" if durable else "NORMAL"
            connection.execute(f"PRAGMA synchronous = {level}")
            self._syncs = durable
        connection.execute(self._begin)


def _roll_back(connection: sqlite3.Connection) -> None:
    # A full disk may have ended the transaction already.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _answer(jobs: Sequence[_Job]) -> None:
    """Send the answers, with one call to a loop."""
    loop = jobs[0].loop
    if loop is not None:
        tell(loop, [(job.answer, job.result, job.error) for job in jobs])
    for job in jobs if loop is None else ():
        if job.error is not None:
            job.answer.set_exception(job.error)
        else:
            job.answer.set_result(job.result)
