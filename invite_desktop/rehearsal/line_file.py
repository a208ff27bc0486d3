"""A file of JSON lines that grows by many small lines at a time."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# json.dumps with options of its own builds an encoder for every line.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_line(value: Any) -> bytes:  # noqa: ANN401 - JSON values
    """Return a value as one line of JSON."""
    return _encode(value).encode() + b"\n"


_LONGEST_WAIT = 0.02
"""Seconds that a line may wait of which nobody is told."""


class LineFile:
    """Appends lines; many go to the system together.

    A line is safe from a kill of the process when ``flush`` returns, which comes by itself soon,
    and at once where no loop runs. Whoever tells others of a line has to flush before.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lines: list[bytes] = []
        self._is_due = False

    def write(self, line: bytes) -> None:
        """Append one line."""
        self._lines.append(line)
        if self._is_due:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
        else:
            # Not at the end of the loop's turn: that would be one more turn for every answer.
            self._is_due = True
            loop.call_later(_LONGEST_WAIT, self._flush_when_due)

    def flush(self) -> None:
        """Hand the lines to the system.

        Raises OSError when the disk takes no more; the next flush begins where this one ended.
        """
        if self._lines:
            data = b"".join(self._lines)
            self._lines.clear()
            try:
                while data:
                    data = data[self._file.write(data) or 0 :]
            except OSError:
                self._lines.insert(0, data)
                raise

    def _flush_when_due(self) -> None:
        self._is_due = False
        with suppress(OSError):  # Whoever tells others of a line meets it again.
            self.flush()

    def close(self) -> None:
        """Write what is left, durably, and no more."""
        self.flush()
        os.fsync(self._file.fileno())
        self._file.close()
