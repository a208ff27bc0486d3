"""People whom Telegram says were invited in a time that a restored backup has forgotten."""

from __future__ import annotations

STATEMENTS = (
    # user_id: her Telegram id; she may not be stored (any more). account_id NULL: the inviter is
    # none of the accounts here.
    """
    CREATE TABLE found_invitations (
        chat_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        account_id INTEGER REFERENCES accounts(id),
        invited_at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, user_id)
    ) WITHOUT ROWID
    """,
)
"""What leads from version 16 to version 17."""
