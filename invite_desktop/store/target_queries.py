"""Questions about the targets of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.ports.ledger import AddressedTarget
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.mapping import to_json, to_stamp, to_target
from invite_desktop.store.people_search import holding, search_words
from invite_desktop.store.rows import connection_of, fetch_sql
from invite_desktop.store.ways_to_people import BY_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.ports.stores import TargetFilter


def page(
    connection: sqlite3.Connection, task_id: int, wanted: TargetFilter, offset: int, limit: int
) -> list[Target]:
    """Return a page of a task's targets, in order."""
    where, values = _wanted(task_id, wanted)
    rows = fetch_sql(
        connection,
        f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY t.position LIMIT :limit OFFSET :offset",
        {**values, "limit": limit, "offset": offset},
    )
    return [to_target(row) for row in rows]


def page_after(
    connection: sqlite3.Connection, task_id: int, position: int, limit: int
) -> list[Target]:
    """Return the targets of a task behind a position, in order."""
    rows = fetch_sql(
        connection,
        f"SELECT {_COLUMNS} {_FROM} WHERE t.task_id = :task AND t.position > :position "
        "ORDER BY t.position LIMIT :limit",
        {"task": task_id, "position": position, "limit": limit},
    )
    return [to_target(row) for row in rows]


def count_wanted(connection: sqlite3.Connection, task_id: int, wanted: TargetFilter) -> int:
    """Return how many targets of a task are wanted."""
    where, values = _wanted(task_id, wanted)
    row = connection.execute(
        f"SELECT count(*) {_FROM} WHERE {where}",
        values,
    )
    return int(row.fetchone()[0])


def pending_by_key(connection: sqlite3.Connection, task_id: int) -> dict[KeyKind, int]:
    """Return how many pending targets that no account has met are known best by which key."""
    rows = connection.execute(
        f"""
        SELECT CASE WHEN {BY_NAME} THEN 'username'
            WHEN p.phone IS NOT NULL THEN 'phone' ELSE 'telegram_id' END AS kind, count(*)
        FROM targets t JOIN people p ON p.id = t.person_id
        WHERE t.task_id = ? AND t.state = 'pending'
            AND NOT EXISTS (SELECT 1 FROM peers r WHERE r.person_id = p.id)
        GROUP BY kind
        """,  # noqa: S608 - made of texts of this package
        (task_id,),
    )
    return {KeyKind(kind): number for kind, number in rows}


def one_target(connection: sqlite3.Connection, target_id: int) -> Target:
    """Return one target. Raises KeyError when there is none."""
    rows = fetch_sql(
        connection,
        f"SELECT {_COLUMNS} {_FROM} WHERE t.id = :target",
        {"target": target_id},
    )
    if not rows:
        raise KeyError(target_id)
    return to_target(rows[0])


def targets_by_id(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Target]:
    """Return targets of any tasks in the order of their places."""
    rows = fetch_sql(
        connection,
        f"SELECT {_COLUMNS} {_FROM} WHERE {_CHOSEN} ORDER BY t.position",
        {"ids": to_json(list(ids))},
    )
    return [to_target(row) for row in rows]


def ends_by_account(database: SqliteDatabase, task_id: int) -> dict[int, int]:
    """Return how many targets of a task each account brought to an end, by account id."""
    rows = connection_of(database).execute(
        """
        SELECT account_id, count(*) FROM targets
        WHERE task_id = ? AND state NOT IN ('pending', 'in_work') AND account_id IS NOT NULL
        GROUP BY account_id ORDER BY account_id
        """,
        (task_id,),
    )
    return dict(rows.fetchall())


def addressed(database: SqliteDatabase, task_id: int) -> list[AddressedTarget]:
    """Return the targets that an account acted for, with how it addresses the person."""
    rows = connection_of(database).execute(
        """
        SELECT t.id, t.state, t.account_id, r.user_id, r.access_hash
        FROM targets t
        JOIN peers r ON r.account_id = t.account_id AND r.person_id = t.person_id
        WHERE t.task_id = ? ORDER BY t.position
        """,
        (task_id,),
    )
    return [
        AddressedTarget(target_id, TargetState(state), account_id, UserPeer(user_id, access_hash))
        for target_id, state, account_id, user_id, access_hash in rows
    ]


def ended_since(database: SqliteDatabase, task_id: int, since: datetime) -> int:
    """Return how many targets of a task have come to their end from a moment on."""
    row = connection_of(database).execute(
        """
        SELECT count(*) FROM targets
        WHERE task_id = ? AND state NOT IN ('pending', 'in_work') AND changed_at >= ?
        """,
        (task_id, to_stamp(since)),
    )
    return int(row.fetchone()[0])


_CHOSEN = "t.id IN (SELECT value FROM json_each(:ids))"

_COLUMNS = """
    t.id AS target_id, t.task_id, t.position, t.state, t.outcome, t.account_id, t.claimed_by,
    t.changed_at, t.detail, t.person_id,
    p.username, p.phone, p.telegram_id, p.full_name, p.first_name, p.last_name, p.extra
"""

_FROM = "FROM targets t JOIN people p ON p.id = t.person_id"


def _wanted(task_id: int, wanted: TargetFilter) -> tuple[str, dict[str, object]]:
    """Return the condition for a filter, and its values."""
    conditions, values = ["t.task_id = :task"], dict[str, object](task=task_id)
    for column, chosen in (("state", wanted.states), ("outcome", wanted.outcomes)):
        if chosen:
            conditions.append(
                f"t.{column} IN (SELECT value FROM json_each(:{column}))"  # noqa: S608 - our own columns
            )
            values[column] = to_json(sorted(each.value for each in chosen))
    if words := search_words(wanted.text):
        found, words_values = holding(words)
        conditions.append(found)
        values |= words_values
    return " AND ".join(conditions), values
