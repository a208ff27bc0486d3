"""The second half of an import: what was read becomes an audience and its report.

Block after block is stored in transactions of its own while the next ones are read, and nobody sees
any of it before the last one, which makes import and audience visible.
"""

from __future__ import annotations

import sqlite3
from array import array
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import ImportCounts
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message
from invite_desktop.store import import_matching, import_staging, import_storing, slices
from invite_desktop.store.audience_moves import carry_out
from invite_desktop.store.database import CACHE
from invite_desktop.store.import_joining import bring_up_to_date, prepare_to_join
from invite_desktop.store.import_knots import store_knots
from invite_desktop.store.import_opt_outs import leave_out_opted_out
from invite_desktop.store.import_reading import (
    FILE_BITS,
    ImportCancelledError,
    KeptRows,
    Tally,
    check,
)
from invite_desktop.store.import_staging import ImportRun
from invite_desktop.store.mapping import COUNT_FIELDS, to_json, to_stamp
from invite_desktop.store.rows import connection_of
from invite_desktop.store.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from peewee import SqliteDatabase

    from invite_desktop.engine.ports.stores import NewImport
    from invite_desktop.store.database import Database
    from invite_desktop.store.import_reading import Block

LONGEST_CONTENT = 500
"""Characters of an invalid row that are kept."""

IMPORT_CACHE = -200_000
"""Kibibytes: keys come in no order, and the indexes of a million people should fit."""

STEPS_BETWEEN_CHECKS = 200_000
"""Steps of SQLite's machine, about a millisecond."""

BLOCKS_BETWEEN_CHECKPOINTS = 4
"""Some ten megabytes of the log, more where keys come in no order."""

_T = TypeVar("_T")

_COUNT = """
    SELECT total(kind = 2), total(kind = 1), total(username_key IS NOT NULL),
        total(username_key IS NULL AND phone IS NOT NULL),
        total(username_key IS NULL AND phone IS NULL)
    FROM import_people JOIN people ON id = person_id WHERE import_id = :import
"""

_COUNT_BY_FILE = f"""
    SELECT first_row >> {FILE_BITS}, total(kind = 2), total(kind = 1)
    FROM import_people WHERE import_id = :import GROUP BY 1
"""  # noqa: S608 - a number of our own


