"""XLSX, XLS and ODS by python-calamine, which knows no XML entities and no macros.

Not by pandas: calamine's own rows keep their numbers, and a table of a million rows is not
copied twice.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from invite_desktop.importing import archives, limits, refusals
from invite_desktop.importing.xls_area import check_xls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class WorkbookTable:
    """One sheet of a workbook; row numbers are those of the spreadsheet."""

    encoding = ""
    names = None
    one_column = False
    separator = ""

    def __init__(
        self, path: Path, format_name: str, sheet: CalamineSheet, sheets: Sequence[str]
    ) -> None:
        self._path = path
        self._sheet = sheet
        self.format = format_name
        self.sheet = sheet.name
        self.sheets = sheets

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows with every value as the text that a person would type."""
        with _reader_errors(self._path):
            for number, row in enumerate(self._sheet.iter_rows(), 1):
                yield number, [cell if cell.__class__ is str else cell_text(cell) for cell in row]


def open_workbook(path: Path, format_name: str, sheet: str | None) -> WorkbookTable:
    """Open one sheet: the named one, else the first visible one that is not blank.

    Raises KnownError for damaged, encrypted, hostile and blank workbooks.
    """
    with _reader_errors(path):
        check_xls(path) if format_name == "XLS" else archives.check_unpacked(path, format_name)
    with _reader_errors(path):
        workbook = CalamineWorkbook.from_path(path)
        names = [one.name for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        visible = {
            one.name for one in workbook.sheets_metadata if one.visible is SheetVisibleEnum.Visible
        }
        if sheet is not None:
            if sheet not in names:
                raise refusals.no_sheet(path, sheet)
            chosen = workbook.get_sheet_by_name(sheet)
        else:
            ordered = sorted(names, key=lambda name: name not in visible)
            chosen = _first_used(path, workbook, ordered)
    if chosen.width > limits.MAX_COLUMNS:
        raise refusals.too_many_columns(path)
    return WorkbookTable(path, format_name, chosen, names)


def _first_used(path: Path, workbook: CalamineWorkbook, names: Sequence[str]) -> CalamineSheet:
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height > 0:
            return sheet
    raise refusals.empty(path)


@contextmanager
def _reader_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except PasswordError as error:
        raise refusals.encrypted(path) from error
    except (CalamineError, OSError) as error:
        # The file was readable a moment ago: an OSError here is an offset beyond its end.
        raise refusals.damaged_workbook(path) from error
    except BaseException as error:
        # A file that is wrong in a way its Rust code did not foresee ends in a panic, which is
        # no Exception. Nothing else of that name exists.
        if type(error).__name__ != "PanicException":
            raise
        raise refusals.damaged_workbook(path) from error


def cell_text(cell: object) -> str:
    """Return a cell's value as a person would type it: 79001234567.0 is 79001234567."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
