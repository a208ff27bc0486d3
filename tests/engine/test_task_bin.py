"""Deleting, restoring, renaming and copying tasks, and wishes for several of them."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.schedule import Schedule, WorkingHours
from invite_desktop.domain.tasks import Priority, TaskKind, TaskReason, TaskStatus
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.task_bin import KEPT_FOR
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

C = OutcomeCode


async def ready_task(house: House, people: int = 3) -> tuple[InviteTask, Account]:
    account = await house.add_account()
    return await house.invite_task(house.add_chat(account), house.people(people)), account


async def ids(house: House) -> list[int]:
    return [view.task.id for view in await house.engine.tasks.views()]


async def test_deleting_a_running_task_stops_it_before_its_next_action(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    deleted = await house.engine.bin.delete(task.id)
    held.release()
    await house.clock.sleep_until(house.clock.now() + timedelta(days=1))
    assert (deleted.status, deleted.situation.reason) == (TaskStatus.PAUSED, TaskReason.BY_USER)
    assert await ids(house) == []
    assert await house.states(task) == [TargetState.JOINED, *[TargetState.PENDING] * 2]
    assert [a.outcome for a in await house.attempts(Action.INVITE)] == [C.INVITED]


async def test_a_restored_task_goes_on_where_it_was(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.bin.delete(task.id)
    held.release()
    await settle()
    assert (await house.engine.bin.restore(task.id)).status is TaskStatus.PAUSED
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert len(house.telegram.invitations) == 3


@pytest.mark.parametrize("move", ["start", "pause", "resume", "cancel", "retry"])
async def test_a_deleted_task_does_nothing(house: House, move: str):
    task, _ = await ready_task(house)
    await house.engine.bin.delete(task.id)
    with pytest.raises(KnownError, match="in the bin"):
        await getattr(house.engine.tasks, move)(task.id)


async def test_a_task_that_is_deleted_while_it_starts_does_not_run(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("see_chat")
    starting = asyncio.create_task(house.engine.tasks.start(task.id))
    await held.reached()
    await house.engine.bin.delete(task.id)
    held.release()
    with pytest.raises(KnownError, match="in the bin"):
        await starting
    await house.clock.sleep_until(house.clock.now() + timedelta(days=1))
    assert house.telegram.invitations == []


async def test_a_deleted_task_does_not_start_by_itself_and_asks_when_it_comes_back(house: House):
    task, _ = await ready_task(house)
    start = house.clock.now() + timedelta(hours=2)
    await house.engine.tasks.change_schedule(task.id, Schedule(start))
    await house.engine.bin.delete(task.id)
    await house.clock.sleep_until(start + timedelta(days=1))
    assert house.telegram.invitations == []
    await house.engine.bin.restore(task.id)
    await house.clock.sleep_until(house.clock.now() + timedelta(seconds=1))
    assert (await house.situation(task)).reason is TaskReason.START_MISSED


async def test_the_bin_empties_itself_after_thirty_days(house: House):
    task, _ = await ready_task(house)
    await house.engine.bin.delete(task.id)
    await house.clock.sleep_until(house.clock.now() + KEPT_FOR - timedelta(minutes=1))
    assert [kept.id for kept in await house.engine.bin.contents()] == [task.id]
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=2))
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=1))
    assert await house.engine.bin.contents() == []
    assert await house.states(task) == []


async def test_the_bin_is_emptied_by_hand(house: House):
    task, _ = await ready_task(house)
    await house.engine.bin.delete(task.id)
    await house.engine.bin.purge([task.id])
    assert await house.engine.bin.contents() == []
    with pytest.raises(KnownError, match="no longer in the bin"):
        await house.engine.bin.restore(task.id)


async def test_an_emptied_bin_still_knows_whom_it_contacted(house: House):
    account = await house.add_account()
    chat, people = house.add_chat(account), house.people(3)
    task = await house.invite_task(chat, people)
    await house.run(task)
    await house.engine.bin.delete(task.id)
    await house.engine.bin.purge([task.id])
    with pytest.raises(KnownError, match="Nobody in this audience"):
        await house.invite_task(chat, people)
    assert (await house.engine.statistics.overview()).counters.joined == 3


async def test_a_call_in_doubt_is_settled_in_a_deleted_task(house: House):
    task, account = await ready_task(house, people=1)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.bin.delete(task.id)
    await house.crash()
    await house.open()
    await settle(300)
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=1))
    assert await house.ports.ledger.unsettled() == []
    assert await ids(house) == []


async def test_a_task_is_renamed_while_it_runs(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    assert (await house.engine.tasks.rename(task.id, " Весна ")).name == "Весна"
    assert (await house.engine.accounts.view(account.id)).busy_with == "Весна"
    held.release()
    await house.idle(task)
    with pytest.raises(KnownError, match="needs a name"):
        await house.engine.tasks.rename(task.id, "  ")


async def test_a_copy_is_the_same_task_for_those_who_can_still_be_contacted(house: House):
    task, _ = await ready_task(house)
    hours = WorkingHours(frozenset({0, 1}), time(9), time(18), "Europe/Moscow")
    await house.engine.tasks.change_schedule(
        task.id, Schedule(house.clock.now() + timedelta(days=2), hours)
    )
    await house.engine.tasks.change_priority(task.id, Priority.HIGH)
    copy = await house.engine.copies.whole(task.id)
    assert (copy.chat, copy.kind, copy.priority) == (task.chat, task.kind, Priority.HIGH)
    assert (copy.schedule, copy.audience_id) == (Schedule(hours=hours), task.audience_id)
    assert (copy.name, copy.status) == (f"{task.name}, a copy", TaskStatus.READY)
    assert (await house.engine.tasks.view(copy.id)).counters.total == 3


async def test_a_copy_of_messages_has_the_same_text_with_one_line_on_how_to_stop(house: House):
    await house.add_account()
    task = await house.message_task(house.people(2))
    copy = await house.engine.copies.whole(task.id)
    assert (copy.kind, copy.text) == (TaskKind.MESSAGE, task.text)


async def test_a_copy_for_nobody_is_refused(house: House):
    task, _ = await ready_task(house)
    await house.run(task)
    with pytest.raises(KnownError, match="Nobody in this audience"):
        await house.engine.copies.whole(task.id)
    assert await ids(house) == [task.id]


async def test_those_with_whom_it_failed_keep_the_basis_of_their_deleted_audience(house: House):
    account = await house.add_account()
    refused = house.people(1, on_invite=C.ADD_FAILED)
    task = await house.invite_task(house.add_chat(account), refused)
    await house.run(task)
    await house.engine.audiences.delete(task.audience_id)
    copy = await house.engine.copies.failed_only(task.id)
    made = await house.ports.audiences.audience(copy.audience_id)
    assert made.basis is Basis.CUSTOMERS
    assert await house.engine.tasks.retry(task.id) == 1
    assert (await house.run(task)).status is TaskStatus.COMPLETED


async def test_only_those_with_whom_it_failed_come_into_the_new_task(house: House):
    account = await house.add_account()
    people = house.people(3)
    missing = PersonRow(9, PersonKeys("nobody_here_x"))
    task = await house.invite_task(house.add_chat(account), [*people, missing])
    await house.run(task)
    copy = await house.engine.copies.failed_only(task.id)
    assert [t.person.keys.username for t in await house.targets(copy)] == ["nobody_here_x"]
    assert copy.name == f"{task.name}: failed"
    names = [audience.name for audience in await house.engine.audiences.all()]
    assert names[0] == copy.name


async def test_without_a_failure_there_is_no_task_for_failures(house: House):
    task, _ = await ready_task(house)
    with pytest.raises(KnownError, match="nobody in this task"):
        await house.engine.copies.failed_only(task.id)
    assert len(await house.engine.audiences.all()) == 1


async def test_a_refused_task_for_failures_leaves_no_audience_behind(house: House):
    task, account = await ready_task(house)
    await house.ports.gateway.open(account.id)
    house.messenger(account).script("invite", Outcome(C.ADD_FAILED))
    await house.run(task)
    failed = next(t for t in await house.targets(task) if t.state is TargetState.FAILED)
    await house.engine.do_not_contact.add_person(failed.person.id, "said no")
    with pytest.raises(KnownError, match="Nobody in this audience"):
        await house.engine.copies.failed_only(task.id)
    assert len(await house.engine.audiences.all()) == 1


async def test_a_wish_for_several_is_done_where_it_is_possible(house: House):
    task, account = await ready_task(house)
    other = await house.invite_task(house.add_chat(account, title="Chess"), house.people(1, "p"))
    await house.run(task)
    result = await house.engine.bulk.each([task.id, other.id], house.engine.tasks.cancel)
    assert list(result.done) == [other.id]
    assert [refusal.task.id for refusal in result.refusals] == [task.id]
    assert task.name == "Invitations to “Football”"
    said = "“Invitations to ‘Football’”: The task is already finished."
    assert str(result.refusal) == said


async def test_the_same_refusal_of_several_is_told_once(house: House):
    task, account = await ready_task(house)
    other = await house.invite_task(house.add_chat(account, title="Chess"), house.people(1, "p"))
    result = await house.engine.bulk.each([task.id, other.id], house.engine.tasks.pause)
    assert result.done == []
    assert str(result.refusal) == (
        "Not done for 2 tasks. Only a running or waiting task can be paused."
    )


async def test_one_refusal_of_one_task_is_told_as_it_is(house: House):
    task, _ = await ready_task(house)
    result = await house.engine.bulk.each([task.id], house.engine.tasks.pause)
    assert str(result.refusal) == "Only a running or waiting task can be paused."


async def test_without_refusals_there_is_nothing_to_tell(house: House):
    task, _ = await ready_task(house)
    result = await house.engine.bulk.each([task.id], house.engine.bin.delete)
    assert result.refusal is None


async def test_many_different_refusals_are_told_shortly(house: House):
    account = await house.add_account()
    made = [
        await house.invite_task(
            house.add_chat(account, title=f"Club {n}"), house.people(1, f"n{n}")
        )
        for n in range(5)
    ]
    await house.engine.bin.delete(made[0].id)
    result = await house.engine.bulk.each([task.id for task in made], house.engine.tasks.resume)
    lines = str(result.refusal).split("\n")
    assert len(lines) == 4
    assert lines[-1] == "And 2 tasks more."
