from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.store import lane
from invite_desktop.store.database import Database
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from peewee import SqliteDatabase

    Work = Callable[[SqliteDatabase], Any]


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database.open(path)
    yield opened
    opened.close()


def add(name: str, then: Work = lambda _opened: None) -> Work:
    def work(opened: SqliteDatabase) -> str:
        opened.execute_sql(
            "INSERT INTO audiences (name, basis, source, created_at) VALUES (?, 'team', '', 0)",
            (name,),
        )
        then(opened)
        return name

    return work


def names(opened: SqliteDatabase) -> list[str]:
    return [name for (name,) in opened.execute_sql("SELECT name FROM audiences ORDER BY id")]


def fail(_opened: SqliteDatabase) -> None:
    raise ZeroDivisionError


def tear(opened: SqliteDatabase) -> None:
    """Do what SQLite does by itself when the disk is full: undo the whole transaction."""
    connection_of(opened).execute("ROLLBACK")
    fail(opened)


async def held_up(database: Database) -> tuple[asyncio.Future[Any], threading.Event]:
    """Keep the thread busy until the event is set."""
    started, go_on = threading.Event(), threading.Event()

    def hold(_opened: SqliteDatabase) -> None:
        started.set()
        go_on.wait(10)

    holding = asyncio.ensure_future(database.write(hold))
    await asyncio.to_thread(started.wait, 10)
    return holding, go_on


async def asked_at_once(database: Database, *works: tuple[Work, bool]) -> list[Any]:
    """Ask for everything while the thread is busy, so that it finds all of it afterwards."""
    holding, go_on = await held_up(database)
    asked = [
        asyncio.ensure_future(database.write(work) if durable else database.write_soon(work))
        for work, durable in works
    ]
    await asyncio.sleep(0)
    go_on.set()
    await holding
    return await asyncio.gather(*asked, return_exceptions=True)


def statements(database: Database) -> list[str]:
    """Return the list to which every statement of the writer is added from now on."""
    seen: list[str] = []
    database.between_writes(lambda opened: connection_of(opened).set_trace_callback(seen.append))
    return seen


def until_queued(database: Database, jobs: int) -> None:
    """Wait for work that another thread asks for; only the queue itself tells of it."""
    while database._writer._jobs.qsize() < jobs:
        time.sleep(0.001)


async def test_what_is_asked_for_together_shares_one_commit(database: Database):
    seen = statements(database)
    answers = await asked_at_once(database, *((add(str(n)), True) for n in range(5)))
    assert answers == ["0", "1", "2", "3", "4"]
    assert seen.count("COMMIT") == 2, "one for who held it up, one for all others"
    assert await database.read(names) == answers


async def test_what_is_asked_for_in_one_turn_shares_one_commit(database: Database):
    seen = statements(database)
    await asyncio.gather(*(database.write(add(str(n))) for n in range(5)))
    assert seen.count("COMMIT") == 1


async def test_more_than_may_go_together_goes_in_several_parts(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database._writer, "_most_together", 2)
    seen = statements(database)
    await asked_at_once(database, *((add(str(n)), True) for n in range(5)))
    assert seen.count("COMMIT") == 4, "one for who held it up, three for five others"
    assert await database.read(names) == ["0", "1", "2", "3", "4"]


async def test_what_may_wait_goes_with_what_is_asked_for_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lane, "LONGEST_WAIT", 1_000)
    seen = statements(database)
    patient = asyncio.ensure_future(database.write_soon(add("patient"), with_next=True))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not seen
    await asyncio.gather(patient, database.write(add("next")))
    assert seen.count("COMMIT") == 1
    assert await database.read(names) == ["patient", "next"]


async def test_what_may_wait_is_done_in_the_end_though_nothing_comes(database: Database):
    assert await database.write_soon(add("patient"), with_next=True) == "patient"


async def test_a_wait_that_is_over_ends_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lane, "LONGEST_WAIT", 1_000)
    await asyncio.gather(
        database.write_soon(add("one"), with_next=True), database.write(add("two"))
    )
    seen = statements(database)
    patient = asyncio.ensure_future(database.write_soon(add("patient"), with_next=True))
    await asyncio.sleep(0)
    database._writer._end_of_wait(0)
    await database.read(names)
    assert not seen
    await asyncio.gather(patient, database.write(add("next")))


async def test_what_still_waits_is_done_when_the_database_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lane, "LONGEST_WAIT", 1_000)
    opened = Database.open(path)
    patient = asyncio.ensure_future(opened.write_soon(add("patient"), with_next=True))
    await asyncio.sleep(0)
    opened.close()
    assert await patient == "patient"


async def test_nobody_is_answered_before_the_common_commit(database: Database):
    first: asyncio.Future[Any] = asyncio.ensure_future(asyncio.sleep(0))
    answered: list[bool] = []

    def look(_opened: SqliteDatabase) -> None:
        time.sleep(0.001)  # Whoever was answered too early would have heard of it by now.
        answered.append(first.done())

    holding, go_on = await held_up(database)
    first = asyncio.ensure_future(database.write(add("first")))
    second = asyncio.ensure_future(database.write(add("second", look)))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(holding, first, second)
    assert answered == [False]


async def test_a_piece_that_fails_undoes_nothing_but_itself(database: Database):
    answers = await asked_at_once(
        database, (add("one"), True), (add("two", fail), True), (add("three"), True)
    )
    assert answers[::2] == ["one", "three"]
    assert isinstance(answers[1], ZeroDivisionError)
    assert await database.read(names) == ["one", "three"]


async def test_pieces_outlive_the_end_of_the_transaction_that_they_shared(database: Database):
    answers = await asked_at_once(
        database, (add("one"), True), (add("two", tear), True), (add("three"), True)
    )
    assert answers[::2] == ["one", "three"]
    assert isinstance(answers[1], ZeroDivisionError)
    assert await database.read(names) == ["one", "three"]


async def test_a_disk_that_is_full_for_one_of_them_is_told_to_that_one(database: Database):
    pages = await database.write(
        lambda opened: opened.execute_sql("PRAGMA page_count").fetchone()[0]
    )
    await database.write(
        lambda opened: opened.execute_sql(f"PRAGMA max_page_count = {pages + 2}").fetchone()
    )
    small, big = await asked_at_once(database, (add("small"), True), (add("x" * 40_000), True))
    assert small == "small"
    assert isinstance(big, KnownError)
    assert await database.read(names) == ["small"]


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
async def test_together_they_are_flushed_when_one_of_them_must_be(
    database: Database, durable: bool, level: int
):
    levels: list[int] = []

    def look(opened: SqliteDatabase) -> None:
        levels.append(opened.execute_sql("PRAGMA synchronous").fetchone()[0])

    await asked_at_once(database, (look, False), (add("one"), durable), (look, False))
    assert levels == [level, level]


async def test_work_of_another_thread_has_a_transaction_of_its_own(database: Database):
    seen = statements(database)
    holding, go_on = await held_up(database)
    before = asyncio.ensure_future(database.write(add("before")))
    await asyncio.sleep(0)
    between = asyncio.ensure_future(asyncio.to_thread(database.write_now, add("between")))
    await asyncio.to_thread(until_queued, database, 2)
    after = asyncio.ensure_future(database.write(add("after")))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(holding, before, between, after)
    assert seen.count("COMMIT") == 4
    assert await database.read(names) == ["before", "between", "after"]


async def test_a_closed_database_refuses_work(path: Path):
    opened = Database.open(path)
    opened.close()
    with pytest.raises(RuntimeError):
        await opened.write(names)
