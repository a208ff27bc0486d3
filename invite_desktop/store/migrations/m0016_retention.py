"""Looks after 1, 7 and 30 days at whether those who joined are still there."""

from __future__ import annotations

STATEMENTS = (
    # stay: empty before the look.
    """
    CREATE TABLE retention_looks (
        target_id INTEGER NOT NULL REFERENCES targets(id) ON DELETE CASCADE,
        days INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        looked_at INTEGER,
        stay TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (target_id, days),
        CHECK ((looked_at IS NULL) = (stay = ''))
    ) WITHOUT ROWID
    """,
    "CREATE INDEX retention_looks_due ON retention_looks(due_at) WHERE looked_at IS NULL",
    # However a target comes to be joined, its looks are written with it.
    """
    CREATE TRIGGER retention_scheduled AFTER UPDATE OF state ON targets
    WHEN NEW.state = 'joined' AND OLD.state <> 'joined' AND NEW.changed_at IS NOT NULL
    BEGIN
        INSERT OR IGNORE INTO retention_looks (target_id, days, due_at)
        SELECT NEW.id, value, NEW.changed_at + value * 86400000000 FROM json_each('[1, 7, 30]');
    END
    """,
    """
    INSERT INTO retention_looks (target_id, days, due_at)
    SELECT t.id, d.value, t.changed_at + d.value * 86400000000
    FROM targets t, json_each('[1, 7, 30]') d
    WHERE t.state = 'joined' AND t.changed_at IS NOT NULL
    """,
)
"""What leads from version 15 to version 16."""
