"""When tasks start by themselves, and in which hours they act."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE tasks ADD COLUMN start_at INTEGER",
    # JSON: weekdays (0 is Monday), begins and ends ("09:00"), zone; empty: day and night.
    "ALTER TABLE tasks ADD COLUMN hours TEXT NOT NULL DEFAULT ''",
)
"""What leads from version 6 to version 7."""
