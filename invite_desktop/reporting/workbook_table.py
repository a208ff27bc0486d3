"""A table as an XLSX workbook, in the memory of one row however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from invite_desktop.reporting.sheet_rows import MOST_ROWS, CellWriter, SheetRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.tables import Cell


def open_workbook(path: Path) -> Workbook:
    """Return a workbook that keeps its sheets in files beside it, not in memory."""
    return Workbook(
        str(path), {"constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True}
    )


def finish_workbook(book: Workbook) -> None:
    """Put a workbook together. Raises OSError when the disk does not take it."""
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def discard_workbook(book: Workbook) -> None:
    """Let go of the files behind the sheets, which are of no more use."""
    for sheet in book.worksheets():
        sheet._opt_close()  # noqa: SLF001 - what close() does last; it alone would write all


class WorkbookTable:
    """One table, on as many sheets as it needs."""

    def __init__(
        self, path: Path, title: str, headers: Sequence[str], most_rows: int = MOST_ROWS
    ) -> None:
        self._book = open_workbook(path)
        cells = CellWriter(self._book)
        self._rows = SheetRows(self._book, title, headers, cells, most_rows=most_rows)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        self._rows.add(rows)

    def finish(self) -> None:
        """Put the workbook together. Raises OSError when the disk does not take it."""
        self._rows.close_sheet()
        finish_workbook(self._book)

    def discard(self) -> None:
        """Let go of the files behind the sheets, which are of no more use."""
        discard_workbook(self._book)
