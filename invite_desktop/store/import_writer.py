"""The second half of an import: what was read becomes an audience and its report.

Block after block is stored in transactions of its own while the next ones are read, and nobody sees
any of it before the last one, which makes import and audience visible.
"""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import ImportCounts
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message
from invite_desktop.store import import_staging
from invite_desktop.store.database import CACHE
from invite_desktop.store.import_journal import images_of, record
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

_MISSING = """
    SELECT i.person_id, i.consent_date FROM import_people i
    LEFT JOIN audience_people a ON a.person_id = i.person_id AND a.audience_id = :audience
    WHERE i.import_id = :import AND (
        a.person_id IS NULL OR i.consent_date IS NOT NULL AND i.consent_date IS NOT a.consent_date
    )
    ORDER BY i.first_row
"""


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
        opted_out = self._write(lambda connection: leave_out_opted_out(connection, run))
        counts = self._count(run, opted_out)
        by_file = to_json(self._count_by_file(run))
        missing = [] if run.is_first else self._ask(_MISSING, run)
        check(self.cancelled)
        self._write(
            lambda connection: self._finish(connection, run, (counts, by_file), missing),
            durable=True,
        )

    def _write(self, work: Callable[[sqlite3.Connection], _T], *, durable: bool = False) -> _T:
        return self.database.write_now(
            lambda database: work(connection_of(database)), durable=durable
        )

    def _aside(self, work: Callable[[sqlite3.Connection], None]) -> None:
        self.database.between_writes(lambda database: work(connection_of(database)))

    def _store(self, run: ImportRun, block: Block) -> None:
        def work(connection: sqlite3.Connection) -> None:
            import_staging.stage(connection, block)
            import_staging.store_same(connection, run)
            import_staging.match(connection)
            pairs, knotty = import_staging.take_knotty(connection)
            import_staging.store_plain(connection, run)
            store_knots(connection, run, pairs, knotty, self.cancelled)

        self._aside(lambda connection: import_staging.take_in(connection, block))
        self._write(work)

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

    def _ask(self, sql: str, run: ImportRun) -> list[tuple[Any, ...]]:
        """Ask what may take long beside the writer, until the user wants to stop."""
        values = {"import": run.import_id, "audience": run.audience_id}

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

        return self.database.read_now(work)

    def _finish(
        self,
        connection: sqlite3.Connection,
        run: ImportRun,
        counted_up: tuple[ImportCounts, str],
        missing: list[tuple[int, str | None]],
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
            self._bring_up_to_date(connection, run, missing)
        check(self.cancelled)

    def _bring_up_to_date(
        self,
        connection: sqlite3.Connection,
        run: ImportRun,
        missing: list[tuple[int, str | None]],
    ) -> None:
        """Add to an audience that is in use already; what changes is kept for an undo."""
        before = _audience_images(connection, run, missing)
        (last,) = connection.execute(
            "SELECT coalesce(max(position), 0) FROM audience_people WHERE audience_id = ?",
            (run.audience_id,),
        ).fetchone()
        connection.executemany(
            """
            INSERT INTO audience_people (audience_id, position, person_id, import_id, consent_date)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id, audience_id) DO UPDATE SET
                consent_date = coalesce(excluded.consent_date, consent_date)
            """,
            [
                (run.audience_id, last + number, person_id, run.import_id, consent)
                for number, (person_id, consent) in enumerate(missing, 1)
            ],
        )
        connection.execute(
            "UPDATE audiences SET name = ?, basis = ?, source = ? WHERE id = ?",
            (self.new.audience_name, self.new.basis.value, self.new.source, run.audience_id),
        )
        record(connection, run.import_id, before, _audience_images(connection, run, missing))

    def _nobody(self) -> KnownError:
        rows = counted("{count} row was read", "{count} rows were read", self._tally.read)
        return KnownError(
            message(
                "Nobody could be recognised in {source}: {rows}, and not one of them has "
                "a username, a phone number or a Telegram id.",
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


def _audience_images(
    connection: sqlite3.Connection, run: ImportRun, missing: list[tuple[int, str | None]]
) -> dict[tuple[str, tuple[Any, ...]], dict[str, Any]]:
    """Return the audience's row and the places in it that an import may change."""
    people = to_json([person_id for person_id, _ in missing])
    return images_of(
        connection, "audiences", "SELECT * FROM audiences WHERE id = ?", run.audience_id
    ) | images_of(
        connection,
        "audience_people",
        "SELECT a.* FROM json_each(?) j CROSS JOIN audience_people a "
        "ON a.person_id = j.value AND a.audience_id = ? WHERE a.import_id <> ?",
        people,
        run.audience_id,
        run.import_id,
    )
