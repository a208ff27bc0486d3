"""Tables in files: complete or not there, and harmless to whoever opens them."""

from __future__ import annotations

import asyncio
import csv
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.tables import Table
from invite_desktop.reporting import refusals
from invite_desktop.reporting.cells import LONGEST_TEXT
from invite_desktop.reporting.csv_table import CsvTable
from invite_desktop.reporting.table_files import FilesOfTables
from invite_desktop.reporting.workbook_table import WorkbookTable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.tables import Cell

FORMATS = pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
MOMENT = datetime(2025, 12, 8, 9, 30, 15, 123, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
hostile = st.tuples(st.sampled_from("=+-@\t\r\n"), texts).map("".join)


def a_table(
    rows: Sequence[Sequence[Cell]], *, headers: Sequence[str] = ("A", "B"), title: str = "People"
) -> Table:
    async def stream() -> AsyncIterator[Sequence[Cell]]:
        for row in rows:
            yield row

    return Table(title, headers, stream())


def read_csv(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def read_sheets(path: Path) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def left_behind(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


async def test_csv_opens_with_its_letters_right(tmp_path: Path):
    path = tmp_path / "people.csv"
    rows = [["Анна", "x;y"], [None, 12], ["00123", 1.5]]
    assert await FilesOfTables().write(path, a_table(rows), ";") == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_csv(path, ";") == [["A", "B"], ["Анна", "x;y"], ["", "12"], ["00123", "1.5"]]
    assert left_behind(tmp_path) == ["people.csv"]


async def test_phones_and_ids_stay_texts_in_a_workbook(tmp_path: Path):
    path = tmp_path / "people.xlsx"
    rows = [["+79001234567", "4503599627370495"], ["007", 12], [None, 1.5]]
    assert await FilesOfTables().write(path, a_table(rows)) == 3
    assert read_sheets(path) == [
        [["A", "B"], ["+79001234567", "4503599627370495"], ["007", 12.0], ["", 1.5]]
    ]
    assert left_behind(tmp_path) == ["people.xlsx"]


@FORMATS
async def test_moments_are_local_and_whole(tmp_path: Path, suffix: str):
    path = tmp_path / f"people{suffix}"
    await FilesOfTables().write(path, a_table([[MOMENT, ""]]))
    shown = MOMENT.astimezone().replace(tzinfo=None, microsecond=0)
    if suffix == ".csv":
        assert read_csv(path)[1][0] == shown.isoformat(" ")
    else:
        assert read_sheets(path)[0][1][0] == shown


@FORMATS
async def test_many_rows_come_in_their_order(tmp_path: Path, suffix: str):
    path = tmp_path / f"people{suffix.upper()}"
    rows = [[str(number), "x"] for number in range(2_500)]
    assert await FilesOfTables().write(path, a_table(rows)) == 2_500
    read = read_csv(path) if suffix == ".csv" else read_sheets(path)[0]
    assert [row[0] for row in read[1:]] == [str(number) for number in range(2_500)]


@given(rows=st.lists(st.tuples(hostile | texts, hostile | texts), max_size=5))
def test_no_text_is_executable_in_csv(tmp_path_factory: pytest.TempPathFactory, rows):
    path = tmp_path_factory.mktemp("csv") / "people.csv"
    table = CsvTable(path, ["=1+1", "@x"], ",")
    table.add(rows)
    table.finish()
    read = read_csv(path)
    assert not any(cell[:1] in set("=+-@\t\r\n＝＋－＠") for row in read for cell in row)
    assert read[0] == ["'=1+1", "'@x"]
    for written, kept in zip(rows, read[1:], strict=True):
        for text, cell in zip(written, kept, strict=True):
            assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'")


@given(rows=st.lists(st.tuples(hostile | texts, hostile | texts), max_size=5))
def test_no_text_is_executable_in_a_workbook(tmp_path_factory: pytest.TempPathFactory, rows):
    path = tmp_path_factory.mktemp("xlsx") / "people.xlsx"
    table = WorkbookTable(path, "People", ["=1+1", "@x"])
    table.add(rows)
    table.finish()
    table.discard()
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.namelist()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert not any("externalLink" in name for name in names)
    kinds = {cell.split('"')[-2] for cell in sheet.split("<c ")[1:] if "t=" in cell[:60]}
    assert "n" not in kinds


@pytest.mark.parametrize("end", ["\ud800", "\0", "x" * LONGEST_TEXT])
@FORMATS
async def test_texts_that_no_file_can_hold_are_mended(tmp_path: Path, suffix: str, end: str):
    path = tmp_path / f"people{suffix}"
    await FilesOfTables().write(path, a_table([["a" + end, "b"]]))
    read = read_csv(path) if suffix == ".csv" else read_sheets(path)[0]
    assert read[1][0].startswith("a")
    assert len(read[1][0]) <= LONGEST_TEXT
    assert read[1][1] == "b"


@pytest.mark.parametrize("title", ["", "a/b:c*d?[e]\\'", "'" * 40, "Очень длинное имя базы " * 3])
async def test_any_title_names_a_sheet(tmp_path: Path, title: str):
    path = tmp_path / "people.xlsx"
    await FilesOfTables().write(path, a_table([["a", "b"]], title=title))
    (name,) = CalamineWorkbook.from_path(path).sheet_names
    assert 0 < len(name) <= 31


def test_a_full_sheet_is_followed_by_another(tmp_path: Path):
    path = tmp_path / "people.xlsx"
    table = WorkbookTable(path, "Очень длинное имя для одной базы", ["N"], most_rows=3)
    table.add([[str(number)] for number in range(5)])
    table.finish()
    table.discard()
    sheets = read_sheets(path)
    assert sheets == [[["N"], ["0"], ["1"]], [["N"], ["2"], ["3"]], [["N"], ["4"]]]


@pytest.mark.parametrize("name", ["people.txt", "people", "people.xls", "people.csv.pdf"])
async def test_another_ending_is_refused(tmp_path: Path, name: str):
    with pytest.raises(KnownError, match=name):
        await FilesOfTables().write(tmp_path / name, a_table([]))
    assert left_behind(tmp_path) == []


@FORMATS
async def test_a_missing_folder_is_said(tmp_path: Path, suffix: str):
    with pytest.raises(KnownError, match="folder"):
        await FilesOfTables().write(tmp_path / "none" / f"people{suffix}", a_table([]))


async def test_a_folder_in_the_way_is_said(tmp_path: Path):
    (tmp_path / "people.csv").mkdir()
    with pytest.raises(KnownError, match="name of a folder"):
        await FilesOfTables().write(tmp_path / "people.csv", a_table([]))
    assert left_behind(tmp_path) == ["people.csv"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "denied"), "may not be written here"),
        (OSError(30, "read-only"), "may not be written here"),
        (OSError(28, "full"), "no room left"),
        (OSError(5, "broken"), "could not be written"),
    ],
)
def test_the_systems_refusals_are_sentences(tmp_path: Path, error: OSError, words: str):
    with pytest.raises(KnownError, match=words) as caught, refusals.writing_errors(tmp_path):
        raise error
    assert caught.value.next_step is not None


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_a_disk_that_fills_up_leaves_the_old_file(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / f"people{suffix}"
    path.write_text("old", encoding="utf-8")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CsvTable, "add", full)
    monkeypatch.setattr(WorkbookTable, "add", full)
    with pytest.raises(KnownError, match="no room left"):
        await FilesOfTables().write(path, a_table([["a", "b"]]))
    assert left_behind(tmp_path) == [path.name]
    assert path.read_text(encoding="utf-8") == "old"


@FORMATS
async def test_cancelling_leaves_nothing(tmp_path: Path, suffix: str):
    reached = asyncio.Event()

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        for number in range(1_500):
            yield [str(number)]
        reached.set()
        await asyncio.Event().wait()

    path = tmp_path / f"people{suffix}"
    writing = asyncio.create_task(FilesOfTables().write(path, Table("People", ["N"], rows())))
    await reached.wait()
    assert left_behind(tmp_path) != []
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert left_behind(tmp_path) == []


@FORMATS
async def test_an_error_of_the_rows_leaves_nothing(tmp_path: Path, suffix: str):
    async def rows() -> AsyncIterator[Sequence[Cell]]:
        yield ["1"]
        raise LookupError

    with pytest.raises(LookupError):
        await FilesOfTables().write(tmp_path / f"a{suffix}", Table("People", ["N"], rows()))
    assert left_behind(tmp_path) == []
