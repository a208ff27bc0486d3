"""One person: what is kept of her, and changing it by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Origin, RowKind
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.ports.audiences import PersonDetail, PersonInTask, PersonSource
from invite_desktop.store.import_reports import place_of
from invite_desktop.store.mapping import (
    from_optional_stamp,
    from_stamp,
    to_json,
    to_outcome_code,
    to_person,
)
from invite_desktop.store.opt_out_queries import opt_outs_of
from invite_desktop.store.peers import follow_new_keys, present_id
from invite_desktop.store.person_merge import KEY_COLUMNS, merge_people, update_person
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from invite_desktop.domain.people import Person, PersonKeys
    from invite_desktop.engine.ports.audiences import PersonFields

_KINDS = (RowKind.DUPLICATE, RowKind.UPDATED, RowKind.NEW)
"""What import_people.kind means."""


def person_of(connection: sqlite3.Connection, person_id: int) -> Person:
    """Return a stored person, also by an id from before a merge. Raises KeyError."""
    rows = fetch_sql(
        connection, "SELECT * FROM people WHERE id = ?", (present_id(connection, person_id),)
    )
    if not rows:
        raise KeyError(person_id)
    return to_person(rows[0])


def person_detail(connection: sqlite3.Connection, person_id: int) -> PersonDetail:
    """Return what is kept of a person. Raises KeyError."""
    person = person_of(connection, person_id)
    keys = connection.execute(
        "SELECT kind, value FROM other_keys WHERE person_id = ? ORDER BY kind, value", (person.id,)
    )
    return PersonDetail(
        person=person,
        other_keys=tuple((KeyKind(kind), value) for kind, value in keys),
        sources=_sources(connection, person.id),
        tasks=_tasks(connection, person.id),
        opt_outs=opt_outs_of(connection, person.id),
    )


def people_met(connection: sqlite3.Connection, person_id: int, keys: PersonKeys) -> list[Person]:
    """Return the other stored people who have one of these keys."""
    found: set[int] = set()
    for kind, value in keys.identities:
        found |= {
            owner
            for (owner,) in connection.execute(
                f"SELECT id FROM people WHERE {KEY_COLUMNS[kind]} = ? "  # noqa: S608 - our own columns
                "UNION SELECT person_id FROM other_keys WHERE kind = ? AND value = ?",
                (value, kind.value, str(value)),
            )
        }
    found.discard(present_id(connection, person_id))
    return [person_of(connection, other) for other in sorted(found)]


def edit_person(connection: sqlite3.Connection, person_id: int, fields: PersonFields) -> Person:
    """Change a person, and make one person of all whom she meets. Raises KeyError.

    Who is on the do-not-contact list stays on it under her new keys. Raises KnownError when other
    keys lead to another human while a task is contacting her.
    """
    person = person_of(connection, person_id)
    person_id = person.id
    follow_new_keys(connection, person, fields.keys)
    entry = connection.execute(
        """
        SELECT d.reason, d.at, coalesce(d.entry, d.id) FROM person_keys k
        JOIN do_not_contact d ON d.kind = k.kind AND d.value = k.value
        WHERE k.person_id = ? ORDER BY d.id LIMIT 1
        """,
        (person_id,),
    ).fetchone()
    for other in people_met(connection, person_id, fields.keys):
        merge_people(connection, person_id, other.id)
    _write(connection, person_id, fields)
    if entry:
        connection.execute(
            """
            INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at, entry)
            SELECT kind, value, ?, ?, ? FROM person_keys WHERE person_id = ?
            """,
            (*entry, person_id),
        )
    return person_of(connection, person_id)


def _write(connection: sqlite3.Connection, person_id: int, fields: PersonFields) -> None:
    keys = fields.keys
    for kind, value in keys.identities:
        connection.execute(
            "DELETE FROM other_keys WHERE person_id = ? AND kind = ? AND value = ?",
            (person_id, kind.value, str(value)),
        )
    update_person(
        connection,
        person_id,
        {
            "username": keys.username,
            "username_key": keys.username.lower() if keys.username else None,
            "phone": keys.phone,
            "telegram_id": keys.telegram_id,
            "full_name": fields.full_name,
            "first_name": fields.first_name,
            "last_name": fields.last_name,
            "extra": to_json({name: value for name, value in fields.extra.items() if value}),
        },
    )


def _sources(connection: sqlite3.Connection, person_id: int) -> Sequence[PersonSource]:
    rows = fetch_sql(
        connection,
        """
        SELECT i.id, i.audience_id, a.name, i.origin, i.source, i.files, i.finished_at,
            p.rows, p.kind, p.first_row
        FROM imports i CROSS JOIN import_people p ON p.import_id = i.id AND p.person_id = ?
        JOIN audiences a ON a.id = i.audience_id
        WHERE i.state = 'finished' ORDER BY i.id DESC
        """,
        (person_id,),
    )
    found = []
    for row in rows:
        file, number = place_of(row["first_row"], json.loads(row["files"]))
        found.append(
            PersonSource(
                import_id=row["id"],
                audience_id=row["audience_id"],
                audience_name=row["name"],
                origin=Origin(row["origin"]),
                source=row["source"],
                at=from_stamp(row["finished_at"]),
                file=file,
                number=number,
                rows=row["rows"],
                kind=_KINDS[row["kind"]],
            )
        )
    return found


def _tasks(connection: sqlite3.Connection, person_id: int) -> Sequence[PersonInTask]:
    rows = fetch_sql(
        connection,
        """
        SELECT k.id AS task_id, k.name, t.id, t.state, t.outcome, t.changed_at
        FROM targets t JOIN tasks k ON k.id = t.task_id
        WHERE t.person_id = ? ORDER BY k.id DESC
        """,
        (person_id,),
    )
    return [
        PersonInTask(
            row["task_id"],
            row["name"],
            row["id"],
            TargetState(row["state"]),
            to_outcome_code(row["outcome"]),
            from_optional_stamp(row["changed_at"]),
        )
        for row in rows
    ]
