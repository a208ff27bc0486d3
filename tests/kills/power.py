"""Loss of power: a database file without what was never flushed to the disk.

Every write and every flush of a process is watched through strace. What was written after a file's
last flush may or may not have reached the disk, sector by sector and in any order.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SECTOR = 512
"""Bytes that a disk writes as a whole or not at all."""

_CALLS = "pwrite64,pwritev,write,fdatasync,fsync,ftruncate"
_LINE = re.compile(
    r"(?P<thread>\d+) +(?:(?P<call>\w+)\(\d+<(?P<path>[^>]*)>(?:, (?P<rest>.*))?"
    r"|<\.\.\. (?P<resumed>\w+) resumed>(?P<end>.*))"
)
_WRITE = re.compile(r'"(?P<data>[^"]*)", \d+, (?P<offset>\d+)')
_FLUSHES = frozenset({"fdatasync", "fsync"})


def is_available() -> bool:
    """Return whether strace is there."""
    return shutil.which("strace") is not None


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place of a file; ``data`` None: the file was cut to ``offset`` bytes."""

    offset: int
    data: bytes | None


@dataclass(slots=True)
class DiskFile:
    """What is surely on the disk, and what may be."""

    durable: bytearray
    pending: list[Write] = field(default_factory=list)

    def flush(self, upto: int) -> None:
        """Bring the oldest of what is pending to the disk."""
        for write in self.pending[:upto]:
            _apply(self.durable, write)
        del self.pending[:upto]

    def after_the_loss(self, chance: random.Random, share: float) -> bytes:
        """Return the file with about a share of the sectors that were never flushed."""
        found = bytearray(self.durable)
        for write in self.pending:
            for sector in _sectors(write):
                if chance.random() < share:
                    _apply(found, sector)
        return bytes(found)


class Recording:
    """Watches a process from before its first write to its end."""

    def __init__(self, pid: int, files: Sequence[Path], trace: Path) -> None:
        self._files = files
        self._trace = trace
        self._start = {path: _content(path) for path in files}
        options = ["-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={_CALLS}", "-e", "signal=none"]
        self._strace = subprocess.Popen(
            ["strace", *options, "-o", str(trace), "-p", str(pid)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._strace.stderr is not None
        first = self._strace.stderr.readline()
        assert "attached" in first, first

    def lose_power(self, chance: random.Random) -> int:
        """Leave the files as a disk would; return how many writes hung in the air.

        For after the end of the process.
        """
        self._strace.communicate(timeout=60)
        disk = replayed(self._trace, self._start)
        share = chance.choice((0.0, 0.5, 1.0))
        for path, file in disk.items():
            if path.exists() or file.durable:
                path.write_bytes(file.after_the_loss(chance, share))
        # It lies in memory only.
        self._files[0].with_name(f"{self._files[0].name}-shm").unlink(missing_ok=True)
        self._trace.unlink()
        return sum(len(file.pending) for file in disk.values())


def replayed(trace: Path, start: dict[Path, bytes]) -> dict[Path, DiskFile]:
    """Return the files as they were when the process ended."""
    replay = _Replay({str(path): DiskFile(bytearray(content)) for path, content in start.items()})
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if (match := _LINE.match(line)) is None:
                continue
            if match["call"]:
                replay.call(match, line.rstrip())
            else:
                replay.resume(match)
    return {path: replay.disk[str(path)] for path in start}


class _Replay:
    """The calls of all threads, one after the other."""

    def __init__(self, disk: dict[str, DiskFile]) -> None:
        self.disk = disk
        self._flushing: dict[str, tuple[DiskFile, int]] = {}

    def call(self, match: re.Match[str], line: str) -> None:
        """Take in the beginning of a call, which mostly is its end too."""
        file = self.disk.get(_decoded(match["path"]).decode())
        if file is None:
            return
        if match["call"] not in _FLUSHES:
            file.pending.append(_write(match["call"], match["rest"]))
        elif line.endswith("<unfinished ...>"):
            # Without an answer it may not have come to its end.
            self._flushing[match["thread"]] = (file, len(file.pending))
        elif line.endswith("= 0"):
            file.flush(len(file.pending))

    def resume(self, match: re.Match[str]) -> None:
        """Take in the end of a call that others came between."""
        file, upto = self._flushing.pop(match["thread"], (None, 0))
        if file is not None and match["end"].rstrip().endswith("= 0"):
            file.flush(upto)


def _write(call: str, rest: str) -> Write:
    if call == "ftruncate":
        return Write(int(re.match(r"\d+", rest)[0]), None)  # type: ignore[index]
    match = _WRITE.match(rest)
    assert call == "pwrite64", f"SQLite writes in another way: {call}"
    assert match is not None, rest[-80:]
    return Write(int(match["offset"]), _decoded(match["data"]))


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _apply(content: bytearray, write: Write) -> None:
    if write.data is None:
        del content[write.offset :]
        content.extend(bytes(write.offset - len(content)))
        return
    content.extend(bytes(max(0, write.offset - len(content))))
    content[write.offset : write.offset + len(write.data)] = write.data


def _sectors(write: Write) -> Iterator[Write]:
    """Yield the parts of a write that each reach the disk as a whole."""
    if write.data is None:
        yield write
        return
    position = 0
    while position < len(write.data):
        place = write.offset + position
        size = SECTOR - place % SECTOR
        yield Write(place, write.data[position : position + size])
        position += size


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
