"""Reading the do-not-contact list: found as an array of ids, shown a page at a time."""

from __future__ import annotations

import json
from array import array
from itertools import groupby
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.ports.audiences import OptOut
from invite_desktop.store.mapping import (
    from_optional_stamp,
    from_stamp,
    to_json,
    to_person,
)
from invite_desktop.store.people_search import MOST_FOUND, TRIGRAM, search_words
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.people import Person
    from invite_desktop.store.rows import Row

_OWNER = {
    KeyKind.USERNAME: "SELECT id FROM people WHERE username_key = ?",
    KeyKind.PHONE: "SELECT id FROM people WHERE phone = ?",
    KeyKind.TELEGRAM_ID: "SELECT id FROM people WHERE telegram_id = CAST(? AS INTEGER)",
}

_NAMES = "p.full_name || ' ' || p.first_name || ' ' || p.last_name"

_WITH_KEY = "SELECT entry FROM do_not_contact WHERE instr(value, :word)"

_WITH_REASON = """
    SELECT entry FROM do_not_contact WHERE reason IN (
        SELECT reason FROM (SELECT DISTINCT reason FROM do_not_contact)
        WHERE any_contains(:word, reason)
    )
"""

_IN_NAMES = "people_search MATCH '{full_name first_name last_name} : ' || :match"

_MORE_THAN_A_FEW = f"SELECT 1 FROM people_search WHERE {_IN_NAMES} LIMIT 1 OFFSET :most"  # noqa: S608 - texts of this module

# Whoever is not in the index of names yet is looked at one by one.
_WITH_NAME = f"""
    SELECT d.entry FROM (
        SELECT rowid AS id FROM people_search
        WHERE {_IN_NAMES}
        UNION ALL
        SELECT id FROM people p WHERE id > (SELECT last_person FROM people_search_state)
            AND any_contains(:word, {_NAMES})
    ) f
    CROSS JOIN person_keys k ON k.person_id = f.id
    CROSS JOIN do_not_contact d ON d.kind = k.kind AND d.value = k.value
"""  # noqa: S608 - texts of this module

_WITH_COMMON_NAME = f"""
    SELECT d.entry FROM do_not_contact d CROSS JOIN people p ON p.id = coalesce(
        CASE d.kind
            WHEN 'username' THEN (SELECT id FROM people WHERE username_key = d.value)
            WHEN 'phone' THEN (SELECT id FROM people WHERE phone = d.value)
            ELSE (SELECT id FROM people WHERE telegram_id = CAST(d.value AS INTEGER))
        END,
        (SELECT person_id FROM other_keys o WHERE o.kind = d.kind AND o.value = d.value)
    )
    WHERE any_contains(:word, {_NAMES})
"""  # noqa: S608 - texts of this module

_FIND_LIFTED = """
    SELECT l.id FROM lifted_opt_outs l LEFT JOIN people p ON p.id = l.person_id
    WHERE {} ORDER BY l.ended_at DESC, l.id DESC
"""
_TEXTS_LIFTED = f"""
    (SELECT group_concat(json_extract(value, '$[1]'), ' ') FROM json_each(l.keys)),
    l.reason, l.ended_reason, {_NAMES}
"""  # noqa: S608 - texts of this module

_PRESENT = """
    SELECT d.entry AS id, d.kind, d.value, d.reason, d.at, s.source, s.file
    FROM do_not_contact d LEFT JOIN opt_out_sources s ON s.entry = d.entry
    WHERE d.entry IN (SELECT value FROM json_each(?)) ORDER BY d.entry, d.id
"""


def opt_out_ids(connection: sqlite3.Connection, text: str, *, ended: bool) -> array[int]:
    """Return the entries that hold every word of a text, newest first."""
    words = search_words(text)
    if ended:
        holds = [f"any_contains(:w{number}, {_TEXTS_LIFTED})" for number in range(len(words))]
        values = {f"w{number}": word for number, word in enumerate(words)}
        return _ids(connection, _FIND_LIFTED.format(" AND ".join(holds) or "1"), values)
    if not words:
        return _ids(connection, "SELECT DISTINCT entry FROM do_not_contact ORDER BY entry DESC", {})
    found = set.intersection(*(_with_word(connection, word) for word in words))
    return array("q", sorted(found, reverse=True))


