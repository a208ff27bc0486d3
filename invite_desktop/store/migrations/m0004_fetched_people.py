"""Lists read from Telegram in part, and by what somebody came onto the do-not-contact list."""

from __future__ import annotations

STATEMENTS = (
    # chat_id 0: not the members of a chat. next_page NULL: everybody is here.
    """
    CREATE TABLE people_fetches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL,
        origin TEXT NOT NULL,
        chat_id INTEGER NOT NULL,
        chat_kind TEXT NOT NULL,
        chat_title TEXT NOT NULL,
        name TEXT NOT NULL,
        basis TEXT NOT NULL,
        next_page TEXT,
        at INTEGER NOT NULL,
        UNIQUE (account_id, origin, chat_id, chat_kind)
    )
    """,
    """
    CREATE TABLE fetched_people (
        id INTEGER PRIMARY KEY,
        fetch_id INTEGER NOT NULL REFERENCES people_fetches(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        access_hash INTEGER NOT NULL,
        username TEXT,
        phone TEXT,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        UNIQUE (fetch_id, user_id)
    )
    """,
    # Kept apart from the keys: imports compare and restore the rows of those as they are.
    """
    CREATE TABLE opt_out_sources (
        entry INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        file TEXT NOT NULL
    )
    """,
    "ALTER TABLE lifted_opt_outs ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE lifted_opt_outs ADD COLUMN file TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX lifted_opt_outs_ended_at ON lifted_opt_outs(ended_at)",
)
"""What leads from version 3 to version 4."""
