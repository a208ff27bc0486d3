"""Tables and reports as CSV files that Excel and LibreOffice open with their letters right."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from invite_desktop.reporting.cells import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.reports import Report
    from invite_desktop.engine.ports.tables import Cell


class CsvTable:
    """UTF-8 with a byte order mark, without which Excel guesses an old encoding."""

    def __init__(self, path: Path, headers: Sequence[str], separator: str) -> None:
        self._file = path.open("w", newline="", encoding="utf-8-sig")
        self._writer = csv.writer(self._file, delimiter=separator)
        self._writer.writerow(map(csv_text, headers))

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        self._writer.writerows([csv_text(cell) for cell in row] for row in rows)

    def finish(self) -> None:
        """Write what is still in memory."""
        self._file.close()

    def discard(self) -> None:
        """Let go of the file, which is of no more use."""
        self._file.close()


class CsvReport:
    """A report in one CSV file: part, name, value and note; an empty line; then the table."""

    def __init__(self, path: Path, report: Report, separator: str) -> None:
        self._table = CsvTable(path, [report.name, report.title], separator)
        self._table.add([["", remark] for remark in report.remarks])
        for part in report.parts:
            self._table.add([[part.title, fact.name, fact.value] for fact in part.facts])
            for chart in part.charts:
                self._table.add([[chart.title, b.words, b.count, b.note] for b in chart.bars])
        self._table.add([[], report.table.headers])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows of the table."""
        self._table.add(rows)

    def finish(self) -> None:
        """Write what is still in memory."""
        self._table.finish()

    def discard(self) -> None:
        """Let go of the file, which is of no more use."""
        self._table.discard()
