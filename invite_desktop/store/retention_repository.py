"""Who stayed: the looks that are due, and what they showed.

Only the next look at each person is stored; the schema adds the one after when it is kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.retention import RETENTION, RetentionCount
from invite_desktop.engine.ports.retention import DueLook
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.retention import LookResult
    from invite_desktop.store.database import Database

_T = TypeVar("_T")

_DUE_TASKS = """
    SELECT t.task_id FROM retention_looks r JOIN targets t ON t.id = r.target_id
    JOIN tasks k ON k.id = t.task_id AND k.deleted_at IS NULL
    WHERE r.looked_at IS NULL AND r.due_at <= ?
    GROUP BY t.task_id ORDER BY min(r.due_at)
"""

_NEXT = """
    SELECT r.due_at FROM retention_looks r JOIN targets t ON t.id = r.target_id
    JOIN tasks k ON k.id = t.task_id AND k.deleted_at IS NULL
    WHERE r.looked_at IS NULL ORDER BY r.due_at LIMIT 1
"""

_DUE = """
    SELECT r.target_id, r.days, r.due_at, p.account_id, p.user_id, p.access_hash
    FROM retention_looks r JOIN targets t ON t.id = r.target_id
    LEFT JOIN peers p ON p.person_id = t.person_id
    WHERE t.task_id = ? AND r.looked_at IS NULL AND r.due_at <= ?
    ORDER BY r.due_at, r.target_id, p.account_id
"""

_COUNTS = """
    SELECT r.days, sum(r.stay = 'stayed'), sum(r.stay = 'left'), sum(r.stay = 'unknown'), count(*)
    FROM retention_looks r JOIN targets t ON t.id = r.target_id
    WHERE (:task IS NULL OR t.task_id = :task) AND t.state = 'joined' GROUP BY r.days
"""


class RetentionRepository:
    """The port RetentionStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_due(self) -> datetime | None:
        """Return when the next look is due, None when none is."""
        row = await self._read(lambda c: c.execute(_NEXT).fetchone())
        return from_stamp(row[0]) if row else None

    async def due_tasks(self, now: datetime) -> Sequence[int]:
        """Return the tasks of which looks are due, the longest waiting first."""
        stamp = to_stamp(now)
        return await self._read(lambda c: [i for (i,) in c.execute(_DUE_TASKS, (stamp,))])

    async def due(self, task_id: int, now: datetime) -> Sequence[DueLook]:
        """Return the looks of a task that are due, the longest waiting first."""
        return await self._read(lambda c: _due(c, task_id, to_stamp(now)))

    async def keep(self, results: Sequence[LookResult], at: datetime) -> None:
        """Keep what looks showed; each one is kept once."""
        in_order = sorted(results, key=lambda result: result.days)
        rows = [(to_stamp(at), r.stay.value, r.target_id, r.days) for r in in_order]
        await self._database.write(
            lambda database: connection_of(database).executemany(
                "UPDATE retention_looks SET looked_at = ?, stay = ? "
                "WHERE target_id = ? AND days = ? AND looked_at IS NULL",
                rows,
            )
        )

    async def counts(self, task_id: int | None) -> Sequence[RetentionCount]:
        """Return the counts of one task or (None) of all, the fewest days first."""
        rows = await self._read(lambda c: c.execute(_COUNTS, {"task": task_id}).fetchall())
        looks = {days: (stayed, left, unknown) for days, stayed, left, unknown, _ in rows}
        # Everybody has a first look; the later ones are not all stored yet.
        people = next((count for days, *_, count in rows if days == min(RETENTION)), 0)
        return [_count(days, people, *looks.get(days, (0, 0, 0))) for days in RETENTION]

    async def _read(self, ask: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: ask(connection_of(database)))


def _count(days: int, people: int, stayed: int, left: int, unknown: int) -> RetentionCount:
    return RetentionCount(days, stayed, left, unknown, people - stayed - left - unknown)


def _due(connection: sqlite3.Connection, task_id: int, stamp: int) -> list[DueLook]:
    found: dict[tuple[int, int], DueLook] = {}
    for target_id, days, due_at, account_id, user_id, access_hash in connection.execute(
        _DUE, (task_id, stamp)
    ):
        look = found.get((target_id, days))
        peers = dict(look.peers) if look else {}
        if account_id is not None:
            peers[account_id] = UserPeer(user_id, access_hash)
        look = DueLook(target_id, days, from_stamp(due_at), peers)
        found |= {(target_id, each.days): each for each in _with_later(look, from_stamp(stamp))}
    return list(found.values())


def _with_later(look: DueLook, now: datetime) -> list[DueLook]:
    """Return a look, and those after it whose day has come as well."""
    at = {days: look.due_at + timedelta(days=days - look.days) for days in RETENTION}
    later = [days for days in RETENTION if days > look.days and at[days] <= now]
    return [look, *(replace(look, days=days, due_at=at[days]) for days in later)]
