"""The port AudienceEditing on SQLite."""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.engine.ports.audiences import NewOptOuts, Split
from invite_desktop.store import (
    audience_changes,
    opt_out_list,
    opt_out_queries,
    people_search,
    person_file,
)
from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.audience_moves import clear_up_moves
from invite_desktop.store.import_reports import (
    audience_names,
    audiences_of,
    consent_dates,
    extra_names,
    import_remarks,
    import_rows,
)
from invite_desktop.store.import_undo import take_back, unfinished_imports
from invite_desktop.store.long_work import LongWork
from invite_desktop.store.mapping import to_json
from invite_desktop.store.peers import keep_met
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.audiences import Audience, Basis, ImportedRow, RowKind
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.people import Person, PersonKeys
    from invite_desktop.engine.ports.audiences import (
        NewAudience,
        OptOut,
        PeopleQuery,
        PersonDetail,
        PersonFields,
        Removed,
    )
    from invite_desktop.engine.ports.telegram import UserPeer
    from invite_desktop.store.database import Database

_T = TypeVar("_T")


class AudienceEditor:
    """What the user does with audiences and people after their import."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._long_work = LongWork()
        self._long_work.start(self._clear_up)
        self._long_work.start(self._index)

    async def idle(self) -> None:
        """Return when nothing is left to be cleared up."""
        await self._long_work.idle()

    def close(self) -> None:
        """Let long work stop; the next start goes on with it. Blocks."""
        self._long_work.close()

    # ------------------------------------------------------------ audiences

    async def import_rows(
        self, import_id: int, kind: RowKind, offset: int, limit: int
    ) -> Sequence[ImportedRow]:
        """Return a page of what stands behind one count of a report, in the order of rows."""
        return await self._read(lambda c: import_rows(c, import_id, kind, offset, limit))

    async def import_remarks(
        self, import_id: int, offset: int, limit: int
    ) -> Sequence[ImportedRow]:
        """Return a page of the cells that an import could not use as they stand, in their order."""
        return await self._read(lambda c: import_remarks(c, import_id, offset, limit))

    async def consent_dates(self, audience_id: int, ids: Sequence[int]) -> Mapping[int, str]:
        """Return the ISO dates on which people of an audience agreed, as far as they are known."""
        return await self._read(lambda c: consent_dates(c, audience_id, ids))

    async def extra_names(self, audience_id: int, most: int) -> Sequence[str]:
        """Return the names of an audience's extra columns as its people bring them."""
        return await self._database.read_if_wanted(
            lambda database: extra_names(connection_of(database), audience_id, most)
        )

    async def audience_names(self) -> Mapping[int, str]:
        """Return the name of every audience by its id, deleted ones too."""
        return await self._read(audience_names)

    async def person_ids(self, audience_id: int, query: PeopleQuery) -> array[int]:
        """Return the ids of an audience's people in the wanted order; a search has 10 000."""
        return await self._database.read_if_wanted(
            lambda database: people_search.person_ids(connection_of(database), audience_id, query)
        )

    async def people_by_id(self, ids: Sequence[int]) -> Sequence[Person]:
        """Return people in the order of the ids; who is gone is left out."""
        return await self._read(lambda c: people_search.people_by_id(c, ids))

    async def rename_audience(self, audience_id: int, name: str) -> Audience:
        """Give an audience another name. Raises KeyError."""
        return await self._change(audience_id, name=name)

    async def tag_audience(self, audience_id: int, tags: Sequence[str]) -> Audience:
        """Replace the tags of an audience. Raises KeyError."""
        return await self._change(audience_id, tags=to_json(list(tags)))

    async def change_basis(self, audience_id: int, basis: Basis) -> Audience:
        """Change why the people of an audience may be contacted. Raises KeyError."""
        return await self._change(audience_id, basis=basis.value)

    async def delete_audience(self, audience_id: int) -> None:
        """Hide an audience; its people, tasks and ledger stay. Raises KeyError."""
        await self._change(audience_id, state="deleted")

    async def restore_audience(self, audience_id: int) -> Audience:
        """Bring a deleted audience back. Raises KeyError."""
        return await self._change(audience_id, state="kept")

    async def make_audience(self, new: NewAudience, people: Sequence[int]) -> Audience:
        """Make an audience of stored people, in this order; nobody sees it half filled.

        Raises KnownError when there is nobody.
        """
        audience_id = await self._long_work.run(lambda: self._make(new, people))
        return await self._read(lambda c: _audience(c, audience_id))

    async def split_audience(
        self, audience_id: int, new: NewAudience, people: Sequence[int]
    ) -> Split:
        """Move people into a new audience, wholly or not at all.

        Raises KnownError when there is nobody.
        """
        made, removed = await self._long_work.run(lambda: self._split(audience_id, new, people))
        return Split(await self._read(lambda c: _audience(c, made)), removed)

    async def unsplit_audience(self, split: Split) -> None:
        """Move people back, as far as they still exist, and hide the new audience, in one step."""
        await self._long_work.run(
            lambda: audience_changes.unsplit_audience(
                self._database, split.audience.id, split.removed, self._closing
            )
        )

    async def remove_people(self, audience_id: int, people: Sequence[int]) -> Removed:
        """Take people out of an audience, wholly or not at all."""
        return await self._long_work.run(
            lambda: audience_changes.remove_people(
                self._database, audience_id, people, self._closing
            )
        )

    async def put_back(self, removed: Removed) -> None:
        """Put people back who were taken out, as far as they still exist; all or nobody."""
        await self._long_work.run(
            lambda: audience_changes.put_back(self._database, removed, self._closing)
        )

    async def people_of_task(
        self,
        task_id: int,
        states: Collection[TargetState],
        outcomes: Collection[OutcomeCode],
    ) -> array[int]:
        """Return the people whose targets ended so, in the task's order; empty means: all."""
        wanted = [to_json([member.value for member in some]) for some in (states, outcomes)]
        return await self._read(
            lambda c: array(
                "q",
                (
                    person_id
                    for (person_id,) in c.execute(
                        """
                        SELECT person_id FROM targets WHERE task_id = ?1
                            AND (?2 = '[]' OR state IN (SELECT value FROM json_each(?2)))
                            AND (?3 = '[]' OR outcome IN (SELECT value FROM json_each(?3)))
                        ORDER BY position
                        """,
                        (task_id, *wanted),
                    )
                ),
            )
        )

    # ------------------------------------------------------------ one person

    async def people_met(self, person_id: int, keys: PersonKeys) -> Sequence[Person]:
        """Return the other stored people who have one of these keys."""
        return await self._read(lambda c: person_file.people_met(c, person_id, keys))

    async def edit_person(self, person_id: int, fields: PersonFields) -> Person:
        """Change a person, and make one person of all whom she meets. Raises KeyError."""
        return await self._write(lambda c: person_file.edit_person(c, person_id, fields))

    async def person_detail(self, person_id: int) -> PersonDetail:
        """Return what is kept of a person. Raises KeyError."""
        return await self._read(lambda c: person_file.person_detail(c, person_id))

    async def keep_met(self, account_id: int, peers: Sequence[UserPeer]) -> None:
        """Remember how an account addresses the stored people with these Telegram ids."""
        await self._write(lambda c: keep_met(c, account_id, peers))

    # ------------------------------------------------------------ do not contact

    async def do_not_contact(
        self,
        person_id: int,
        reason: str,
        at: datetime,
        source: OptOutSource = OptOutSource.UNKNOWN,
    ) -> None:
        """Put a person on the do-not-contact list, by all her keys."""
        new = NewOptOuts(reason, at, source)
        await self._write(lambda c: opt_out_list.opt_out_person(c, person_id, new))

    async def opt_outs(
        self, text: str, offset: int, limit: int, *, ended: bool
    ) -> Sequence[OptOut]:
        """Return a page of the do-not-contact list, newest first, or of its lifted entries."""

        def page(connection: sqlite3.Connection) -> Sequence[OptOut]:
            ids = opt_out_queries.opt_out_ids(connection, text, ended=ended)
            some = ids[offset : offset + limit]
            return opt_out_queries.opt_outs_by_id(connection, some, ended=ended)

        return await self._read(page)

    async def count_opt_outs(self, text: str, *, ended: bool) -> int:
        """Return how many entries of the do-not-contact list hold a text."""
        return len(await self.opt_out_ids(text, ended=ended))

    async def opt_out_ids(self, text: str, *, ended: bool) -> array[int]:
        """Return the do-not-contact list, newest first, or its lifted entries, as ids."""
        return await self._read(lambda c: opt_out_queries.opt_out_ids(c, text, ended=ended))

    async def opt_outs_by_id(self, ids: Sequence[int], *, ended: bool) -> Sequence[OptOut]:
        """Return entries in the order of the ids; who is gone is left out."""
        return await self._read(lambda c: opt_out_queries.opt_outs_by_id(c, ids, ended=ended))

    async def opt_out_keys(
        self,
        people: Sequence[PersonKeys],
        new: NewOptOuts,
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> int:
        """Put whole people on the do-not-contact list; return how many were not on it yet.

        Raises asyncio.CancelledError with nothing added when ``cancelled`` answers True.
        """
        if len(people) <= opt_out_list.OPT_OUTS_AT_ONCE:
            return await self._write(lambda c: opt_out_list.opt_out_all(c, people, new).people)

        def stopped() -> bool:
            return self._long_work.closing or cancelled()

        try:
            return await self._long_work.run(
                lambda: opt_out_list.opt_out_many(self._database, people, new, progress, stopped)
            )
        except AbandonedError:
            raise asyncio.CancelledError from None

    async def opt_out_people(self, person_ids: Sequence[int], new: NewOptOuts) -> None:
        """Put stored people on the do-not-contact list by all their keys, an entry each."""
        for first in range(0, len(person_ids), opt_out_list.OPT_OUTS_AT_ONCE):
            some = person_ids[first : first + opt_out_list.OPT_OUTS_AT_ONCE]
            await self._write(partial(opt_out_list.opt_out_people, person_ids=some, new=new))

    async def contact_again(self, entry_id: int, reason: str, at: datetime) -> None:
        """Lift an entry of the do-not-contact list, and remember that. Raises KeyError."""
        await self._write(lambda c: opt_out_list.lift_opt_out(c, entry_id, reason, at))

    # ------------------------------------------------------------ inside

    async def _read(self, ask: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: ask(connection_of(database)))

    async def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.write(lambda database: work(connection_of(database)))

    async def _change(self, audience_id: int, **columns: str) -> Audience:
        def work(connection: sqlite3.Connection) -> Audience:
            audience_changes.change_audience(connection, audience_id, **columns)
            return _audience(connection, audience_id)

        return await self._write(work)

    def _make(self, new: NewAudience, people: Sequence[int]) -> int:
        audience_id = audience_changes.make_audience(self._database, new, people, self._closing)
        if not audience_id:
            raise AbandonedError
        return audience_id

    def _split(
        self, audience_id: int, new: NewAudience, people: Sequence[int]
    ) -> tuple[int, Removed]:
        made, removed = audience_changes.split_audience(
            self._database, audience_id, new, people, self._closing
        )
        if not made:
            raise AbandonedError
        return made, removed

    def _closing(self) -> bool:
        return self._long_work.closing

    def _clear_up(self) -> None:
        """Take back what crashed, was cancelled, or was being undone; end what holds already."""
        with contextlib.suppress(AbandonedError):
            clear_up_moves(self._database, self._closing)
        unfinished = self._database.read_now(
            lambda database: unfinished_imports(connection_of(database))
        )
        for import_id in unfinished:
            if not take_back(self._database, import_id, self._closing):
                return

    def _index(self) -> None:
        """Add some people to the index of the search, and come back for the next ones."""
        more = self._database.write_now(
            lambda database: people_search.index_some(connection_of(database)), durable=False
        )
        if more:
            self._long_work.start(self._index)


def _audience(connection: sqlite3.Connection, audience_id: int) -> Audience:
    everything = audiences_of(connection, hidden=True)
    return next(audience for audience in everything if audience.id == audience_id)
