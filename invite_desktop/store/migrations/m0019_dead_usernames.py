"""Usernames that led nowhere: whoever has a phone is looked up by that from then on."""

from __future__ import annotations

STATEMENTS = (
    # In the form in which usernames are compared. A name that somebody takes up again later is
    # another human's as likely as hers.
    """
    CREATE TABLE dead_usernames (
        name TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)
"""What leads from version 18 to version 19."""
