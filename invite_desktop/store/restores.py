"""Restores: marked in the file that was put back, and what was found at Telegram since."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.engine.ports.restores import FoundMessage, Restore
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.store.database import Database

_T = TypeVar("_T")


class RestoreRepository:
    """The port RestoreStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> Restore | None:
        """Return the last restore, None when there never was one."""
        return await self._read(lambda connection: _last(connection, "1"))

    async def unconfirmed(self) -> Restore | None:
        """Return the restore that the user has not confirmed yet, None when there is none."""
        return await self._read(lambda connection: _last(connection, "confirmed_at IS NULL"))

    async def confirm(self, at: datetime) -> None:
        """Note that the user lets the program send again."""
        await self._write(
            lambda connection: connection.execute(
                "UPDATE restores SET confirmed_at = ? WHERE confirmed_at IS NULL", (to_stamp(at),)
            )
        )

    async def keep_found(self, messages: Sequence[FoundMessage]) -> None:
        """Keep messages that were found, each once."""
        rows = [
            (m.peer.user_id, m.account_id, m.peer.access_hash, to_stamp(m.sent_at), m.digest)
            for m in messages
        ]
        await self._write(
            lambda connection: connection.executemany(
                "INSERT OR IGNORE INTO found_messages VALUES (?, ?, ?, ?, ?)", rows
            )
        )

    async def found(self, user_id: int) -> Sequence[FoundMessage]:
        """Return what was found for the person with a Telegram id, oldest first."""
        return await self._read(lambda connection: _found(connection, user_id))

    async def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: work(connection_of(database)))

    async def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.write(lambda database: work(connection_of(database)))


def mark_as_restored(connection: sqlite3.Connection, at: datetime) -> None:
    """Say that a database is a backup put back: from then on it sends nothing unconfirmed.

    What the backup knows ends with the newest entry of its ledger; without any, nothing is known.
    """
    connection.execute(
        """
        INSERT INTO restores (since, last_task, restored_at)
        SELECT coalesce(max(max(started_at, coalesce(ended_at, 0))), 0),
            (SELECT coalesce(max(id), 0) FROM tasks), ?
        FROM attempts
        """,
        (to_stamp(at),),
    )


def _last(connection: sqlite3.Connection, condition: str) -> Restore | None:
    row = connection.execute(
        f"""
        SELECT since, restored_at, last_task FROM restores
        WHERE {condition} ORDER BY id DESC LIMIT 1
        """  # noqa: S608 - made of texts of this module
    ).fetchone()
    return Restore(from_stamp(row[0]), from_stamp(row[1]), row[2]) if row else None


def _found(connection: sqlite3.Connection, user_id: int) -> list[FoundMessage]:
    rows = connection.execute(
        """
        SELECT account_id, access_hash, sent_at, digest FROM found_messages
        WHERE user_id = ? ORDER BY sent_at
        """,
        (user_id,),
    )
    return [
        FoundMessage(account, UserPeer(user_id, access_hash), from_stamp(at), digest)
        for account, access_hash, at, digest in rows
    ]
