"""CSV and TSV in any dialect, record by record, in bounded memory.

csv.reader and not pandas: measured on a million rows both take about a second, but pandas has no
row numbers, drops or refuses ragged rows, and holds 33 MB a chunk where this holds one block.
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from invite_desktop.importing import limits, refusals
from invite_desktop.importing.text_blocks import text_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.importing.detection import Detected

_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"
"""The unit separator: the reader wants some delimiter, and this one stands in no list."""

_END = "\0end\0"
"""A record put behind the last one. NULs are dropped from texts, so it is nobody's own; when it
comes back as a part of a longer record, that record's quotation mark was never closed."""


class DelimitedTable:
    """One CSV or TSV file.

    A record's number is its row in a spreadsheet: blank lines count, line breaks inside quotation
    marks do not, nor does Excel's ``sep=;`` line.
    """

    sheet = ""
    sheets = ()
    names = None

    def __init__(self, path: Path, detected: Detected, delimiter: str) -> None:
        self._path = path
        self._encoding = detected.encoding
        self._delimiter = delimiter
        self._starts_with_separator = _separator_line(detected.head) is not None
        self.format = "TSV" if delimiter == "\t" else detected.format
        self.encoding = detected.encoding.title
        self.one_column = delimiter == _NO_DELIMITER
        self.separator = "" if self.one_column else delimiter

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield all records; raises KnownError for one that does not end or is too long."""
        # The csv module knows only one limit for the whole process; nobody else here reads CSV.
        csv.field_size_limit(limits.MAX_RECORD_CHARACTERS)
        number, cells = 0, [_END]

        def blocks() -> Iterator[io.StringIO]:
            before = read = 0
            for block in self._blocks():
                read = 0 if number > before else read + len(block)
                if read > limits.MAX_RECORD_CHARACTERS:
                    raise csv.Error
                before = number
                yield io.StringIO(block, newline="\n")

        lines = chain(chain.from_iterable(blocks()), [_END])
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=self._delimiter), 1):
                if cells and _END in cells[-1]:
                    break
                yield number, cells
        except csv.Error as error:
            raise refusals.long_record(self._path, number + 1) from error
        if cells != [_END]:
            raise refusals.endless_record(self._path, number)

    def _blocks(self) -> Iterator[str]:
        blocks = text_blocks(self._path, self._encoding)
        if self._starts_with_separator:
            yield next(blocks).partition("\n")[2]
        yield from blocks


def open_delimited(path: Path, detected: Detected) -> DelimitedTable:
    """Open a file whose columns are told apart by the delimiter that fits its first lines best."""
    delimiter = _separator_line(detected.head) or find_delimiter(detected.head)
    return DelimitedTable(path, detected, delimiter or _NO_DELIMITER)


def _separator_line(text: str) -> str | None:
    line = text.partition("\n")[0].strip(' \r"')
    if line[:4].lower() == "sep=" and len(line) == 5 and line[4] in _DELIMITERS:
        return line[4]
    return "\t" if line.lower() == "sep=\t" else None


def find_delimiter(text: str) -> str | None:
    """Return the delimiter by which most lines have the same number of columns, None for none."""
    scored = [(*_consistency(text, delimiter), delimiter) for delimiter in _DELIMITERS]
    share, columns, delimiter = max(scored, key=lambda one: (one[0], one[1]))
    return delimiter if share >= 0.5 and columns > 1 else None


def split_at_delimiters(text: str) -> bool:
    """Return whether a text that is no CSV by its name is one by its lines, nearly all of them."""
    shares = [_consistency(text, delimiter)[0] for delimiter in _DELIMITERS]
    return _separator_line(text) is not None or max(shares) >= 0.8


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """Return the share of records that have the usual number of columns, and that number."""
    widths: dict[int, int] = {}
    for cells in _sampled(text, delimiter):
        if cells:
            widths[len(cells)] = widths.get(len(cells), 0) + 1
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 1
    usual = max(several, key=lambda width: (several[width], width))
    return round(several[usual] / sum(widths.values()), 1), usual


def _sampled(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(limits.MAX_RECORD_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    records = []
    try:
        for cells in reader:
            records.append(cells)
            if len(records) == limits.SAMPLE_RECORDS:
                break
    except csv.Error:
        return records
    return records
