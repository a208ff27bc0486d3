"""The first half of an import: rows drawn, judged and grouped, without touching the database.

Reading takes most of the time of an import; meanwhile the ledger can be written.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow, RowProblem
from invite_desktop.engine.ports.files import NextFile
from invite_desktop.store.database import AbandonedError
from invite_desktop.store.import_batch import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from invite_desktop.domain.audiences import CellRemark
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.store.import_batch import PlainGroup

BATCH_ROWS = 5_000
"""Rows that one transaction stores: while it lasts, the ledger waits."""

FILE_BITS = 40
"""The number of a row stands in the lower bits of its place, its file's place in the upper."""

CHECK_EVERY = 1_000
MOST_INVALID_STORED = 10_000
BYTES_IN_MEMORY = 32 * 1024 * 1024
"""From this size on the groups wait in a nameless file of the system's temporary folder."""

MARSHAL_VERSION = 2
"""The last format without references between equal texts, which cost more than they save."""


def _nameless_file() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(BYTES_IN_MEMORY)


class ImportCancelledError(AbandonedError):
    """The user stopped the import; nothing of it is kept."""


@dataclass(slots=True)
class ImportReading:
    """The rows of one import, counted and grouped in batches.

    What is kept to be shown stands beside the position of its file; ``by_file`` has the number of
    rows and of invalid ones for each position.
    """

    read: int = 0
    invalid: int = 0
    remarks: int = 0
    invalid_rows: list[tuple[int, InvalidRow]] = field(default_factory=list)
    remarked_cells: list[tuple[int, InvalidRow]] = field(default_factory=list)
    by_file: dict[int, list[int]] = field(default_factory=dict)
    _spool: SpooledTemporaryFile[bytes] = field(default_factory=_nameless_file)
    _sizes: list[int] = field(default_factory=list)
    _file: int = 0
    _last_number: int = -1

    def draw(
        self,
        rows: Iterable[ReadRow | NextFile],
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Draw all rows; raises ImportCancelledError when ``cancelled`` answers True."""
        batch = Batch()
        for row in rows:
            if isinstance(row, NextFile):
                self._begin_file(row.position)
                continue
            self.read += 1
            if self.read % CHECK_EVERY == 0:
                progress(self.read)
                check(cancelled)
            self._sort(row, batch)
            if batch.size >= BATCH_ROWS:
                self._keep(batch)
                batch = Batch()
        self._end_file()
        self._keep(batch)
        progress(self.read)
        check(cancelled)

    def batches(self) -> Iterator[list[PlainGroup]]:
        """Yield the groups of each batch, in order."""
        self._spool.seek(0)
        for size in self._sizes:
            yield marshal.loads(self._spool.read(size))  # noqa: S302 - our own nameless file

    def close(self) -> None:
        """Forget the rows."""
        self._spool.close()

    def _sort(self, row: ReadRow, batch: Batch) -> None:
        number = row.number
        if number <= self._last_number:
            self._begin_file(self._file + 1)
        self._last_number = number
        if isinstance(row, InvalidRow):
            self._refuse(row)
            return
        keys = row.keys
        if keys.username or keys.phone or keys.telegram_id:
            batch.add(self._file << FILE_BITS | number, row)
            if row.remarks:
                self._remark(number, row.remarks)
        else:
            self._refuse(InvalidRow(number, row.full_name, RowProblem.NO_KEY))

    def _refuse(self, row: InvalidRow) -> None:
        self.invalid += 1
        if len(self.invalid_rows) < MOST_INVALID_STORED:
            self.invalid_rows.append((self._file, row))

    def _remark(self, number: int, remarks: Iterable[CellRemark]) -> None:
        for one in remarks:
            self.remarks += 1
            if len(self.remarked_cells) < MOST_INVALID_STORED:
                content = f"{one.name}: {one.content}"
                self.remarked_cells.append((self._file, InvalidRow(number, content, one.problem)))

    def _begin_file(self, position: int) -> None:
        self._end_file()
        self._file, self._last_number = position, -1

    def _end_file(self) -> None:
        """Note how many rows the file had that ends here."""
        read, invalid = map(sum, zip((0, 0), *self.by_file.values(), strict=True))
        here = self.by_file.setdefault(self._file, [0, 0])
        here[0] += self.read - read
        here[1] += self.invalid - invalid

    def _keep(self, batch: Batch) -> None:
        data = marshal.dumps(batch.groups(), MARSHAL_VERSION)
        self._sizes.append(len(data))
        self._spool.write(data)


def check(cancelled: Callable[[], bool]) -> None:
    """Raise ImportCancelledError when the user wants the import to stop."""
    if cancelled():
        raise ImportCancelledError
