"""The invite links of tasks, and who came by them."""

from __future__ import annotations

STATEMENTS = (
    # read_at: when the list of those who came was last read to its end; next_page: where an
    # unfinished reading goes on. tasks.link is no longer written.
    """
    CREATE TABLE invite_links (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
        address TEXT NOT NULL,
        account_id INTEGER REFERENCES accounts(id),
        by_request INTEGER NOT NULL DEFAULT 0,
        lets_listed_in INTEGER NOT NULL DEFAULT 0,
        made_at INTEGER NOT NULL,
        revoked_at INTEGER,
        read_at INTEGER,
        next_page TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE UNIQUE INDEX invite_links_task ON invite_links(task_id) WHERE revoked_at IS NULL",
    """
    INSERT INTO invite_links (task_id, address, made_at)
    SELECT id, link, created_at FROM tasks WHERE link <> ''
    """,
    # person_id: who she was among the stored people then; two people may have become one since.
    """
    CREATE TABLE link_joins (
        link_id INTEGER NOT NULL REFERENCES invite_links(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        joined_at INTEGER NOT NULL,
        person_id INTEGER,
        PRIMARY KEY (link_id, user_id)
    ) WITHOUT ROWID
    """,
)
"""What leads from version 11 to version 12."""
