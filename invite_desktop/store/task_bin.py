"""Tasks that were deleted: hidden, brought back, and in the end forgotten but for their deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.store.mapping import to_json, to_stamp, to_task
from invite_desktop.store.rows import fetch_sql
from invite_desktop.store.target_moves import leave_counters

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask


def delete_task(connection: sqlite3.Connection, task_id: int, at: datetime) -> bool:
    """Move a task into the bin unless it is active; return whether it is there now."""
    connection.execute(
        """
        UPDATE tasks SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL
            AND status NOT IN (SELECT value FROM json_each(?))
        """,
        (to_stamp(at), task_id, to_json(sorted(ACTIVE_STATUSES))),
    )
    row = connection.execute("SELECT deleted_at FROM tasks WHERE id = ?", (task_id,)).fetchone()
    if row is None:
        raise KeyError(task_id)
    return row[0] is not None


def restore_task(connection: sqlite3.Connection, task_id: int) -> None:
    """Take a task out of the bin. Raises KeyError when it is not there."""
    _change(connection, task_id, "deleted_at = NULL")


def purge_task(connection: sqlite3.Connection, task_id: int, at: datetime) -> None:
    """Take a task out of the bin for good. Raises KeyError when it is not there."""
    _change(connection, task_id, "purged_at = ?", to_stamp(at))


def deleted_tasks(connection: sqlite3.Connection) -> list[InviteTask]:
    """Return the tasks in the bin, the last deleted first."""
    rows = fetch_sql(
        connection,
        "SELECT * FROM tasks WHERE deleted_at IS NOT NULL AND purged_at IS NULL "
        "ORDER BY deleted_at DESC, id DESC",
    )
    return [to_task(row) for row in rows]


def forget_untried(connection: sqlite3.Connection, limit: int, but: Collection[int] = ()) -> int:
    """Forget so many targets of purged tasks with which nothing was tried; return how many.

    ``but`` are tasks that only look purged.
    """
    found = connection.execute(
        """
        SELECT t.id FROM tasks k CROSS JOIN targets t ON t.task_id = k.id AND t.state = 'pending'
        WHERE k.purged_at IS NOT NULL AND k.id NOT IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.target_id = t.id)
        LIMIT ?
        """,
        (to_json(sorted(but)), limit),
    ).fetchall()
    ids = to_json([target_id for (target_id,) in found])
    leave_counters(connection, ids)
    connection.execute("DELETE FROM targets WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    return len(found)


def _change(connection: sqlite3.Connection, task_id: int, change: str, *values: object) -> None:
    changed = connection.execute(
        f"UPDATE tasks SET {change} "  # noqa: S608 - texts of this module
        "WHERE id = ? AND deleted_at IS NOT NULL AND purged_at IS NULL",
        (*values, task_id),
    ).rowcount
    if not changed:
        raise KeyError(task_id)
