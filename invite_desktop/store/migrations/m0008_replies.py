"""Who answered, up to where each account has heard, and the user's own words for "no more"."""

from __future__ import annotations

STATEMENTS = (
    # opt_out: the pattern by which it was one, empty for any other reply. Texts are not kept.
    """
    CREATE TABLE replies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        message_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        opt_out TEXT NOT NULL,
        UNIQUE (account_id, message_id)
    )
    """,
    "CREATE INDEX replies_person ON replies(person_id)",
    # updates.getState, as far as every message up to it was heard.
    """
    CREATE TABLE update_states (
        account_id INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
        pts INTEGER NOT NULL,
        qts INTEGER NOT NULL,
        date INTEGER NOT NULL
    )
    """,
    "CREATE TABLE opt_out_patterns (pattern TEXT PRIMARY KEY) WITHOUT ROWID",
)
"""What leads from version 7 to version 8."""
