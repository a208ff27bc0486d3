"""How every file is written: beside its place, in its own thread, a thousand rows at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from invite_desktop.engine.undivided import undivided
from invite_desktop.reporting.refusals import folder_in_the_way, writing_errors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from invite_desktop.engine.ports.tables import Cell

_BLOCK = 500
"""Rows that one visit to the thread writes."""


class WrittenFile(Protocol):
    """A file of some format that grows row by row. The methods block."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        ...

    def finish(self) -> None:
        """Complete the file. Raises OSError when the disk does not take it."""
        ...

    def discard(self) -> None:
        """Let go of the file, whatever became of it."""
        ...


async def write_rows(
    path: Path,
    opened: Callable[[Path], WrittenFile],
    rows: AsyncIterator[Sequence[Cell]],
) -> int:
    """Write a file beside its place and move it there when it is whole; return how many rows.

    ``opened`` opens the file, in the thread in which it is written to its end: what draws letters
    may not change threads. Raises KnownError; a cancellation leaves nothing.
    """
    loop, written = asyncio.get_running_loop(), 0
    with ThreadPoolExecutor(1, thread_name_prefix="file") as thread:
        writing = _Writing(path, opened)

        async def do(work: Callable[..., None], *given: object) -> None:
            async def done() -> None:
                await loop.run_in_executor(thread, work, *given)

            await undivided(done())

        try:
            await do(writing.begin)
            async for block in _blocks(rows):
                await do(writing.add, block)
                written += len(block)
            await do(writing.finish)
        finally:
            await do(writing.clear)
    return written


class _Writing:
    """One file on its way. The methods block, and follow one another in their order."""

    def __init__(self, path: Path, opened: Callable[[Path], WrittenFile]) -> None:
        self._path = path
        self._opened = opened
        self._folder: TemporaryDirectory[str] | None = None
        self._written: WrittenFile | None = None

    def begin(self) -> None:
        """Make a folder beside the file's place, and the file in it."""
        with writing_errors(self._path):
            if self._path.is_dir():
                raise folder_in_the_way(self._path)
            self._folder = TemporaryDirectory(prefix=".", dir=self._path.parent)
            self._written = self._opened(self._part)

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Write rows."""
        with writing_errors(self._path):
            self._file.add(rows)

    def finish(self) -> None:
        """Complete the file and put it into its place."""
        with writing_errors(self._path):
            self._file.finish()
            self._part.replace(self._path)

    def clear(self) -> None:
        """Remove what is not in its place."""
        if self._written is not None:
            self._written.discard()
            self._written = None
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def _file(self) -> WrittenFile:
        assert self._written is not None  # noqa: S101 - begin() went before
        return self._written

    @property
    def _part(self) -> Path:
        assert self._folder is not None  # noqa: S101 - begin() went before
        return Path(self._folder.name) / self._path.name


async def _blocks(
    rows: AsyncIterator[Sequence[Cell]],
) -> AsyncIterator[Sequence[Sequence[Cell]]]:
    block: list[Sequence[Cell]] = []
    async for row in rows:
        block.append(row)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block
