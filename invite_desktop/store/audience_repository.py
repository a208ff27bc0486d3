"""Audiences, the import history and the do-not-contact list."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow, RowProblem
from invite_desktop.store.contact_rules import audience_use
from invite_desktop.store.import_reading import ImportCancelledError, ImportReading
from invite_desktop.store.import_writer import ImportWriter
from invite_desktop.store.mapping import (
    to_audience,
    to_import_report,
    to_person,
    to_stamp,
)
from invite_desktop.store.models import AudiencePersonRow, ImportRow, InvalidRowRow, PersonRow
from invite_desktop.store.peers import present_id
from invite_desktop.store.rows import connection_of, fetch, fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.audiences import Audience, ImportReport
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.engine.ports.stores import AudienceUse, NewImport
    from invite_desktop.store.database import Database


class AudienceRepository:
    """The port AudienceStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def import_people(
        self,
        new: NewImport,
        rows: Iterable[ReadRow],
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Store the rows as an audience, all or nothing.

        The same fingerprint again goes into the same audience. Rows are drawn in a thread of
        their own, and stored in one transaction when all are read. Raises KnownError with nothing
        stored when no row names anybody, and asyncio.CancelledError with nothing stored when
        ``cancelled`` answers True or the caller is cancelled.
        """
        left = threading.Event()

        def stopped() -> bool:
            return left.is_set() or cancelled()

        try:
            return await self._import(new, rows, progress, stopped)
        except ImportCancelledError:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError:
            left.set()
            raise

    async def import_with(self, fingerprint: str) -> ImportReport | None:
        """Return the latest report of an import of exactly this that was not undone."""
        query = (
            ImportRow.select(ImportRow.id)
            .where(ImportRow.fingerprint == fingerprint, ImportRow.undone_at.is_null())
            .order_by(ImportRow.id.desc())
            .limit(1)
        )

        def work(database: SqliteDatabase) -> ImportReport | None:
            found = fetch(database, query)
            return _report(database, found[0]["id"]) if found else None

        return await self._database.read(work)

    async def imports(self) -> Sequence[ImportReport]:
        """Return the import history, newest first, without invalid rows."""
        return await self._database.read(_history)

    async def import_report(self, import_id: int) -> ImportReport:
        """Return one import's report with its first 10 000 invalid rows. Raises KeyError."""
        return await self._database.read(lambda database: _report(database, import_id))

    async def audiences(self) -> Sequence[Audience]:
        """Return the saved audiences, newest first."""
        return await self._database.read(lambda database: _audiences(connection_of(database)))

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        """Return a page of an audience, in the order of import."""
        query = (
            PersonRow.select(PersonRow)
            .join(AudiencePersonRow, on=(AudiencePersonRow.person_id == PersonRow.id))
            .where(AudiencePersonRow.audience_id == audience_id)
            .order_by(AudiencePersonRow.position)
            .offset(offset)
            .limit(limit)
        )
        rows = await self._database.read(lambda database: fetch(database, query))
        return [to_person(row) for row in rows]

    async def use_of(self, audience_id: int, chat_id: int | None) -> AudienceUse:
        """Return how usable an audience is for inviting to a chat, or for messages (None)."""
        return await self._database.read(
            lambda database: audience_use(connection_of(database), audience_id, chat_id)
        )

    async def do_not_contact(self, person_id: int, reason: str, at: datetime) -> None:
        """Put a person on the do-not-contact list, by all her keys."""
        await self._database.write(
            lambda database: _opt_out(connection_of(database), person_id, reason, at)
        )

    async def _import(
        self,
        new: NewImport,
        rows: Iterable[ReadRow],
        progress: Callable[[int], None],
        stopped: Callable[[], bool],
    ) -> ImportReport:
        reading = await asyncio.to_thread(_read, rows, progress, stopped)

        def work(database: SqliteDatabase) -> ImportReport:
            with contextlib.closing(reading):
                writer = ImportWriter(connection_of(database), new, reading)
                return _report(database, writer.run(stopped))

        return await self._database.write(work)


def _read(
    rows: Iterable[ReadRow], progress: Callable[[int], None], stopped: Callable[[], bool]
) -> ImportReading:
    reading = ImportReading()
    try:
        reading.draw(rows, progress, stopped)
    except BaseException:
        reading.close()
        raise
    return reading


def _opt_out(connection: sqlite3.Connection, person_id: int, reason: str, at: datetime) -> None:
    connection.execute(
        """
        INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at)
        SELECT kind, value, ?, ? FROM person_keys WHERE person_id = ?
        """,
        (reason, to_stamp(at), present_id(connection, person_id)),
    )


def _audiences(connection: sqlite3.Connection) -> list[Audience]:
    rows = fetch_sql(
        connection,
        """
        SELECT a.*, (SELECT count(*) FROM audience_people p WHERE p.audience_id = a.id) AS people
        FROM audiences a ORDER BY a.id DESC
        """,
    )
    return [to_audience(row) for row in rows]


def _history(database: SqliteDatabase) -> list[ImportReport]:
    audiences = {audience.id: audience for audience in _audiences(connection_of(database))}
    rows = fetch(database, ImportRow.select().order_by(ImportRow.id.desc()))
    return [to_import_report(row, audiences[row["audience_id"]]) for row in rows]


def _report(database: SqliteDatabase, import_id: int) -> ImportReport:
    rows = fetch(database, ImportRow.select().where(ImportRow.id == import_id))
    if not rows:
        raise KeyError(import_id)
    audiences = {audience.id: audience for audience in _audiences(connection_of(database))}
    query = (
        InvalidRowRow.select()
        .where(InvalidRowRow.import_id == import_id)
        .order_by(InvalidRowRow.id)
    )
    invalid = [
        InvalidRow(row["number"], row["content"], RowProblem(row["problem"]))
        for row in fetch(database, query)
    ]
    return to_import_report(rows[0], audiences[rows[0]["audience_id"]], invalid)
