"""XLSX, XLS and ODS."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.importing import workbook
from invite_desktop.importing.workbook import cell_text
from tests.importing.reading import keys, people, preview, read
from tests.importing.workbook_writers import write_ods, write_xls, write_xlsx, xlsx_cell

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    ["Telegram", "Телефон", "user_id", "Имя"],
    ["@user_1", 79000000000, 500700000, "Лада"],
    ["", "8 (900) 000-00-01", "", "Борис"],
    ["t.me/user_3", "", 7123456789, ""],
]
FOUND = [
    ("user_1", "+79000000000", 500700000),
    (None, "+79000000001", None),
    ("user_3", None, 7123456789),
]


def written_as(ending: str, folder: Path) -> Path:
    path = folder / f"a.{ending}"
    if ending == "xlsx":
        return write_xlsx(path, {"Люди": ROWS})
    if ending == "ods":
        return write_ods(path, ROWS)
    cells = {(y, x): value for y, row in enumerate(ROWS) for x, value in enumerate(row) if value}
    return write_xls(path, cells)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_every_format_gives_the_same_people(tmp_path: Path, ending: str):
    path = written_as(ending, tmp_path)
    assert preview(path).format == ending.upper()
    rows = read(path)
    assert keys(rows) == FOUND
    assert [row.number for row in rows] == [2, 3, 4]


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_content_counts_and_not_the_name(tmp_path: Path, ending: str):
    path = written_as(ending, tmp_path)
    assert keys(read(path.rename(tmp_path / "a.csv"))) == FOUND


def test_first_visible_sheet_that_is_not_blank_is_taken(tmp_path: Path):
    sheets = {"Скрыт": [["username"], ["user_9"]], "Пуст": [], "Люди": ROWS, "Ещё": ROWS}
    path = write_xlsx(tmp_path / "a.xlsx", sheets, hidden=["Скрыт"])
    assert keys(read(path)) == FOUND
    assert list(preview(path).sheets) == ["Скрыт", "Пуст", "Люди", "Ещё"]
    assert keys(read(path, ReadOptions(sheet="Скрыт"))) == [("user_9", None, None)]


def test_rows_are_numbered_as_the_spreadsheet_does(tmp_path: Path):
    rows = (
        f'<row r="3">{xlsx_cell("B3", "username")}{xlsx_cell("C3", "имя")}</row>'
        f'<row r="7">{xlsx_cell("B7", "user_1")}</row>'
    )
    (row,) = read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    assert (row.number, row.keys.username) == (7, "user_1")


def test_formats_without_values_do_not_widen_a_sheet(tmp_path: Path):
    styled = "".join(f'<c r="{name}2" s="1"/>' for name in ("AMJ", "XFD"))
    rows = f'<row r="1">{xlsx_cell("A1", "username")}</row>'
    rows += f'<row r="2">{xlsx_cell("A2", "user_1")}{styled}</row>'
    assert keys(read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))) == [("user_1", None, None)]


def test_cells_of_another_spelling_are_read_too(tmp_path: Path):
    rows = "<row><c t='inlineStr'><is><t>username</t></is></c></row>"
    rows += "<row><c  t = 'inlineStr'><is><t>user_1</t></is></c></row>"
    assert keys(read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))) == [("user_1", None, None)]


def test_long_text_among_many_short_ones_is_read(tmp_path: Path):
    long = "n" * 30_000
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    cells += '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
    cells += "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>2</v></c></row>' for n in range(3, 40_001))
    texts = ["username", "note", "user_1", long]
    rows = read(write_xlsx(tmp_path / "a.xlsx", {"S": cells}, shared=texts))
    assert len(rows) == 39_999
    assert people(rows)[0].extra == {"note": long}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (79001234567.0, "79001234567"),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (True, "True"),
        (date(2025, 10, 12), "2025-10-12"),
        (datetime(2025, 10, 12), "2025-10-12"),  # noqa: DTZ001 - as a cell has it
        (datetime(2025, 10, 12, 17, 30), "2025-10-12 17:30:00"),  # noqa: DTZ001
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_value_is_the_text_that_a_person_would_type(cell: object, text: str):
    assert cell_text(cell) == text


def test_wide_sheet_beyond_the_alphabet_is_read(tmp_path: Path):
    header = ["username", *[f"c{number}" for number in range(60)]]
    rows = [header, *[["user_1", *["x"] * 60]] * 300]
    assert len(people(read(write_xlsx(tmp_path / "a.xlsx", {"S": rows})))) == 300


def test_panic_of_the_reader_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class PanicException(BaseException):
        pass

    class PanickingWorkbook:
        @staticmethod
        def from_path(path: Path) -> None:
            raise PanicException(path)

    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    monkeypatch.setattr(workbook, "CalamineWorkbook", PanickingWorkbook)
    with pytest.raises(KnownError, match="is damaged or is not really a workbook"):
        read(path)


def test_interruption_is_no_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class InterruptedWorkbook:
        @staticmethod
        def from_path(path: Path) -> None:
            raise KeyboardInterrupt(path)

    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    monkeypatch.setattr(workbook, "CalamineWorkbook", InterruptedWorkbook)
    with pytest.raises(KeyboardInterrupt):
        read(path)
