"""A report as an XLSX workbook: the summary, native charts, and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.reports import Meaning
from invite_desktop.reporting.cells import plain
from invite_desktop.reporting.sheet_rows import (
    LOCAL_MOMENT,
    LOCAL_NUMBER,
    CellWriter,
    SheetRows,
    sheet_name,
)
from invite_desktop.reporting.workbook_table import (
    discard_workbook,
    finish_workbook,
    open_workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.chart import Chart as NativeChart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from invite_desktop.engine.ports.reports import Chart, Part, Report
    from invite_desktop.engine.ports.tables import Cell

COLOURS: Mapping[Meaning, str] = {
    Meaning.PLAIN: "#2F7ABF",
    Meaning.GOOD: "#2E9E5B",
    Meaning.CARE: "#D08A1E",
    Meaning.BAD: "#C94141",
    Meaning.QUIET: "#9AA5B1",
}
"""The colours of charts, legible on white and to the colour-blind beside their words."""

_NAME_WIDTH, _VALUE_WIDTH = 34, 70
_WORDS_WIDTH, _NOTE_WIDTH = 48, 20
_CHART_ROWS = 18
"""Rows that a chart covers, so that the next one stands below it."""

_WIDTH_OF_ALL = 150
"""Letters over which the columns of the table are spread."""


class WorkbookReport:
    """The summary is on the first sheet, the charts beside their numbers on the second."""

    def __init__(self, path: Path, report: Report) -> None:
        self._book = open_workbook(path)
        self._cells = CellWriter(self._book, LOCAL_MOMENT)
        add = self._book.add_format
        self._title = add({"bold": True, "font_size": 16})
        self._remark = add({"font_color": "#5F6B7A"})
        self._heading = add({"bold": True, "font_size": 12, "bottom": 1})
        self._name = add({"font_color": "#5F6B7A", "valign": "top"})
        self._text = add({"text_wrap": True, "align": "left", "valign": "top"})
        self._number = add({"num_format": LOCAL_NUMBER, "align": "left"})
        self._write_summary(report)
        if charts := [chart for part in report.parts for chart in part.charts]:
            title = next(part.title for part in report.parts if part.charts)
            self._write_charts(title, charts)
        whole = sum(report.widths)
        self._rows = SheetRows(
            self._book,
            report.table.title,
            report.table.headers,
            self._cells,
            widths=[max(width / whole * _WIDTH_OF_ALL, 6) for width in report.widths],
        )

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows of the table."""
        self._rows.add(rows)

    def finish(self) -> None:
        """Put the workbook together. Raises OSError when the disk does not take it."""
        self._rows.close_sheet()
        finish_workbook(self._book)

    def discard(self) -> None:
        """Let go of the files behind the sheets, which are of no more use."""
        discard_workbook(self._book)

    def _write_summary(self, report: Report) -> None:
        sheet = self._book.add_worksheet(sheet_name(report.name))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _NAME_WIDTH)
        sheet.set_column(1, 1, _VALUE_WIDTH)
        sheet.write_string(0, 0, plain(report.title), self._title)
        row = 1
        for remark in report.remarks:
            sheet.write_string(row, 0, plain(remark), self._remark)
            row += 1
        for part in report.parts:
            if part.facts:
                row = self._write_facts(sheet, row + 1, part)
        sheet.fit_to_pages(1, 0)

    def _write_facts(self, sheet: Worksheet, row: int, part: Part) -> int:
        sheet.write_string(row, 0, plain(part.title), self._heading)
        sheet.write_blank(row, 1, None, self._heading)
        for fact in part.facts:
            row += 1
            sheet.write_string(row, 0, plain(fact.name), self._name)
            self._cells.write(sheet, row, 1, fact.value, self._dress_of(fact.value))
        return row + 1

    def _dress_of(self, value: Cell) -> Format | None:
        if isinstance(value, str):
            return self._text
        return self._number if isinstance(value, int) else None

    def _write_charts(self, title: str, charts: Sequence[Chart]) -> None:
        sheet = self._book.add_worksheet(sheet_name(title))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _WORDS_WIDTH)
        sheet.set_column(2, 2, _NOTE_WIDTH)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        row = 0
        for chart in charts:
            sheet.insert_chart(row, 4, self._native(chart, sheet.get_name(), row + 2))
            self._write_bars(sheet, row, chart)
            row += max(len(chart.bars) + 3, _CHART_ROWS)

    def _write_bars(self, sheet: Worksheet, row: int, chart: Chart) -> None:
        self._cells.write(sheet, row, 0, chart.title, self._heading)
        self._cells.write(sheet, row + 1, 0, chart.what, self._name)
        self._cells.write(sheet, row + 1, 1, chart.counted, self._name)
        for place, bar in enumerate(chart.bars, row + 2):
            self._cells.write(sheet, place, 0, bar.words)
            self._cells.write(sheet, place, 1, bar.count)
            self._cells.write(sheet, place, 2, bar.note)

    def _native(self, chart: Chart, sheet: str, first: int) -> NativeChart:
        native = self._book.add_chart({"type": "column" if chart.over_time else "bar"})
        last = first + len(chart.bars) - 1
        native.add_series(
            {
                "name": plain(chart.counted),
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, 1, last, 1],
                # What a reader shows that does not look into the cells.
                "categories_data": [plain(bar.words) for bar in chart.bars],
                "values_data": [bar.count for bar in chart.bars],
                "points": [{"fill": {"color": COLOURS[bar.meaning]}} for bar in chart.bars],
                "data_labels": {"value": not chart.over_time or len(chart.bars) <= _CHART_ROWS},
                "gap": 40,
            }
        )
        native.set_title({"name": plain(chart.title), "name_font": {"size": 12}})
        native.set_legend({"none": True})
        if chart.over_time:
            native.set_y_axis(
                {"major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}, "min": 0}
            )
        else:
            native.set_y_axis({"reverse": True})
            hidden = {"visible": False, "major_gridlines": {"visible": False}}
            native.set_x_axis({**hidden, "min": 0, "max": chart.whole})
        native.set_size({"width": 640, "height": _CHART_ROWS * 19})
        return native
