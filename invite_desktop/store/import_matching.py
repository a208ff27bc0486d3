"""Whom the groups of an import speak of among the stored people, found in bulk SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.store.import_reading import STAGED_COLUMNS
from invite_desktop.store.mapping import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from invite_desktop.store.import_batch import PlainGroup

_MATCH = (
    (
        "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p "
        "ON p.username_key = s.username_key"
    ),
    "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p ON p.phone = s.phone",
    (
        "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p "
        "ON p.telegram_id = s.telegram_id"
    ),
)

_MATCH_MORE = (
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'username' AND p.username_key = m.value"
    ),
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'phone' AND p.phone = m.value"
    ),
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'telegram_id' AND p.telegram_id = CAST(m.value AS INTEGER)"
    ),
    (
        "SELECT m.number, k.person_id FROM temp.staged_keys m CROSS JOIN other_keys k "
        "ON k.kind = m.kind AND k.value = m.value"
    ),
)

_MATCH_OTHER = (
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'username' AND k.value = s.username_key"
    ),
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'phone' AND k.value = s.phone"
    ),
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'telegram_id' AND k.value = CAST(s.telegram_id AS TEXT)"
    ),
)

# Joins two groups or two persons, brings a second key of a kind: these go one by one.
_KNOTTY = """
    SELECT number FROM temp.matched GROUP BY number HAVING count(*) > 1
    UNION
    SELECT number FROM temp.matched WHERE person_id IN (
        SELECT person_id FROM temp.matched GROUP BY person_id HAVING count(*) > 1
    )
    UNION
    SELECT number FROM temp.staged_keys WHERE number IN (SELECT number FROM temp.matched)
    UNION
    SELECT m.number FROM temp.matched m
    JOIN block.staged s ON s.number = m.number JOIN people p ON p.id = m.person_id
    WHERE s.username_key <> p.username_key OR s.phone <> p.phone OR s.telegram_id <> p.telegram_id
"""


def match(connection: sqlite3.Connection) -> None:
    """Find the stored people whom the remaining groups of the batch speak of."""
    _match(connection, _MATCH)
    if connection.execute("SELECT EXISTS (SELECT 1 FROM temp.staged_keys)").fetchone()[0]:
        _match(connection, _MATCH_MORE)
    if connection.execute("SELECT EXISTS (SELECT 1 FROM other_keys)").fetchone()[0]:
        _match(connection, _MATCH_OTHER)


def take_knotty(
    connection: sqlite3.Connection,
) -> tuple[list[tuple[int, int]], dict[int, PlainGroup]]:
    """Take the groups out of the batch that bulk SQL cannot store.

    Return their pairs of group number and stored person, and the groups by their numbers.
    """
    numbers = to_json([number for (number,) in connection.execute(_KNOTTY)])
    pairs = connection.execute(
        "SELECT number, person_id FROM temp.matched "
        "WHERE number IN (SELECT value FROM json_each(?))",
        (numbers,),
    ).fetchall()
    if not pairs:
        return [], {}
    rows = connection.execute(
        f"SELECT number, {STAGED_COLUMNS} FROM block.staged "  # noqa: S608 - names of our own
        "WHERE number IN (SELECT value FROM json_each(?))",
        (numbers,),
    )
    groups = {number: tuple(group) for number, *group in rows}
    for table in ("block.staged", "temp.staged_keys", "temp.matched"):
        connection.execute(
            f"DELETE FROM {table} "  # noqa: S608 - three names of our own
            "WHERE number IN (SELECT value FROM json_each(?))",
            (numbers,),
        )
    return pairs, groups


def _match(connection: sqlite3.Connection, selects: Iterable[str]) -> None:
    for select in selects:
        connection.execute(f"INSERT OR IGNORE INTO temp.matched {select}")
