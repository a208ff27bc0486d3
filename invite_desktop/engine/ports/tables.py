"""Tables saved as files, as the engine sees them: headers and a stream of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

Cell: TypeAlias = str | int | float | datetime | None
"""What a cell may hold: a text, also of digits, stays a text; a moment is shown in local time."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table on its way into a file. ``title`` names the sheet of a workbook."""

    title: str
    headers: Sequence[str]
    rows: AsyncIterator[Sequence[Cell]]


class TableFiles(Protocol):
    """Writer of tables that a person opens in a spreadsheet."""

    async def write(self, path: Path, table: Table, separator: str = ",") -> int:
        """Write a table in the format of the path's suffix and return its number of rows.

        Suffixes are ``.csv`` (UTF-8 with a mark; ``separator`` between cells) and ``.xlsx``.
        The file appears when it is whole; a cancellation or an error leaves nothing, and a file
        that was there stays. No text is left executable. Raises KnownError for another suffix,
        for a place that cannot be written to and for a full disk.
        """
        ...
