"""Two stored persons found to be one: everything of the second becomes the first one's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.store.mapping import to_json
from invite_desktop.store.rows import fetch_sql
from invite_desktop.store.target_moves import forget_target

if TYPE_CHECKING:
    import sqlite3

    from invite_desktop.store.rows import Row

PROGRESS = (
    TargetState.PENDING,
    TargetState.IN_WORK,
    TargetState.FAILED,
    TargetState.SKIPPED,
    TargetState.ALREADY_MEMBER,
    TargetState.UNCERTAIN,
    TargetState.INVITED,
    TargetState.SENT,
    TargetState.JOINED,
)
"""How far a target has come, the least first: of two targets in one task the later one stays."""

NAME_COLUMNS = ("full_name", "first_name", "last_name")

KEY_COLUMNS = {"username": "username_key", "phone": "phone", "telegram_id": "telegram_id"}
"""The column that holds each kind of key in the form in which it is compared."""


def merge_people(connection: sqlite3.Connection, keeper_id: int, loser_id: int) -> None:
    """Make one stored person of two; no ledger row is lost and every key goes on being known.

    Raises KnownError when both are targets of one task and one of them is worked on right now.
    """
    if is_contacted_now(connection, keeper_id, loser_id):
        raise KnownError(
            message(
                "Two people turned out to be one person, and a running task is contacting "
                "that person right now."
            ),
            message("Pause the running tasks and repeat the import."),
        )
    _unite_targets(connection, keeper_id, loser_id)
    pair = (keeper_id, loser_id)
    for statement in _REPOINT:
        connection.execute(statement, pair)
    _drop_leftovers(connection, loser_id)
    connection.execute("INSERT INTO merged_people VALUES (?, ?)", (loser_id, keeper_id))
    _unite_rows(connection, keeper_id, loser_id)


def is_contacted_now(connection: sqlite3.Connection, keeper_id: int, loser_id: int) -> bool:
    """Return whether two people cannot be merged: one task works on one, and began the other."""
    found = connection.execute(
        """
        SELECT 1 FROM targets a JOIN targets b ON b.task_id = a.task_id
        WHERE a.person_id = ? AND b.person_id = ?
            AND (a.state = 'in_work' AND b.state <> 'pending'
                OR b.state = 'in_work' AND a.state <> 'pending')
        """,
        (keeper_id, loser_id),
    ).fetchone()
    return found is not None


_REPOINT = (
    "UPDATE targets SET person_id = ? WHERE person_id = ?",
    "UPDATE attempts SET person_id = ? WHERE person_id = ?",
    "UPDATE OR IGNORE peers SET person_id = ? WHERE person_id = ?",
    "UPDATE OR IGNORE audience_people SET person_id = ? WHERE person_id = ?",
    "UPDATE other_keys SET person_id = ? WHERE person_id = ?",
    "UPDATE merged_people SET person_id = ? WHERE person_id = ?",
    (
        "UPDATE OR IGNORE import_people SET person_id = ? "
        "WHERE person_id = ? AND import_id IN (SELECT id FROM imports)"
    ),
)


def _unite_targets(connection: sqlite3.Connection, keeper_id: int, loser_id: int) -> None:
    pairs = connection.execute(
        """
        SELECT a.id, a.state, b.id, b.state FROM targets a JOIN targets b ON b.task_id = a.task_id
        WHERE a.person_id = ? AND b.person_id = ?
        """,
        (keeper_id, loser_id),
    ).fetchall()
    for one, one_state, other, other_state in pairs:
        further = _rank(one_state) >= _rank(other_state)
        kept, dropped = (one, other) if further else (other, one)
        connection.execute("UPDATE attempts SET target_id = ? WHERE target_id = ?", (kept, dropped))
        connection.execute(
            """
            UPDATE targets SET repeat_after =
                max(repeat_after, (SELECT d.repeat_after FROM targets d WHERE d.id = ?))
            WHERE id = ?
            """,
            (dropped, kept),
        )
        forget_target(connection, dropped)


def _rank(state: str) -> int:
    return PROGRESS.index(TargetState(state))


def _drop_leftovers(connection: sqlite3.Connection, loser_id: int) -> None:
    """Delete what the keeper has of his own: a peer of the same account, a place in a list."""
    connection.execute(
        "DELETE FROM import_people WHERE person_id = ? AND import_id IN (SELECT id FROM imports)",
        (loser_id,),
    )
    connection.execute("DELETE FROM peers WHERE person_id = ?", (loser_id,))
    connection.execute("DELETE FROM audience_people WHERE person_id = ?", (loser_id,))


def _unite_rows(connection: sqlite3.Connection, keeper_id: int, loser_id: int) -> None:
    keeper, loser = (_person(connection, person_id) for person_id in (keeper_id, loser_id))
    connection.execute("DELETE FROM people WHERE id = ?", (loser_id,))
    united = {name: keeper[name] or loser[name] for name in NAME_COLUMNS}
    united["extra"] = to_json({**json.loads(loser["extra"]), **json.loads(keeper["extra"])})
    for kind, column in KEY_COLUMNS.items():
        if keeper[column] is None:
            united |= {column: loser[column], kind: loser[kind]}
        elif loser[column] is not None:
            keep_other_key(connection, keeper_id, kind, loser[column])
    update_person(connection, keeper_id, united)


def keep_other_key(
    connection: sqlite3.Connection, person_id: int, kind: str, value: object
) -> None:
    """Remember a further key of a person beside the one in use."""
    connection.execute("INSERT INTO other_keys VALUES (?, ?, ?)", (kind, str(value), person_id))


def update_person(
    connection: sqlite3.Connection, person_id: int, columns: dict[str, object]
) -> None:
    """Change columns of a person's row; the names come from the program, never from a file."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(
        f"UPDATE people SET {changes} WHERE id = ?",  # noqa: S608 - names of our own columns
        (*columns.values(), person_id),
    )


def _person(connection: sqlite3.Connection, person_id: int) -> Row:
    (row,) = fetch_sql(connection, "SELECT * FROM people WHERE id = ?", (person_id,))
    return row
