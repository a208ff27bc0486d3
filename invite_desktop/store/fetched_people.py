"""The port FetchedPeople on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.chats import ChatKind
from invite_desktop.engine.ports.fetched_people import (
    ChatOfMembers,
    PeopleList,
    UnfinishedFetch,
)
from invite_desktop.engine.ports.telegram import TelegramPerson, UserPeer
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.rows import connection_of, fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.telegram import PeoplePage
    from invite_desktop.store.database import Database
    from invite_desktop.store.rows import Row

_T = TypeVar("_T")

_FETCHES = """
    SELECT f.*, (SELECT count(*) FROM fetched_people p WHERE p.fetch_id = f.id) AS people
    FROM people_fetches f
"""

_KEEP_FETCH = """
    INSERT INTO people_fetches
        (account_id, origin, chat_id, chat_kind, chat_title, name, basis, next_page, at)
    VALUES (:account_id, :origin, :chat_id, :chat_kind, :chat_title, :name, :basis, :next_page, :at)
    ON CONFLICT (account_id, origin, chat_id, chat_kind) DO UPDATE SET
        chat_title = excluded.chat_title, name = excluded.name, basis = excluded.basis,
        next_page = excluded.next_page, at = excluded.at
    RETURNING id
"""

_KEEP_PERSON = """
    INSERT INTO fetched_people
        (fetch_id, user_id, access_hash, username, phone, first_name, last_name)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (fetch_id, user_id) DO UPDATE SET
        access_hash = excluded.access_hash, username = excluded.username, phone = excluded.phone,
        first_name = excluded.first_name, last_name = excluded.last_name
"""


class FetchedPeopleRepository:
    """Pages of lists from Telegram, until they become an audience or are dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unfinished(self) -> Sequence[UnfinishedFetch]:
        """Return the lists that were read in part, the latest first."""
        return await self._read(
            lambda c: [_to_fetch(row) for row in fetch_sql(c, f"{_FETCHES} ORDER BY at DESC")]
        )

    async def keep(
        self, of: PeopleList, name: str, basis: Basis, page: PeoplePage, at: datetime
    ) -> UnfinishedFetch:
        """Keep a page of a list; the page and where to go on are one transaction."""
        values: dict[str, object] = {
            "account_id": of.account_id,
            "origin": of.origin.value,
            "chat_id": of.chat.chat_id if of.chat else 0,
            "chat_kind": of.chat.kind.value if of.chat else "",
            "chat_title": of.chat.title if of.chat else "",
            "name": name,
            "basis": basis.value,
            "next_page": page.next_page,
            "at": to_stamp(at),
        }
        return await self._write(lambda c: _keep(c, values, page.people))

    async def people(self, fetch_id: int) -> Sequence[TelegramPerson]:
        """Return everybody of a list so far, in the order in which they came first."""
        return await self._read(
            lambda c: [
                _to_person(row)
                for row in fetch_sql(
                    c, "SELECT * FROM fetched_people WHERE fetch_id = ? ORDER BY id", (fetch_id,)
                )
            ]
        )

    async def drop(self, fetch_id: int) -> None:
        """Forget a list and its people; one that is not there is no error."""
        await self._write(
            lambda c: c.execute("DELETE FROM people_fetches WHERE id = ?", (fetch_id,))
        )

    async def _read(self, ask: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: ask(connection_of(database)))

    async def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.write(lambda database: work(connection_of(database)))


def _keep(
    connection: sqlite3.Connection, values: dict[str, object], people: Sequence[TelegramPerson]
) -> UnfinishedFetch:
    (fetch_id,) = connection.execute(_KEEP_FETCH, values).fetchone()
    connection.executemany(
        _KEEP_PERSON,
        [
            (
                fetch_id,
                person.peer.user_id,
                person.peer.access_hash,
                person.username,
                person.phone,
                person.first_name,
                person.last_name,
            )
            for person in people
        ],
    )
    (row,) = fetch_sql(connection, f"{_FETCHES} WHERE f.id = ?", (fetch_id,))
    return _to_fetch(row)


def _to_fetch(row: Row) -> UnfinishedFetch:
    chat = None
    if row["chat_id"]:
        chat = ChatOfMembers(row["chat_id"], row["chat_title"], ChatKind(row["chat_kind"]))
    return UnfinishedFetch(
        id=row["id"],
        of=PeopleList(row["account_id"], Origin(row["origin"]), chat),
        name=row["name"],
        basis=Basis(row["basis"]),
        people=row["people"],
        next_page=row["next_page"],
        at=from_stamp(row["at"]),
    )


def _to_person(row: Row) -> TelegramPerson:
    return TelegramPerson(
        UserPeer(row["user_id"], row["access_hash"]),
        row["username"],
        row["phone"],
        row["first_name"],
        row["last_name"],
    )
