"""Finding and sorting the people of an audience, as arrays of their ids.

A trigram index over all people answers while one types; it follows new people in the background,
and whoever is not in it yet is looked at one by one. A Telegram id is found by its beginning, in
the index that it has anyway: the look-ups of a running task teach ids all the time.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.audiences import PeopleSort
from invite_desktop.store.mapping import to_json, to_person
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.audiences import PeopleQuery

MOST_FOUND = 10_000
"""People that a search returns; nobody reads further, and the first letters find too many."""

INDEXED_AT_ONCE = 1_000
TRIGRAM = 3
LONGEST_ID = 16
"""Digits of the longest Telegram id (2**52 at the most)."""

# Of the other columns what people wrote, not the names of the columns.
_TEXTS = """
    p.username, p.phone, p.telegram_id, p.full_name, p.first_name, p.last_name,
    iif(p.extra = '{}', '', (SELECT group_concat(value, char(10)) FROM json_each(p.extra)))
"""

_ORDER = {
    PeopleSort.POSITION: "a.position",
    PeopleSort.NAME: (
        "folded(iif(p.full_name = '', trim(p.first_name || ' ' || p.last_name), p.full_name))"
    ),
    PeopleSort.USERNAME: "p.username_key",
    PeopleSort.PHONE: "p.phone",
    PeopleSort.TELEGRAM_ID: "p.telegram_id",
}

_MATERIALIZED = {PeopleSort.NAME: "MATERIALIZED"}


_WITH_WORDS = "SELECT rowid FROM people_search WHERE people_search MATCH :match"
_WITH_ID = """
    UNION ALL SELECT p.id FROM json_each(:ids) r
    CROSS JOIN people p ON p.telegram_id BETWEEN r.value ->> 0 AND r.value ->> 1
"""
_NOT_INDEXED = "p.id > (SELECT last_person FROM people_search_state)"


def index_some(connection: sqlite3.Connection) -> bool:
    """Add the next people to the index; return whether there may be more."""
    (last,) = connection.execute("SELECT last_person FROM people_search_state").fetchone()
    (newest,) = connection.execute(
        "SELECT max(id) FROM (SELECT id FROM people WHERE id > ? ORDER BY id LIMIT ?)",
        (last, INDEXED_AT_ONCE),
    ).fetchone()
    if newest is None:
        return False
    names = "username, phone, full_name, first_name, last_name, extra"
    connection.execute(
        f"INSERT INTO people_search (rowid, {names}) "  # noqa: S608 - names of our own columns
        f"SELECT id, {names} FROM people WHERE id > ? AND id <= ?",
        (last, newest),
    )
    connection.execute("UPDATE people_search_state SET last_person = ?", (newest,))
    return True


def person_ids(connection: sqlite3.Connection, audience_id: int, query: PeopleQuery) -> array[int]:
    """Return the ids of an audience's people in the wanted order; a search has 10 000."""
    words = search_words(query.text)
    values: dict[str, object] = {"audience": audience_id}
    if not words:
        return _sorted(connection, query, "", values)
    found = _search(connection, audience_id, words)
    chosen = "AND a.person_id IN (SELECT value FROM json_each(:found))"
    return _sorted(connection, query, chosen, {**values, "found": to_json(found)})


def people_by_id(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Person]:
    """Return people in the order of the ids; who is gone is left out."""
    rows = fetch_sql(
        connection,
        "SELECT * FROM people WHERE id IN (SELECT value FROM json_each(?))",
        (to_json(list(ids)),),
    )
    found = {row["id"]: to_person(row) for row in rows}
    return [found[person_id] for person_id in ids if person_id in found]


