"""The second half of an import: what was read becomes an audience and its report."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import ImportCounts
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.words import words_for
from invite_desktop.store import import_staging
from invite_desktop.store.database import CACHE
from invite_desktop.store.import_knots import store_knots
from invite_desktop.store.import_reading import ImportCancelledError, check
from invite_desktop.store.mapping import COUNT_FIELDS, to_json, to_stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.ports.stores import NewImport
    from invite_desktop.store.import_batch import PlainGroup
    from invite_desktop.store.import_reading import ImportReading

LONGEST_CONTENT = 500
"""Characters of an invalid row that are kept."""

IMPORT_CACHE = -200_000
"""Kibibytes: keys come in no order, and the indexes of a million people should fit."""

STEPS_BETWEEN_CHECKS = 200_000
"""Steps of SQLite's machine, about a millisecond."""


@dataclass(frozen=True, slots=True)
class ImportWriter:
    """Stores what was read for one import through a connection inside a transaction."""

    connection: sqlite3.Connection
    new: NewImport
    reading: ImportReading

    def run(self, cancelled: Callable[[], bool]) -> int:
        """Store everything; return the id of the import.

        Raises KnownError when nobody is named and ImportCancelledError when the user stopped it.
        """
        if self.reading.read == self.reading.invalid:
            raise self._nobody()
        self.connection.set_progress_handler(cancelled, STEPS_BETWEEN_CHECKS)
        self.connection.execute(f"PRAGMA cache_size = {IMPORT_CACHE}")
        try:
            return self._store_all(cancelled)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise ImportCancelledError from None
            raise
        finally:
            self.connection.set_progress_handler(None, 0)
            self.connection.execute(f"PRAGMA cache_size = {CACHE}")

    def _store_all(self, cancelled: Callable[[], bool]) -> int:
        import_staging.prepare(self.connection)
        for groups in self.reading.batches():
            check(cancelled)
            self._store(groups)
        import_id = self._finish()
        check(cancelled)
        return import_id

    def _store(self, groups: list[PlainGroup]) -> None:
        import_staging.stage(self.connection, groups)
        knots = import_staging.take_knotty(self.connection)
        import_staging.store_plain(self.connection, to_stamp(self.new.at))
        store_knots(self.connection, knots, groups)

    def _finish(self) -> int:
        opted_out = _leave_out_opted_out(self.connection, to_stamp(self.new.at))
        counts = self._count(opted_out)
        audience_id = self._audience()
        import_id = self._keep_report(audience_id, counts)
        _fill_audience(self.connection, audience_id, import_id)
        return import_id

    def _count(self, opted_out: int) -> ImportCounts:
        new, updated, by_username, by_phone, by_id = self.connection.execute(
            """
            SELECT total(kind = 2), total(kind = 1), total(username_key IS NOT NULL),
                total(username_key IS NULL AND phone IS NOT NULL),
                total(username_key IS NULL AND phone IS NULL)
            FROM temp.touched JOIN people ON id = person_id
            """
        ).fetchone()
        valid = self.reading.read - self.reading.invalid
        return ImportCounts(
            read=self.reading.read,
            new=int(new),
            updated=int(updated),
            duplicate=valid - opted_out - int(new) - int(updated),
            invalid=self.reading.invalid,
            opted_out=opted_out,
            by_username=int(by_username),
            by_phone=int(by_phone),
            by_id=int(by_id),
        )

    def _audience(self) -> int:
        """Return the audience of an earlier import of the same, or a new one."""
        new = self.new
        known = self.connection.execute(
            "SELECT audience_id FROM imports WHERE fingerprint = ? AND undone_at IS NULL "
            "ORDER BY id DESC LIMIT 1",
            (new.fingerprint,),
        ).fetchone()
        named = (new.audience_name, new.basis.value, new.source)
        if known:
            self.connection.execute(
                "UPDATE audiences SET name = ?, basis = ?, source = ? WHERE id = ?",
                (*named, known[0]),
            )
            return int(known[0])
        insert = self.connection.execute(
            "INSERT INTO audiences (name, basis, source, created_at) VALUES (?, ?, ?, ?)",
            (*named, to_stamp(new.at)),
        )
        return int(insert.lastrowid or 0)

    def _keep_report(self, audience_id: int, counts: ImportCounts) -> int:
        numbers = [getattr(counts, name) for name in COUNT_FIELDS]
        insert = self.connection.execute(
            """
            INSERT INTO imports (
                audience_id, fingerprint, source, files, finished_at, read, new, updated,
                duplicate, invalid, opted_out, by_username, by_phone, by_id
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                audience_id,
                self.new.fingerprint,
                self.new.source,
                to_json(self.new.files),
                to_stamp(self.new.at),
                *numbers,
            ),
        )
        import_id = int(insert.lastrowid or 0)
        self.connection.executemany(
            "INSERT INTO import_invalid_rows (import_id, number, content, problem) "
            "VALUES (?, ?, ?, ?)",
            [
                (import_id, row.number, row.content[:LONGEST_CONTENT], row.problem.value)
                for row in self.reading.invalid_rows
            ],
        )
        return import_id

    def _nobody(self) -> KnownError:
        rows = counted("{count} row was read", "{count} rows were read", self.reading.read)
        if not self.reading.invalid_rows:
            return KnownError(message("Nobody was found in {source}.", source=self.new.source))
        problems = Counter(row.problem for row in self.reading.invalid_rows)
        return KnownError(
            message(
                "Nobody could be recognised in {source}: {rows}. The most frequent reason: "
                "{reason}.",
                source=self.new.source,
                rows=rows,
                reason=words_for(problems.most_common(1)[0][0]),
            ),
            message("Check which column is which, or choose another file."),
        )


def _leave_out_opted_out(connection: sqlite3.Connection, at: int) -> int:
    """Take the people of the do-not-contact list out of the import; return how many rows.

    Keys that the file knows of them join the list; who is not stored yet is not stored now.
    """
    found = connection.execute(
        """
        SELECT person_id, kind, rows FROM temp.touched
        WHERE person_id IN (SELECT person_id FROM opted_out_people)
        """
    ).fetchall()
    for person_id, kind, _ in found:
        connection.execute(
            """
            INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at)
            SELECT k.kind, k.value, (
                SELECT d.reason FROM do_not_contact d
                JOIN person_keys o ON o.kind = d.kind AND o.value = d.value
                WHERE o.person_id = k.person_id ORDER BY d.id LIMIT 1
            ), ?
            FROM person_keys k WHERE k.person_id = ?
            """,
            (at, person_id),
        )
        connection.execute("DELETE FROM temp.touched WHERE person_id = ?", (person_id,))
        if kind == import_staging.NEW:
            connection.execute("DELETE FROM people WHERE id = ?", (person_id,))
    return sum(rows for _, _, rows in found)


def _fill_audience(connection: sqlite3.Connection, audience_id: int, import_id: int) -> None:
    (last,) = connection.execute(
        "SELECT coalesce(max(position), 0) FROM audience_people WHERE audience_id = ?",
        (audience_id,),
    ).fetchone()
    connection.execute(
        """
        INSERT INTO audience_people (audience_id, position, person_id, import_id, consent_date)
        SELECT :audience, :last + row_number() OVER (ORDER BY first_row), person_id, :import,
            consent_date
        FROM temp.touched WHERE true ORDER BY first_row
        ON CONFLICT (person_id, audience_id) DO UPDATE SET
            consent_date = coalesce(excluded.consent_date, consent_date)
        """,
        {"audience": audience_id, "last": last, "import": import_id},
    )
    connection.execute("DELETE FROM temp.touched")
