"""The people of an audience, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.stores import PeoplePart
from invite_desktop.store.mapping import to_person
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3

_AFTER = """
    SELECT a.position, p.id, p.username, p.phone, p.telegram_id, p.full_name, p.first_name,
        p.last_name, p.extra
    FROM audience_people a JOIN people p ON p.id = a.person_id
    WHERE a.audience_id = ? AND a.position > ? ORDER BY a.position LIMIT ?
"""


def people_after(
    connection: sqlite3.Connection, audience_id: int, after: int, limit: int
) -> PeoplePart:
    """Return the people behind a place, in order; however far on, as fast as the first."""
    rows = fetch_sql(connection, _AFTER, (audience_id, after, limit))
    last = rows[-1]["position"] if rows else after
    return PeoplePart([to_person(row) for row in rows], last)
