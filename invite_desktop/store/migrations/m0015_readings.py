"""How the files of an import were read."""

from __future__ import annotations

STATEMENTS = (
    # JSON: a list of objects with file, format, encoding, separator, sheet, header_row and region.
    "ALTER TABLE imports ADD COLUMN readings TEXT NOT NULL DEFAULT '[]'",
)
"""What leads from version 14 to version 15."""
