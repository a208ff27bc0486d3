"""Calls that cost a budget and belong to no target, and the chats that accounts have resolved."""

from __future__ import annotations

STATEMENTS = (
    # Written before the call. outcome: NULL while it is in flight, and after a crash for ever.
    """
    CREATE TABLE account_calls (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        action TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        wait_seconds INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX account_calls_pace ON account_calls(account_id, action, started_at)",
    """
    CREATE INDEX account_calls_trouble ON account_calls(account_id, ended_at)
    WHERE outcome IN ('flood_wait', 'peer_flood')
    """,
    # username in lower case. An access hash is worth something to its own account only.
    """
    CREATE TABLE named_chats (
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        username TEXT NOT NULL,
        chat_id INTEGER NOT NULL,
        access_hash INTEGER NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (account_id, username)
    ) WITHOUT ROWID
    """,
)
"""What leads from version 9 to version 10."""
