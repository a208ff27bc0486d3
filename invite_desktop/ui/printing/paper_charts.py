"""Charts on paper: bars under one another, and columns in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from invite_desktop.engine.ports.reports import Meaning
from invite_desktop.ui.printing.paper import MUTED, RULE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from invite_desktop.engine.ports.reports import Bar, Chart
    from invite_desktop.engine.ports.tables import Cell
    from invite_desktop.ui.printing.paper import Letters, Paper

COLOURS: Mapping[Meaning, QColor] = {
    Meaning.PLAIN: QColor("#2f7abf"),
    Meaning.GOOD: QColor("#2e9e5b"),
    Meaning.CARE: QColor("#d08a1e"),
    Meaning.BAD: QColor("#c94141"),
    Meaning.QUIET: QColor("#9aa5b1"),
}
_TRACK = QColor("#e9eef3")

_COUNT = 0.62
"""The share of the width at which the number of a bar ends."""

_TALL = 110.0
"""The height of the columns in time, in points."""

_THICK = 6.0
_GAP = 6.0
_BARS_TOGETHER = 6
"""So many bars stay on the page of their title."""


def height_of(chart: Chart, letters: Letters) -> float:
    """Return the room that the beginning of a chart needs below its title, with the title."""
    if chart.over_time:
        return _TALL + 4 * letters.height
    return (min(len(chart.bars), _BARS_TOGETHER) + 2) * (letters.height + 2)


def longest(chart: Chart) -> int:
    """Return the count whose bar has the whole length."""
    return max(chart.whole or 0, *(bar.count for bar in chart.bars), 1)


def draw_bar(paper: Paper, letters: Letters, bar: Bar, count: str, y: float, share: float) -> float:
    """Draw one bar with its words and its number; return where the next one begins.

    What is noted of it stands behind its words.
    """
    end = paper.width * _COUNT
    room = end - letters.width(count) - _GAP
    words = letters.lines(bar.words, room, 2)
    for number, line in enumerate(words):
        paper.write(letters, 0, y + number * letters.height, line)
    behind = letters.width(words[-1]) + _GAP
    note = letters.elided(bar.note, max(room - behind, 0)) if bar.note else ""
    paper.write(letters, behind, y + (len(words) - 1) * letters.height, note, MUTED)
    paper.write_right(letters, end, y, count)
    left = end + 2 * _GAP
    room = paper.width - left
    top = y + (letters.height - _THICK) / 2
    paper.fill(QRectF(left, top, room, _THICK), _TRACK, round_by=_THICK / 2)
    if bar.count:
        filled = max(room * share, _THICK)
        paper.fill(QRectF(left, top, filled, _THICK), COLOURS[bar.meaning], round_by=_THICK / 2)
    return y + len(words) * letters.height + 2


def draw_columns(
    paper: Paper, letters: Letters, chart: Chart, written: Callable[[Cell], str], y: float
) -> float:
    """Draw the columns of a chart over time; return where the next thing begins."""
    most = max((bar.count for bar in chart.bars), default=0) or 1
    foot = y + letters.height + _TALL
    step = paper.width / len(chart.bars)
    width = min(step * 0.7, 36.0)
    widest = max(letters.width(bar.words) for bar in chart.bars[:_BARS_TOGETHER]) + _GAP
    every = max(1, -int(-widest // step))
    for place, bar in enumerate(chart.bars):
        height = _TALL * bar.count / most
        middle = step * (place + 0.5)
        area = QRectF(middle - width / 2, foot - height, width, height)
        paper.fill(area, COLOURS[bar.meaning])
        if place % every == every // 2:
            count = written(bar.count)
            paper.write(
                letters, middle - letters.width(count) / 2, foot - height - letters.height, count
            )
            words = letters.width(bar.words)
            left = min(max(middle - words / 2, 0), paper.width - words)
            paper.write(letters, left, foot + 2, bar.words, MUTED)
    paper.rule(foot, RULE)
    return foot + letters.height + _GAP
