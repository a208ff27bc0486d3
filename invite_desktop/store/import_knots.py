"""The rare groups of an import that join persons, or bring a person a second key of a kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invite_desktop.store.import_batch import Group
from invite_desktop.store.import_journal import recorded_knot
from invite_desktop.store.import_staging import NEW, SAME, UPDATED
from invite_desktop.store.mapping import to_json
from invite_desktop.store.person_merge import (
    KEY_COLUMNS,
    NAME_COLUMNS,
    keep_other_key,
    merge_people,
    update_person,
)
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from invite_desktop.store.import_batch import Key, PlainGroup
    from invite_desktop.store.import_staging import ImportRun
    from invite_desktop.store.rows import Row


def store_knots(
    connection: sqlite3.Connection,
    run: ImportRun,
    pairs: Iterable[tuple[int, int]],
    groups: Mapping[int, PlainGroup],
    is_over: Callable[[], bool],
) -> tuple[list[int], list[int]]:
    """Store groups one by one; ``pairs`` link a group's number to a stored person.

    Return the people whom they became, and the numbers of the groups that are left for the next
    transaction, because ``is_over`` answered True: a block of nothing but knots takes seconds.
    """
    people_now: list[int] = []
    components = iter(_components(pairs))
    for numbers, people in components:
        first, *later = (Group.restore(groups[number]) for number in sorted(numbers))
        for group in later:
            first.absorb(group)
        with recorded_knot(connection, run.import_id, sorted(people)):
            _store(connection, run, first, sorted(people))
        people_now.append(min(people))
        if is_over():
            break
    return people_now, [number for numbers, _ in components for number in numbers]


def _store(
    connection: sqlite3.Connection, run: ImportRun, group: Group, people: Sequence[int]
) -> None:
    keeper, *losers = people
    before = _touched(connection, run, people)
    for loser in losers:
        merge_people(connection, keeper, loser)
    added = _add(connection, keeper, group, known_here=bool(before))
    _touch(connection, run, keeper, group, before, _kind(before, people, added=added))


def _kind(before: Sequence[Row], people: Sequence[int], *, added: bool) -> int:
    """Return what the import did to the person that these people have become."""
    kinds = [row["kind"] for row in before]
    if len(kinds) == len(people) and set(kinds) == {NEW}:
        return NEW
    return UPDATED if added or len(people) > 1 else max([SAME, *kinds])


def _add(connection: sqlite3.Connection, person_id: int, group: Group, *, known_here: bool) -> bool:
    """Add what is new in a group to a person; return whether anything was.

    Of two keys of a kind the newer import's is used and the older one remembered; within one
    import (``known_here``) the first one is used.
    """
    (row,) = fetch_sql(connection, "SELECT * FROM people WHERE id = ?", (person_id,))
    changes = _new_names(row, group) | _new_extra(row, group)
    aside: list[tuple[str, object]] = []
    for kind, value in _unknown_keys(connection, person_id, group):
        column = KEY_COLUMNS[kind]
        used = changes.get(column, row[column])
        if used is not None and (known_here or column in changes):
            aside.append((kind, value))
            continue
        if used is not None:
            aside.append((kind, used))
        changes[column] = value
        if kind == "username":
            changes[kind] = group.username if value == group.username_key else value
    if changes:
        update_person(connection, person_id, changes)
    for kind, old in aside:
        keep_other_key(connection, person_id, kind, old)
    return bool(changes or aside)


def _unknown_keys(connection: sqlite3.Connection, person_id: int, group: Group) -> list[Key]:
    """Return the keys of a group that are not yet the person's, the strongest first."""
    known = connection.execute(
        """
        SELECT kind, value FROM other_keys WHERE person_id = :person
        UNION SELECT 'username', username_key FROM people WHERE id = :person
        UNION SELECT 'phone', phone FROM people WHERE id = :person
        UNION SELECT 'telegram_id', CAST(telegram_id AS TEXT) FROM people WHERE id = :person
        """,
        {"person": person_id},
    ).fetchall()
    return [(kind, key) for kind, key in group.identities() if (kind, str(key)) not in known]


def _new_names(row: Row, group: Group) -> dict[str, object]:
    return {
        name: getattr(group, name)
        for name in NAME_COLUMNS
        if not row[name] and getattr(group, name)
    }


def _new_extra(row: Row, group: Group) -> dict[str, object]:
    stored = json.loads(row["extra"])
    if group.extra.keys() <= stored.keys():
        return {}
    return {
        "extra": to_json({**stored, **{k: v for k, v in group.extra.items() if k not in stored}})
    }


def _touched(connection: sqlite3.Connection, run: ImportRun, people: Sequence[int]) -> list[Row]:
    return fetch_sql(
        connection,
        "SELECT * FROM import_people WHERE import_id = ? "
        "AND person_id IN (SELECT value FROM json_each(?))",
        (run.import_id, to_json(people)),
    )


def _touch(
    connection: sqlite3.Connection,
    run: ImportRun,
    keeper: int,
    group: Group,
    before: Sequence[Row],
    kind: int,
) -> None:
    connection.execute(
        "DELETE FROM import_people WHERE import_id = ? AND person_id = ?", (run.import_id, keeper)
    )
    consents = [row["consent_date"] for row in before] + [group.consent_date]
    consent = next((consent for consent in consents if consent), None)
    first_row = min([group.first_row, *(row["first_row"] for row in before)])
    connection.execute(
        "INSERT INTO import_people VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            run.import_id,
            keeper,
            kind,
            any(row["person_id"] == keeper and row["made"] for row in before),
            group.rows + sum(row["rows"] for row in before),
            first_row,
            consent,
        ),
    )
    if run.is_first:
        connection.execute(
            """
            INSERT INTO audience_people VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (person_id, audience_id) DO UPDATE SET
                consent_date = coalesce(consent_date, excluded.consent_date)
            """,
            (run.audience_id, first_row, keeper, run.import_id, consent),
        )


def _components(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[set[int], set[int]]]:
    """Yield the sets of groups and people that hang together."""
    by_person: dict[int, tuple[set[int], set[int]]] = {}
    by_number: dict[int, tuple[set[int], set[int]]] = {}
    for number, person in pairs:
        one = by_number.get(number) or ({number}, set())
        other = by_person.get(person) or (set(), {person})
        united = one if one is other else (one[0] | other[0], one[1] | other[1])
        united[0].add(number)
        united[1].add(person)
        by_number |= dict.fromkeys(united[0], united)
        by_person |= dict.fromkeys(united[1], united)
    yield from {id(component): component for component in by_number.values()}.values()
