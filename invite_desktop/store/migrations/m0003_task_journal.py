"""The journal of each task, and when the user last set it going."""

from __future__ import annotations

STATEMENTS = (
    # The last attempt before the user set the task going: up to it nothing weighs any more.
    "ALTER TABLE tasks ADD COLUMN resumed_after INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE task_journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        status TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        until INTEGER
    )
    """,
    "CREATE INDEX task_journal_task ON task_journal(task_id)",
    # What is known of the tasks that are older than their journal.
    """
    INSERT INTO task_journal (task_id, at, status, reason, detail)
    SELECT id, created_at, 'ready', '', '' FROM tasks
    """,
    """
    INSERT INTO task_journal (task_id, at, status, reason, detail)
    SELECT id, started_at, 'running', '', '' FROM tasks WHERE started_at IS NOT NULL
    """,
    """
    INSERT INTO task_journal (task_id, at, status, reason, detail)
    SELECT id, finished_at, status, reason, detail FROM tasks WHERE finished_at IS NOT NULL
    """,
)
"""What leads from version 2 to version 3."""
