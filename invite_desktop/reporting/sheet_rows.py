"""Rows of any number on the sheets of a workbook, in the memory of one row."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from invite_desktop.reporting.cells import local, plain, starts_a_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from invite_desktop.engine.ports.tables import Cell

MOST_ROWS = 1_048_576
"""Rows of a sheet (Excel specifications and limits)."""

LOCAL_MOMENT = 22
"""Excel's number of the format of date and time that follows the reader's own country."""

LOCAL_NUMBER = 3
"""The same for whole numbers with their thousands set apart."""

_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST, _NARROWEST = 40, 10
"""Letters that a column shows before the user widens it."""


def sheet_name(title: str, number: int = 1) -> str:
    """Return a name that a sheet may have; later sheets of the same title get their number."""
    bare = _NOT_IN_SHEET_NAMES.sub(" ", plain(title)).strip(" '") or "1"
    end = "" if number == 1 else f" {number}"
    return bare[: _LONGEST_SHEET_NAME - len(end)].strip(" '") + end


class CellWriter:
    """Cells are written as what they are: a text never becomes a formula, a link or a number."""

    def __init__(self, book: Workbook, moment: str | int = "yyyy-mm-dd hh:mm") -> None:
        self._moment = book.add_format({"num_format": moment, "align": "left"})
        self._number = book.add_format({"num_format": LOCAL_NUMBER})
        # A text like "=1+1" stays one, also after the user has edited the cell.
        self._quoted = book.add_format({"quote_prefix": True})

    def write(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, dress: Format | None = None
    ) -> None:
        """Write one cell, empty for None and the empty text."""
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            text = plain(cell)
            quoted = self._quoted if starts_a_formula(text) else None
            sheet.write_string(row, column, text, dress or quoted)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, local(cell), dress or self._moment)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, dress or self._number)
        else:
            sheet.write_number(row, column, cell, dress)


class SheetRows:
    """Rows beyond those of a sheet go on in the next sheet, under the same headers.

    ``widths`` are in letters, by the headers if left out.
    """

    def __init__(
        self,
        book: Workbook,
        title: str,
        headers: Sequence[str],
        cells: CellWriter,
        *,
        most_rows: int = MOST_ROWS,
        widths: Sequence[float] = (),
    ) -> None:
        self._book = book
        self._title = title
        self._headers = headers
        self._cells = cells
        self._most_rows = most_rows
        self._widths = widths or [
            min(max(len(header) + 2, _NARROWEST), _WIDEST) for header in headers
        ]
        self._header = book.add_format({"bold": True, "bottom": 1})
        self.sheets: list[Worksheet] = []
        self._row = most_rows
        self._begin_sheet()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        for row in rows:
            if self._row == self._most_rows:
                self.close_sheet()
                self._begin_sheet()
            for column, cell in enumerate(row):
                self._cells.write(self.sheets[-1], self._row, column, cell)
            self._row += 1

    def close_sheet(self) -> None:
        """Give the last sheet its filter, now that its length is known."""
        self.sheets[-1].autofilter(0, 0, self._row - 1, len(self._headers) - 1)

    def _begin_sheet(self) -> None:
        sheet = self._book.add_worksheet(sheet_name(self._title, len(self.sheets) + 1))
        self.sheets.append(sheet)
        # Phones and ids are texts on purpose: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (header, width) in enumerate(zip(self._headers, self._widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, plain(header), self._header)
        self._row = 1
