"""Which audiences were made to send people the link of a task."""

from __future__ import annotations

STATEMENTS = (
    # Noted before the task that writes to them is made, so that nobody gets two such letters.
    """
    CREATE TABLE link_letters (
        audience_id INTEGER PRIMARY KEY REFERENCES audiences(id) ON DELETE CASCADE,
        task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX link_letters_task ON link_letters(task_id)",
)
"""What leads from version 13 to version 14."""
