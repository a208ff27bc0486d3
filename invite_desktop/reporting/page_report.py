"""A report as one HTML file that opens without any network, in light, in dark, and on paper."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader

from invite_desktop.reporting.cells import plain
from invite_desktop.reporting.resources import templates_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.reports import Bar, Chart, Report
    from invite_desktop.engine.ports.tables import Cell

_WIDTH, _FOOT, _HEAD = 1000.0, 200.0, 20.0
"""Measures of the chart over time, in units of its own picture."""

_LABEL_WIDTH = 130.0
"""Room that the words under a column need."""

_WIDEST_COLUMN = 60.0


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the chart over time, in its place."""

    words: str
    count: str
    meaning: str
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        """Return where its words are centred."""
        return round(self.x + self.width / 2, 1)


class PageReport:
    """Written block by block. Everything that came from outside is escaped by the templates."""

    def __init__(self, path: Path, report: Report) -> None:
        self._report = report
        self._first = True
        templates = Environment(
            loader=FileSystemLoader(templates_directory()), autoescape=True, trim_blocks=False
        )
        self._templates = templates
        self._rows = templates.get_template("rows.html")
        whole = sum(report.widths)
        self._widths = [round(width / whole * 100, 2) for width in report.widths]
        script = _own("report.js")
        digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._file.write(
            templates.get_template("head.html").render(
                report=report,
                style=_own("report.css"),
                script_digest=digest,
                length=_length,
                columns=self._columns,
            )
        )
        self._tail = templates.get_template("tail.html").render(script=script)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows of the table."""
        written = self._report.written
        self._file.write(
            self._rows.render(
                first=self._first,
                widths=self._widths,
                headers=self._report.table.headers,
                rows=[
                    [plain(cell if isinstance(cell, str) else written(cell)) for cell in row]
                    for row in rows
                ],
            )
        )
        self._first = False

    def finish(self) -> None:
        """Write the end of the page."""
        if self._first:
            self.add(())
        self._file.write(self._tail)
        self._file.close()

    def discard(self) -> None:
        """Let go of the file, which is of no more use."""
        self._file.close()

    def _columns(self, chart: Chart) -> str:
        template = self._templates.get_template("columns.svg.html")
        return template.render(chart=chart, placed=self._placed(chart))

    def _placed(self, chart: Chart) -> Sequence[_Column]:
        most = max((bar.count for bar in chart.bars), default=0) or 1
        step = _WIDTH / len(chart.bars)
        width = min(step * 0.7, _WIDEST_COLUMN)
        every = max(1, round(_LABEL_WIDTH / step))
        return [
            _Column(
                words=bar.words,
                count=self._report.written(bar.count),
                meaning=bar.meaning,
                x=round(step * place + (step - width) / 2, 1),
                y=round(_FOOT - (_FOOT - _HEAD) * bar.count / most, 1),
                width=round(width, 1),
                height=round((_FOOT - _HEAD) * bar.count / most, 1),
                labelled=place % every == every // 2,
            )
            for place, bar in enumerate(chart.bars)
        ]


def _length(bar: Bar, chart: Chart) -> float:
    """Return the length of a bar, 0 to 100."""
    most = max(chart.whole or 0, *(each.count for each in chart.bars), 1)
    return round(bar.count / most * 100, 2)


def _own(name: str) -> str:
    """Return a text of our own, which the templates do not escape."""
    return (templates_directory() / name).read_text(encoding="utf-8")
