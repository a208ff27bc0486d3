"""How much memory an XLS file would take, told from its records before it is loaded.

The same danger as in sheet_area: a cell's column is a 16-bit number, so 12 KB can ask for 125 GB.
Formats: [MS-CFB] (the file system inside the file) and [MS-XLS] (the records of the workbook).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from invite_desktop.importing import limits, refusals
from invite_desktop.importing.xls_texts import XlsTexts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_END_OF_CHAIN = 0xFFFFFFFC
"""From here on the numbers of sectors are marks, not sectors."""

_HEADER = struct.Struct("<28xHHH6x8xI4xII4xI")
_ENTRY = struct.Struct("<64sHBB12x36xIQ")
_RECORD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_BOF_KINDS = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_CELL_KINDS = frozenset(
    {0x0006, 0x0206, 0x0406, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x007E, 0x027E, 0x00BD}
)
_MANY_NUMBERS = 0x00BD
_DIMENSIONS = 0x0200
_FILE_PASS = 0x002F


def check_xls(path: Path) -> None:
    """Raise KnownError for an XLS file that is damaged, encrypted or spread over too many cells."""
    if path.stat().st_size > limits.MAX_XLS_BYTES:
        raise refusals.too_large(path, limits.MAX_XLS_BYTES)
    try:
        streams = _CompoundFile(path.read_bytes()).streams()
    except (struct.error, IndexError, ValueError) as error:
        raise refusals.damaged_workbook(path) from error
    if "encryptedpackage" in streams:
        raise refusals.encrypted(path)
    workbook = streams.get("workbook") or streams.get("book")
    if workbook is None:
        raise refusals.damaged_workbook(path)
    _check_records(path, workbook)


def _check_records(path: Path, stream: bytes) -> None:
    last_row = last_column = cells_before = 0
    texts = XlsTexts()
    for kind, body in _records(stream):
        texts.feed(kind, body)
        if kind == _FILE_PASS:
            raise refusals.encrypted(path)
        if kind in _BOF_KINDS:
            # All sheets are loaded at once, not only the one that is wanted.
            cells_before += (last_row + 1) * (last_column + 1)
            last_row = last_column = 0
        elif kind in _CELL_KINDS and len(body) >= 4:
            row, column = _PLACE.unpack_from(body)
            if kind == _MANY_NUMBERS:
                column += len(body) // 6
            last_row, last_column = max(last_row, row), max(last_column, column)
        elif kind == _DIMENSIONS and len(body) >= 12:
            rows, columns = struct.unpack_from("<4xI2xH", body)
            _check_area(path, rows, min(columns, 256), 0)
        else:
            continue
        _check_area(path, last_row + 1, last_column + 1, cells_before)
    if texts.total() > limits.MAX_SHEET_TEXT_BYTES:
        raise refusals.bomb(path)


def _check_area(path: Path, rows: int, columns: int, cells_before: int) -> None:
    if columns > limits.MAX_COLUMNS:
        raise refusals.too_many_columns(path)
    if rows * columns + cells_before > limits.MAX_SHEET_CELLS:
        raise refusals.too_many_cells(path)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(stream):
        kind, length = _RECORD.unpack_from(stream, position)
        position += 4
        yield kind, stream[position : position + length]
        position += length


class _CompoundFile:
    """The streams of an OLE compound file. Raises ValueError, IndexError or struct.error."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        order, shift, small_shift, *places = _HEADER.unpack_from(data)
        self._directory, self._small_limit, self._small_table, self._more = places
        if order != 0xFFFE or shift not in {9, 12} or small_shift != 6:
            raise ValueError
        self._size = 1 << shift
        self._table = self._numbers(b"".join(map(self._sector, self._table_sectors())))

    def streams(self) -> dict[str, bytes]:
        """Return the contents of all streams that can be a workbook's, by name in lower case."""
        directory = self._chain(self._directory)
        entries = [
            _ENTRY.unpack_from(directory, start)
            for start in range(0, len(directory) - _ENTRY.size + 1, _ENTRY.size)
        ]
        small = self._chain(entries[0][4])
        small_table = self._numbers(self._chain(self._small_table))
        found: dict[str, bytes] = {}
        for text, name_bytes, kind, _, start, size in entries:
            name = text[: max(name_bytes - 2, 0)].decode("utf-16-le", "replace").lower()
            if kind != 2 or name not in {"workbook", "book", "encryptedpackage"}:
                continue
            length = size & 0xFFFFFFFF  # files of version 3 leave rubbish in the upper half
            if length >= self._small_limit:
                content = self._chain(start)
            else:
                content = _small_chain(small, small_table, start)
            found.setdefault(name, content[:length])
        return found

    def _table_sectors(self) -> Iterator[int]:
        yield from self._used(self._numbers(self._data[76:512]))
        more, left = self._more, len(self._data) // self._size
        while more < _END_OF_CHAIN and left > 0:
            *numbers, more = self._numbers(self._sector(more))
            yield from self._used(numbers)
            left -= 1

    def _used(self, numbers: list[int]) -> list[int]:
        return [number for number in numbers if number < _END_OF_CHAIN]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise ValueError
        return self._data[start : start + self._size]

    def _numbers(self, data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _chain(self, start: int) -> bytes:
        sectors = []
        while start < _END_OF_CHAIN:
            sectors.append(self._sector(start))
            start = self._table[start]
            if len(sectors) > len(self._table):
                raise ValueError
        return b"".join(sectors)


def _small_chain(data: bytes, table: list[int], start: int) -> bytes:
    parts = []
    while start < _END_OF_CHAIN:
        parts.append(data[start * 64 : start * 64 + 64])
        start = table[start]
        if len(parts) > len(table):
            raise ValueError
    return b"".join(parts)
