"""Questions about the targets of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import fn

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.engine.ports.stores import AddressedTarget
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.mapping import to_stamp, to_target
from invite_desktop.store.models import PersonRow, TargetRow
from invite_desktop.store.rows import connection_of, fetch

if TYPE_CHECKING:
    from datetime import datetime

    from peewee import ModelSelect, SqliteDatabase

    from invite_desktop.engine.ports.stores import Target, TargetFilter


def page(
    database: SqliteDatabase, task_id: int, wanted: TargetFilter, offset: int, limit: int
) -> list[Target]:
    """Return a page of a task's targets, in order."""
    query = _with_people().where(TargetRow.task_id == task_id)
    if wanted.states:
        query = query.where(TargetRow.state.in_([state.value for state in wanted.states]))
    if wanted.outcomes:
        query = query.where(TargetRow.outcome.in_([code.value for code in wanted.outcomes]))
    if text := wanted.text.strip().removeprefix("@"):
        query = query.where(fn.any_contains(text.casefold(), *_SEARCHED) == 1)
    query = query.order_by(TargetRow.position).offset(offset).limit(limit)
    return [to_target(row) for row in fetch(database, query)]


def one_target(database: SqliteDatabase, target_id: int) -> Target:
    """Return one target. Raises KeyError when there is none."""
    rows = fetch(database, _with_people().where(TargetRow.id == target_id))
    if not rows:
        raise KeyError(target_id)
    return to_target(rows[0])


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


_SEARCHED = (
    PersonRow.full_name,
    PersonRow.first_name,
    PersonRow.last_name,
    PersonRow.username,
    PersonRow.phone,
    PersonRow.telegram_id,
)


def _with_people() -> ModelSelect[TargetRow]:
    return TargetRow.select(
        TargetRow.id.alias("target_id"),
        TargetRow.task_id,
        TargetRow.position,
        TargetRow.state,
        TargetRow.outcome,
        TargetRow.account_id,
        TargetRow.claimed_by,
        TargetRow.changed_at,
        TargetRow.detail,
        TargetRow.person_id,
        PersonRow.username,
        PersonRow.phone,
        PersonRow.telegram_id,
        PersonRow.full_name,
        PersonRow.first_name,
        PersonRow.last_name,
        PersonRow.extra,
    ).join(PersonRow, on=(PersonRow.id == TargetRow.person_id))
