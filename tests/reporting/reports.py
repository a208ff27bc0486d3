"""A small report with everything in it, and readers of what was written."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from invite_desktop.engine.ports.reports import Bar, Chart, Fact, Meaning, Part, Report
from invite_desktop.engine.ports.tables import Table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.tables import Cell

HEADERS = ("No.", "Name", "Phone")


async def stream(rows: Sequence[Sequence[Cell]]) -> AsyncIterator[Sequence[Cell]]:
    for row in rows:
        yield row


def a_report(
    rows: Sequence[Sequence[Cell]] = ((1, "Анна", "+79001234567"),), title: str = "Клуб"
) -> Report:
    bars = [Bar("joined", 3, Meaning.GOOD, "note"), Bar("=1+1", 0, Meaning.BAD)]
    days = [Bar("1 March", 2), Bar("2 March", 5)]
    charts = [Chart("Reasons", "What", "People", bars, whole=4)]
    charts.append(Chart("By day", "What", "People", days, over_time=True))
    return Report(
        name="Report",
        title=title,
        remarks=["a remark"],
        parts=[
            Part("Settings", [Fact("Message", "=SUM(A1)\nsecond line"), Fact("People", 1240)]),
            Part("How it went", charts=charts),
        ],
        table=Table("People", HEADERS, stream(rows)),
        rows=len(rows),
        widths=(1, 3, 2),
        language="en",
        find="Find…",
        written=lambda cell: "" if cell is None else f"{cell:,}" if cell == 1240 else str(cell),
    )


def csv_rows(path: Path, separator: str = ",") -> list[list[str]]:
    """Return the rows of the table, its headers first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=separator))
    return lines[lines.index([]) + 1 :]


def workbook_rows(path: Path) -> list[list[str]]:
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name(book.sheet_names[-1]).to_python()
    return [[_text(cell) for cell in row] for row in rows]


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("id") == "rows":
            self._inside = True
        elif self._inside and tag == "tr":
            self.rows.append([])
        elif self._inside and tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def page_rows(path: Path) -> list[list[str]]:
    parser = _Rows()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.rows


def page_facts(path: Path) -> dict[str, str]:
    """Return the facts of an HTML report by their names."""
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text, re.DOTALL))


def csv_facts(path: Path, separator: str = ",") -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=separator))
    return {line[1]: line[2] for line in lines[: lines.index([])] if len(line) == 3}


def workbook_facts(path: Path) -> dict[str, str]:
    sheet, *_ = CalamineWorkbook.from_path(path).sheet_names
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return {str(row[0]): _text(row[1]) for row in rows if len(row) > 1 and row[1] != ""}


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
