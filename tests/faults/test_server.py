"""Telegram itself goes away, or ends a session while it is used."""

from __future__ import annotations

import asyncio
import gc
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import TaskKind, TaskReason, TaskStatus
from invite_desktop.rehearsal.demo_accounts import LOGIN_CODE
from invite_desktop.rehearsal.scripts import Drop

if TYPE_CHECKING:
    from tests.faults.field import Field


@pytest.mark.parametrize("kind", TaskKind)
async def test_a_server_that_restarts_between_two_calls_costs_nobody_anything(
    field: Field, kind: TaskKind
):
    task = await field.task(8, kind)
    await field.calm_after(task, 3)
    await field.rehearsal.server.restart(0.2)
    field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


@pytest.mark.parametrize("seed", range(2))
async def test_a_server_that_restarts_at_any_moment_contacts_nobody_twice(field: Field, seed: int):
    chance = random.Random(seed)
    task = await field.task(12, TaskKind.MESSAGE)
    restarts = 0
    while (await field.situation(task)).status is not TaskStatus.COMPLETED:
        await field.pass_time(timedelta(minutes=chance.uniform(5, 120)))
        await field.rehearsal.server.restart(chance.uniform(0, 0.05))
        restarts += 1
    await field.nobody_is_lost(task, uncertain=restarts)


async def end_session(field: Field, account_id: int) -> None:
    telegram_id = (await field.engine.accounts.view(account_id)).account.profile.telegram_id
    field.rehearsal.server.revoke_sessions(field.rehearsal.world.accounts[telegram_id])


@pytest.mark.parametrize("field", [2], indirect=True)
async def test_a_session_that_ends_while_sending_leaves_the_work_to_the_others(field: Field):
    task = await field.task(12)
    await field.calm_after(task, 4)
    await end_session(field, field.accounts[0])
    field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)
    view = await field.engine.accounts.view(field.accounts[0])
    assert view.state is AccountState.LOGGED_OUT


async def test_after_a_new_login_the_task_of_a_lost_session_goes_on(field: Field):
    task = await field.task(8)
    await field.calm_after(task, 3)
    await end_session(field, field.accounts[0])
    field.clock.go()

    async def waits() -> bool:
        situation = await field.situation(task)
        return (situation.status, situation.reason) == (TaskStatus.WAITING, TaskReason.NO_ACCOUNTS)

    await field.until(waits)
    login = await field.engine.accounts.begin_login()
    await login.send_code(field.rehearsal.accounts[0].phone)
    await login.submit_code(LOGIN_CODE)
    assert (await field.engine.accounts.finish_login(login)).id == field.accounts[0]
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


async def test_a_session_ended_inside_a_call_keeps_its_target(field: Field):
    field.rehearsal.server.script("channels.inviteToChannel", None, "SESSION_REVOKED")
    task = await field.task(3)

    async def is_logged_out() -> bool:
        view = await field.engine.accounts.view(field.accounts[0])
        return view.state is AccountState.LOGGED_OUT

    await field.until(is_logged_out)
    states = [target.state for target in await field.engine.tasks.targets(task.id)]
    assert states == [TargetState.JOINED, TargetState.PENDING, TargetState.PENDING]
    assert max(field.contacts().values()) == 1


async def test_a_connection_lost_while_it_is_made_is_no_bug(field: Field):
    task = await field.task(6)
    for ended in (1, 3):
        await field.calm_after(task, ended)
        field.rehearsal.server.script("help.getConfig", *[Drop("before")] * 4)
        field.relay.cut()
        field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    gc.collect()
    await asyncio.sleep(0)
    await field.nobody_is_lost(task)
