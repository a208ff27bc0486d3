"""TXT: one person a line, named by whatever identifies her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.importing.text_blocks import text_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.importing.detection import Detected


class LinesTable:
    """One text file as a table of one column; a record's number is its line."""

    sheet = ""
    sheets = ()
    names = None
    one_column = True
    separator = ""

    def __init__(self, path: Path, detected: Detected) -> None:
        self._path = path
        self._encoding = detected.encoding
        self.format = detected.format
        self.encoding = detected.encoding.title

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every line as a record of one cell."""
        number = 0
        for block in text_blocks(self._path, self._encoding):
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                yield number, [line]
