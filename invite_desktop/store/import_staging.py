"""A block of an import laid beside the stored people, and how much of it comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.store.import_reading import STAGED_COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from invite_desktop.store.import_batch import PlainGroup
    from invite_desktop.store.import_reading import Block

SAME, UPDATED, NEW = 0, 1, 2
"""What an import did to a person it touched: nothing, added something, or made her."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import that is being stored. ``is_first`` = its audience is new and nobody sees it yet."""

    import_id: int
    audience_id: int
    is_first: bool
    at: int


_TABLES = (
    "CREATE TEMP TABLE IF NOT EXISTS same (number INTEGER PRIMARY KEY, person_id INTEGER)",
    f"CREATE TEMP TABLE IF NOT EXISTS waiting (number INTEGER PRIMARY KEY, {STAGED_COLUMNS})",
    "CREATE TEMP TABLE IF NOT EXISTS staged_keys (kind TEXT, value TEXT, number INTEGER)",
    """
    CREATE TEMP TABLE IF NOT EXISTS matched (
        number INTEGER, person_id INTEGER, PRIMARY KEY (number, person_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE IF NOT EXISTS found (
        person_id INTEGER PRIMARY KEY, number INTEGER, adds INTEGER
    )
    """,
)

_MORE_KEYS = """
    INSERT INTO temp.staged_keys
    SELECT k.value ->> 0, k.value ->> 1, s.number
    FROM block.staged s, json_each(s.more_keys) k WHERE s.more_keys <> ''
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the import's own tables, empty, and a place for its blocks; they live in memory."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("ATTACH ':memory:' AS block")


def forget(connection: sqlite3.Connection) -> None:
    """Let go of the last block. Not within a transaction."""
    _empty(connection)
    connection.execute("DELETE FROM temp.waiting")
    connection.execute("DETACH block")


def take_in(connection: sqlite3.Connection, block: Block) -> None:
    """Lay a block of groups beside the stored people. Not within a transaction."""
    connection.deserialize(block.staged, name="block")


def stage(
    connection: sqlite3.Connection, block: Block, rows: int, *, is_begun: bool
) -> tuple[int, int]:
    """Begin with the first groups of a block, or with the next ones.

    Return how many these are, and how many wait still.
    """
    _empty(connection)
    taken, waiting = _take_some(connection, block, rows, is_begun=is_begun)
    if block.has_more_keys:
        connection.execute(_MORE_KEYS)
    return taken, waiting


def put_back(connection: sqlite3.Connection, groups: Mapping[int, PlainGroup]) -> None:
    """Let groups that were taken out of a block wait again."""
    places = ", ".join("?" * (STAGED_COLUMNS.count(",") + 2))
    connection.executemany(
        f"INSERT INTO temp.waiting VALUES ({places})",  # noqa: S608 - places alone
        [(number, *group) for number, group in groups.items()],
    )


def _take_some(
    connection: sqlite3.Connection, block: Block, rows: int, *, is_begun: bool
) -> tuple[int, int]:
    if not is_begun:
        connection.execute("DELETE FROM temp.waiting")
        if block.groups <= rows:
            return block.groups, 0
        taken = rows
        connection.execute(
            "INSERT INTO temp.waiting SELECT * FROM block.staged WHERE number > ?", (rows,)
        )
        connection.execute("DELETE FROM block.staged WHERE number > ?", (rows,))
    else:
        connection.execute("DELETE FROM block.staged")
        taken = connection.execute(
            "INSERT INTO block.staged SELECT * FROM temp.waiting ORDER BY number LIMIT ?", (rows,)
        ).rowcount
        connection.execute(
            "DELETE FROM temp.waiting WHERE number <= (SELECT max(number) FROM block.staged)"
        )
    (waiting,) = connection.execute("SELECT count(*) FROM temp.waiting").fetchone()
    return taken, waiting


def _empty(connection: sqlite3.Connection) -> None:
    for table in ("staged_keys", "same", "matched", "found"):
        connection.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - four names of our own
