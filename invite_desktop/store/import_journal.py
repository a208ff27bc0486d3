"""What an import changed of what was there before it, kept so that it can be taken back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from invite_desktop.store.mapping import to_json
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    Image = dict[str, Any]
    Images = dict[tuple[str, tuple[Any, ...]], Image]

PRIMARY_KEYS: dict[str, tuple[str, ...]] = {
    "people": ("id",),
    "other_keys": ("kind", "value"),
    "merged_people": ("old_id",),
    "audience_people": ("audience_id", "position"),
    "targets": ("id",),
    "unable_accounts": ("target_id", "account_id"),
    "attempts": ("id",),
    "peers": ("account_id", "person_id"),
    "import_people": ("import_id", "person_id"),
    "do_not_contact": ("id",),
    "audiences": ("id",),
}
"""The tables in which an import can change rows that are not its own."""

_OF_PEOPLE = """
    WITH wanted AS (SELECT value AS person_id FROM json_each(:people))
"""

_ROWS_OF_PEOPLE = {
    "people": "SELECT * FROM people WHERE id IN wanted",
    "other_keys": "SELECT * FROM other_keys WHERE person_id IN wanted",
    "merged_people": "SELECT * FROM merged_people WHERE person_id IN wanted",
    "audience_people": (
        "SELECT * FROM audience_people WHERE person_id IN wanted AND import_id <> :import"
    ),
    "targets": "SELECT * FROM targets WHERE person_id IN wanted",
    "unable_accounts": (
        "SELECT * FROM unable_accounts "
        "WHERE target_id IN (SELECT id FROM targets WHERE person_id IN wanted)"
    ),
    # The rest of a ledger row is nobody's to take back.
    "attempts": "SELECT id, target_id, person_id FROM attempts WHERE person_id IN wanted",
    "peers": "SELECT * FROM peers WHERE person_id IN wanted",
    "import_people": (
        "SELECT * FROM import_people WHERE person_id IN wanted "
        "AND import_id IN (SELECT id FROM imports WHERE id <> :import)"
    ),
}

_PERSON_IMAGE = """
    json_object(
        'id', p.id, 'username', p.username, 'username_key', p.username_key, 'phone', p.phone,
        'telegram_id', p.telegram_id, 'full_name', p.full_name, 'first_name', p.first_name,
        'last_name', p.last_name, 'extra', p.extra, 'created_at', p.created_at
    )
"""

_BEFORE_FILL = f"""
    INSERT INTO import_changes (import_id, knot, of_table, before, last_attempt)
    SELECT :import, :knot + row_number() OVER (), 'people', {_PERSON_IMAGE}, 0
    FROM temp.found f JOIN people p ON p.id = f.person_id
    WHERE f.adds AND NOT EXISTS (
        SELECT 1 FROM import_people i
        WHERE i.import_id = :import AND i.person_id = f.person_id AND i.made
    )
"""  # noqa: S608 - made of texts of this module

_AFTER_FILL = f"""
    UPDATE import_changes SET after = (
        SELECT {_PERSON_IMAGE} FROM people p WHERE p.id = json_extract(before, '$.id')
    ) WHERE import_id = :import AND knot > :knot
"""  # noqa: S608 - made of texts of this module


@contextlib.contextmanager
def recorded_fill(connection: sqlite3.Connection, import_id: int) -> Iterator[None]:
    """Remember the people whom a batch adds something to, around the statement that does it.

    Each is a knot of her own: they have nothing to do with each other.
    """
    values = {"import": import_id, "knot": _next_knot(connection, import_id) - 1}
    recorded = connection.execute(_BEFORE_FILL, values).rowcount
    yield
    if recorded:
        connection.execute(_AFTER_FILL, values)


@contextlib.contextmanager
def recorded_knot(
    connection: sqlite3.Connection, import_id: int, people: Sequence[int]
) -> Iterator[None]:
    """Remember everything that hangs on people who become one, the first of them.

    People that this import made itself have no before: an undo deletes them.
    """
    earlier = _not_made_by(connection, import_id, people)
    if not earlier:
        yield
        return
    before = _images(connection, import_id, earlier)
    yield
    record(connection, import_id, before, _images(connection, import_id, people[:1]))


def record(connection: sqlite3.Connection, import_id: int, before: Images, after: Images) -> None:
    """Keep the difference between two pictures of some rows as one knot."""
    knot = _next_knot(connection, import_id)
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM attempts").fetchone()
    connection.executemany(
        """
        INSERT INTO import_changes (import_id, knot, of_table, before, after, last_attempt)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (import_id, knot, key[0], _text(before.get(key)), _text(after.get(key)), last)
            for key in (before | after)
            if before.get(key) != after.get(key)
        ],
    )


def images_of(connection: sqlite3.Connection, table: str, sql: str, *params: object) -> Images:
    """Return whole rows of one table by its name and their primary key."""
    rows = fetch_sql(connection, sql, params)
    return {(table, tuple(row[name] for name in PRIMARY_KEYS[table])): dict(row) for row in rows}


def _images(connection: sqlite3.Connection, import_id: int, people: Sequence[int]) -> Images:
    values = {"people": to_json(people), "import": import_id}
    found: Images = {}
    for table, select in _ROWS_OF_PEOPLE.items():
        cursor = connection.execute(_OF_PEOPLE + select, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            image = dict(zip(names, row, strict=True))
            found[table, tuple(image[name] for name in PRIMARY_KEYS[table])] = image
    return found


def _not_made_by(
    connection: sqlite3.Connection, import_id: int, people: Sequence[int]
) -> list[int]:
    made = connection.execute(
        "SELECT person_id FROM import_people WHERE import_id = ? AND made "
        "AND person_id IN (SELECT value FROM json_each(?))",
        (import_id, to_json(people)),
    ).fetchall()
    return sorted(set(people) - {person_id for (person_id,) in made})


def _next_knot(connection: sqlite3.Connection, import_id: int) -> int:
    row = connection.execute(
        "SELECT coalesce(max(knot), 0) + 1 FROM import_changes WHERE import_id = ?", (import_id,)
    )
    return int(row.fetchone()[0])


def _text(image: Image | None) -> str | None:
    return None if image is None else json.dumps(image, ensure_ascii=False)
