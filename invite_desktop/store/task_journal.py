"""Where a task stands, and every change of that in its journal: one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import (
    FINAL_STATUSES,
    JournalEntry,
    TaskReason,
    TaskSituation,
    TaskStatus,
)
from invite_desktop.store.mapping import (
    from_optional_stamp,
    from_stamp,
    to_optional_stamp,
    to_stamp,
)
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask

_SET_GOING_FROM = frozenset({TaskStatus.READY, TaskStatus.PAUSED})


def change_situation(
    connection: sqlite3.Connection, task: InviteTask, after: TaskSituation, at: datetime
) -> None:
    """Bring a task where ``after`` says, and write that down if it is more than another time."""
    running = after.status is TaskStatus.RUNNING
    set_going = running and task.status in _SET_GOING_FROM
    connection.execute(
        """
        UPDATE tasks SET status = :status, reason = :reason, detail = :detail, until = :until,
            started_at = coalesce(started_at, iif(:running, :at, NULL)),
            resumed_after = iif(
                :set_going, (SELECT coalesce(max(id), 0) FROM attempts), resumed_after
            ),
            finished_at = iif(:final, :at, NULL),
            start_at = iif(:running, NULL, start_at)
        WHERE id = :task
        """,
        {
            **_values(after),
            "running": running,
            "set_going": set_going,
            "final": after.status in FINAL_STATUSES,
            "at": to_stamp(at),
            "task": task.id,
        },
    )
    if _without_time(after) != _without_time(task.situation):
        write_down(connection, task.id, after, at)


def write_down(
    connection: sqlite3.Connection, task_id: int, situation: TaskSituation, at: datetime
) -> None:
    """Write where a task now stands into its journal."""
    connection.execute(
        """
        INSERT INTO task_journal (task_id, at, status, reason, detail, until)
        VALUES (:task, :at, :status, :reason, :detail, :until)
        """,
        {**_values(situation), "task": task_id, "at": to_stamp(at)},
    )


def journal_page(
    connection: sqlite3.Connection, task_id: int, offset: int, limit: int
) -> list[JournalEntry]:
    """Return a page of a task's journal, newest first."""
    rows = fetch_sql(
        connection,
        "SELECT * FROM task_journal WHERE task_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        (task_id, limit, offset),
    )
    return [
        JournalEntry(
            from_stamp(row["at"]),
            TaskSituation(
                TaskStatus(row["status"]),
                TaskReason(row["reason"]),
                row["detail"],
                from_optional_stamp(row["until"]),
            ),
        )
        for row in rows
    ]


def _values(situation: TaskSituation) -> dict[str, object]:
    return {
        "status": situation.status.value,
        "reason": situation.reason.value,
        "detail": situation.detail,
        "until": to_optional_stamp(situation.until),
    }


def _without_time(situation: TaskSituation) -> tuple[TaskStatus, TaskReason, str]:
    return situation.status, situation.reason, situation.detail
