"""Which file an invalid row is from, counts by file, and remarks about cells."""

from __future__ import annotations

STATEMENTS = (
    # file NULL: not known, because it was imported before this step. A remark is about one cell
    # of a row that was imported.
    "ALTER TABLE import_invalid_rows ADD COLUMN file INTEGER",
    "ALTER TABLE import_invalid_rows ADD COLUMN remark INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX import_invalid_rows_kind ON import_invalid_rows(import_id, remark)",
    "ALTER TABLE imports ADD COLUMN remarks INTEGER NOT NULL DEFAULT 0",
    # A list of read, new, updated and invalid for each file; empty for one file.
    "ALTER TABLE imports ADD COLUMN by_file TEXT NOT NULL DEFAULT '[]'",
)
"""What leads from version 4 to version 5."""
