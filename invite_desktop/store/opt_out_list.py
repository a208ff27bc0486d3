"""The do-not-contact list: entries of one or more keys, and the history of those lifted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.ports.audiences import OptOut
from invite_desktop.store.mapping import (
    from_optional_stamp,
    from_stamp,
    to_json,
    to_person,
    to_stamp,
)
from invite_desktop.store.peers import present_id
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from invite_desktop.domain.people import Person, PersonKeys
    from invite_desktop.store.rows import Row

_PRESENT = """
    SELECT coalesce(entry, id) AS id, json_group_array(json_array(kind, value)) AS keys,
        min(reason) AS reason, min(at) AS at, NULL AS person_id, NULL AS ended_at,
        '' AS ended_reason
    FROM do_not_contact GROUP BY coalesce(entry, id)
    HAVING :text = '' OR max(any_contains(:text, value, reason))
"""

_LIFTED = """
    SELECT * FROM lifted_opt_outs
    WHERE :text = '' OR any_contains(:text, keys, reason, ended_reason)
"""

_OWNER = {
    KeyKind.USERNAME: "SELECT id FROM people WHERE username_key = ?",
    KeyKind.PHONE: "SELECT id FROM people WHERE phone = ?",
    KeyKind.TELEGRAM_ID: "SELECT id FROM people WHERE telegram_id = CAST(? AS INTEGER)",
}


def opt_out_person(
    connection: sqlite3.Connection, person_id: int, reason: str, at: datetime
) -> None:
    """Put a stored person on the list by all her keys, as one entry."""
    person_id = present_id(connection, person_id)
    keys = connection.execute(
        "SELECT kind, value FROM person_keys WHERE person_id = ?", (person_id,)
    ).fetchall()
    opt_out_keys(connection, keys, reason, at)


def opt_out_keys(
    connection: sqlite3.Connection, keys: Sequence[tuple[str, str]], reason: str, at: datetime
) -> bool:
    """Put the keys of one person on the list; return whether any of them was not on it."""
    known = connection.execute(
        "SELECT min(coalesce(d.entry, d.id)) FROM json_each(?) k CROSS JOIN do_not_contact d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.value = json_extract(k.value, '$[1]')",
        (to_json(keys),),
    ).fetchone()[0]
    added = 0
    for kind, value in keys:
        insert = connection.execute(
            "INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at, entry) "
            "VALUES (?, ?, ?, ?, ?)",
            (kind, str(value), reason, to_stamp(at), known),
        )
        added += insert.rowcount
        if known is None and insert.rowcount:
            known = insert.lastrowid
            connection.execute("UPDATE do_not_contact SET entry = id WHERE id = ?", (known,))
    return added > 0


def opt_out_all(
    connection: sqlite3.Connection, people: Iterable[PersonKeys], reason: str, at: datetime
) -> int:
    """Put people on the list; return how many of them were not on it yet."""
    return sum(
        opt_out_keys(
            connection, [(kind.value, str(value)) for kind, value in keys.identities], reason, at
        )
        for keys in people
    )


def opt_outs(
    connection: sqlite3.Connection, text: str, offset: int, limit: int, *, ended: bool
) -> list[OptOut]:
    """Return a page of the list, newest first, or of its lifted entries."""
    source, order = (_LIFTED, "ended_at") if ended else (_PRESENT, "at")
    rows = connection.execute(
        f"SELECT * FROM ({source}) ORDER BY {order} DESC, id DESC LIMIT :limit OFFSET :offset",  # noqa: S608 - texts of this module
        {"text": text.casefold(), "limit": limit, "offset": offset},
    )
    names = [column[0] for column in rows.description]
    return [_to_opt_out(connection, dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def count_opt_outs(connection: sqlite3.Connection, text: str, *, ended: bool) -> int:
    """Return how many entries, or lifted entries, hold a text."""
    source = _LIFTED if ended else _PRESENT
    row = connection.execute(
        f"SELECT count(*) FROM ({source})",  # noqa: S608 - texts of this module
        {"text": text.casefold()},
    )
    return int(row.fetchone()[0])


def lift_opt_out(connection: sqlite3.Connection, entry_id: int, reason: str, at: datetime) -> None:
    """Take an entry off the list into the history. Raises KeyError."""
    rows = fetch_sql(
        connection,
        "SELECT * FROM do_not_contact WHERE coalesce(entry, id) = ? ORDER BY id",
        (entry_id,),
    )
    if not rows:
        raise KeyError(entry_id)
    keys = [(row["kind"], row["value"]) for row in rows]
    person = _owner_of(connection, keys)
    connection.execute(
        """
        INSERT INTO lifted_opt_outs (keys, person_id, reason, at, ended_at, ended_reason)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (
            to_json(keys),
            person.id if person else None,
            rows[0]["reason"],
            rows[0]["at"],
            to_stamp(at),
            reason,
        ),
    )
    connection.execute("DELETE FROM do_not_contact WHERE coalesce(entry, id) = ?", (entry_id,))


def opt_outs_of(connection: sqlite3.Connection, person_id: int) -> list[OptOut]:
    """Return the entries that concern a person, then those that were lifted."""
    keys = connection.execute(
        "SELECT kind, value FROM person_keys WHERE person_id = ?", (person_id,)
    ).fetchall()
    found = connection.execute(
        "SELECT DISTINCT coalesce(d.entry, d.id) FROM json_each(?) k CROSS JOIN do_not_contact d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.value = json_extract(k.value, '$[1]')",
        (to_json(keys),),
    ).fetchall()
    present = fetch_sql(
        connection,
        """
        SELECT coalesce(entry, id) AS id, json_group_array(json_array(kind, value)) AS keys,
            min(reason) AS reason, min(at) AS at, NULL AS ended_at, '' AS ended_reason
        FROM do_not_contact WHERE coalesce(entry, id) IN (SELECT value FROM json_each(?))
        GROUP BY coalesce(entry, id) ORDER BY at DESC
        """,
        (to_json([entry for (entry,) in found]),),
    )
    lifted = fetch_sql(
        connection,
        "SELECT * FROM lifted_opt_outs WHERE person_id = ? ORDER BY ended_at DESC",
        (person_id,),
    )
    return [_to_opt_out(connection, row) for row in (*present, *lifted)]


def _to_opt_out(connection: sqlite3.Connection, row: Row) -> OptOut:
    keys = [(kind, value) for kind, value in json.loads(row["keys"])]
    return OptOut(
        id=row["id"],
        keys=tuple((KeyKind(kind), value) for kind, value in keys),
        person=_owner_of(connection, keys),
        reason=row["reason"],
        at=from_stamp(row["at"]),
        ended_at=from_optional_stamp(row["ended_at"]),
        ended_reason=row["ended_reason"],
    )


def _owner_of(connection: sqlite3.Connection, keys: Sequence[tuple[str, str]]) -> Person | None:
    """Return the stored person who has one of the keys."""
    for kind, value in keys:
        found = (
            connection.execute(_OWNER[KeyKind(kind)], (value,)).fetchone()
            or connection.execute(
                "SELECT person_id FROM other_keys WHERE kind = ? AND value = ?", (kind, value)
            ).fetchone()
        )
        if found:
            (row,) = fetch_sql(connection, "SELECT * FROM people WHERE id = ?", found)
            return to_person(row)
    return None
