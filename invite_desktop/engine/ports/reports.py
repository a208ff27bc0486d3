"""Reports saved as files, as the engine sees them: parts in words, and a long table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.tables import Cell, Table

REPORT_SUFFIXES = (".xlsx", ".html", ".pdf", ".csv")
"""The formats of reports, the one most asked for first."""


class Meaning(StrEnum):
    """What the colour of a bar says."""

    PLAIN = "plain"
    GOOD = "good"
    CARE = "care"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Bar:
    """One count of a chart; ``note`` stands behind the number."""

    words: str
    count: int
    meaning: Meaning = Meaning.PLAIN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts to compare: one beside the other in time, or one under the other.

    ``whole`` is what the longest bar could be at most, None for the largest count.
    """

    title: str
    what: str
    counted: str
    bars: Sequence[Bar]
    over_time: bool = False
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A name with its value."""

    name: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part: facts, then charts."""

    title: str
    facts: Sequence[Fact] = ()
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report on its way into a file, in the words of its ``language`` (a two-letter code).

    ``name`` is what such a file is called; ``remarks`` stand under the title. ``rows`` is how many
    rows the table has as far as is known; ``widths`` are those of its columns in proportion.
    ``find`` invites to look for a row. ``written`` puts a value into the words of the language; it
    may be called in any thread.
    """

    name: str
    title: str
    remarks: Sequence[str]
    parts: Sequence[Part]
    table: Table
    rows: int
    widths: Sequence[float]
    language: str
    find: str
    written: Callable[[Cell], str]


class ReportFiles(Protocol):
    """Writer of reports that people read, print and open in a spreadsheet."""

    async def write(self, path: Path, report: Report, separator: str = ",") -> int:
        """Write a report in the format of the path's suffix and return the rows of its table.

        Suffixes are those of REPORT_SUFFIXES; ``separator`` stands between the cells of CSV. The
        file appears when it is whole; a cancellation or an error leaves nothing, and a file that
        was there stays. Nothing in it is executable or asks the network for anything. Raises
        KnownError for another suffix, for a place that cannot be written to and for a full disk.
        """
        ...
