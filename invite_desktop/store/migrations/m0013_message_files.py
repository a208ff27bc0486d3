"""What goes with the messages of a task: a picture or file, and a preview of its links."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE tasks ADD COLUMN link_preview INTEGER NOT NULL DEFAULT 1",
    # A path; empty: words only.
    "ALTER TABLE tasks ADD COLUMN attachment TEXT NOT NULL DEFAULT ''",
)
"""What leads from version 12 to version 13."""
