"""Restores: marked in the file that was put back, and what was found at Telegram since."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.engine.ports.restores import FoundInvitation, FoundMessage, Restore
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.rows import connection_of
from invite_desktop.store.target_moves import Move, move_targets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from invite_desktop.store.database import Database

_T = TypeVar("_T")

_MOVED_AT_ONCE = 10_000
_WHY_DOUBTFUL = "RestoredBackup"


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

    async def confirm(self, at: datetime, doubtful: Collection[int] = ()) -> None:
        """Note that the user lets the program send again; doubtful tasks' people are uncertain."""
        await self._write(lambda connection: _confirm(connection, at, doubtful))

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

    async def keep_invitations(self, invitations: Sequence[FoundInvitation]) -> None:
        """Keep invitations that were found; one of the accounts' own says more than another."""
        rows = [
            (each.chat_id, each.user_id, each.account_id, to_stamp(each.at))
            for each in sorted(invitations, key=lambda each: each.account_id is None)
        ]
        await self._write(
            lambda connection: connection.executemany(
                "INSERT OR IGNORE INTO found_invitations VALUES (?, ?, ?, ?)", rows
            )
        )

    async def invited(self, chat_id: int, user_id: int) -> FoundInvitation | None:
        """Return how the person with a Telegram id was invited to a chat, None if nobody knows."""
        return await self._read(lambda connection: _invited(connection, chat_id, user_id))

    async def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: work(connection_of(database)))

    async def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.write(lambda database: work(connection_of(database)))


def mark_as_restored(connection: sqlite3.Connection, at: datetime) -> None:
    """Say that a database is a backup put back: from then on it sends nothing unconfirmed.

    What the backup knows ends with the newest entry of its ledger or of a task's journal; without
    any, nothing is known.
    """
    connection.execute(
        """
        INSERT INTO restores (since, last_task, restored_at)
        SELECT max(
                coalesce((SELECT max(max(started_at, coalesce(ended_at, 0))) FROM attempts), 0),
                coalesce((SELECT max(at) FROM task_journal), 0)
            ),
            (SELECT coalesce(max(id), 0) FROM tasks), ?
        """,
        (to_stamp(at),),
    )


def _confirm(connection: sqlite3.Connection, at: datetime, doubtful: Collection[int]) -> None:
    connection.execute(
        "UPDATE restores SET confirmed_at = ? WHERE confirmed_at IS NULL", (to_stamp(at),)
    )
    uncertain = Move(TargetState.UNCERTAIN, at, OutcomeCode.UNCERTAIN, _WHY_DOUBTFUL)
    for task_id in doubtful:
        while some := _pending(connection, task_id):
            move_targets(connection, some, uncertain)


def _pending(connection: sqlite3.Connection, task_id: int) -> list[int]:
    rows = connection.execute(
        "SELECT id FROM targets WHERE task_id = ? AND state = 'pending' LIMIT ?",
        (task_id, _MOVED_AT_ONCE),
    )
    return [target_id for (target_id,) in rows]


def _invited(connection: sqlite3.Connection, chat_id: int, user_id: int) -> FoundInvitation | None:
    row = connection.execute(
        "SELECT account_id, invited_at FROM found_invitations WHERE chat_id = ? AND user_id = ?",
        (chat_id, user_id),
    ).fetchone()
    return FoundInvitation(chat_id, user_id, row[0], from_stamp(row[1])) if row else None


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
