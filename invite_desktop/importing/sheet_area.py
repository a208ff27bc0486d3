"""How far apart the cells of a sheet lie, told from its XML before it is loaded.

The workbook reader lays out every cell between the first and the last used one: two cells in
opposite corners of an otherwise blank sheet of 2 KB cost 550 GB, and the process its life
(github.com/tafia/calamine/issues/693).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from invite_desktop.importing import limits, refusals

if TYPE_CHECKING:
    from pathlib import Path

_MAX_SHEET_ROWS = 1_048_576
_MAX_TAG_BYTES = 64 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)")
_UNUSUAL = re.compile(rb"<c(?:[/>]|\s(?!r=\"))")
"""A cell that does not begin as every known program writes it."""

_BLANK_CELL = re.compile(rb"<(?:\w+:)?c(?:\s+[\w:]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/>")
"""Cells with a format and nothing else. The reader skips them, and Excel leaves thousands."""


class XlsxArea:
    """The used rectangle of one XLSX sheet and its cells, measured while its XML passes by.

    Looking at every cell would take longer than reading the sheet. So blocks are only searched
    for references beyond the rectangle known so far, which most blocks do not have.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rest = b""
        self.cells = 0
        self._columns = 0
        self._row_digits = 1
        self._cells_in_row = 0
        self._rows_without_number = 0
        self._beyond = _beyond(0, 1)

    def feed(self, block: bytes) -> None:
        """Take the next bytes. Raises KnownError when the rectangle is too large."""
        data = self._rest + block
        end = max(data.rfind(b"<"), 0)
        whole, self._rest = data[:end], data[end:]
        if len(self._rest) > _MAX_TAG_BYTES:
            self._rest = self._rest[:_MAX_TAG_BYTES]
            if b">" not in self._rest:
                raise refusals.damaged_workbook(self._path)
        usual = whole.count(b'<c r="')
        unusual = (whole.count(b"<c") != usual and _UNUSUAL.search(whole)) or b":c" in whole
        self.cells += len(_CELL.findall(whole)) if unusual else usual
        if unusual:
            self._count(whole)
        if unusual or self._beyond.search(whole):
            self._grow(whole)
        self._check()

    def _count(self, data: bytes) -> None:
        """Count cells without references: they follow one another."""
        first, *others = _ROW.split(data)
        self._rows_without_number += len(others)
        self._cells_in_row += len(_CELL.findall(first))
        self._columns = max(self._columns, self._cells_in_row)
        for row in others:
            self._cells_in_row = len(_CELL.findall(row))
            self._columns = max(self._columns, self._cells_in_row)
        self._row_digits = max(self._row_digits, len(str(self._rows_without_number)))

    def _grow(self, data: bytes) -> None:
        for letters, digits in _REFERENCE.findall(_BLANK_CELL.sub(b"", data)):
            self._columns = max(self._columns, _column(letters))
            self._row_digits = max(self._row_digits, len(digits.lstrip(b"0")))
            if len(letters) > 3 or int(digits[:9]) > _MAX_SHEET_ROWS:
                raise refusals.too_many_cells(self._path)
        self._beyond = _beyond(self._columns, self._row_digits)

    def _check(self) -> None:
        if self._columns > limits.MAX_COLUMNS:
            raise refusals.too_many_columns(self._path)
        rows = min(10**self._row_digits, _MAX_SHEET_ROWS)
        if rows * self._columns > limits.MAX_SHEET_CELLS:
            raise refusals.too_many_cells(self._path)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _beyond(columns: int, row_digits: int) -> re.Pattern[bytes]:
    """Return what finds a reference to a further column or a longer row number."""
    further = rb"[A-Za-z]{2}"
    if columns < 26:
        further += rb"|[%c-Z]|[a-z]" % (65 + columns)
    more_digits = rb"[A-Za-z]*\d{%d}" % (row_digits + 1 if row_digits < 7 else 7)
    return re.compile(rb"r=\"(?:" + further + rb"|" + more_digits + rb")")


class OdsArea:
    """The used rectangle of every sheet of an ODS file; repeated cells are written once there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._row = self._last_row = 0
        self._column = self._last_column = self._used_to = 0
        self._repeat = self._cell_repeat = 1
        self._cell_text = self._row_text = self._text = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._read
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, block: bytes) -> None:
        """Take the next bytes. Raises KnownError when a rectangle is too large."""
        try:
            self._parser.Parse(block)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise refusals.damaged_workbook(self._path) from error

    def _refuse(self, *_declaration: object) -> None:
        """Refuse entities of the file's own: no spreadsheet has them, and they can explode."""
        raise refusals.damaged_workbook(self._path)

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._row = self._last_row = self._last_column = 0
            case "table-row":
                self._column = self._used_to = self._row_text = 0
                self._repeat = _repeated(attributes, "number-rows-repeated")
            case "table-cell" | "covered-table-cell":
                self._cell_repeat = _repeated(attributes, "number-columns-repeated")
                self._column += self._cell_repeat
                self._cell_text = 0
                if any(key.endswith("value-type") for key in attributes):
                    self._used_to = self._column
            case "p":
                self._used_to = self._column

    def _read(self, text: str) -> None:
        self._cell_text += len(text)

    def _ended(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "table-row":
                self._row += self._repeat
                self._text += self._row_text * self._repeat
                self._end_row()
            case "table-cell":
                self._row_text += self._cell_text * self._cell_repeat

    def _end_row(self) -> None:
        if not self._used_to:
            return
        self._last_row = self._row
        self._last_column = max(self._last_column, self._used_to)
        if self._last_column > limits.MAX_COLUMNS:
            raise refusals.too_many_columns(self._path)
        if self._last_row * self._last_column > limits.MAX_SHEET_CELLS:
            raise refusals.too_many_cells(self._path)
        if self._text > limits.MAX_SHEET_TEXT_BYTES:
            raise refusals.bomb(self._path)


def _repeated(attributes: dict[str, str], local_name: str) -> int:
    for name, value in attributes.items():
        if name.rpartition(":")[2] == local_name:
            return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 1
    return 1
