"""How much text the cells of an XLSX file show together; each text is written only once there.

A text of 32 000 letters shown by a million cells is a file of 6 MB and 32 GB of memory.
"""

from __future__ import annotations

import re
from array import array

from invite_desktop.importing import limits

_REFERENCE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d{1,9})\s*<")
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_LONGEST_REFERENCE = 64


class SharedTexts:
    """The lengths of the shared texts, measured while their XML passes by."""

    def __init__(self) -> None:
        self._lengths = array("Q")
        self._rest = b""

    @property
    def longest(self) -> int:
        """Return the bytes of the longest text, its tags included."""
        return max(self._lengths, default=0)

    def feed(self, block: bytes) -> None:
        """Take the next bytes."""
        data = self._rest + block
        end = max(data.rfind(b"<"), 0)
        whole, self._rest = data[:end], data[end:]
        first, *others = _TEXT.split(whole)
        if self._lengths:
            self._lengths[-1] += len(first)
        self._lengths.extend(map(len, others))
        if len(self._rest) > limits.MAX_CELL_CHARACTERS and self._lengths:
            self._lengths[-1] += len(self._rest)
            self._rest = b""

    def length(self, position: int) -> int:
        """Return the bytes of one text, 0 when there is none at this position."""
        return self._lengths[position] if position < len(self._lengths) else 0


class ShownText:
    """Sums up the texts that the cells of sheets refer to."""

    def __init__(self, texts: SharedTexts) -> None:
        self._texts = texts
        self._rest = b""
        self.total = 0

    def feed(self, block: bytes) -> None:
        """Take the next bytes of a sheet."""
        data = self._rest + block
        end = len(data)
        if len(data) > _LONGEST_REFERENCE:
            end = max(data.rfind(b"<", 0, len(data) - _LONGEST_REFERENCE), 0)
        self._rest = data[end:][-4 * _LONGEST_REFERENCE :]
        length = self._texts.length
        self.total += sum(length(int(position)) for position in _REFERENCE.findall(data[:end]))
