"""What peewee leaves untyped: the driver's connection, and rows as mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from peewee import Query, SqliteDatabase

    Row = Mapping[str, Any]


def connection_of(database: SqliteDatabase) -> sqlite3.Connection:
    """Return the driver's own connection of the calling thread."""
    connection: sqlite3.Connection = database.connection()  # type: ignore[no-untyped-call]
    return connection


def fetch(database: SqliteDatabase, query: Query) -> list[Row]:
    """Run a peewee query and return its rows by column name."""
    rows: Any = query.dicts().bind(database)
    return list(rows)


def fetch_sql(
    connection: sqlite3.Connection,
    sql: str,
    params: Sequence[object] | Mapping[str, object] = (),
) -> list[Row]:
    """Run an SQL text and return its rows by column name."""
    cursor = connection.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
