"""The looks are written with the joining itself, and kept once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.retention import RetentionCount, Stay
from invite_desktop.engine.ports.retention import LookResult
from invite_desktop.store.database import Database
from invite_desktop.store.migrations import m0016_retention
from invite_desktop.store.schema import MIGRATIONS
from invite_desktop.store.store import Store
from tests.store.setting import NOW, account, imported, invite_task, people

if TYPE_CHECKING:
    from pathlib import Path

JOINED = Outcome(OutcomeCode.JOINED)
DAY = timedelta(days=1)


async def joined_task(store: Store, count: int = 2) -> int:
    """Make a task whose people have all joined; return its id."""
    task = await invite_task(store, (await imported(store, people(count))).audience.id)
    anna = await account(store)
    while claim := await store.ledger.claim(task.id, anna.id, NOW):
        attempt = await store.ledger.begin(claim, Action.INVITE, NOW)
        await store.ledger.finish(attempt, Outcome(OutcomeCode.INVITED), NOW)
        await store.ledger.settle_target(claim.target_id, JOINED, NOW)
    return task.id


async def test_whoever_joined_is_due_after_each_of_the_days(store: Store):
    task_id = await joined_task(store)
    assert await store.retention.next_due() == NOW + DAY
    for days, looks in ((0.9, 0), (1, 2), (7, 4), (30, 6)):
        assert len(await store.retention.due(task_id, NOW + days * DAY)) == looks


async def test_a_look_is_kept_once(store: Store):
    task_id = await joined_task(store)
    (first, _) = await store.retention.due(task_id, NOW + DAY)
    for stay in (Stay.LEFT, Stay.STAYED):
        result = LookResult(first.target_id, first.days, stay)
        await store.retention.keep([result], NOW + DAY)
    assert (await store.retention.counts(task_id))[0] == RetentionCount(1, left=1, coming=1)


async def test_a_late_look_is_kept_for_all_days_that_have_come(store: Store):
    task_id = await joined_task(store, 1)
    due = await store.retention.due(task_id, NOW + 8 * DAY)
    assert [(look.days, look.due_at) for look in due] == [(1, NOW + DAY), (7, NOW + 7 * DAY)]
    results = [LookResult(look.target_id, look.days, Stay.STAYED) for look in reversed(due)]
    await store.retention.keep(results, NOW + 8 * DAY)
    assert await store.retention.next_due() == NOW + 30 * DAY
    assert await store.retention.counts(task_id) == [
        RetentionCount(1, stayed=1),
        RetentionCount(7, stayed=1),
        RetentionCount(30, coming=1),
    ]


async def test_a_deleted_task_is_not_due(store: Store):
    task_id = await joined_task(store)
    await store.tasks.delete(task_id, NOW)
    assert await store.retention.next_due() is None
    assert await store.retention.due_tasks(NOW + 9 * DAY) == []


async def test_who_joined_before_there_were_looks_is_due_too(path: Path):
    before = MIGRATIONS[: MIGRATIONS.index(m0016_retention.STATEMENTS)]
    Database.open(path, before).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            INSERT INTO audiences (id, name, basis, source, created_at)
            VALUES (1, 'Guests', 'team', '', 0);
            INSERT INTO people (id, username, username_key, created_at) VALUES (1, 'a', 'a', 0);
            INSERT INTO tasks (id, name, kind, audience_id, text, priority, status, created_at)
            VALUES (1, 'T', 'invite', 1, '', 1, 'completed', 0);
            INSERT INTO targets (id, task_id, person_id, position, state, outcome, random_id,
                changed_at) VALUES (1, 1, 1, 1, 'joined', 'joined', 7, 1000000);
            """
        )
    store = Store.open(path)
    counts = await store.retention.counts(1)
    store.close()
    assert [row.coming for row in counts] == [1, 1, 1]
