"""Tasks that start by themselves, and act in working hours only."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.schedule import EVERY_DAY, Schedule, WorkingHours
from invite_desktop.domain.tasks import Priority, TaskReason, TaskSituation, TaskStatus
from invite_desktop.engine.events import AttentionNeeded, StartMissed

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def ready_task(house: House, people: int = 3) -> InviteTask:
    account = await house.add_account()
    return await house.invite_task(house.add_chat(account), house.people(people))


async def test_a_task_starts_by_itself_at_its_time(house: House):
    task = await ready_task(house)
    at = house.clock.now() + 3 * HOUR
    await house.engine.tasks.change_schedule(task.id, Schedule(at))
    await house.clock.sleep_until(at - timedelta(minutes=1))
    assert (await house.situation(task)).status is TaskStatus.READY
    await house.clock.sleep_until(at + HOUR)
    assert (await house.situation(task)).status is TaskStatus.COMPLETED
    assert (await house.attempts())[0].started_at >= at
    assert (await house.ports.tasks.task(task.id)).schedule.start_at is None


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(hours=5)], ids=str)
async def test_a_start_that_was_missed_asks_and_a_late_one_begins(house: House, late: timedelta):
    task = await ready_task(house)
    at = house.clock.now() + HOUR
    await house.engine.tasks.change_schedule(task.id, Schedule(at))
    await house.close()
    house.clock.set(at + late)
    await house.open()
    await house.clock.sleep_until(house.clock.now() + HOUR)
    missed = late > HOUR
    assert (StartMissed(task.id) in house.events) is missed
    after = TaskSituation(TaskStatus.READY, TaskReason.START_MISSED)
    situation = await house.situation(task)
    assert situation == after if missed else situation.status is TaskStatus.COMPLETED


async def test_a_missed_start_can_be_put_off_or_made_by_hand(house: House):
    task = await ready_task(house)
    await house.engine.tasks.change_schedule(task.id, Schedule(house.clock.now() - HOUR))
    await house.clock.sleep_until(house.clock.now() + HOUR)
    tomorrow = house.clock.now() + 24 * HOUR
    await house.engine.tasks.change_schedule(task.id, Schedule(tomorrow))
    assert await house.situation(task) == TaskSituation(TaskStatus.READY)
    await house.clock.sleep_until(tomorrow + HOUR)
    assert (await house.situation(task)).status is TaskStatus.COMPLETED


async def test_a_start_that_the_preflight_refuses_is_tried_once_and_told(house: House):
    task = await ready_task(house)
    (account,) = await house.ports.accounts.accounts()
    await house.engine.accounts.switch_off(account.id)
    at = house.clock.now() + HOUR
    await house.engine.tasks.change_schedule(task.id, Schedule(at))
    await house.clock.sleep_until(at + 5 * HOUR)
    situation = await house.situation(task)
    assert (situation.status, situation.reason) == (TaskStatus.READY, TaskReason.NOT_STARTED)
    assert sum(isinstance(event, AttentionNeeded) for event in house.events) == 1
    await house.engine.accounts.switch_on(account.id)
    assert (await house.run(task)).status is TaskStatus.COMPLETED


async def test_a_task_that_was_started_before_has_no_start_time(house: House):
    task = await ready_task(house)
    await house.run(task)
    with pytest.raises(KnownError, match="not started yet"):
        await house.engine.tasks.change_schedule(task.id, Schedule(house.clock.now()))


async def test_nothing_is_sent_outside_of_the_working_hours(house: House):
    task = await ready_task(house, people=12)
    hours = WorkingHours(EVERY_DAY, time(10), time(12), "UTC")
    house.clock.set(datetime(2026, 3, 2, 8, tzinfo=UTC))
    await house.engine.tasks.change_schedule(task.id, Schedule(hours=hours))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    moments = [attempt.started_at for attempt in await house.attempts(Action.INVITE)]
    assert len(moments) == 12
    assert {moment.hour for moment in moments} == {10, 11}
    assert len({moment.date() for moment in moments}) == 2


@pytest.mark.parametrize(
    ("kind", "call"), [("invite", "look_up"), ("invite", "membership"), ("message", "look_up")]
)
async def test_hours_that_end_between_two_calls_leave_the_person_for_the_next_day(
    house: House, kind: str, call: str
):
    task = await ready_task(house)
    if kind == "message":
        task = await house.message_task(house.people(3, "reader"))
    (account,) = await house.ports.accounts.accounts()
    now = house.clock.now()
    hours = WorkingHours(EVERY_DAY, (now - HOUR).time(), (now + HOUR).time(), "UTC")
    await house.engine.tasks.change_schedule(task.id, Schedule(hours=hours))
    held = house.messenger(account).hold(call)
    await house.engine.tasks.start(task.id)
    await held.reached()
    house.clock.advance(2 * HOUR)
    held.release()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    contacts = await house.attempts(Action.INVITE, Action.MESSAGE)
    assert [attempt.started_at.date() - now.date() for attempt in contacts] == [DAY] * 3


async def test_a_closed_task_waits_says_until_when_and_blocks_no_other(house: House):
    account = await house.add_account()
    now = house.clock.now()
    hours = WorkingHours(EVERY_DAY, (now + 5 * HOUR).time(), (now + 8 * HOUR).time(), zone="UTC")
    chat = house.add_chat(account)
    closed = await house.invite_task(chat, house.people(2, "late"), Priority.HIGH)
    await house.engine.tasks.change_schedule(closed.id, Schedule(hours=hours))
    other = await house.invite_task(chat, house.people(2, "soon"), Priority.LOW)
    await house.engine.tasks.start(closed.id)
    assert (await house.run(other)).status is TaskStatus.COMPLETED
    assert house.clock.now() - now < HOUR
    waiting = TaskSituation(TaskStatus.WAITING, TaskReason.WORKING_HOURS, "", now + 5 * HOUR)
    assert await house.situation(closed) == waiting
    assert (await house.idle(closed)).status is TaskStatus.COMPLETED


async def test_hours_changed_while_it_waits_count_at_once(house: House):
    task = await ready_task(house)
    now = house.clock.now()
    night = WorkingHours(EVERY_DAY, (now + 9 * HOUR).time(), (now + 10 * HOUR).time(), "UTC")
    await house.engine.tasks.change_schedule(task.id, Schedule(hours=night))
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    await house.engine.tasks.change_schedule(task.id, Schedule())
    house.clock.let_go()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert house.clock.now() - now < HOUR


async def test_a_higher_priority_counts_from_the_next_choice_on(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    first = await house.invite_task(chat, house.people(3, "first"))
    second = await house.invite_task(chat, house.people(3, "second"))
    house.clock.hold()
    await house.engine.tasks.start(first.id)
    await house.engine.tasks.start(second.id)
    await house.engine.tasks.change_priority(second.id, Priority.HIGH)
    house.clock.let_go()
    await house.idle(first)
    order = [attempt.task_id for attempt in await house.attempts(Action.INVITE)]
    assert order[1:4] == [second.id] * 3
    assert (await house.ports.tasks.task(second.id)).priority is Priority.HIGH
