"""How much text the cells of an XLS file show together; each text is written only once there.

The same danger as in shared_texts: the workbook reader keeps a copy for every cell, so a text of
65 000 letters shown by a million cells is a file of 14 MB and 65 GB of memory.
Format: [MS-XLS] 2.5.293, XLUnicodeRichExtendedString, and 2.4.58, Continue.
"""

from __future__ import annotations

import struct
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXTS, _CONTINUED, _SHOWN = 0x00FC, 0x003C, 0x00FD
_COUNTS = 8
"""Bytes before the first text."""

_LONGEST = 0xFFFF * 2
"""Bytes of a text that could not be measured: as many as its count of letters can say."""

_WIDE, _HAS_EXTENSION, _HAS_FORMATS = 1, 4, 8
_HEAD, _NUMBER, _SIZE = struct.Struct("<HB"), struct.Struct("<H"), struct.Struct("<I")
_SHOWN_TEXT = struct.Struct("<6xI")


class XlsTexts:
    """Sums up the texts that cells refer to, while the records of a workbook pass by."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._in_texts = False
        self._shown = array("I")

    def feed(self, kind: int, body: bytes) -> None:
        """Take the next record."""
        if kind == _TEXTS or (kind == _CONTINUED and self._in_texts):
            self._parts.append(body)
            self._in_texts = True
            return
        self._in_texts = False
        if kind == _SHOWN and len(body) >= _SHOWN_TEXT.size:
            self._shown.append(_SHOWN_TEXT.unpack_from(body)[0])

    def total(self) -> int:
        """Return the bytes of all texts that cells show, each as often as it is shown."""
        lengths = array("I", _Texts(self._parts).lengths() if self._parts else ())
        known = len(lengths)
        return sum(lengths[one] if one < known else _LONGEST for one in self._shown)


class _Texts:
    """A table of texts, cut into records anywhere between or within the texts."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part, self._place = 0, _COUNTS

    def lengths(self) -> list[int]:
        """Return the bytes of every text, up to one that is damaged."""
        found: list[int] = []
        try:
            while self._is_more():
                found.append(self._text())
        except (struct.error, IndexError):
            return found
        return found

    def _is_more(self) -> bool:
        """Go on to the next record at the end of one; return whether there is any."""
        while self._part < len(self._parts) and self._place >= len(self._parts[self._part]):
            self._part, self._place = self._part + 1, 0
        return self._part < len(self._parts)

    def _text(self) -> int:
        letters, flags = self._read(_HEAD)
        formats = self._read(_NUMBER)[0] if flags & _HAS_FORMATS else 0
        extension = self._read(_SIZE)[0] if flags & _HAS_EXTENSION else 0
        length = self._pass_letters(letters, 1 + (flags & _WIDE))
        self._pass(4 * formats + extension)
        return length

    def _read(self, fields: struct.Struct) -> tuple[int, ...]:
        found = fields.unpack_from(self._parts[self._part], self._place)
        self._place += fields.size
        return found

    def _pass_letters(self, left: int, width: int) -> int:
        """Pass by letters; the next record says anew how wide those are that go on in it."""
        length = 0
        while left:
            room = (len(self._parts[self._part]) - self._place) // width
            some = min(left, room)
            left -= some
            length += some * width
            self._place += some * width
            if left:
                self._part, self._place = self._part + 1, 1
                width = 1 + (self._parts[self._part][0] & _WIDE)
        return length

    def _pass(self, size: int) -> None:
        while size and self._is_more():
            some = min(size, len(self._parts[self._part]) - self._place)
            self._place += some
            size -= some
