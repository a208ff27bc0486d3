"""Audiences, the import history and the do-not-contact list."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.files import FileRows
from invite_desktop.engine.undivided import undivided
from invite_desktop.store.audience_editor import AudienceEditor
from invite_desktop.store.audience_parts import people_after
from invite_desktop.store.contact_rules import audience_reach, audience_use
from invite_desktop.store.import_process import blocks_read_apart, is_worth_a_process
from invite_desktop.store.import_reading import ImportCancelledError, ImportReading, check
from invite_desktop.store.import_reports import (
    audiences_of,
    import_history,
    one_audience,
    report_of,
)
from invite_desktop.store.import_undo import hide_finished, hide_import
from invite_desktop.store.import_writer import ImportWriter
from invite_desktop.store.mapping import to_person, to_stamp
from invite_desktop.store.models import AudiencePersonRow, ImportRow, PersonRow
from invite_desktop.store.rows import connection_of, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.audiences import Audience, ImportReport
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.files import NextFile, ReadRow
    from invite_desktop.engine.ports.stores import AudienceUse, NewImport, PeoplePart, Reach
    from invite_desktop.store.import_reading import Block


class AudienceRepository(AudienceEditor):
    """The port AudienceStore on SQLite."""

    async def import_people(
        self,
        new: NewImport,
        rows: Iterable[ReadRow | NextFile],
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Store the rows as an audience, all or nothing.

        The same fingerprint again goes into the same audience. Rows are drawn in a thread, those of
        big files in a process, and stored out of sight meanwhile. Raises KnownError with nothing
        stored when no row names anybody, and asyncio.CancelledError with nothing stored when
        ``cancelled`` answers True or the caller is cancelled, who is answered at once.
        """
        left = threading.Event()
        writer = ImportWriter(
            self._database, new, lambda: left.is_set() or self._long_work.closing or cancelled()
        )
        try:
            return await self._long_work.run(lambda: self._import(writer, rows, progress))
        except ImportCancelledError:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError:
            left.set()
            await undivided(self._hide(writer.import_id))
            raise

    async def import_with(self, fingerprint: str) -> ImportReport | None:
        """Return the latest report of an import of exactly this that was not undone."""
        query = (
            ImportRow.select(ImportRow.id)
            .where(
                ImportRow.fingerprint == fingerprint,
                ImportRow.undone_at.is_null(),
                ImportRow.state == "finished",
            )
            .order_by(ImportRow.id.desc())
            .limit(1)
        )

        def work(database: SqliteDatabase) -> ImportReport | None:
            found = fetch(database, query)
            return report_of(database, found[0]["id"]) if found else None

        return await self._database.read(work)

    async def imports(self) -> Sequence[ImportReport]:
        """Return the import history, newest first, without invalid rows."""
        return await self._database.read(import_history)

    async def import_report(self, import_id: int) -> ImportReport:
        """Return one import's report with its first 10 000 invalid rows. Raises KeyError."""
        return await self._database.read(lambda database: report_of(database, import_id))

    async def audiences(self) -> Sequence[Audience]:
        """Return the saved audiences, newest first."""
        return await self._database.read(lambda database: audiences_of(connection_of(database)))

    async def audience(self, audience_id: int) -> Audience:
        """Return one audience, a deleted one too. Raises KeyError."""
        return await self._database.read(
            lambda database: one_audience(connection_of(database), audience_id)
        )

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

    async def people_after(self, audience_id: int, after: int, limit: int) -> PeoplePart:
        """Return the people of an audience behind a place, in order; made in the reader's thread.

        However far on, it takes as long as the first part.
        """
        return await self._database.read(
            lambda database: people_after(connection_of(database), audience_id, after, limit)
        )

    async def undo_import(self, import_id: int, at: datetime) -> ImportReport:
        """Take an import back; what the ledger knows stays. Raises KeyError."""
        await self.import_report(import_id)
        await self._database.write(
            lambda database: hide_import(connection_of(database), import_id, to_stamp(at))
        )
        await self._long_work.run(self._clear_up)
        return await self.import_report(import_id)

    async def reach(self, audience_id: int, chat_id: int | None, accounts: Sequence[int]) -> Reach:
        """Return by what these accounts would reach the people that ``use_of`` calls usable."""
        return await self._database.read_if_wanted(
            lambda database: audience_reach(connection_of(database), audience_id, chat_id, accounts)
        )

    async def use_of(self, audience_id: int, chat_id: int | None) -> AudienceUse:
        """Return how usable an audience is for inviting to a chat, or for messages (None)."""
        return await self._database.read(
            lambda database: audience_use(connection_of(database), audience_id, chat_id)
        )

    def _import(
        self,
        writer: ImportWriter,
        rows: Iterable[ReadRow | NextFile],
        progress: Callable[[int], None],
    ) -> ImportReport:
        check(writer.cancelled)
        try:
            with contextlib.closing(
                _blocks(writer.new, rows, progress, writer.cancelled)
            ) as blocks:
                writer.run(blocks)
        except BaseException:
            self._long_work.start(self._clear_up)
            raise
        self._long_work.start(self._index)
        return self._database.read_now(lambda database: report_of(database, writer.import_id))

    async def _hide(self, import_id: int) -> None:
        """Take an import back whose caller has left, also when it has just been finished."""
        # Should the last transaction be under way, this one comes behind it.
        await self._database.write(
            lambda database: hide_finished(connection_of(database), import_id)
        )
        self._long_work.start(self._clear_up)


def _blocks(
    new: NewImport,
    rows: Iterable[ReadRow | NextFile],
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> Generator[Block]:
    """Yield the blocks of rows, read in another process when that pays."""
    if isinstance(rows, FileRows) and is_worth_a_process(rows):
        for block in blocks_read_apart(rows, new.source, cancelled):
            progress(block.tally.read)
            yield block
        return

    def tell(read: int) -> None:
        progress(read)
        check(cancelled)

    yield from ImportReading().blocks(rows, tell)