def _with_word(connection: sqlite3.Connection, word: str) -> set[int]:
    """Return the entries with a folded word in a key, the reason, or the name of the person."""
    match = '"{}"'.format(word.replace('"', '""'))
    values = {"word": word, "match": match, "most": MOST_FOUND}
    # A name that very many people have is sought among the entries, any other in the index.
    common = len(word) < TRIGRAM or connection.execute(_MORE_THAN_A_FEW, values).fetchone()
    found: set[int] = set()
    for sql in (_WITH_KEY, _WITH_REASON, _WITH_COMMON_NAME if common else _WITH_NAME):
        found.update(_ids(connection, sql, values))
    return found


def _ids(connection: sqlite3.Connection, sql: str, values: Mapping[str, object]) -> array[int]:
    return array("q", (entry for (entry,) in connection.execute(sql, values)))


def opt_outs_by_id(
    connection: sqlite3.Connection, ids: Sequence[int], *, ended: bool
) -> list[OptOut]:
    """Return entries in the order of the ids; who is gone is left out."""
    wanted = (to_json(list(ids)),)
    if ended:
        rows = fetch_sql(
            connection,
            "SELECT * FROM lifted_opt_outs WHERE id IN (SELECT value FROM json_each(?))",
            wanted,
        )
        found = {row["id"]: _to_lifted(connection, row) for row in rows}
    else:
        keys = fetch_sql(connection, _PRESENT, wanted)
        found = {
            entry: _to_present(connection, entry, list(rows))
            for entry, rows in groupby(keys, key=lambda row: int(row["id"]))
        }
    return [found[entry] for entry in ids if entry in found]


def opt_outs_of(connection: sqlite3.Connection, person_id: int) -> list[OptOut]:
    """Return the entries that concern a person, then those that were lifted."""
    keys = connection.execute(
        "SELECT kind, value FROM person_keys WHERE person_id = ?", (person_id,)
    ).fetchall()
    present = connection.execute(
        "SELECT DISTINCT d.entry FROM json_each(?) k CROSS JOIN do_not_contact d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.value = json_extract(k.value, '$[1]') "
        "ORDER BY d.entry DESC",
        (to_json(keys),),
    ).fetchall()
    lifted = connection.execute(
        "SELECT id FROM lifted_opt_outs WHERE person_id = ? ORDER BY ended_at DESC", (person_id,)
    ).fetchall()
    return [
        *opt_outs_by_id(connection, [entry for (entry,) in present], ended=False),
        *opt_outs_by_id(connection, [entry for (entry,) in lifted], ended=True),
    ]


def owner_of(connection: sqlite3.Connection, keys: Sequence[tuple[str, str]]) -> Person | None:
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


def _to_present(connection: sqlite3.Connection, entry: int, rows: Sequence[Row]) -> OptOut:
    keys = [(row["kind"], row["value"]) for row in rows]
    return OptOut(
        id=entry,
        keys=tuple((KeyKind(kind), value) for kind, value in keys),
        person=owner_of(connection, keys),
        reason=rows[0]["reason"],
        at=from_stamp(rows[0]["at"]),
        source=OptOutSource(rows[0]["source"] or ""),
        file=rows[0]["file"] or "",
    )


def _to_lifted(connection: sqlite3.Connection, row: Row) -> OptOut:
    keys = [(kind, value) for kind, value in json.loads(row["keys"])]
    return OptOut(
        id=row["id"],
        keys=tuple((KeyKind(kind), value) for kind, value in keys),
        person=owner_of(connection, keys),
        reason=row["reason"],
        at=from_stamp(row["at"]),
        ended_at=from_optional_stamp(row["ended_at"]),
        ended_reason=row["ended_reason"],
        source=OptOutSource(row["source"]),
        file=row["file"],
    )
