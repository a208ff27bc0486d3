"""The invite links of tasks, and who came by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.engine.ports.links import LinkCounts, TaskLink
from invite_desktop.store.mapping import from_stamp, to_stamp
from invite_desktop.store.people_met import people_of, person_of
from invite_desktop.store.reach_queries import only_by_link
from invite_desktop.store.rows import connection_of, fetch_sql
from invite_desktop.store.target_queries import targets_by_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.ports.links import LinkWish, NewLink
    from invite_desktop.engine.ports.telegram import Joiner, JoinersPage, TelegramPerson
    from invite_desktop.store.database import Database
    from invite_desktop.store.rows import Row

_T = TypeVar("_T")

_CURRENT = """
    SELECT l.* FROM invite_links l JOIN tasks k ON k.id = l.task_id
    WHERE l.revoked_at IS NULL AND k.deleted_at IS NULL
"""

# Whoever came is looked for among the task's people as she was known then, and by her Telegram id.
_COUNTS = """
    SELECT count(DISTINCT j.user_id), count(DISTINCT iif(EXISTS (
        SELECT 1 FROM targets t WHERE t.task_id = l.task_id AND t.person_id IN (
            SELECT j.person_id
            UNION ALL SELECT m.person_id FROM merged_people m WHERE m.old_id = j.person_id
            UNION ALL SELECT p.id FROM people p WHERE p.telegram_id = j.user_id
            UNION ALL SELECT r.person_id FROM peers r WHERE r.user_id = j.user_id
        )
    ), j.user_id, NULL))
    FROM invite_links l JOIN link_joins j ON j.link_id = l.id WHERE l.task_id = ?
"""


class LinkRepository:
    """The port LinkStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, new: NewLink) -> TaskLink:
        """Store a task's link; when it has one already, that one stays and is returned."""
        return await self._write(lambda c: _keep(c, new))

    async def of_task(self, task_id: int) -> TaskLink | None:
        """Return a task's link, None while it has none."""
        return await self._read(lambda c: _of_task(c, task_id))

    async def all(self) -> Sequence[TaskLink]:
        """Return every link that was not revoked, the oldest first."""
        return await self._read(
            lambda c: [_to_link(row) for row in fetch_sql(c, f"{_CURRENT} ORDER BY l.id")]
        )

    async def revoke(self, link_id: int, at: datetime) -> None:
        """Note that a link leads nowhere any more; who came by it stays counted."""
        await self._change(link_id, "revoked_at", to_stamp(at))

    async def let_listed_in(self, link_id: int, *, wanted: bool) -> None:
        """Remember whether people of the task are let in without a click."""
        await self._change(link_id, "lets_listed_in", int(wanted))

    async def keep_joiners(self, link_id: int, page: JoinersPage, at: datetime) -> int:
        """Keep a part of the list of those who came, and where to go on, in one transaction."""
        return await self._write(lambda c: _keep_joiners(c, link_id, page, at))

    async def listed(self, task_id: int, people: Sequence[TelegramPerson]) -> frozenset[int]:
        """Return the ids of those people whom a task names, by any of their keys."""
        return await self._read(
            lambda c: frozenset(p.peer.user_id for p in people if _is_listed(c, task_id, p))
        )

    async def only_by_link(self, wish: LinkWish) -> Sequence[tuple[int, int]]:
        """Return target and person of everybody whom only the link reaches, in order."""
        return await self._read(lambda c: only_by_link(c, wish))

    async def targets(self, target_ids: Sequence[int]) -> Sequence[Target]:
        """Return targets in the order of their places; who is gone is left out."""
        return await self._read(lambda c: targets_by_id(c, target_ids))

    async def note_letters(self, task_id: int, audience_id: int) -> None:
        """Remember that an audience was made to send its people the link of a task."""
        await self._write(
            lambda c: c.execute("INSERT INTO link_letters VALUES (?, ?)", (audience_id, task_id))
        )

    async def counts(self, task_id: int) -> LinkCounts:
        """Return how many people came by a task's links, revoked ones too."""
        return await self._read(lambda c: LinkCounts(*c.execute(_COUNTS, (task_id,)).fetchone()))

    async def _change(self, link_id: int, column: str, value: int) -> None:
        query = f"UPDATE invite_links SET {column} = ? WHERE id = ?"  # noqa: S608 - our own columns
        await self._write(lambda c: c.execute(query, (value, link_id)))

    async def _read(self, ask: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: ask(connection_of(database)))

    async def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.write(lambda database: work(connection_of(database)))


