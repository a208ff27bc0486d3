"""From files to audiences."""

from __future__ import annotations

import asyncio
import hashlib
import stat
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AudiencesChanged, ImportAdvanced
from invite_desktop.engine.ports.files import FileRows, ImportFile, ReadOptions
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.engine.readings import Readings
from invite_desktop.engine.task_use import refuse_while_in_use
from invite_desktop.engine.undivided import undivided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import Basis, ImportedRow, ImportReport, RowKind
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.files import FilePreview, NextFile, ReadRow
    from invite_desktop.engine.setup import EngineSettings, Ports

_SECONDS_BETWEEN_NEWS = 0.1
_BLOCK = 1 << 20


class Imports:
    """Reads files in threads, so that nothing waits for them, and keeps their people."""

    def __init__(self, ports: Ports, bus: EventBus, settings: EngineSettings) -> None:
        self._ports = ports
        self._bus = bus
        self._defaults = ReadOptions(region=settings.region)
        self._readings = Readings(ports.files)

    async def preview(self, path: Path, options: ReadOptions | None = None) -> FilePreview:
        """Return what a file looks like. Raises KnownError when it cannot be read."""
        options = options or self._defaults
        preview = await asyncio.to_thread(self._ports.files.preview, path, options)
        self._readings.remember(ImportFile(path, options), preview)
        return preview

    async def run(
        self,
        paths: Sequence[Path | ImportFile],
        basis: Basis,
        name: str = "",
        options: ReadOptions | None = None,
        source: str = "",
    ) -> ImportReport:
        """Import files as one audience, named after the first of them unless told otherwise.

        Paths are read by ``options``, an ImportFile by its own; ``source`` says where the people
        are from, the files if empty. All or nothing: an error or a cancellation leaves nothing
        behind. The same files again bring the same audience up to date. Raises KnownError in words.
        """
        if not paths:
            raise KnownError(message("There is no file to import."))
        default = options or self._defaults
        files = [
            each if isinstance(each, ImportFile) else ImportFile(each, default) for each in paths
        ]
        name = name.strip() or _readable(files[0].path.stem)
        names = _names(files)
        new = NewImport(
            audience_name=name,
            basis=basis,
            source=source.strip() or ", ".join(names),
            files=names,
            fingerprint=await asyncio.to_thread(_fingerprint, files, basis, name),
            at=self._ports.clock.now(),
            readings=await self._readings.of(files, names),
        )
        return await self.store(new, FileRows(self._ports.files, tuple(files)))

    async def store(self, new: NewImport, rows: Iterable[ReadRow | NextFile]) -> ImportReport:
        """Keep rows as an audience, all or nothing; they are drawn in a thread."""
        report = await self._store(new, rows)
        self._bus.publish(AudiencesChanged())
        return report

    async def undo(self, import_id: int) -> ImportReport:
        """Take an import back exactly; what the ledger knows of its people stays.

        Raises KnownError when that was done before, or a task that is not finished needs it.
        """
        report = await self.report(import_id)
        if report.undone_at is not None:
            raise KnownError(message("This import was already undone."))
        await refuse_while_in_use(self._ports.tasks, report.audience.id)
        undone = await undivided(
            self._ports.audiences.undo_import(import_id, self._ports.clock.now())
        )
        self._bus.publish(AudiencesChanged())
        return undone

    async def rows(
        self, import_id: int, kind: RowKind, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        """Return a page of what stands behind one count of a report, in the order of rows."""
        return await self._ports.audiences.import_rows(import_id, kind, offset, limit)

    async def remarks(
        self, import_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        """Return a page of the cells that could not be used as they stand, the first 10 000."""
        return await self._ports.audiences.import_remarks(import_id, offset, limit)

    async def history(self) -> Sequence[ImportReport]:
        """Return the imports, newest first, without their invalid rows."""
        return await self._ports.audiences.imports()

    async def report(self, import_id: int) -> ImportReport:
        """Return one import's report with its invalid rows."""
        return await self._ports.audiences.import_report(import_id)

    async def _store(self, new: NewImport, rows: Iterable[ReadRow | NextFile]) -> ImportReport:
        progress = _news(asyncio.get_running_loop(), self._bus)
        return await self._ports.audiences.import_people(new, rows, progress, lambda: False)


def _news(loop: asyncio.AbstractEventLoop, bus: EventBus) -> Callable[[int], None]:
    """Return the call by which the store's thread tells its progress, ten times a second."""
    last = 0.0

    def progress(rows: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_NEWS:
            last = now
            loop.call_soon_threadsafe(bus.publish, ImportAdvanced(rows))

    return progress


def _names(files: Sequence[ImportFile]) -> tuple[str, ...]:
    """Return the files' names; sheets of the same workbook are told apart."""
    paths = [file.path for file in files]
    return tuple(
        f"{_readable(file.path.name)} · {file.options.sheet}"
        if file.options.sheet and paths.count(file.path) > 1
        else _readable(file.path.name)
        for file in files
    )


def _readable(name: str) -> str:
    """Return a file's name as far as it is text: on Linux it can be any bytes."""
    return name.encode("utf-8", "replace").decode()


def _fingerprint(files: Sequence[ImportFile], basis: Basis, name: str) -> str:
    """Return a digest of what is imported and how. Raises KnownError for a file that is gone."""
    digest = hashlib.sha256(repr((basis.value, name)).encode())
    for path, options in ((file.path, file.options) for file in files):
        digest.update(repr(sorted(asdict(options).items())).encode())
        try:
            # A pipe would be waited for, and a device read for ever.
            if not stat.S_ISREG(path.stat().st_mode):
                raise OSError("not an ordinary file")
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise KnownError(
                message("The file {name} cannot be opened.", name=_readable(path.name)),
                message("Check that it is there and that no other program holds it."),
            ) from error
        digest.update(b"\0end of file\0")
    return digest.hexdigest()
