from __future__ import annotations

import asyncio
import gc
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.store import database as database_module
from invite_desktop.store.database import Database
from invite_desktop.store.storage_errors import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from peewee import SqliteDatabase


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database.open(path)
    yield opened
    opened.close()


def add_audience(name: str = "Guests") -> object:
    def work(database: SqliteDatabase) -> None:
        database.execute_sql(
            "INSERT INTO audiences (name, basis, source, created_at) VALUES (?, 'team', '', 0)",
            (name,),
        )

    return work


def names(database: SqliteDatabase) -> list[str]:
    return [name for (name,) in database.execute_sql("SELECT name FROM audiences")]


async def read_names(path: Path) -> list[str]:
    database = Database.open(path)
    try:
        return await database.read(names)
    finally:
        database.close()


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


def pragma(name: str) -> object:
    return lambda database: database.execute_sql(f"PRAGMA {name}").fetchone()[0]


async def test_what_was_written_can_be_read(database: Database):
    await database.write(add_audience())
    assert await database.read(names) == ["Guests"]


async def test_what_was_written_is_there_after_opening_again(path: Path, database: Database):
    await database.write(add_audience())
    again = Database.open(path)
    assert await again.read(names) == ["Guests"]
    again.close()


async def test_a_failed_transaction_leaves_nothing(database: Database):
    def work(inside: SqliteDatabase) -> None:
        add_audience()(inside)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(work)
    assert await database.read(names) == []


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
async def test_writes_survive_a_loss_of_power(database: Database, name: str, value: object):
    assert await database.write(pragma(name)) == value


async def test_what_may_be_lost_with_the_power_is_seen_at_once(database: Database):
    await database.write_soon(add_audience())
    assert await database.read(names) == ["Guests"]


async def test_a_write_after_a_hasty_one_is_durable_again(database: Database):
    assert await database.write_soon(pragma("synchronous")) == 1
    assert await database.write(pragma("synchronous")) == 2


