"""The network goes away, comes back, or lies."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import TaskKind, TaskReason, TaskStatus
from invite_desktop.rehearsal.scripts import Drop

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from tests.faults.field import Field


async def lose(field: Field, how: str) -> None:
    if how == "refused":
        await field.relay.refuse()
    elif how == "swallowed":
        field.relay.swallow()
    else:
        field.relay.cut()


async def waits_for_the_network(field: Field, task: InviteTask) -> bool:
    situation = await field.situation(task)
    assert situation.status in {TaskStatus.RUNNING, TaskStatus.WAITING}
    return situation.reason is TaskReason.NO_NETWORK


@pytest.mark.parametrize("time", [timedelta(minutes=5), timedelta(hours=5)], ids=str)
@pytest.mark.parametrize("how", ["refused", "swallowed"])
@pytest.mark.parametrize("kind", TaskKind)
async def test_without_network_the_task_waits_and_then_goes_on(
    field: Field, kind: TaskKind, how: str, time: timedelta
):
    task = await field.task(8, kind)
    await field.calm_after(task, 3)
    await lose(field, how)
    field.clock.go()
    await field.pass_time(time)
    if time > timedelta(hours=1):
        await field.until(lambda: waits_for_the_network(field, task))
    contacted = len(field.contacts())
    await field.relay.restore()
    assert contacted < 8
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


async def test_a_cable_that_breaks_again_and_again_burns_nobody(field: Field):
    task = await field.task(8)
    for ended in (1, 2, 4, 6):
        await field.calm_after(task, ended)
        field.relay.cut()
        field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


@pytest.mark.parametrize("seed", range(3))
async def test_only_who_was_being_invited_when_it_broke_may_be_uncertain(field: Field, seed: int):
    chance = random.Random(seed)
    task = await field.task(12)
    cuts = 0
    while (await field.situation(task)).status is not TaskStatus.COMPLETED:
        await field.pass_time(timedelta(minutes=chance.uniform(1, 90)))
        field.relay.cut()
        cuts += 1
    await field.nobody_is_lost(task, uncertain=cuts)


@pytest.mark.parametrize(
    ("when", "state"), [("after", TargetState.JOINED), ("before", TargetState.UNCERTAIN)]
)
async def test_an_invitation_cut_off_is_settled_before_anything_new(
    field: Field, when: str, state: TargetState
):
    field.rehearsal.server.script("channels.inviteToChannel", None, Drop(when))
    task = await field.task(4)
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    states = [target.state for target in await field.engine.tasks.targets(task.id)]
    assert states == [TargetState.JOINED, state, TargetState.JOINED, TargetState.JOINED]
    await field.nobody_is_lost(task, uncertain=1)
