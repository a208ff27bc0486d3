"""Starting, pausing, resuming, cancelling and retrying tasks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.engine.events import TargetChanged, TaskChanged
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

C = OutcomeCode


async def ready_task(house: House, people: int = 3) -> tuple[InviteTask, Account]:
    account = await house.add_account()
    return await house.invite_task(house.add_chat(account), house.people(people)), account


@pytest.mark.parametrize("stop", ["pause", "cancel"])
async def test_stopping_lets_the_call_in_flight_finish_and_begins_no_other(house: House, stop: str):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await getattr(house.engine.tasks, stop)(task.id)
    held.release()
    await house.clock.sleep_until(house.clock.now() + timedelta(days=1))
    assert await house.states(task) == [TargetState.JOINED, *[TargetState.PENDING] * 2]
    assert [a.outcome for a in await house.attempts(Action.INVITE)] == [C.INVITED]


@pytest.mark.parametrize("step", ["look_up", "membership"])
@pytest.mark.parametrize("stopped", ["the task is paused", "the account is switched off"])
async def test_a_stop_takes_effect_between_the_steps_of_one_invitation(
    house: House, stopped: str, step: str
):
    task, account = await ready_task(house)
    held = house.messenger(account).hold(step)
    await house.engine.tasks.start(task.id)
    await held.reached()
    if stopped == "the task is paused":
        await house.engine.tasks.pause(task.id)
    else:
        await house.engine.accounts.switch_off(account.id)
    held.release()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=1))
    assert await house.states(task) == [TargetState.PENDING] * 3
    assert house.telegram.invitations == []


async def test_an_account_that_is_logged_out_begins_no_further_step(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("look_up")
    await house.engine.tasks.start(task.id)
    await held.reached()
    leaving = asyncio.ensure_future(house.engine.accounts.log_out(account.id))
    await settle()
    held.release()
    await leaving
    assert await house.states(task) == [TargetState.PENDING] * 3
    assert house.telegram.invitations == []


async def test_a_paused_task_says_so_and_resumes_where_it_was(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.tasks.pause(task.id)
    paused = await house.situation(task)
    assert (paused.status, paused.reason) == (TaskStatus.PAUSED, TaskReason.BY_USER)
    await house.engine.tasks.resume(task.id)
    held.release()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert len(house.telegram.invitations) == 3


async def test_a_task_cancelled_after_a_pause_keeps_no_reason(house: House):
    task, _ = await ready_task(house)
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    await house.engine.tasks.pause(task.id)
    await house.engine.tasks.cancel(task.id)
    cancelled = await house.situation(task)
    assert (cancelled.status, cancelled.reason) == (TaskStatus.CANCELLED, TaskReason.NONE)


async def test_a_pause_ends_a_long_wait_at_once(house: House):
    task, _ = await ready_task(house, people=6)
    await house.engine.tasks.start(task.id)
    while len(house.telegram.invitations) < 5:
        await house.clock.sleep_until(house.clock.now() + timedelta(seconds=10))
    house.clock.hold()
    await house.engine.tasks.pause(task.id)
    await settle()
    assert (await house.situation(task)).status is TaskStatus.PAUSED


@pytest.mark.parametrize("move", ["pause", "resume", "retry"])
async def test_moves_that_make_no_sense_are_refused_in_words(house: House, move: str):
    task, _ = await ready_task(house)
    with pytest.raises(KnownError):
        await getattr(house.engine.tasks, move)(task.id)
    assert (await house.situation(task)).status is TaskStatus.READY


async def test_a_refused_pause_leaves_a_finished_task_finished(house: House):
    task, _ = await ready_task(house)
    await house.run(task)
    for move in ("pause", "cancel", "start"):
        with pytest.raises(KnownError):
            await getattr(house.engine.tasks, move)(task.id)
    assert (await house.situation(task)).status is TaskStatus.COMPLETED


async def test_without_an_administrator_the_task_does_not_start(house: House):
    account = await house.add_account()
    chat = house.add_chat()
    chat.members.add(house.me(account).user_id)
    task = await house.invite_task(chat, house.people(1))
    with pytest.raises(KnownError, match="administrator"):
        await house.engine.tasks.start(task.id)
    assert (await house.situation(task)).status is TaskStatus.READY


@pytest.mark.parametrize("why", ["switched off", "no network"])
async def test_a_chat_that_nobody_could_be_asked_about_is_not_called_wrong(house: House, why: str):
    task, account = await ready_task(house)
    if why == "switched off":
        await house.engine.accounts.switch_off(account.id)
    else:
        house.telegram.online = False
    with pytest.raises(KnownError, match="can look at this chat now"):
        await house.engine.tasks.start(task.id)


async def test_with_a_limited_administrator_the_refusal_says_until_when(house: House):
    task, account = await ready_task(house)
    await house.engine._states.suffer(account.id, Outcome(C.FLOOD_WAIT, 600))
    with pytest.raises(KnownError, match="at the moment") as refused:
        await house.engine.tasks.start(task.id)
    until = house.clock.now() + timedelta(seconds=900)
    assert refused.value.next_step.values["time"] == until


async def test_a_link_that_leads_elsewhere_now_is_refused(house: House):
    task, account = await ready_task(house)
    old = house.telegram.chats[task.chat.chat_id]
    old.username = "football_old"
    house.add_chat(account, title="Football")
    with pytest.raises(KnownError, match="another chat"):
        await house.engine.tasks.start(task.id)


async def test_a_full_channel_is_refused(house: House):
    account = await house.add_account()
    readers = house.people(200, "reader")
    chat = house.add_chat(account, kind=ChatKind.CHANNEL, title="News channel")
    chat.members.update(person.user_id for person in readers)
    task = await house.invite_task(chat, house.people(1))
    with pytest.raises(KnownError, match="by hand"):
        await house.engine.tasks.start(task.id)


async def test_the_task_is_named_after_its_chat(house: House):
    task, _ = await ready_task(house)
    assert task.name == "Invitations to “Football”"


async def test_facts_are_told_as_they_happen(house: House):
    task, _ = await ready_task(house, people=1)
    house.events.clear()
    await house.run(task)
    kinds = [type(event) for event in house.events]
    told = [kind for kind in kinds if kind in (TaskChanged, TargetChanged)]
    # Claimed, found, invited, joined; the first and the last word are the task's.
    assert told == [TaskChanged, *[TargetChanged] * 4, TaskChanged]


async def test_retry_takes_only_those_who_may_be_tried_again(house: House):
    account = await house.add_account()
    stubborn = house.people(1, "stubborn", on_invite=C.ADD_FAILED)
    private = house.people(1, "private", on_invite=C.PRIVACY)
    task = await house.invite_task(house.add_chat(account), [*stubborn, *private])
    await house.run(task)
    stubborn[0].on_invite = None
    assert await house.engine.tasks.retry(task.id) == 1
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.JOINED, C.PRIVACY]


async def test_the_rest_of_a_cancelled_task_can_be_taken_up_again(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.tasks.cancel(task.id)
    held.release()
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=1))
    await house.engine.tasks.retry(task.id)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert len(house.telegram.invitations) == 3


async def test_switching_an_account_off_and_on_stops_and_continues_its_tasks(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.accounts.switch_off(account.id)
    held.release()
    await house.clock.sleep_until(house.clock.now() + timedelta(days=1))
    situation = await house.situation(task)
    assert (situation.status, situation.reason) == (TaskStatus.WAITING, TaskReason.NO_ACCOUNTS)
    assert len(house.telegram.invitations) == 1
    await house.engine.accounts.switch_on(account.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_without_pace_a_task_runs_through_at_once(house: House):
    house.engine._supervisor._shop.pace._settings = type(house.settings)(pace_enabled=False)
    task, _ = await ready_task(house, people=40)
    start = house.clock.now()
    await house.run(task)
    assert house.clock.now() == start
    assert len(house.telegram.invitations) == 40