async def test_a_failed_hasty_write_leaves_durability_as_it_was(database: Database):
    with pytest.raises(ZeroDivisionError):
        await database.write_soon(lambda _: 1 // 0)
    assert await database.write(pragma("synchronous")) == 2


async def test_the_reader_cannot_write(database: Database):
    with pytest.raises(KnownError):
        await database.read(add_audience())


async def test_the_reader_sees_one_unchanging_state(database: Database):
    started, go_on = threading.Event(), threading.Event()

    def look_twice(inside: SqliteDatabase) -> tuple[list[str], list[str]]:
        before = names(inside)
        started.set()
        go_on.wait(10)
        return before, names(inside)

    looking = asyncio.ensure_future(database.read(look_twice))
    await asyncio.to_thread(started.wait, 10)
    await database.write(add_audience())
    go_on.set()
    assert await looking == ([], [])


async def test_a_cancelled_caller_does_not_stop_the_transaction(database: Database):
    started, go_on = threading.Event(), threading.Event()

    def slow(inside: SqliteDatabase) -> None:
        add_audience("first")(inside)
        started.set()
        go_on.wait(10)
        add_audience("second")(inside)

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(started.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    assert await database.write(names) == ["first", "second"]


async def test_work_that_waits_for_its_turn_is_done_although_its_caller_left(database: Database):
    go_on = threading.Event()
    holding = asyncio.ensure_future(database.write(lambda _: go_on.wait(10)))
    waiting = asyncio.ensure_future(database.write(add_audience()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await holding
    assert await database.write(names) == ["Guests"]


async def test_a_failure_nobody_waits_for_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
):
    go_on = threading.Event()

    def fail(_: SqliteDatabase) -> None:
        go_on.wait(10)
        raise ZeroDivisionError

    failing = asyncio.ensure_future(database.write(fail))
    await asyncio.sleep(0)
    failing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await failing
    with caplog.at_level(logging.ERROR):
        go_on.set()
        await database.write(names)
    await asyncio.sleep(0)
    del failing
    gc.collect()
    assert [record.message for record in caplog.records] == [
        "a transaction failed after its caller had left"
    ]


async def test_closing_waits_for_what_was_asked(path: Path):
    opened = Database.open(path)
    writes = [asyncio.ensure_future(opened.write(add_audience(str(n)))) for n in range(20)]
    await asyncio.sleep(0)
    opened.close()
    await asyncio.gather(*writes)
    again = Database.open(path)
    assert len(await again.read(names)) == 20
    again.close()


async def test_a_full_disk_is_told_and_loses_nothing(database: Database):
    await database.write(add_audience("kept"))
    await database.write(
        lambda inside: inside.execute_sql(
            f"PRAGMA max_page_count = {pragma('page_count')(inside) + 2}"
        ).fetchone()
    )
    with pytest.raises(KnownError, match="disk is full"):
        await database.write(lambda inside: [add_audience("x" * 4000)(inside) for _ in range(9)])
    assert await database.write(names) == ["kept"]


async def test_a_locked_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.1)
    opened = Database.open(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(KnownError, match="Another program holds"):
        await opened.write(add_audience())
    holder.execute("ROLLBACK")
    holder.close()
    await opened.write(add_audience())
    opened.close()


def test_a_file_that_is_no_database_is_refused(path: Path):
    path.write_bytes(b"id;username\n1;anna\n" * 200)
    with pytest.raises(KnownError, match="is not a database of Invite Desktop"):
        Database.open(path)


def test_a_folder_in_place_of_the_file_is_refused(path: Path):
    path.mkdir()
    with pytest.raises(KnownError, match="cannot be opened"):
        Database.open(path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path):
    (tmp_path / "profile").write_text("")
    with pytest.raises(KnownError, match="cannot be opened"):
        Database.open(tmp_path / "profile" / "x.db")


async def test_a_damaged_file_is_told(path: Path):
    opened = Database.open(path)
    await opened.write(lambda inside: [add_audience("x" * 3000)(inside) for _ in range(50)])
    opened.close()
    damage(path)
    with pytest.raises(KnownError, match="is damaged"):
        await read_names(path)


_OPEN_AS_A_STRANGER = """
import os, sys
from pathlib import Path
from invite_desktop.domain.errors import KnownError
from invite_desktop.store.database import Database
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Database.open(Path(sys.argv[1]))
except KnownError as error:
    print(error.explanation)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path, exists: bool):
    path = tmp_path / "profile" / "x.db"
    path.parent.mkdir()
    if exists:
        Database.open(path).close()
        path.chmod(0o444)
    path.parent.chmod(0o555)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    told = subprocess.run(
        [sys.executable, "-c", _OPEN_AS_A_STRANGER, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    path.parent.chmod(0o755)
    assert "cannot be opened or written to" in told.stdout


@pytest.mark.parametrize("error", [sqlite3.IntegrityError("UNIQUE"), ZeroDivisionError()])
def test_a_bug_stays_a_bug(path: Path, error: Exception):
    with pytest.raises(type(error)), in_words(path):
        raise error


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


async def test_a_question_whose_caller_left_makes_way_for_the_next(database: Database):
    asked = threading.Event()

    def ask(opened: SqliteDatabase) -> object:
        asked.set()
        return opened.execute_sql(ENDLESS).fetchone()

    question = asyncio.ensure_future(database.read_if_wanted(ask))
    await asyncio.to_thread(asked.wait)
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    assert await database.read(names) == []


async def test_a_question_that_was_left_before_its_turn_is_not_asked(database: Database):
    turn, asked = threading.Event(), []
    before = asyncio.ensure_future(database.read_if_wanted(lambda _opened: turn.wait()))
    question = asyncio.ensure_future(database.read_if_wanted(lambda _opened: asked.append(1)))
    await asyncio.sleep(0)
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    turn.set()
    await before
    assert await database.read(names) == []
    assert asked == []


async def test_a_long_question_lets_short_ones_pass(database: Database):
    turn = threading.Event()
    long = asyncio.ensure_future(database.read_if_wanted(lambda _opened: turn.wait()))
    assert await database.read(names) == []
    assert not long.done()
    turn.set()
    assert await long


async def test_a_wanted_question_gets_its_answer_and_the_next_ones_go_on(database: Database):
    await database.write(add_audience())
    assert await database.read_if_wanted(names) == ["Guests"]
    assert await database.read(names) == ["Guests"]