@dataclass(slots=True)
class ImportWriter:
    """Stores one import, from a thread that may wait for the writer.

    ``import_id`` is 0 until something of it is stored.
    """

    database: Database
    new: NewImport
    cancelled: Callable[[], bool]
    import_id: int = 0
    _tally: Tally = field(default_factory=Tally)
    _kept: KeptRows = field(default_factory=KeptRows)
    _slices: Slices = field(default_factory=Slices)
    _missing: array[int] = field(default_factory=lambda: array("q"))

    def run(self, blocks: Iterator[Block]) -> None:
        """Store everything and make it visible.

        Raises KnownError when nobody is named, ImportCancelledError when stopped. What was stored
        until then is out of sight, and to be taken back.
        """
        self._aside(_begin_blocks)
        try:
            with self.database.checkpoints_apart() as checkpoint:
                run = self._store_all(blocks, checkpoint)
                self._end(run)
        finally:
            self._aside(_end_blocks)

    def _store_all(self, blocks: Iterator[Block], checkpoint: Callable[[], object]) -> ImportRun:
        run: ImportRun | None = None
        for number, block in enumerate(blocks, 1):
            check(self.cancelled)
            if number % BLOCKS_BETWEEN_CHECKPOINTS == 0:
                checkpoint()
            self._tally = block.tally
            self._kept.invalid += block.kept.invalid
            self._kept.remarked += block.kept.remarked
            if block.groups:
                run = run or self._write(self._begin, durable=True)
                self.import_id = run.import_id
                self._store(run, block)
        if run is None:
            raise self._nobody()
        return run

    def _end(self, run: ImportRun) -> None:
        self._write(lambda connection: self._keep_invalid_rows(connection, run))
        opted_out = leave_out_opted_out(self.database, run, self._ask, self.cancelled)
        counts = self._count(run, opted_out)
        by_file = to_json(self._count_by_file(run))
        joining = 0
        if not run.is_first:
            joining = prepare_to_join(self.database, run, self._missing, self._ask, self.cancelled)
        check(self.cancelled)
        self._write(
            lambda connection: self._finish(connection, run, (counts, by_file), joining),
            durable=True,
        )
        for _ in carry_out(self.database, joining, lambda: False):
            pass

    def _write(self, work: Callable[[sqlite3.Connection], _T], *, durable: bool = False) -> _T:
        return self.database.write_now(
            lambda database: work(connection_of(database)), durable=durable
        )

    def _aside(self, work: Callable[[sqlite3.Connection], None]) -> None:
        self.database.between_writes(lambda database: work(connection_of(database)))

    def _store(self, run: ImportRun, block: Block) -> None:
        """Store a block in as many transactions as it takes; between them the ledger comes in."""
        self._aside(lambda connection: import_staging.take_in(connection, block))
        waiting, is_begun, least = block.groups, False, slices.FIRST_ROWS
        while waiting:
            check(self.cancelled)
            # Keys in no order change nearly every page. What the disk has not got yet, the
            # ledger's next flush would wait for.
            stored, left, waiting = self._write(
                partial(self._store_some, run, block, is_begun), durable=is_begun
            )
            # Knots take long one by one, and those that are left are looked for once more.
            least = slices.LEAST_ROWS if left else least
            self._slices.end(stored, least)
            is_begun = True

    def _store_some(
        self,
        run: ImportRun,
        block: Block,
        is_begun: bool,  # noqa: FBT001 - passed by partial
        connection: sqlite3.Connection,
    ) -> tuple[int, int, int]:
        """Store the next groups of a block.

        Return how many these were, how many knotty ones are left of them, and how many wait.
        """
        self._slices.begin()
        taken, waiting = import_staging.stage(
            connection, block, self._slices.rows, is_begun=is_begun
        )
        self._missing.extend(import_storing.store_same(connection, run))
        import_matching.match(connection)
        pairs, knotty = import_matching.take_knotty(connection)
        self._missing.extend(import_storing.store_plain(connection, run))
        met, left = store_knots(connection, run, pairs, knotty, self._slices.is_over)
        self._missing.extend(met)
        import_staging.put_back(connection, {number: knotty[number] for number in left})
        return taken - len(left), len(left), waiting + len(left)

    def _begin(self, connection: sqlite3.Connection) -> ImportRun:
        new, at = self.new, to_stamp(self.new.at)
        known = connection.execute(
            """
            SELECT i.audience_id FROM imports i JOIN audiences a ON a.id = i.audience_id
            WHERE i.fingerprint = ? AND i.undone_at IS NULL AND i.state = 'finished'
                AND a.state = 'kept'
            ORDER BY i.id DESC LIMIT 1
            """,
            (new.fingerprint,),
        ).fetchone()
        audience_id = known[0] if known else self._new_audience(connection, at)
        zeros = dict.fromkeys(COUNT_FIELDS, 0)
        import_id = connection.execute(
            f"""
            INSERT INTO imports (
                audience_id, fingerprint, source, files, finished_at, state, origin, readings,
                {", ".join(zeros)}
            ) VALUES (?, ?, ?, ?, ?, 'storing', ?, ?, {", ".join("?" * len(zeros))})
            """,  # noqa: S608 - names of our own columns
            (
                audience_id,
                new.fingerprint,
                new.source,
                to_json(new.files),
                at,
                new.origin.value,
                to_json([asdict(reading) for reading in new.readings]),
                *zeros.values(),
            ),
        ).lastrowid
        return ImportRun(int(import_id or 0), audience_id, known is None, at)

    def _new_audience(self, connection: sqlite3.Connection, at: int) -> int:
        new = self.new
        insert = connection.execute(
            "INSERT INTO audiences (name, basis, source, created_at, state, origin) "
            "VALUES (?, ?, ?, ?, 'filling', ?)",
            (new.audience_name, new.basis.value, new.source, at, new.origin.value),
        )
        return int(insert.lastrowid or 0)

    def _keep_invalid_rows(self, connection: sqlite3.Connection, run: ImportRun) -> None:
        connection.executemany(
            "INSERT INTO import_invalid_rows (import_id, file, number, content, problem, remark) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    run.import_id,
                    file,
                    row.number,
                    row.content[:LONGEST_CONTENT],
                    row.problem.value,
                    is_remark,
                )
                for is_remark, kept in (
                    (False, self._kept.invalid),
                    (True, self._kept.remarked),
                )
                for file, row in kept
            ],
        )

    def _count(self, run: ImportRun, opted_out: int) -> ImportCounts:
        ((new, updated, by_username, by_phone, by_id),) = self._ask(_COUNT, run)
        tally = self._tally
        return ImportCounts(
            read=tally.read,
            new=int(new),
            updated=int(updated),
            duplicate=tally.read - tally.invalid - opted_out - int(new) - int(updated),
            invalid=tally.invalid,
            opted_out=opted_out,
            by_username=int(by_username),
            by_phone=int(by_phone),
            by_id=int(by_id),
            remarks=self._tally.remarks,
        )

    def _count_by_file(self, run: ImportRun) -> list[list[int]]:
        """Return the numbers of FileCounts for each file, nothing for one file alone."""
        files = range(len(self.new.files))
        if len(files) < 2:
            return []
        people = {file: counts for file, *counts in self._ask(_COUNT_BY_FILE, run)}
        counted: list[list[int]] = []
        for file in files:
            read, invalid = self._tally.by_file.get(file, (0, 0))
            new, updated = people.get(file, (0, 0))
            counted.append([read, int(new), int(updated), invalid])
        return counted

    def _ask(self, sql: str, run: ImportRun, **more: object) -> list[tuple[Any, ...]]:
        """Ask what may take long beside the writer, until the user wants to stop."""
        values = {"import": run.import_id, "audience": run.audience_id, **more}

        def work(database: SqliteDatabase) -> list[tuple[Any, ...]]:
            connection = connection_of(database)
            connection.set_progress_handler(self.cancelled, STEPS_BETWEEN_CHECKS)
            try:
                return connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise ImportCancelledError from None
                raise
            finally:
                connection.set_progress_handler(None, 0)

        return self.database.ask_now(work)

    def _finish(
        self,
        connection: sqlite3.Connection,
        run: ImportRun,
        counted_up: tuple[ImportCounts, str],
        joining: int,
    ) -> None:
        counts, by_file = counted_up
        changes = ", ".join(f"{name} = ?" for name in COUNT_FIELDS)
        connection.execute(
            f"UPDATE imports SET {changes}, by_file = ?, state = 'finished' WHERE id = ?",  # noqa: S608 - our own columns
            (*(getattr(counts, name) for name in COUNT_FIELDS), by_file, run.import_id),
        )
        if run.is_first:
            connection.execute(
                "UPDATE audiences SET state = 'kept' WHERE id = ?", (run.audience_id,)
            )
        else:
            bring_up_to_date(connection, run, self.new, joining)
        check(self.cancelled)

    def _nobody(self) -> KnownError:
        rows = counted("{count} row was read", "{count} rows were read", self._tally.read)
        return KnownError(
            message(
                "Nobody could be recognised in {source}: {rows}, and not one of them has "
                "a username, a phone number or a Telegram ID.",
                source=self.new.source,
                rows=rows,
            ),
            message("Check which column is which, or choose another file."),
        )


def _begin_blocks(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA cache_size = {IMPORT_CACHE}")
    import_staging.prepare(connection)


def _end_blocks(connection: sqlite3.Connection) -> None:
    import_staging.forget(connection)
    connection.execute(f"PRAGMA cache_size = {CACHE}")
