"""The rare groups of an import that join persons, or bring a person a second key of a kind."""

from __future__ import annotations

import json
from collections import defaultdict
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


PEOPLE_AT_ONCE = 100
"""So many people are merged before a transaction looks at the time: some 30 milliseconds."""


def store_knots(
    connection: sqlite3.Connection,
    run: ImportRun,
    pairs: Iterable[tuple[int, int]],
    groups: Mapping[int, PlainGroup],
    is_over: Callable[[], bool],
) -> tuple[list[int], list[int]]:
    """Store groups one by one; ``pairs`` link a group's number to a stored person.

    Return the people whom they became, and the numbers of the groups that are left for the next
    transaction, because ``is_over`` answered True: a block of nothing but knots takes seconds. A
    chain that makes one person of thousands is cut as well: its groups wait until nearly all of
    these people are one.
    """
    people_now: list[int] = []
    waiting: list[int] = []
    components = iter(_components(pairs))
    for numbers, people in components:
        left = _merge_most(connection, run, sorted(people), is_over)
        if len(left) > PEOPLE_AT_ONCE + 1:
            waiting.extend(numbers)
            break
        first, *later = (Group.restore(groups[number]) for number in sorted(numbers))
        for group in later:
            first.absorb(group)
        with recorded_knot(connection, run.import_id, left):
            _store(connection, run, first, left)
        people_now.append(left[0])
        if is_over():
            break
    waiting.extend(number for numbers, _ in components for number in numbers)
    return people_now, waiting


def _merge_most(
    connection: sqlite3.Connection,
    run: ImportRun,
    people: Sequence[int],
    is_over: Callable[[], bool],
) -> Sequence[int]:
    """Merge the people of a big knot piece by piece while there is time; return who is left.

    Somebody is always left for the groups, so that these go on to make one person of several.
    """
    keeper, *losers = people
    while len(losers) > PEOPLE_AT_ONCE:
        piece, losers = [keeper, *losers[:PEOPLE_AT_ONCE]], losers[PEOPLE_AT_ONCE:]
        with recorded_knot(connection, run.import_id, piece):
            if before := _merge(connection, run, piece):
                nothing_new = Group(before[0]["first_row"])
                kind = _kind(before, piece, added=False)
                _touch(connection, run, keeper, nothing_new, before, kind)
        if is_over():
            break
    return [keeper, *losers]


def _merge(connection: sqlite3.Connection, run: ImportRun, people: Sequence[int]) -> list[Row]:
    """Make one person of several; return what the import had to do with each of them before."""
    before = _touched(connection, run, people)
    keeper, *losers = people
    for loser in losers:
        merge_people(connection, keeper, loser)
    return before


def _store(
    connection: sqlite3.Connection, run: ImportRun, group: Group, people: Sequence[int]
) -> None:
    before = _merge(connection, run, people)
    added = _add(connection, people[0], group, known_here=bool(before))
    _touch(connection, run, people[0], group, before, _kind(before, people, added=added))


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
    rows = connection.execute(
        """
        SELECT kind, value FROM other_keys WHERE person_id = :person
        UNION SELECT 'username', username_key FROM people WHERE id = :person
        UNION SELECT 'phone', phone FROM people WHERE id = :person
        UNION SELECT 'telegram_id', CAST(telegram_id AS TEXT) FROM people WHERE id = :person
        """,
        {"person": person_id},
    )
    known = set(rows)
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
    people_of: defaultdict[int, list[int]] = defaultdict(list)
    numbers_of: defaultdict[int, list[int]] = defaultdict(list)
    for number, person in pairs:
        people_of[number].append(person)
        numbers_of[person].append(number)
    met: set[int] = set()
    for number in people_of:
        if number not in met:
            component = _reached(number, people_of, numbers_of)
            met |= component[0]
            yield component


def _reached(
    number: int,
    people_of: Mapping[int, Iterable[int]],
    numbers_of: Mapping[int, Iterable[int]],
) -> tuple[set[int], set[int]]:
    """Return the groups and people that hang together with a group."""
    numbers, people, ahead = {number}, set[int](), [number]
    while ahead:
        for person in people_of[ahead.pop()]:
            if person not in people:
                people.add(person)
                fresh = set(numbers_of[person]) - numbers
                numbers |= fresh
                ahead.extend(fresh)
    return numbers, people
