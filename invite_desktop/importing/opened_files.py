"""A file opened by the reader that fits it, its columns understood, its rows built."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import FilePreview, PreviewRow
from invite_desktop.importing import limits, refusals
from invite_desktop.importing.column_mapping import Columns, understand
from invite_desktop.importing.delimited import open_delimited, split_at_delimiters
from invite_desktop.importing.detection import Family, check_file, detect
from invite_desktop.importing.json_lists import open_json, open_ndjson
from invite_desktop.importing.phones import PhoneReader
from invite_desktop.importing.plain_lines import LinesTable
from invite_desktop.importing.row_building import RowBuilder
from invite_desktop.importing.workbook import open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from invite_desktop.engine.ports.files import ReadOptions, ReadRow
    from invite_desktop.importing.tables import Table

_SHOWN_CHARACTERS = 500
"""What a preview shows of a cell: enough to recognise it, even when it is a megabyte."""

_HEAD_RECORDS = 20
"""Records read beyond the sample: titles and a header may stand above it."""


def preview_of(path: Path, options: ReadOptions, limit: int) -> FilePreview:
    """Return the shape of a file and its first rows. Raises KnownError."""
    with _Unchanged(path):
        phones = PhoneReader(options.region)
        table, columns = _opened(path, options, phones)
        body = (
            (number, cells)
            for number, cells in table.records()
            if number > columns.header_number and not _is_blank(cells)
        )
        first = list(islice(body, limit))
        judged = _judged(first, table, columns, phones) if columns.has_key else []
    return FilePreview(
        path=path,
        format=table.format,
        encoding=table.encoding,
        has_header=columns.has_header,
        header=columns.names,
        fields=columns.fields,
        rows=[_shown(cells, len(columns.names)) for _, cells in first],
        sheet=table.sheet,
        sheets=table.sheets,
        header_row=columns.header_number,
        judged=judged,
        separator=table.separator,
    )


def _judged(
    records: Iterable[tuple[int, list[str]]], table: Table, columns: Columns, phones: PhoneReader
) -> list[PreviewRow]:
    """Return what an import would make of records."""
    builder = RowBuilder(table, columns, phones)
    return [_judgement(number, builder.build(number, list(cells))) for number, cells in records]


def _judgement(number: int, row: ReadRow | None) -> PreviewRow:
    if isinstance(row, InvalidRow):
        return PreviewRow(number, row.problem)
    return PreviewRow(number, remarks=row.remarks if row else ())


def rows_of(path: Path, options: ReadOptions) -> Iterator[ReadRow]:
    """Open a file at once and return its rows to be drawn. Raises KnownError, then and later."""
    phones = PhoneReader(options.region)
    unchanged = _Unchanged(path)
    with unchanged:
        table, columns = _opened(path, options, phones)
        if not columns.has_key:
            raise refusals.no_key_column(path)
    return _rows(path, table, RowBuilder(table, columns, phones), unchanged, columns.header_number)


def _rows(
    path: Path, table: Table, builder: RowBuilder, unchanged: _Unchanged, header_number: int
) -> Iterator[ReadRow]:
    build, last = builder.build, limits.MAX_ROWS
    with unchanged:
        for number, cells in table.records():
            if number > last:
                raise refusals.too_many_rows(path)
            if number > header_number and (row := build(number, cells)) is not None:
                yield row


class _Unchanged:
    """Sees to it that a file stays the same from the making of this to the end of a block.

    When it does not, that is the explanation of whatever else was found wrong with it.
    """

    def __init__(self, path: Path) -> None:
        check_file(path)
        self._path = path
        self._before = self._state()

    def __enter__(self) -> None:
        """Begin; nothing is held."""

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        """Raise KnownError when the file was changed, unless a bug or a cancellation passes by."""
        known = kind is None or issubclass(kind, KnownError)
        if known and self._state() != self._before:
            raise refusals.changed(self._path)

    def _state(self) -> tuple[int, int, int]:
        with refusals.file_errors(self._path):
            found = self._path.stat()
        return found.st_size, found.st_mtime_ns, found.st_ino


def _opened(path: Path, options: ReadOptions, phones: PhoneReader) -> tuple[Table, Columns]:
    table = _table(path, options)
    filled = (record for record in table.records() if not _is_blank(record[1]))
    sample = list(islice(filled, limits.SAMPLE_RECORDS + _HEAD_RECORDS))
    if not sample:
        raise refusals.empty(path)
    if max(len(cells) for _, cells in sample) > limits.MAX_COLUMNS:
        raise refusals.too_many_columns(path)
    columns = understand(sample, table.names, options, phones, one_column=table.one_column)
    if sample[-1][0] <= columns.header_number:
        raise refusals.no_rows(path)
    return table, columns


def _table(path: Path, options: ReadOptions) -> Table:
    detected = detect(path)
    match detected.family:
        case Family.WORKBOOK:
            return open_workbook(path, detected.format, options.sheet)
        case Family.JSON:
            return open_json(path, detected)
        case Family.NDJSON:
            return open_ndjson(path, detected)
        case Family.LINES if not split_at_delimiters(detected.head):
            return LinesTable(path, detected)
        case _:
            return open_delimited(path, detected)


def _is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def _shown(cells: list[str], width: int) -> list[str]:
    shown = [cell[:_SHOWN_CHARACTERS] for cell in cells[:width]]
    return shown + [""] * (width - len(shown))
