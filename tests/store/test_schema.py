from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import Actor, HealthFact
from invite_desktop.domain.errors import KnownError
from invite_desktop.store import models
from invite_desktop.store.database import Database
from invite_desktop.store.migrations import m0006_account_health
from invite_desktop.store.schema import MIGRATIONS, copy_path
from invite_desktop.store.store import Store

if TYPE_CHECKING:
    from peewee import Model

MODELS = [
    found for found in vars(models).values() if getattr(found, "__module__", "") == models.__name__
]
DATA = Path(__file__).parent.parent / "data" / "schemas"
SECOND = ("CREATE TABLE second (id INTEGER)", "INSERT INTO second VALUES (7)")
BROKEN = ("CREATE TABLE third (id INTEGER)", "INSERT INTO nowhere VALUES (1)")


def version(path: Path) -> int:
    return ask(path, "PRAGMA user_version")[0][0]


def ask(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def tables(path: Path) -> set[str]:
    return {name for (name,) in ask(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_file_has_the_newest_version(path: Path):
    Database.open(path).close()
    assert version(path) == len(MIGRATIONS)


def test_a_new_file_needs_no_copy(path: Path):
    Database.open(path).close()
    assert sorted(path.parent.glob("*version*")) == []


def test_opening_again_changes_nothing(path: Path):
    Database.open(path).close()
    before = tables(path)
    Database.open(path).close()
    assert (version(path), tables(path)) == (len(MIGRATIONS), before)


@pytest.mark.parametrize("model", MODELS)
def test_the_models_have_the_columns_of_the_schema(path: Path, model: type[Model]):
    Database.open(path).close()
    columns = [row[1] for row in ask(path, f"PRAGMA table_info({model._meta.table_name})")]
    assert columns == list(model._meta.columns)


def test_steps_are_taken_in_order_and_once(path: Path):
    third = ("INSERT INTO second VALUES (8)",)
    Database.open(path, (*MIGRATIONS, SECOND)).close()
    Database.open(path, (*MIGRATIONS, SECOND, third)).close()
    Database.open(path, (*MIGRATIONS, SECOND, third)).close()
    assert ask(path, "SELECT id FROM second") == [(7,), (8,)]


def test_an_existing_file_is_copied_before_its_schema_changes(path: Path):
    Database.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO audiences (name, basis, source, created_at) "
            "VALUES ('Guests', 'team', '', 0)"
        )
        connection.commit()
    Database.open(path, (*MIGRATIONS, SECOND)).close()
    copy = copy_path(path, len(MIGRATIONS))
    assert version(copy) == len(MIGRATIONS)
    assert ask(copy, "SELECT name FROM audiences") == [("Guests",)]


def test_a_failing_step_leaves_the_file_as_it_was(path: Path):
    Database.open(path).close()
    before = tables(path)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Database.open(path, (*MIGRATIONS, BROKEN))
    assert (version(path), tables(path)) == (len(MIGRATIONS), before)


def test_steps_before_a_failing_one_are_kept(path: Path):
    with pytest.raises(sqlite3.OperationalError):
        Database.open(path, (*MIGRATIONS, SECOND, BROKEN))
    assert version(path) == len(MIGRATIONS) + 1
    assert "second" in tables(path)


def test_a_newer_file_is_refused_untouched(path: Path):
    Database.open(path, (*MIGRATIONS, SECOND)).close()
    before = path.read_bytes()
    with pytest.raises(KnownError, match="newer version"):
        Database.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sql", ["CREATE TABLE bookmarks (id INTEGER)", "PRAGMA user_version = 1"])
def test_a_database_of_another_program_is_refused(path: Path, sql: str):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
    with pytest.raises(KnownError, match="not a database of Invite Desktop"):
        Database.open(path)


def test_the_schema_is_sound(path: Path):
    Database.open(path).close()
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_a_file_of_the_first_version_keeps_everything(path: Path):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / "version_1.sql").read_text("utf-8"))
    Database.open(path).close()
    assert version(path) == len(MIGRATIONS)
    assert ask(path, "SELECT name, state, origin, tags FROM audiences") == [
        ("Guests", "kept", "file", "[]")
    ]
    assert ask(path, "SELECT state FROM imports ORDER BY id") == [("finished",), ("undone",)]
    assert ask(path, "SELECT username, phone FROM people ORDER BY id") == [
        ("Anna_K", "+79001234567"),
        ("boris_b", None),
    ]
    assert ask(path, "SELECT kind, entry FROM do_not_contact ORDER BY id") == [
        ("username", 1),
        ("phone", 1),
        ("username", 3),
    ]
    assert ask(path, "SELECT count(*) FROM attempts") == [(1,)]
    assert ask(path, "PRAGMA foreign_key_check") == []
    assert version(copy_path(path, 1)) == 1


async def test_the_older_health_history_says_who_acted(path: Path):
    before = next(n for n, step in enumerate(MIGRATIONS) if step is m0006_account_health.STATEMENTS)
    Database.open(path, MIGRATIONS[:before]).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO accounts (id, telegram_id, first_name, last_name, phone, state, added_at) "
            "VALUES (1, 7, 'Anna', '', '', 'ready', 0)"
        )
        connection.executemany(
            "INSERT INTO account_events (account_id, at, state, until, note) "
            "VALUES (1, ?, ?, ?, ?)",
            [(1, "ready", None, ""), (2, "limited", 9, "peer_flood"), (3, "ready", None, "")],
        )
        connection.commit()
    store = Store.open(path)
    woke, limited, added = await store.accounts.health(1, 0, 9)
    store.close()
    assert (added.fact, added.by) == (HealthFact.ADDED, Actor.USER)
    assert (limited.fact, limited.by) == (HealthFact.STATE, Actor.TELEGRAM)
    assert woke.by is Actor.PROGRAM
