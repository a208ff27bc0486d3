"""Backups that were put back, and messages found at Telegram that they may not know."""

from __future__ import annotations

STATEMENTS = (
    # since and last_task: the last attempt and the last task that the backup knows.
    """
    CREATE TABLE restores (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        since INTEGER NOT NULL,
        last_task INTEGER NOT NULL,
        restored_at INTEGER NOT NULL,
        confirmed_at INTEGER
    )
    """,
    # user_id and access_hash: how the account addresses her; she may not be stored (any more).
    # digest tells texts apart without keeping them.
    """
    CREATE TABLE found_messages (
        user_id INTEGER NOT NULL,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        access_hash INTEGER NOT NULL,
        sent_at INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (user_id, account_id, sent_at, digest)
    ) WITHOUT ROWID
    """,
)
"""What leads from version 10 to version 11."""
