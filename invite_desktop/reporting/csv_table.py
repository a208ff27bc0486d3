"""A table as a CSV file that Excel and LibreOffice open with its letters right."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from invite_desktop.reporting.cells import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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
