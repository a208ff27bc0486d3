"""A table as an XLSX workbook, in the memory of one row however many there are."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from invite_desktop.reporting.cells import local, plain, starts_a_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from invite_desktop.engine.ports.tables import Cell

_MOST_ROWS = 1_048_576
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST, _NARROWEST = 40, 10
"""Letters that a column shows before the user widens it."""


class WorkbookTable:
    """Cells are written as what they are: a text never becomes a formula, a link or a number.

    Rows beyond the 1 048 576 of a sheet go on in the next sheet, under the same headers.
    """

    def __init__(
        self, path: Path, title: str, headers: Sequence[str], most_rows: int = _MOST_ROWS
    ) -> None:
        self._book = Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True}
        )
        self._title = _NOT_IN_SHEET_NAMES.sub(" ", plain(title)).strip(" '") or "1"
        self._headers = headers
        self._most_rows = most_rows
        self._sheets: list[Worksheet] = []
        self._row = most_rows
        self._header = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        # A text like "=1+1" stays one, also after the user has edited the cell.
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._begin_sheet()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        for row in rows:
            if self._row == self._most_rows:
                self._begin_sheet()
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def finish(self) -> None:
        """Put the workbook together. Raises OSError when the disk does not take it."""
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def discard(self) -> None:
        """Let go of the files behind the sheets, which are of no more use."""
        for sheet in self._sheets:
            sheet._opt_close()  # noqa: SLF001 - what close() does last; it alone would write all

    def _write(self, column: int, cell: Cell) -> None:
        sheet, row = self._sheets[-1], self._row
        if not cell and cell != 0:
            return
        if isinstance(cell, str):
            text = plain(cell)
            sheet.write_string(row, column, text, self._quoted if starts_a_formula(text) else None)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, local(cell), self._moment)
        elif cell is not None:
            sheet.write_number(row, column, cell)

    def _begin_sheet(self) -> None:
        number = len(self._sheets) + 1
        end = "" if number == 1 else f" {number}"
        name = self._title[: _LONGEST_SHEET_NAME - len(end)].strip(" '") + end
        sheet = self._book.add_worksheet(name)
        self._sheets.append(sheet)
        # Phones and ids are texts on purpose: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(self._headers):
            width = min(max(len(header) + 2, _NARROWEST), _WIDEST)
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, plain(header), self._header)
        self._row = 1