def _sorted(
    connection: sqlite3.Connection, query: PeopleQuery, chosen: str, values: dict[str, object]
) -> array[int]:
    key = _ORDER[query.sort]
    direction = "DESC" if query.descending else "ASC"
    people = "" if query.sort is PeopleSort.POSITION else "JOIN people p ON p.id = a.person_id"
    # Who has no such key comes last in both directions.
    order = f"key IS NULL OR key = '', key {direction}, position"
    if query.sort is PeopleSort.POSITION:
        order = f"key {direction}"
    # Materialized, or a key that Python folds would be asked for three times a person.
    rows = connection.execute(
        f"WITH found AS {_MATERIALIZED.get(query.sort, '')} ("  # noqa: S608 - texts of this module
        f"SELECT a.person_id AS id, a.position AS position, {key} AS key "
        f"FROM audience_people a {people} WHERE a.audience_id = :audience {chosen}"
        f") SELECT id FROM found ORDER BY {order}",
        values,
    )
    return _array(rows)


def _search(connection: sqlite3.Connection, audience_id: int, words: list[str]) -> list[int]:
    (last,) = connection.execute("SELECT last_person FROM people_search_state").fetchone()
    indexed = [word for word in words if len(word) >= TRIGRAM]
    every = " AND ".join(f"any_contains(:w{number}, {_TEXTS})" for number in range(len(words)))
    values: dict[str, object] = {f"w{number}": word for number, word in enumerate(words)}
    values |= {"audience": audience_id, "last": last if indexed else 0, "most": MOST_FOUND}
    found: list[int] = []
    if indexed:
        candidates, more_values = _indexed(indexed)
        values |= more_values
        rows = connection.execute(
            f"""
            SELECT p.id FROM ({candidates}) s CROSS JOIN audience_people a
                ON a.person_id = s.rowid AND a.audience_id = :audience
            CROSS JOIN people p ON p.id = s.rowid
            WHERE {every} LIMIT :most
            """,  # noqa: S608 - texts of this module
            values,
        )
        found = [person_id for (person_id,) in rows]
    values["most"] = MOST_FOUND - len(found)
    rows = connection.execute(
        f"""
        SELECT p.id FROM people p CROSS JOIN audience_people a
            ON a.person_id = p.id AND a.audience_id = :audience
        WHERE p.id > :last AND {every} LIMIT :most
        """,  # noqa: S608 - texts of this module
        values,
    )
    return found + [person_id for (person_id,) in rows]


def holding(words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """Return the SQL condition that a person ``p`` holds every word, and its values."""
    indexed = [word for word in words if len(word) >= TRIGRAM]
    every = [f"any_contains(:w{number}, {_TEXTS})" for number in range(len(words))]
    values: dict[str, object] = {f"w{number}": word for number, word in enumerate(words)}
    if indexed:
        candidates, more_values = _indexed(indexed)
        values |= more_values
        every.insert(0, f"(p.id IN ({candidates}) OR {_NOT_INDEXED})")
    return " AND ".join(every), values


def search_words(text: str) -> list[str]:
    """Return what must all be found, folded; a phone may be typed with any separators."""
    text = text.strip().casefold()
    bare = text.translate(dict.fromkeys(map(ord, " ()-\u00a0")))
    if bare.removeprefix("+").isdigit():
        return [bare]
    return [word.removeprefix("@") or word for word in text.split()]


def _indexed(words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """Return a question of the indices for whoever may hold all words, and its values.

    Those who hold them in their texts, or have a Telegram id that begins with one of them.
    """
    values: dict[str, object] = {"match": _match(words)}
    if ids := [pair for word in words for pair in _ids_that_begin_with(word)]:
        return _WITH_WORDS + _WITH_ID, {**values, "ids": to_json(ids)}
    return _WITH_WORDS, values


def _ids_that_begin_with(word: str) -> list[tuple[int, int]]:
    """Return the least and the greatest id of each length, none for a word that is no number."""
    if not word.isdecimal() or not word.isascii() or word.startswith("0"):
        return []
    more = (10**digits for digits in range(LONGEST_ID - len(word) + 1))
    return [(int(word) * many, (int(word) + 1) * many - 1) for many in more]


def _match(words: Sequence[str]) -> str:
    return " AND ".join(f'"{word.replace(chr(34), chr(34) * 2)}"' for word in words)


def _array(rows: Iterable[tuple[int]]) -> array[int]:
    return array("q", (person_id for (person_id,) in rows))
