"""Reports as files: XLSX, HTML and CSV written here, PDF by whoever can draw letters."""

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
        opened = self._opener(path, separator)
        return await write_rows(path, lambda part: opened(part, report), report.table.rows)

    def _opener(self, path: Path, separator: str) -> OpenReport:
        """Return what opens a report of the path's format; the writers load when first needed."""
        match path.suffix.lower():
            case ".csv":
                from invite_desktop.reporting.csv_table import CsvReport  # noqa: PLC0415 - see above

                return lambda part, report: CsvReport(part, report, separator)
            case ".xlsx":
                from invite_desktop.reporting.workbook_report import WorkbookReport  # noqa: PLC0415 - see above

                return WorkbookReport
            case ".html":
                from invite_desktop.reporting.page_report import PageReport  # noqa: PLC0415 - see above

                return PageReport
            case ".pdf":
                return self._open_pdf
            case _:
                raise unknown_format(path, REPORT_SUFFIXES)
