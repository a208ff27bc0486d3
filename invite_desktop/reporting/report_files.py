"""Reports as files: XLSX, HTML and CSV written here, PDF by whoever can draw letters.

The writers load in the thread that writes: the window does not wait for their modules.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from invite_desktop.engine.ports.reports import REPORT_SUFFIXES
from invite_desktop.reporting.refusals import unknown_format
from invite_desktop.reporting.writing import write_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from invite_desktop.engine.ports.reports import Report
    from invite_desktop.reporting.writing import WrittenFile

    OpenReport: TypeAlias = Callable[[Path, Report], WrittenFile]


class FilesOfReports:
    """Implements ReportFiles. ``open_pdf`` begins a PDF file, in the thread that writes it."""

    def __init__(self, open_pdf: OpenReport) -> None:
        self._open_pdf = open_pdf

    async def write(self, path: Path, report: Report, separator: str = ",") -> int:
        """Write a report beside its place and move it there when it is whole."""
        suffix = path.suffix.lower()
        if suffix not in REPORT_SUFFIXES:
            raise unknown_format(path, REPORT_SUFFIXES)

        def opened(part: Path) -> WrittenFile:
            return self._open(suffix, part, report, separator)

        return await write_rows(path, opened, report.table.rows)

    def _open(self, suffix: str, part: Path, report: Report, separator: str) -> WrittenFile:
        if suffix == ".csv":
            from invite_desktop.reporting.csv_table import CsvReport

            return CsvReport(part, report, separator)
        if suffix == ".xlsx":
            from invite_desktop.reporting.workbook_report import WorkbookReport

            return WorkbookReport(part, report)
        if suffix == ".html":
            from invite_desktop.reporting.page_report import PageReport

            return PageReport(part, report)
        return self._open_pdf(part, report)
