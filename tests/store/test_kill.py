from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from invite_desktop.store.database import Database
from invite_desktop.store.schema import MIGRATIONS, copy_path
from invite_desktop.store.store import Store
from tests.store.setting import (
    account,
    counters_hold,
    imported,
    invite_task,
    message_task,
    people,
    select,
)

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 400


async def prepare(path: Path) -> None:
    store = Store.open(path)
    audience = (await imported(store, people(PEOPLE))).audience.id
    await account(store)
    await invite_task(store, audience)
    await message_task(store, audience)
    store.close()


def run_and_kill(path: Path, telegram: Path, seconds: float | None) -> list[list[str]]:
    """Start the runner, kill it so long after it is ready (None: never); return what it told."""
    command = [sys.executable, "-m", "tests.store.runner_to_kill", str(path), str(telegram)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        assert runner.stdout.readline() == "ready\n"
        if seconds is not None:
            time.sleep(seconds)
            runner.kill()
        told = runner.stdout.read()
    return [line.split() for line in told.splitlines()]


async def check(path: Path, told: list[list[str]]) -> None:
    """Nothing that was told as done may be missing, and the numbers must agree."""
    store = Store.open(path)
    try:
        ledger = dict(await select(store, "SELECT id, outcome FROM attempts"))
        assert {int(line[1]) for line in told if line[0] == "begun"} <= ledger.keys()
        for line in told:
            if line[0] == "finished":
                assert ledger[int(line[1])] == line[2]
        assert await counters_hold(store)
        assert await select(store, "PRAGMA integrity_check") == [("ok",)]
    finally:
        store.close()


def kill_again_and_again(path: Path, times: int, seed: int) -> None:
    telegram, chance = path.with_name("telegram.log"), random.Random(seed)
    telegram.write_text("")
    asyncio.run(prepare(path))
    told: list[list[str]] = []
    for _ in range(times):
        told += run_and_kill(path, telegram, chance.uniform(0, 0.12))
        asyncio.run(check(path, told))
    told += run_and_kill(path, telegram, None)
    asyncio.run(check(path, told))
    assert told[-1] == ["done"]
    contacted = telegram.read_text().split()
    assert len(contacted) == len(set(contacted)) == 2 * PEOPLE


def test_a_killed_runner_loses_nothing_and_contacts_nobody_twice(path: Path):
    kill_again_and_again(path, times=8, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_runner_killed_very_often_loses_nothing(path: Path, seed: int):
    kill_again_and_again(path, times=25, seed=seed)


_MIGRATE_SLOWLY = """
import sys
from pathlib import Path
from invite_desktop.store.database import Database
from invite_desktop.store.schema import MIGRATIONS
slow = (
    "CREATE TABLE second (id INTEGER)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) "
    "INSERT INTO second SELECT i FROM n",
)
Database.open(Path(sys.argv[1]), (*MIGRATIONS, slow))
"""


def test_a_program_killed_during_a_migration_finds_its_old_file(path: Path):
    asyncio.run(prepare(path))
    with subprocess.Popen([sys.executable, "-c", _MIGRATE_SLOWLY, str(path)]) as program:
        while not wal_grows(path):
            time.sleep(0.01)
        program.kill()
    store = Store.open(path)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (PEOPLE,)
    assert "second" not in tables
    Database.open(copy_path(path, 1)).close()


def wal_grows(path: Path) -> bool:
    """Return whether a transaction is writing more than fits into memory."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 1_000_000
