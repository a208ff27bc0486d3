"""Changes of the do-not-contact list: entries of one or more keys, added and lifted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.mapping import to_json, to_stamp
from invite_desktop.store.opt_out_queries import owner_of
from invite_desktop.store.peers import present_id
from invite_desktop.store.rows import connection_of, fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.audiences import NewOptOuts
    from invite_desktop.store.database import Database

OPT_OUTS_AT_ONCE = 1_000
"""People that one transaction puts on the list: while it lasts, the ledger waits."""


@dataclass(slots=True)
class Added:
    """How many people were not on the list yet, and the rows by which they are now."""

    people: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, more: Added) -> None:
        """Take up what the next piece added."""
        self.people += more.people
        self.rows += more.rows


def opt_out_person(connection: sqlite3.Connection, person_id: int, new: NewOptOuts) -> None:
    """Put a stored person on the list by all her keys, as one entry."""
    person_id = present_id(connection, person_id)
    keys = connection.execute(
        "SELECT kind, value FROM person_keys WHERE person_id = ?", (person_id,)
    ).fetchall()
    opt_out_entry(connection, keys, new)


def opt_out_people(
    connection: sqlite3.Connection, person_ids: Iterable[int], new: NewOptOuts
) -> None:
    """Put stored people on the list by all their keys, an entry each."""
    for person_id in person_ids:
        opt_out_person(connection, person_id, new)


def opt_out_entry(
    connection: sqlite3.Connection, keys: Sequence[tuple[str, str]], new: NewOptOuts
) -> list[int]:
    """Put the keys of one person on the list; return the rows of those that were not on it."""
    (entry,) = connection.execute(
        "SELECT min(d.entry) FROM json_each(?) k CROSS JOIN do_not_contact d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.value = json_extract(k.value, '$[1]')",
        (to_json(keys),),
    ).fetchone()
    rows: list[int] = []
    for kind, value in keys:
        insert = connection.execute(
            "INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at, entry) "
            "VALUES (?, ?, ?, ?, ?)",
            (kind, str(value), new.reason, to_stamp(new.at), entry),
        )
        if insert.rowcount and insert.lastrowid is not None:
            rows.append(insert.lastrowid)
            if entry is None:
                entry = insert.lastrowid
                _begin_entry(connection, entry, new)
    return rows


def opt_out_all(
    connection: sqlite3.Connection, people: Iterable[PersonKeys], new: NewOptOuts
) -> Added:
    """Put people on the list."""
    added = Added()
    for keys in people:
        identities = [(kind.value, str(value)) for kind, value in keys.identities]
        rows = opt_out_entry(connection, identities, new)
        added.add(Added(1 if rows else 0, rows))
    return added


def opt_out_many(
    database: Database,
    people: Sequence[PersonKeys],
    new: NewOptOuts,
    progress: Callable[[int], None],
    stopped: Callable[[], bool],
) -> int:
    """Put any number of people on the list, piece by piece; return how many were not on it yet.

    Blocks. Raises AbandonedError with nothing added when ``stopped`` answers True.
    """
    added = Added()
    for first in range(0, len(people), OPT_OUTS_AT_ONCE):
        if stopped():
            _take_off(database, added.rows)
            raise AbandonedError
        some = people[first : first + OPT_OUTS_AT_ONCE]
        added.add(
            database.write_now(lambda d, some=some: opt_out_all(connection_of(d), some, new))  # type: ignore[misc]
        )
        progress(first + len(some))
    return added.people


def lift_opt_out(connection: sqlite3.Connection, entry_id: int, reason: str, at: datetime) -> None:
    """Take an entry off the list into the history. Raises KeyError."""
    rows = fetch_sql(
        connection, "SELECT * FROM do_not_contact WHERE entry = ? ORDER BY id", (entry_id,)
    )
    if not rows:
        raise KeyError(entry_id)
    keys = [(row["kind"], row["value"]) for row in rows]
    person = owner_of(connection, keys)
    connection.execute(
        """
        INSERT INTO lifted_opt_outs
            (keys, person_id, reason, at, ended_at, ended_reason, source, file)
        SELECT :keys, :person, :reason, :at, :ended_at, :ended_reason,
            coalesce(max(source), ''), coalesce(max(file), '')
        FROM opt_out_sources WHERE entry = :entry
        """,
        {
            "keys": to_json(keys),
            "person": person.id if person else None,
            "reason": rows[0]["reason"],
            "at": rows[0]["at"],
            "ended_at": to_stamp(at),
            "ended_reason": reason,
            "entry": entry_id,
        },
    )
    connection.execute("DELETE FROM do_not_contact WHERE entry = ?", (entry_id,))
    connection.execute("DELETE FROM opt_out_sources WHERE entry = ?", (entry_id,))


def _begin_entry(connection: sqlite3.Connection, entry: int, new: NewOptOuts) -> None:
    connection.execute("UPDATE do_not_contact SET entry = id WHERE id = ?", (entry,))
    connection.execute(
        "INSERT OR REPLACE INTO opt_out_sources VALUES (?, ?, ?)",
        (entry, new.source.value, new.file),
    )


_TAKE_OFF = (
    "DELETE FROM do_not_contact WHERE id IN (SELECT value FROM json_each(?))",
    # An entry is known by its first key; it stays while somebody else's key stands in it.
    (
        "DELETE FROM opt_out_sources WHERE entry IN (SELECT value FROM json_each(?)) "
        "AND entry NOT IN (SELECT entry FROM do_not_contact)"
    ),
)


def _take_off(database: Database, rows: Sequence[int]) -> None:
    """Delete rows that were added; then what is kept of entries that have no row any more."""
    for sql in _TAKE_OFF:
        for first in range(0, len(rows), OPT_OUTS_AT_ONCE):
            some = to_json(rows[first : first + OPT_OUTS_AT_ONCE])
            database.write_now(lambda d, sql=sql, some=some: connection_of(d).execute(sql, (some,)))  # type: ignore[misc]
