"""Deleted tasks, which can be restored until they are purged."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE tasks ADD COLUMN deleted_at INTEGER",
    # The row stays for the ledger; from then on nothing brings the task back.
    "ALTER TABLE tasks ADD COLUMN purged_at INTEGER",
)
"""What leads from version 8 to version 9."""
