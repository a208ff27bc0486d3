"""Reports in files: the same contents in every format, complete or not there, and harmless."""

from __future__ import annotations

import asyncio
import hashlib
import re
import zipfile
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.reports import REPORT_SUFFIXES
from invite_desktop.engine.ports.tables import Table
from invite_desktop.reporting.page_report import PageReport
from invite_desktop.reporting.report_files import FilesOfReports
from invite_desktop.ui.printing.paper import Paper
from invite_desktop.ui.printing.pdf_report import PdfReport
from tests.reporting.reports import (
    HEADERS,
    a_report,
    csv_facts,
    csv_rows,
    page_facts,
    page_rows,
    workbook_facts,
    workbook_rows,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from invite_desktop.engine.ports.tables import Cell

FORMATS = pytest.mark.parametrize("suffix", REPORT_SUFFIXES)
ROWS = [[number, f"Анна {number}", f"+7900{number:07}"] for number in range(1_200)]


@pytest.fixture(autouse=True)
def letters(qapp: QApplication) -> None:
    """Letters are drawn by Qt."""


@pytest.fixture
def files() -> FilesOfReports:
    return FilesOfReports(PdfReport)


def left_behind(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize(
    ("suffix", "read", "phone"),
    [
        (".csv", csv_rows, "'+79000000007"),
        (".xlsx", workbook_rows, "+79000000007"),
        (".html", page_rows, "+79000000007"),
    ],
)
async def test_every_row_is_in_the_file_in_its_order(files, tmp_path: Path, suffix, read, phone):
    path = tmp_path / f"report{suffix}"
    assert await files.write(path, a_report(ROWS)) == len(ROWS)
    rows = [row for row in read(path) if row != list(HEADERS)]
    assert [row[:2] for row in rows] == [[str(n), f"Анна {n}"] for n in range(len(ROWS))]
    assert rows[7][2] == phone
    assert left_behind(tmp_path) == [path.name]


@pytest.mark.parametrize(
    ("suffix", "read", "people", "text"),
    [
        (".csv", csv_facts, "1240", "'=SUM(A1)\nsecond line"),
        (".xlsx", workbook_facts, "1240", "=SUM(A1)\nsecond line"),
        (".html", page_facts, "1,240", "=SUM(A1)\nsecond line"),
    ],
)
async def test_facts_stand_with_their_values(files, tmp_path: Path, suffix, read, people, text):
    path = tmp_path / f"report{suffix}"
    await files.write(path, a_report())
    assert read(path)["People"] == people
    assert read(path)["Message"] == text


async def test_a_pdf_shows_everything(files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []
    write = Paper.write

    def noted(paper, letters, x, y, text, *ink):
        drawn.append(text)
        write(paper, letters, x, y, text, *ink)

    monkeypatch.setattr(Paper, "write", noted)
    path = tmp_path / "report.pdf"
    await files.write(path, a_report(ROWS))
    assert {"Report", "Клуб", "a remark", "Settings", "1,240", "second line"} <= set(drawn)
    assert {"Reasons", "joined", "3", "note", "By day", "1 March"} <= set(drawn)
    assert [text for text in drawn if text.startswith("Анна")] == [row[1] for row in ROWS]
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    pages = len(re.findall(rb"/Type /Page\b", content))
    assert pages > 15
    assert drawn.count("Phone") == pages - 1


async def test_a_long_value_goes_on_over_pages(files, tmp_path: Path, monkeypatch):
    drawn: list[str] = []
    monkeypatch.setattr(Paper, "write", lambda _p, _l, _x, _y, text, *_ink: drawn.append(text))
    report = a_report()
    facts = [replace(report.parts[0].facts[0], value="\n".join(f"line {n}" for n in range(200)))]
    parts = [replace(report.parts[0], facts=facts)]
    await files.write(tmp_path / "report.pdf", replace(report, parts=parts))
    assert [text for text in drawn if text.startswith("line ")] == [f"line {n}" for n in range(200)]


async def test_a_workbook_has_native_charts_with_their_numbers(files, tmp_path: Path):
    path = tmp_path / "report.xlsx"
    await files.write(path, a_report())
    with zipfile.ZipFile(path) as parts:
        charts = [
            parts.read(n).decode() for n in parts.namelist() if "/chart" in n and "rels" not in n
        ]
        sheets = [parts.read(n).decode() for n in parts.namelist() if "worksheets/sheet" in n]
    charts = [chart for chart in charts if "<c:chart>" in chart]
    assert len(charts) == 2
    assert any("<c:v>1 March</c:v>" in chart and "<c:v>5</c:v>" in chart for chart in charts)
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


hostile = st.text(st.sampled_from("=+-@<>\"'&{%}\t\n\0x"), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(name=hostile, title=hostile)
def test_no_text_from_outside_becomes_part_of_the_page(tmp_path: Path, name: str, title: str):
    path = tmp_path / "report.html"
    page = PageReport(path, a_report([], title))
    page.add([[1, name, ""]])
    page.finish()
    shown = page_rows(path)[-1][1]
    assert shown == name.replace("\0", "").strip("\n")
    assert path.read_text(encoding="utf-8").count("<script") == 1


async def test_a_page_runs_its_own_script_only_and_asks_nobody(files, tmp_path: Path):
    path = tmp_path / "report.html"
    await files.write(path, a_report([[1, "<script>alert(1)</script>", "x"]]))
    text = path.read_text(encoding="utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", text)


@FORMATS
async def test_a_report_about_nobody_can_be_written(files, tmp_path: Path, suffix: str):
    path = tmp_path / f"report{suffix}"
    assert await files.write(path, replace(a_report([]), parts=())) == 0
    assert path.stat().st_size > 0


async def test_another_ending_is_refused(files, tmp_path: Path):
    with pytest.raises(KnownError, match=r"report\.doc") as refused:
        await files.write(tmp_path / "report.doc", a_report())
    assert ".xlsx, .html, .pdf, .csv" in str(refused.value.next_step)
    assert left_behind(tmp_path) == []


@FORMATS
async def test_a_missing_folder_is_said(files, tmp_path: Path, suffix: str):
    with pytest.raises(KnownError, match="folder"):
        await files.write(tmp_path / "none" / f"report{suffix}", a_report())


@FORMATS
async def test_cancelling_leaves_the_old_file(files, tmp_path: Path, suffix: str):
    reached = asyncio.Event()

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        for row in ROWS:
            yield row
        reached.set()
        await asyncio.Event().wait()

    path = tmp_path / f"report{suffix}"
    path.write_text("old", encoding="utf-8")
    report = replace(a_report(), table=Table("People", HEADERS, rows()))
    writing = asyncio.create_task(files.write(path, report))
    await reached.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert left_behind(tmp_path) == [path.name]
    assert path.read_text(encoding="utf-8") == "old"


async def test_a_full_disk_is_said_while_a_pdf_is_drawn(files, tmp_path: Path, monkeypatch):
    def full(_paper: Paper) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Paper, "check", full)
    with pytest.raises(KnownError, match="no room left"):
        await files.write(tmp_path / "report.pdf", a_report())
    assert left_behind(tmp_path) == []
