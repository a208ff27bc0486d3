"""Who changed an account's state and how, and an index for the newest actions of each kind."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE account_events ADD COLUMN fact TEXT NOT NULL DEFAULT 'state'",
    "ALTER TABLE account_events ADD COLUMN by TEXT NOT NULL DEFAULT 'program'",
    "ALTER TABLE account_events ADD COLUMN detail TEXT NOT NULL DEFAULT ''",
    # Until now only Telegram's answers left a note.
    "UPDATE account_events SET by = 'telegram' WHERE note <> ''",
    """
    UPDATE account_events SET fact = 'added', by = 'user' WHERE id IN (
        SELECT min(id) FROM account_events GROUP BY account_id
    )
    """,
    "DROP INDEX account_events_account",
    "CREATE INDEX account_events_account ON account_events(account_id, id)",
    "DROP INDEX attempts_pace",
    "CREATE INDEX attempts_pace ON attempts(account_id, action, started_at)",
)
"""What leads to the next version."""