def _keep(connection: sqlite3.Connection, new: NewLink) -> TaskLink:
    connection.execute(
        """
        INSERT OR IGNORE INTO invite_links (task_id, address, account_id, by_request, made_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        (new.task_id, new.address, new.account_id, new.by_request, to_stamp(new.at)),
    )
    kept = _of_task(connection, new.task_id)
    if kept is None:
        raise KeyError(new.task_id)
    return kept


def _of_task(connection: sqlite3.Connection, task_id: int) -> TaskLink | None:
    rows = fetch_sql(
        connection,
        "SELECT * FROM invite_links WHERE task_id = ? AND revoked_at IS NULL",
        (task_id,),
    )
    return _to_link(rows[0]) if rows else None


def _keep_joiners(
    connection: sqlite3.Connection, link_id: int, page: JoinersPage, at: datetime
) -> int:
    was_whole = connection.execute(
        "SELECT read_at IS NOT NULL FROM invite_links WHERE id = ?", (link_id,)
    ).fetchone()[0]
    known = sum(_is_known(connection, link_id, joiner) for joiner in page.joiners)
    before = _count(connection, link_id)
    connection.executemany(
        """
        INSERT INTO link_joins (link_id, user_id, joined_at, person_id) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET joined_at = excluded.joined_at,
            person_id = coalesce(excluded.person_id, person_id)
        """,
        [
            (
                link_id,
                joiner.person.peer.user_id,
                to_stamp(joiner.at),
                person_of(connection, joiner.person),
            )
            for joiner in page.joiners
        ],
    )
    following = None if was_whole and known else page.next_page
    connection.execute(
        "UPDATE invite_links SET next_page = ?, read_at = iif(?, read_at, ?) WHERE id = ?",
        (following or "", following is not None, to_stamp(at), link_id),
    )
    return _count(connection, link_id) - before


def _is_known(connection: sqlite3.Connection, link_id: int, joiner: Joiner) -> bool:
    """Return whether this very joining is kept: who left and came again stands higher now."""
    row = connection.execute(
        "SELECT 1 FROM link_joins WHERE link_id = ? AND user_id = ? AND joined_at = ?",
        (link_id, joiner.person.peer.user_id, to_stamp(joiner.at)),
    )
    return row.fetchone() is not None


def _is_listed(connection: sqlite3.Connection, task_id: int, met: TelegramPerson) -> bool:
    query = "SELECT 1 FROM targets WHERE task_id = ? AND person_id = ?"
    return any(
        connection.execute(query, (task_id, person_id)).fetchone()
        for person_id in people_of(connection, met)
    )


def _count(connection: sqlite3.Connection, link_id: int) -> int:
    row = connection.execute("SELECT count(*) FROM link_joins WHERE link_id = ?", (link_id,))
    return int(row.fetchone()[0])


def _to_link(row: Row) -> TaskLink:
    return TaskLink(
        id=row["id"],
        task_id=row["task_id"],
        address=row["address"],
        account_id=row["account_id"],
        by_request=bool(row["by_request"]),
        lets_listed_in=bool(row["lets_listed_in"]),
        made_at=from_stamp(row["made_at"]),
        read_at=from_stamp(row["read_at"]) if row["read_at"] is not None else None,
        next_page=row["next_page"],
    )
