"""What people answered, and up to where each account has heard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.audiences import NewOptOuts
from invite_desktop.engine.ports.replies import ReplyCounts, UpdateState
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.opt_out_list import opt_out_all, opt_out_person
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.replies import HeardReply
    from invite_desktop.store.database import Database

OPT_OUT_REASON = "stop"
"""The reason under which somebody stands on the list who said so herself."""

_CLOCKS_APART = timedelta(minutes=2)
"""So far may this computer's clock be ahead of Telegram's, which dates the replies."""

# Everybody who has this Telegram id, also under a name that only a look-up showed to be hers.
_PEOPLE = """
    SELECT id FROM people WHERE telegram_id = :user
    UNION SELECT person_id FROM peers WHERE user_id = :user
"""

_CONTACTED = """
    FROM attempts a JOIN tasks k ON k.id = a.task_id
    WHERE a.task_id = :task AND a.action IN ('invite', 'message')
        AND a.outcome IN ('invited', 'joined', 'sent', 'uncertain')
        AND (NOT :since_resumed OR a.id > k.resumed_after)
"""

_COUNTS = f"""
    SELECT count(DISTINCT r.person_id), count(DISTINCT iif(r.opt_out <> '', r.person_id, NULL))
    FROM replies r WHERE EXISTS (
        SELECT 1 {_CONTACTED} AND a.person_id = r.person_id
            AND a.started_at <= r.at + :clocks_apart
    )
"""  # noqa: S608 - made of texts of this module


class ReplyRepository:
    """The port ReplyStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def update_state(self, account_id: int) -> UpdateState | None:
        """Return up to where an account has heard everything, None before it first listened."""
        return await self._database.read(lambda d: _state(connection_of(d), account_id))

    async def keep(
        self, account_id: int, state: UpdateState, replies: Sequence[HeardReply], at: datetime
    ) -> int:
        """Keep what was heard and up to where, and put those who want no more on the list."""
        return await self._database.write(
            lambda d: _keep(connection_of(d), account_id, state, replies, at)
        )

    async def counts(self, task_id: int, *, since_resumed: bool = False) -> ReplyCounts:
        """Return how many people answered after the task contacted them."""
        values = {
            "task": task_id,
            "since_resumed": since_resumed,
            "clocks_apart": _CLOCKS_APART // timedelta(microseconds=1),
        }
        row = await self._database.read(
            lambda d: connection_of(d).execute(_COUNTS, values).fetchone()
        )
        return ReplyCounts(*row)

    async def contacted(self, task_id: int) -> int:
        """Return how many people a task has contacted since the user last set it going."""
        query = f"SELECT count(*) {_CONTACTED}"
        values = {"task": task_id, "since_resumed": True}
        row = await self._database.read(
            lambda d: connection_of(d).execute(query, values).fetchone()
        )
        return int(row[0])

    async def patterns(self) -> Sequence[str]:
        """Return the user's own patterns, in order."""
        query = "SELECT pattern FROM opt_out_patterns ORDER BY pattern"
        rows = await self._database.read(lambda d: connection_of(d).execute(query).fetchall())
        return [pattern for (pattern,) in rows]

    async def keep_patterns(self, patterns: Sequence[str]) -> None:
        """Replace the user's own patterns."""
        await self._database.write(lambda d: _keep_patterns(connection_of(d), patterns))


def _state(connection: sqlite3.Connection, account_id: int) -> UpdateState | None:
    row = connection.execute(
        "SELECT pts, qts, date FROM update_states WHERE account_id = ?", (account_id,)
    ).fetchone()
    return None if row is None else UpdateState(row[0], row[1], from_stamp(row[2]))


def _keep(
    connection: sqlite3.Connection,
    account_id: int,
    state: UpdateState,
    replies: Sequence[HeardReply],
    at: datetime,
) -> int:
    opted_out = sum(_keep_one(connection, account_id, reply, at) for reply in replies)
    connection.execute(
        "INSERT OR REPLACE INTO update_states VALUES (?, ?, ?, ?)",
        (account_id, state.pts, state.qts, to_stamp(state.date)),
    )
    return opted_out


def _keep_one(
    connection: sqlite3.Connection, account_id: int, reply: HeardReply, at: datetime
) -> bool:
    """Return whether somebody opted out by it who had not before."""
    people = [row[0] for row in connection.execute(_PEOPLE, {"user": reply.user_id})]
    for person_id in people:
        connection.execute(
            "INSERT INTO replies (account_id, message_id, person_id, at, opt_out) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET opt_out = excluded.opt_out "
            "WHERE opt_out = ''",
            (account_id, reply.message_id, person_id, to_stamp(reply.at), reply.opt_out),
        )
    if not reply.opt_out:
        return False
    before = _last_entry(connection)
    new = NewOptOuts(OPT_OUT_REASON, at, OptOutSource.MESSAGE)
    for person_id in people:
        opt_out_person(connection, person_id, new)
    opt_out_all(connection, [PersonKeys(telegram_id=reply.user_id)], new)
    return _last_entry(connection) > before


def _last_entry(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM do_not_contact").fetchone()[0])


def _keep_patterns(connection: sqlite3.Connection, patterns: Sequence[str]) -> None:
    connection.execute("DELETE FROM opt_out_patterns")
    connection.executemany(
        "INSERT OR IGNORE INTO opt_out_patterns VALUES (?)", [(pattern,) for pattern in patterns]
    )
