"""The first half of an import: rows drawn, judged and packed in blocks, away from the database.

A block is a small database of its own, in memory and as bytes: what hands it to the writer, from
this process or from another one, does no work row by row.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow, RowProblem
from invite_desktop.engine.ports.files import NextFile
from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.import_batch import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from invite_desktop.domain.audiences import CellRemark
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.store.import_batch import PlainGroup

BATCH_ROWS = 5_000
"""Rows that one transaction stores: while it lasts, the ledger waits."""

FILE_BITS = 40
"""The number of a row stands in the lower bits of its place, its file's place in the upper."""

CHECK_EVERY = 1_000
MOST_INVALID_STORED = 10_000

STAGED_COLUMNS = (
    "first_row, rows, username, username_key, phone, telegram_id, full_name, first_name, "
    "last_name, extra, consent_date, more_keys"
)
"""The fields of a group, as ``import_batch.PlainGroup`` has them."""

_STAGED = f"CREATE TABLE staged (number INTEGER PRIMARY KEY, {STAGED_COLUMNS})"
_GROUPS_AT_ONCE = 50
"""Rows of one INSERT: a quarter faster than one row each."""


def _insert(rows: int) -> str:
    group = f"({', '.join('?' * (STAGED_COLUMNS.count(',') + 1))})"
    return f"INSERT INTO staged ({STAGED_COLUMNS}) VALUES {', '.join([group] * rows)}"  # noqa: S608 - our own columns


_INSERT_SOME = _insert(_GROUPS_AT_ONCE)


class ImportCancelledError(AbandonedError):
    """The user stopped the import; nothing of it is kept."""


@dataclass(slots=True)
class Tally:
    """Counts of all rows up to some moment; ``by_file`` has rows and invalid ones by position."""

    read: int = 0
    invalid: int = 0
    remarks: int = 0
    by_file: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class KeptRows:
    """What is kept to be shown, each beside the position of its file."""

    invalid: list[tuple[int, InvalidRow]] = field(default_factory=list)
    remarked: list[tuple[int, InvalidRow]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of an import.

    ``tally`` counts all rows up to here, ``groups`` those groups that are in this block. ``staged``
    is a database with the table ``staged``, empty when there is no group; the number of a group is
    its place from 1. ``has_more_keys`` tells whether any group has a second key of a kind.
    """

    tally: Tally
    kept: KeptRows
    groups: int
    staged: bytes
    has_more_keys: bool


class ImportReading:
    """The rows of one import on their way into blocks."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._kept = KeptRows()
        self._file = 0
        self._last_number = -1

    def blocks(
        self, rows: Iterable[ReadRow | NextFile], tell: Callable[[int], None]
    ) -> Iterator[Block]:
        """Yield all rows in blocks, the last one perhaps empty.

        ``tell`` gets the count of rows every now and then, and may raise to stop.
        """
        batch, tally = Batch(), self._tally
        for row in rows:
            if isinstance(row, NextFile):
                self._begin_file(row.position)
                continue
            tally.read += 1
            self._sort(row, batch)
            if tally.read % CHECK_EVERY == 0:
                tell(tally.read)
            if batch.size >= BATCH_ROWS:
                yield self._block(batch)
                batch = Batch()
        tell(tally.read)
        yield self._block(batch)

    def _sort(self, row: ReadRow, batch: Batch) -> None:
        number = row.number
        if number <= self._last_number:
            self._begin_file(self._file + 1)
        self._last_number = number
        if isinstance(row, InvalidRow):
            self._refuse(row)
            batch.size += 1
            return
        keys = row.keys
        if keys.username or keys.phone or keys.telegram_id:
            batch.add(self._file << FILE_BITS | number, row)
            if row.remarks:
                self._remark(number, row.remarks)
        else:
            self._refuse(InvalidRow(number, row.full_name, RowProblem.NO_KEY))
            batch.size += 1

    def _refuse(self, row: InvalidRow) -> None:
        self._tally.invalid += 1
        if self._tally.invalid <= MOST_INVALID_STORED:
            self._kept.invalid.append((self._file, row))

    def _remark(self, number: int, remarks: Iterable[CellRemark]) -> None:
        for one in remarks:
            self._tally.remarks += 1
            if self._tally.remarks <= MOST_INVALID_STORED:
                content = f"{one.name}: {one.content}"
                self._kept.remarked.append((self._file, InvalidRow(number, content, one.problem)))

    def _begin_file(self, position: int) -> None:
        self._count_file()
        self._file, self._last_number = position, -1

    def _count_file(self) -> None:
        """Note how many rows the file had until now that is being read."""
        tally = self._tally
        read, invalid = map(sum, zip((0, 0), *tally.by_file.values(), strict=True))
        before = tally.by_file.get(self._file, (0, 0))
        tally.by_file[self._file] = (
            before[0] + tally.read - read,
            before[1] + tally.invalid - invalid,
        )

    def _block(self, batch: Batch) -> Block:
        self._count_file()
        groups = batch.groups()
        kept, self._kept = self._kept, KeptRows()
        return Block(
            tally=replace(self._tally, by_file=dict(self._tally.by_file)),
            kept=kept,
            groups=len(groups),
            staged=_packed(groups) if groups else b"",
            has_more_keys=any(group[-1] for group in groups),
        )


def _packed(groups: Sequence[PlainGroup]) -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(_STAGED)
        connection.execute("BEGIN")
        for at in range(0, len(groups), _GROUPS_AT_ONCE):
            some = groups[at : at + _GROUPS_AT_ONCE]
            insert = _INSERT_SOME if len(some) == _GROUPS_AT_ONCE else _insert(len(some))
            connection.execute(insert, tuple(chain.from_iterable(some)))
        connection.execute("COMMIT")
        return connection.serialize()


def check(cancelled: Callable[[], bool]) -> None:
    """Raise ImportCancelledError when the user wants the import to stop."""
    if cancelled():
        raise ImportCancelledError
