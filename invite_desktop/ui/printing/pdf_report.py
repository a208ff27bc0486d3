"""A report as a PDF file: the summary on upright pages, its table on broad ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.printing.paper import INK, MUTED, RULE, Paper
from invite_desktop.ui.printing.paper_charts import draw_bar, draw_columns, height_of, longest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QColor

    from invite_desktop.engine.ports.reports import Chart, Part, Report
    from invite_desktop.engine.ports.tables import Cell
    from invite_desktop.ui.printing.paper import Letters

_NAMES = 0.34
"""The share of the width in which the names of facts stand."""

_MOST_LINES = 3
"""Lines of a cell of the table; what is longer ends in an ellipsis."""

_PAD = 5.0


class PdfReport:
    """Draws as rows come: no more than one page is in memory.

    By Qt's own PDF writer: nothing to bring along, letters of every script that the system has,
    and 100 000 people in half a minute. It needs a QGuiApplication, of any platform.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._report = report
        self._paper = paper = Paper(path, report.title)
        self._title = paper.letters(18, bold=True)
        self._heading = paper.letters(12, bold=True)
        self._strong = paper.letters(9, bold=True)
        self._text = paper.letters(9)
        self._cell = paper.letters(7)
        self._header = paper.letters(7, bold=True)
        self._y = 0.0
        self._edges: Sequence[tuple[float, float]] = ()
        try:
            self._draw_summary()
            self._begin_table()
        except BaseException:
            paper.discard()
            raise

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Draw rows of the table. Raises OSError when the disk is full."""
        for row in rows:
            self._draw_row(row)
        self._paper.check()

    def finish(self) -> None:
        """Complete the file. Raises OSError when the disk does not take it."""
        self._paper.finish()

    def discard(self) -> None:
        """Let go of the file, which is of no more use."""
        self._paper.discard()

    # ------------------------------------------------------------ summary

    def _draw_summary(self) -> None:
        self._draw_head()
        for part in self._report.parts:
            self._draw_part(part)

    def _draw_head(self) -> None:
        paper, report = self._paper, self._report
        paper.write(self._text, 0, 0, report.name, MUTED)
        self._y = self._text.height + 2
        self._draw_lines(self._title, self._title.lines(report.title, paper.width, 4))
        for remark in report.remarks:
            self._draw_lines(self._text, self._text.lines(remark, paper.width, 4), MUTED)
        self._y += _PAD

    def _draw_lines(self, letters: Letters, lines: Sequence[str], ink: QColor = INK) -> None:
        for line in lines:
            self._paper.write(letters, 0, self._y, line, ink)
            self._y += letters.height

    def _draw_part(self, part: Part) -> None:
        if not part.facts and not part.charts:
            return
        self._make_room(self._heading.height + 4 * self._text.height)
        self._y += 2 * _PAD
        self._paper.write(self._heading, 0, self._y, part.title)
        self._y += self._heading.height + 2
        for fact in part.facts:
            self._draw_fact(fact.name, self._report.written(fact.value))
        for chart in part.charts:
            self._draw_chart(chart)

    def _draw_fact(self, name: str, value: str) -> None:
        paper = self._paper
        middle = paper.width * _NAMES
        names = self._text.lines(name, middle - _PAD, 4)
        values = self._text.lines(value, paper.width - middle, 400)
        self._make_room(min(max(len(names), len(values)), 4) * self._text.height)
        paper.rule(self._y)
        self._y += 1.5
        for number in range(max(len(names), len(values))):
            self._make_room(self._text.height)
            if number < len(names):
                paper.write(self._text, 0, self._y, names[number], MUTED)
            if number < len(values):
                paper.write(self._text, middle, self._y, values[number])
            self._y += self._text.height
        self._y += 1.5

    def _draw_chart(self, chart: Chart) -> None:
        paper, letters, written = self._paper, self._text, self._report.written
        self._make_room(height_of(chart, letters))
        self._y += _PAD
        paper.write(self._strong, 0, self._y, chart.title)
        self._y += self._strong.height + 2
        if chart.over_time:
            self._y = draw_columns(paper, letters, chart, written, self._y)
            return
        most = longest(chart)
        for bar in chart.bars:
            self._make_room(2 * letters.height)
            self._y = draw_bar(paper, letters, bar, written(bar.count), self._y, bar.count / most)
        self._y += _PAD

    def _make_room(self, height: float) -> None:
        if self._y + height > self._paper.height:
            self._turn(landscape=False)

    def _turn(self, *, landscape: bool) -> None:
        self._paper.turn_page(landscape=landscape)
        self._y = 0.0

    # ------------------------------------------------------------ table

    def _begin_table(self) -> None:
        self._turn(landscape=True)
        whole, left = sum(self._report.widths), 0.0
        edges = []
        for width in self._report.widths:
            room = self._paper.width * width / whole
            edges.append((left, room - _PAD))
            left += room
        self._edges = edges
        self._paper.write(self._heading, 0, 0, self._report.table.title)
        self._y = self._heading.height + _PAD
        self._draw_headers()

    def _draw_headers(self) -> None:
        cells = [
            self._header.lines(header, room, _MOST_LINES)
            for header, (_, room) in zip(self._report.table.headers, self._edges, strict=True)
        ]
        self._draw_cells(self._header, cells)

    def _draw_row(self, row: Sequence[Cell]) -> None:
        written, letters = self._report.written, self._cell
        cells: list[Sequence[str]] = []
        for cell, (_, room) in zip(row, self._edges, strict=True):
            text = cell if isinstance(cell, str) else written(cell)
            if letters.fits(text, room) and "\n" not in text:
                cells.append((text,))
            else:
                cells.append(letters.lines(text, room, _MOST_LINES))
        if self._y + max(map(len, cells)) * letters.height + 3 > self._paper.height:
            self._turn(landscape=True)
            self._draw_headers()
        self._draw_cells(letters, cells)

    def _draw_cells(self, letters: Letters, cells: Sequence[Sequence[str]]) -> None:
        paper, top = self._paper, self._y + 1.5
        for (left, _), lines in zip(self._edges, cells, strict=True):
            for number, line in enumerate(lines):
                paper.write(letters, left, top + number * letters.height, line)
        self._y = top + max(map(len, cells)) * letters.height + 1.5
        paper.rule(self._y, RULE)
