"""The laptop sleeps, and its clock is wrong or set anew."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.pace import CEILINGS, GAP
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.rehearsal.scripts import Drop

if TYPE_CHECKING:
    from tests.faults.field import Field


@pytest.mark.parametrize("kind", TaskKind)
async def test_after_eight_hours_of_sleep_the_task_goes_on(field: Field, kind: TaskKind):
    task = await field.task(8, kind)
    await field.calm_after(task, 3)
    field.relay.deafen()
    field.clock.jump(timedelta(hours=8))
    field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


@pytest.mark.parametrize(
    "wrong",
    [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-3), timedelta(days=3)],
    ids=str,
)
@pytest.mark.parametrize("kind", TaskKind)
async def test_a_clock_that_is_wrong_all_the_time_harms_nobody(
    field: Field, kind: TaskKind, wrong: timedelta
):
    field.clock.jump(wrong)
    field.rehearsal.server.troubles.clock_skew = -wrong.total_seconds()
    method = "messages.sendMessage" if kind is TaskKind.MESSAGE else "channels.inviteToChannel"
    field.rehearsal.server.script(method, None, Drop("after"))
    task = await field.task(6, kind)
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


@pytest.mark.parametrize("back", [timedelta(minutes=50), timedelta(hours=30)], ids=str)
async def test_a_clock_set_back_while_running_never_hastens_an_account(
    field: Field, back: timedelta
):
    task = await field.task(11)
    await field.calm_after(task, 4)
    before = len(await field.times_of(Action.INVITE))
    field.clock.jump(-back)
    field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)
    shown = await field.times_of(Action.INVITE)
    times = [*shown[:before], *(moment + back for moment in shown[before:])]
    allowed = CEILINGS[Action.INVITE].per_hour
    assert allowed is not None
    spans = [last - first for first, last in zip(times, times[allowed:], strict=False)]
    assert min(spans) >= timedelta(hours=1)
    assert min(later - earlier for earlier, later in pairwise(times)) >= GAP
