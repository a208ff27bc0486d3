"""Tasks with their targets and kept counters."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import RULES, TargetState
from invite_desktop.domain.statistics import Counters
from invite_desktop.store import task_bin
from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.long_work import LongWork
from invite_desktop.store.mapping import from_schedule, to_json, to_task
from invite_desktop.store.models import TaskRow
from invite_desktop.store.prospect_queries import prospects
from invite_desktop.store.rows import connection_of, fetch
from invite_desktop.store.target_moves import Move, allow_repetition, kept_counters, move_targets
from invite_desktop.store.target_queries import (
    addressed,
    count_wanted,
    ended_since,
    ends_by_account,
    one_target,
    page,
    page_after,
    pending_by_key,
)
from invite_desktop.store.task_creation import create_task
from invite_desktop.store.task_journal import change_situation, journal_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.people import KeyKind
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.tasks import (
        ChatRef,
        InviteTask,
        JournalEntry,
        NewTask,
        Priority,
        TaskSituation,
        TaskStatus,
    )
    from invite_desktop.engine.ports.ledger import AddressedTarget, Prospect, Target
    from invite_desktop.engine.ports.stores import TargetFilter
    from invite_desktop.store.database import Database


class TaskRepository:
    """The port TaskStore on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._long_work = LongWork()
        self._hidden: set[int] = set()

    def close(self) -> None:
        """Let the making of a big task stop. Blocks."""
        self._long_work.close()

    async def create(self, new: NewTask, name: str, at: datetime) -> InviteTask:
        """Store a ready task and its targets, all or nothing.

        Raises KnownError when not one person of the audience can be used.
        """
        long_work = self._long_work
        try:
            task_id = await long_work.run(
                lambda: create_task(
                    self._database, new, name, at, self._hidden, lambda: long_work.closing
                )
            )
        except AbandonedError:
            raise asyncio.CancelledError from None
        return await self.task(task_id)

    async def tasks(self) -> Sequence[InviteTask]:
        """Return all tasks but the deleted ones, newest first."""
        query = TaskRow.select().where(TaskRow.deleted_at.is_null()).order_by(TaskRow.id.desc())
        rows = await self._database.read(lambda database: fetch(database, query))
        return [to_task(row) for row in rows]

    async def task(self, task_id: int) -> InviteTask:
        """Return one task, a deleted one too. Raises KeyError when there is none."""
        return await self._database.read(lambda database: _task(database, task_id))

    async def change_situation(
        self, task_id: int, before: TaskStatus, after: TaskSituation, at: datetime
    ) -> InviteTask | None:
        """Change the situation if the status still is ``before``; None when somebody was faster.

        None for a deleted task, too.
        """
        return await self._database.write(
            lambda database: _change_situation(database, task_id, before, after, at)
        )

    async def keep_chat(self, task_id: int, chat: ChatRef) -> InviteTask:
        """Store how the chat of a task is called and reached now. Raises KeyError."""
        return await self._update(task_id, **_from_chat(chat))

    async def follow_chat(self, basic_group: int, became: ChatRef) -> None:
        """Let every task of a basic group that has become a supergroup be one of that."""
        query = TaskRow.update(**_from_chat(became)).where(
            TaskRow.chat_id == basic_group, TaskRow.chat_kind == ChatKind.BASIC_GROUP.value
        )
        await self._database.write(query.execute)

    async def change_schedule(self, task_id: int, schedule: Schedule) -> InviteTask:
        """Store another schedule of a task."""
        return await self._update(task_id, **from_schedule(schedule))

    async def change_priority(self, task_id: int, priority: Priority) -> InviteTask:
        """Store another priority of a task."""
        return await self._update(task_id, priority=int(priority))

    async def rename(self, task_id: int, name: str) -> InviteTask:
        """Store another name of a task. Raises KeyError."""
        return await self._update(task_id, name=name)

    async def delete(self, task_id: int, at: datetime) -> InviteTask | None:
        """Move a task into the bin; None while it is active. Raises KeyError."""

        def work(database: SqliteDatabase) -> InviteTask | None:
            gone = task_bin.delete_task(connection_of(database), task_id, at)
            return _task(database, task_id) if gone else None

        return await self._database.write(work)

    async def restore(self, task_id: int) -> InviteTask:
        """Take a task out of the bin. Raises KeyError when it is not there (any more)."""

        def work(database: SqliteDatabase) -> InviteTask:
            task_bin.restore_task(connection_of(database), task_id)
            return _task(database, task_id)

        return await self._database.write(work)

    async def deleted_tasks(self) -> Sequence[InviteTask]:
        """Return the tasks in the bin, the last deleted first."""
        return await self._database.read(
            lambda database: task_bin.deleted_tasks(connection_of(database))
        )

    async def purge(self, task_id: int, at: datetime) -> None:
        """Take a task out of the bin for good; what was done for people stays. Raises KeyError."""
        await self._database.write(
            lambda database: task_bin.purge_task(connection_of(database), task_id, at)
        )

    async def forget_untried(self, limit: int) -> int:
        """Forget so many targets of purged tasks that nothing was tried with; return how many."""
        return await self._database.write(
            lambda database: task_bin.forget_untried(connection_of(database), limit, self._hidden)
        )

    async def journal(self, task_id: int, offset: int, limit: int) -> Sequence[JournalEntry]:
        """Return a page of a task's journal, newest first."""
        return await self._database.read(
            lambda database: journal_page(connection_of(database), task_id, offset, limit)
        )

    async def counters(self, task_id: int) -> Counters:
        """Return the kept counters of a task."""
        return (await self._counters(task_id)).get(task_id, Counters({}))

    async def all_counters(self) -> Mapping[int, Counters]:
        """Return the kept counters of every task, by task id; of the deleted ones, too."""
        return await self._counters(None)

    async def counters_by_audience(self) -> Mapping[int, Counters]:
        """Return the kept counters of all tasks, deleted ones too, by the audience they are for."""
        return await self._database.read(_by_audience)

    async def recount(self, task_id: int) -> Counters:
        """Count the targets anew, to compare with the kept counters."""
        return await self._database.read(lambda database: _recount(database, task_id))

    async def targets(
        self, task_id: int, wanted: TargetFilter, offset: int, limit: int
    ) -> Sequence[Target]:
        """Return a page of a task's targets, in order."""
        return await self._database.read(
            lambda database: page(connection_of(database), task_id, wanted, offset, limit)
        )

    async def targets_after(self, task_id: int, position: int, limit: int) -> Sequence[Target]:
        """Return a task's targets behind a position, in order; for walking through all of them."""
        return await self._database.read(
            lambda database: page_after(connection_of(database), task_id, position, limit)
        )

    async def count_targets(self, task_id: int, wanted: TargetFilter) -> int:
        """Return how many targets of a task are wanted."""
        return await self._database.read_if_wanted(
            lambda database: count_wanted(connection_of(database), task_id, wanted)
        )

    async def pending_by_key(self, task_id: int) -> Mapping[KeyKind, int]:
        """Return how many pending targets are known best by username, by phone, by id only.

        Whom an account has met needs no key, and does not count.
        """
        return await self._database.read_if_wanted(
            lambda database: pending_by_key(connection_of(database), task_id)
        )

    async def target(self, target_id: int) -> Target:
        """Return one target. Raises KeyError when there is none."""
        return await self._database.read(
            lambda database: one_target(connection_of(database), target_id)
        )

    async def reopen_retryable(self, task_id: int, at: datetime) -> int:
        """Put the targets whose outcome may be retried back to pending; return how many.

        The wish allows one more call for people whose last one ended in doubt.
        """
        return await self._database.write(
            lambda database: _reopen(connection_of(database), task_id, at)
        )

    async def ends_by_account(self, task_id: int) -> Mapping[int, int]:
        """Return how many targets of a task each account brought to an end, by account id."""
        return await self._database.read(lambda database: ends_by_account(database, task_id))

    async def prospects(
        self, task_id: int, accounts: Sequence[int], after: int, limit: int
    ) -> Sequence[Prospect]:
        """Return pending targets behind a position, in order, with their fate with accounts."""
        return await self._database.read(
            lambda database: prospects(connection_of(database), task_id, accounts, after, limit)
        )

    async def addressed(self, task_id: int) -> Sequence[AddressedTarget]:
        """Return the targets somebody acted for and could address, to compare with Telegram."""
        return await self._database.read(lambda database: addressed(database, task_id))

    async def ended_since(self, task_id: int, since: datetime) -> int:
        """Return how many targets of a task have come to their end from a moment on."""
        return await self._database.read(lambda database: ended_since(database, task_id, since))

    async def _update(self, task_id: int, **columns: object) -> InviteTask:
        query = TaskRow.update(**columns).where(TaskRow.id == task_id)

        def work(database: SqliteDatabase) -> InviteTask:
            query.execute(database)
            return _task(database, task_id)

        return await self._database.write(work)

    async def _counters(self, task_id: int | None) -> dict[int, Counters]:
        return await self._database.read(lambda database: _kept(database, task_id))


