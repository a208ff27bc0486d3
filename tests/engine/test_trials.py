"""A task tried on one person: a real contact, once, whatever the task does later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskKind, TaskStatus

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

DONE = {TaskKind.INVITE: TargetState.JOINED, TaskKind.MESSAGE: TargetState.SENT}


async def a_task(house: House, kind: TaskKind, people: list[FakePerson]) -> InviteTask:
    account = await house.add_account()
    if kind is TaskKind.MESSAGE:
        return await house.message_task(people)
    return await house.invite_task(house.add_chat(account), people)


def times(house: House, person: FakePerson) -> int:
    return house.telegram.times_invited(person) + house.telegram.times_written_to(person)


@pytest.mark.parametrize("kind", TaskKind)
async def test_a_trial_contacts_one_person_and_the_task_leaves_her_out(
    house: House, kind: TaskKind
):
    people = house.people(3)
    task = await a_task(house, kind, people)
    second = (await house.targets(task))[1]
    trial = await house.engine.trials.of_target(task.id, second.id)
    assert (await house.engine.trials.result(trial.id)).state is DONE[kind]
    assert [times(house, person) for person in people] == [0, 1, 0]
    assert (await house.situation(task)).status is TaskStatus.READY
    await house.run(task)
    assert [times(house, person) for person in people] == [1, 1, 1]
    states = await house.states(task)
    assert states == [DONE[kind], TargetState.SKIPPED, DONE[kind]]
    assert (await house.targets(task))[1].outcome is OutcomeCode.ALREADY_INVITED
    assert await house.agrees(task)
    assert await house.agrees(trial)


@pytest.mark.parametrize("kind", TaskKind)
async def test_anybody_can_be_named_by_hand(house: House, kind: TaskKind):
    people = house.people(2)
    colleague = house.telegram.add_person("my_colleague")
    task = await a_task(house, kind, people)
    trial = await house.engine.trials.of_key(task.id, "https://t.me/my_colleague", "Olga K")
    assert (await house.engine.trials.result(trial.id)).state is DONE[kind]
    assert times(house, colleague) == 1
    assert all("Olga!" in item.text for item in house.telegram.messages)
    assert await house.states(task) == [TargetState.PENDING] * 2


@pytest.mark.parametrize("kind", TaskKind)
async def test_who_is_named_by_hand_and_stands_in_the_task_is_contacted_once(
    house: House, kind: TaskKind
):
    people = house.people(2)
    task = await a_task(house, kind, people)
    trial = await house.engine.trials.of_key(task.id, f"@{people[0].username}")
    await house.engine.trials.result(trial.id)
    await house.run(task)
    assert [times(house, person) for person in people] == [1, 1]


async def test_nobody_is_tried_twice(house: House):
    task = await a_task(house, TaskKind.INVITE, house.people(2))
    first = (await house.targets(task))[0]
    trial = await house.engine.trials.of_target(task.id, first.id)
    await house.engine.trials.result(trial.id)
    with pytest.raises(KnownError, match="had her turn"):
        await house.engine.trials.of_target(task.id, first.id)


async def test_a_trial_by_name_of_somebody_invited_before_makes_no_task(house: House):
    task = await a_task(house, TaskKind.INVITE, people := house.people(1))
    await house.run(task)
    before = (len(await house.engine.tasks.views()), len(await house.engine.audiences.all()))
    with pytest.raises(KnownError):
        await house.engine.trials.of_key(task.id, f"@{people[0].username}")
    after = (len(await house.engine.tasks.views()), len(await house.engine.audiences.all()))
    assert before == after


async def test_what_names_nobody_is_refused_in_words(house: House):
    task = await a_task(house, TaskKind.INVITE, house.people(1))
    with pytest.raises(KnownError, match="no username"):
        await house.engine.trials.of_key(task.id, "my dear colleague")


async def test_without_a_ready_account_nobody_is_taken_out_of_the_task(house: House):
    task = await a_task(house, TaskKind.MESSAGE, house.people(1))
    (account,) = await house.engine.accounts.views()
    await house.engine.accounts.switch_off(account.account.id)
    (target,) = await house.targets(task)
    with pytest.raises(KnownError, match="No account"):
        await house.engine.trials.of_target(task.id, target.id)
    assert await house.states(task) == [TargetState.PENDING]
    assert len(await house.engine.tasks.views()) == 1


async def test_a_running_task_knows_that_one_is_done(house: House):
    people = house.people(3)
    task = await a_task(house, TaskKind.INVITE, people)
    await house.engine.tasks.start(task.id)
    last = (await house.targets(task))[2]
    trial = await house.engine.trials.of_target(task.id, last.id)
    await house.idle(trial)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert [times(house, person) for person in people] == [1, 1, 1]
