"""Caps that keep a hostile or broken file from harming the program, each with its reason."""

from __future__ import annotations

MAX_FILE_BYTES = 2 * 1024**3
"""A million people fit 60 MB; beyond this a file is something else, or has to be split."""

MAX_XLS_BYTES = 256 * 1024**2
"""A sheet of that format ends at 65 536 rows; the file is looked through in memory."""

MAX_ROWS = 5_000_000
"""Five times the largest list that the program is built for."""

MAX_COLUMNS = 1_000
"""No list of people is that wide; wider ones are tables of measurements or attacks."""

MAX_CELL_CHARACTERS = 32_767
"""Excel's own limit for a cell; of a longer one the beginning is kept, and that is reported. A
key that long is none."""

MAX_RECORD_CHARACTERS = 4 * 1024**2
"""What one record may take while it is read: an unclosed quotation mark swallows everything."""

MAX_UNPACKED_BYTES = 1024**3
"""A workbook of a million rows unpacks to about a third of this."""

MAX_RATIO = 200
"""Real sheets shrink 5 to 60 times; deflate itself ends at 1 032."""

RATIO_GRACE_BYTES = 10 * 1024**2
"""Below this no ratio does harm, and small sheets of equal rows shrink very well."""

MAX_ARCHIVE_ENTRIES = 10_000
"""A workbook has a few dozen parts."""

MAX_SHEET_CELLS = 30_000_000
"""The workbook reader keeps 32 bytes for every cell between the first and the last used one,
blank or not, and a process that asks for too much is ended by the system
(github.com/tafia/calamine/issues/693)."""

MAX_SHEET_TEXT_BYTES = 512 * 1024**2
"""The workbook reader keeps a copy of a shared text for every cell that shows it."""

MAX_JSON_DEPTH = 64
"""Exports nest five or six levels; each level costs memory and stack."""

MAX_JSON_VALUES = 10_000
"""Values inside one JSON record, for the same reason as the columns."""

BLOCK_BYTES = 256 * 1024
"""How much of a file is in memory at a time."""

SAMPLE_RECORDS = 200
"""Records by which columns are guessed; also what a preview shows at most by default."""

MAX_HEADER_CHARACTERS = 200
"""A column's name is repeated in every person's extras."""
