"""Deleted tasks in the store."""

from __future__ import annotations

import pytest

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskSituation, TaskStatus
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.stores import AudienceUse, TargetFilter
from tests.store.setting import Desk, invite_task, later, select

RUNNING = TaskSituation(TaskStatus.RUNNING)
PAUSED = TaskSituation(TaskStatus.PAUSED, TaskReason.BY_USER)


async def situate(desk: Desk, before: TaskStatus, after: TaskSituation) -> bool:
    tasks = desk.store.tasks
    return await tasks.change_situation(desk.task_id, before, after, later()) is not None


async def test_a_deleted_task_is_in_the_bin_and_not_in_the_list(desk: Desk):
    deleted = await desk.store.tasks.delete(desk.task_id, later(hours=1))
    assert deleted is not None
    assert deleted.deleted_at == later(hours=1)
    assert await desk.store.tasks.tasks() == []
    assert await desk.store.tasks.deleted_tasks() == [deleted]
    assert await desk.store.tasks.task(desk.task_id) == deleted


async def test_a_restored_task_is_as_it_was(desk: Desk):
    before = await desk.store.tasks.task(desk.task_id)
    await desk.store.tasks.delete(desk.task_id, later())
    assert await desk.store.tasks.restore(desk.task_id) == before
    assert await desk.store.tasks.tasks() == [before]
    assert await desk.store.tasks.deleted_tasks() == []


@pytest.mark.parametrize("active", [TaskStatus.RUNNING, TaskStatus.WAITING])
async def test_an_active_task_is_not_deleted(desk: Desk, active: TaskStatus):
    await situate(desk, TaskStatus.READY, TaskSituation(active))
    assert await desk.store.tasks.delete(desk.task_id, later()) is None
    assert [task.id for task in await desk.store.tasks.tasks()] == [desk.task_id]


async def test_deleting_again_keeps_the_first_moment(desk: Desk):
    first = await desk.store.tasks.delete(desk.task_id, later())
    assert await desk.store.tasks.delete(desk.task_id, later(days=3)) == first


async def test_a_deleted_task_does_not_change_its_state(desk: Desk):
    await desk.store.tasks.delete(desk.task_id, later())
    assert not await situate(desk, TaskStatus.READY, RUNNING)
    assert (await desk.store.tasks.task(desk.task_id)).status is TaskStatus.READY


@pytest.mark.parametrize("method", ["restore", "purge"])
async def test_only_what_is_in_the_bin_leaves_it(desk: Desk, method: str):
    values = (later(),) if method == "purge" else ()
    with pytest.raises(KeyError):
        await getattr(desk.store.tasks, method)(desk.task_id, *values)


async def test_a_purged_task_cannot_be_restored(desk: Desk):
    await desk.store.tasks.delete(desk.task_id, later())
    await desk.store.tasks.purge(desk.task_id, later())
    assert await desk.store.tasks.deleted_tasks() == []
    with pytest.raises(KeyError):
        await desk.store.tasks.restore(desk.task_id)


async def test_deleting_what_is_not_there_is_a_key_error(desk: Desk):
    with pytest.raises(KeyError):
        await desk.store.tasks.delete(99, later())


@pytest.mark.parametrize("purged", [False, True])
async def test_whom_a_deleted_task_contacted_is_not_contacted_again(desk: Desk, purged: bool):
    await desk.act(await desk.claim(), OutcomeCode.INVITED)
    await desk.act(await desk.claim(), OutcomeCode.PRIVACY)
    await desk.store.tasks.delete(desk.task_id, later())
    if purged:
        await desk.store.tasks.purge(desk.task_id, later())
        while await desk.store.tasks.forget_untried(2):
            pass
    use = await desk.store.audiences.use_of(desk.audience_id, 55)
    assert use == AudienceUse(4, already_contacted=1, refused_before=1)
    again = await invite_task(desk.store, desk.audience_id)
    counters = await desk.store.tasks.counters(again.id)
    assert counters.pending == 4
    rows = await desk.store.ledger.rows(LedgerFilter(), 0, 99)
    assert [row.task_name for row in rows] == ["Invitations"] * 2


async def test_of_a_purged_task_only_the_untried_people_are_forgotten(desk: Desk):
    await desk.act(await desk.claim(), OutcomeCode.JOINED)
    await desk.act(await desk.claim(), OutcomeCode.FLOOD_WAIT)
    await desk.store.tasks.delete(desk.task_id, later())
    assert await desk.store.tasks.forget_untried(100) == 0
    await desk.store.tasks.purge(desk.task_id, later())
    assert await desk.store.tasks.forget_untried(3) == 3
    assert await desk.store.tasks.forget_untried(3) == 1
    assert await desk.store.tasks.forget_untried(3) == 0
    left = await desk.store.tasks.targets(desk.task_id, TargetFilter(), 0, 99)
    assert [target.state for target in left] == [TargetState.JOINED, TargetState.PENDING]
    kept = await desk.store.tasks.counters(desk.task_id)
    assert kept == await desk.store.tasks.recount(desk.task_id)
    assert await select(desk.store, "PRAGMA foreign_key_check") == []


async def test_a_call_under_way_ends_in_a_deleted_task(desk: Desk):
    claim = await desk.claim()
    await desk.store.tasks.delete(desk.task_id, later())
    await desk.act(claim, OutcomeCode.JOINED)
    assert (await desk.targets())[0].state is TargetState.JOINED


async def test_a_task_gets_another_name(desk: Desk):
    assert (await desk.store.tasks.rename(desk.task_id, "Весна")).name == "Весна"
    assert (await desk.store.tasks.task(desk.task_id)).name == "Весна"


async def test_renaming_what_is_not_there_is_a_key_error(desk: Desk):
    with pytest.raises(KeyError):
        await desk.store.tasks.rename(99, "Spring")