def _task(database: SqliteDatabase, task_id: int) -> InviteTask:
    rows = fetch(database, TaskRow.select().where(TaskRow.id == task_id))
    if not rows:
        raise KeyError(task_id)
    return to_task(rows[0])


def _change_situation(
    database: SqliteDatabase, task_id: int, before: TaskStatus, after: TaskSituation, at: datetime
) -> InviteTask | None:
    task = _task(database, task_id)
    if task.status is not before or task.deleted_at is not None:
        return None
    change_situation(connection_of(database), task, after, at)
    return _task(database, task_id)


def _kept(database: SqliteDatabase, task_id: int | None) -> dict[int, Counters]:
    rows = connection_of(database).execute(
        """
        SELECT k.id, c.state, c.outcome, c.count
        FROM tasks k LEFT JOIN task_counters c ON c.task_id = k.id
        WHERE ? IS NULL OR k.id = ?
        """,
        (task_id, task_id),
    )
    by_task: dict[int, list[tuple[str, str | None, int]]] = {}
    for task, state, outcome, count in rows:
        kept = by_task.setdefault(task, [])
        if count:
            kept.append((state, outcome, count))
    return {task: kept_counters(kept) for task, kept in by_task.items()}


def _by_audience(database: SqliteDatabase) -> dict[int, Counters]:
    rows = connection_of(database).execute(
        """
        SELECT k.audience_id, c.state, c.outcome, sum(c.count)
        FROM task_counters c JOIN tasks k ON k.id = c.task_id
        WHERE c.count > 0 GROUP BY k.audience_id, c.state, c.outcome
        """
    )
    by_audience: dict[int, list[tuple[str, str | None, int]]] = {}
    for audience, state, outcome, count in rows:
        by_audience.setdefault(audience, []).append((state, outcome, count))
    return {audience: kept_counters(kept) for audience, kept in by_audience.items()}


def _recount(database: SqliteDatabase, task_id: int) -> Counters:
    return kept_counters(
        connection_of(database).execute(
            "SELECT state, outcome, count(*) FROM targets WHERE task_id = ? "
            "GROUP BY state, outcome",
            (task_id,),
        )
    )


def _reopen(connection: sqlite3.Connection, task_id: int, at: datetime) -> int:
    retryable = to_json([code.value for code, rule in RULES.items() if rule.retryable])
    found = connection.execute(
        """
        SELECT id FROM targets
        WHERE task_id = ? AND state NOT IN ('pending', 'in_work')
            AND outcome IN (SELECT value FROM json_each(?))
        """,
        (task_id, retryable),
    )
    ids = [target_id for (target_id,) in found]
    allow_repetition(connection, ids)
    move_targets(connection, ids, Move(TargetState.PENDING, at))
    return len(ids)


def _from_chat(chat: ChatRef) -> dict[str, object]:
    return {
        "chat_id": chat.chat_id,
        "chat_title": chat.title,
        "chat_kind": chat.kind.value,
        "chat_address": str(chat.address),
    }
