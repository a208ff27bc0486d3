"""How files are read, kept from their previews, for the report of their import."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import FileReading
from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.files import FilePreview, ImportFile, PeopleFiles, ReadOptions

_WORKBOOKS = frozenset({".xlsx", ".xls", ".ods"})
"""Looking at one of these reads much of it; others show how they are read in some hundredths."""

_MOST_KEPT = 1_000

_Key = tuple["Path", "ReadOptions"]


class Readings:
    """Remembers what previews showed, so that nothing big is opened once more for a report."""

    def __init__(self, files: PeopleFiles) -> None:
        self._files = files
        self._known: dict[_Key, FileReading] = {}

    def remember(self, file: ImportFile, preview: FilePreview) -> None:
        """Keep how a file is read that has just been looked at."""
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[_key(file)] = FileReading(
            file="",
            format=preview.format,
            encoding=preview.encoding,
            separator=preview.separator,
            sheet=preview.sheet,
            header_row=preview.header_row,
            region=file.options.region,
        )

    async def of(
        self, files: Sequence[ImportFile], names: Sequence[str]
    ) -> tuple[FileReading, ...]:
        """Return how each file will be read, under its name in the report."""
        found = [await self._reading(file) for file in files]
        return tuple(
            replace(reading, file=name) for reading, name in zip(found, names, strict=True)
        )

    async def _reading(self, file: ImportFile) -> FileReading:
        options = file.options
        if _key(file) not in self._known and file.path.suffix.lower() not in _WORKBOOKS:
            try:
                preview = await asyncio.to_thread(self._files.preview, file.path, options, 1)
            except KnownError:
                # The import will say it, when it comes to this file.
                preview = None
            if preview is not None:
                self.remember(file, preview)
        unknown = FileReading(
            "",
            sheet=options.sheet or "",
            header_row=options.header_row or 0,
            region=options.region,
        )
        return self._known.get(_key(file), unknown)


def _key(file: ImportFile) -> _Key:
    """Return what decides how a file is read; what its columns mean does not."""
    return file.path, replace(file.options, columns=None)
