"""The small parts that the runners stand on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.tasks import TaskMove, TaskReason, TaskStatus
from invite_desktop.engine.back_off import BackOff
from invite_desktop.engine.bell import Bell
from invite_desktop.engine.events import TaskChanged
from invite_desktop.engine.task_states import TaskStates
from invite_desktop.engine.undivided import undivided
from tests.fakes.clock import START, FakeClock

if TYPE_CHECKING:
    from tests.fakes.house import House


async def test_time_jumps_from_sleeper_to_sleeper():
    clock, order = FakeClock(), []

    async def sleep(seconds: int) -> None:
        await clock.sleep_until(START + timedelta(seconds=seconds))
        order.append((seconds, clock.now()))

    await asyncio.gather(sleep(50), sleep(5), sleep(500))
    assert order == [(s, START + timedelta(seconds=s)) for s in (5, 50, 500)]


async def test_the_pace_remembers_what_the_ledger_says(house: House):
    account = await house.add_account()
    pace = house.engine.accounts._pace
    before = await pace.history_at_work(account.id)
    await house.run(await house.invite_task(house.add_chat(account), house.people(3)))
    remembered = await pace.history_at_work(account.id)
    assert len(remembered.actions[Action.INVITE]) == 3
    assert remembered == await pace.history(account.id) != before


@pytest.mark.parametrize("answer", [OutcomeCode.FLOOD_WAIT, OutcomeCode.PEER_FLOOD])
async def test_the_pace_asks_the_ledger_anew_after_a_flood(house: House, answer: OutcomeCode):
    account = await house.add_account()
    house.messenger(account).script("invite", Outcome(answer, 7200))
    await house.run(await house.invite_task(house.add_chat(account), house.people(1)))
    remembered = await house.engine.accounts._pace.history_at_work(account.id)
    assert len(remembered.troubles) == 1


async def test_time_stands_still_during_watched_work():
    clock = FakeClock()

    class Slow:
        async def work(self) -> None:
            await asyncio.to_thread(asyncio.run, asyncio.sleep(0.02))

    sleeping = asyncio.ensure_future(clock.sleep_until(START + timedelta(hours=1)))
    await clock.watch(Slow()).work()
    assert clock.now() == START
    await sleeping
    assert clock.now() == START + timedelta(hours=1)


async def test_a_bell_wakes_a_sleeper_before_the_time():
    clock = FakeClock()
    clock.hold()
    bell = Bell(clock)
    sleeping = asyncio.ensure_future(bell.sleep(START + timedelta(hours=1)))
    await asyncio.sleep(0)
    bell.ring()
    await sleeping
    assert clock.now() == START
    assert clock._sleepers == []


@pytest.mark.parametrize("until", [None, START + timedelta(hours=1)])
async def test_a_ring_is_not_lost_while_nobody_sleeps(until):
    clock = FakeClock()
    bell = Bell(clock)
    bell.ring()
    await bell.sleep(until)
    assert clock.now() == START


async def test_without_a_ring_the_time_itself_wakes():
    clock = FakeClock()
    await Bell(clock).sleep(START + timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)


async def test_a_cancelled_sleep_leaves_nothing_behind():
    clock = FakeClock()
    clock.hold()
    sleeping = asyncio.ensure_future(Bell(clock).sleep(START + timedelta(hours=1)))
    await asyncio.sleep(0)
    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)
    assert clock._sleepers == []


async def test_undivided_work_ends_before_its_cancellation_counts():
    done, go_on = [], asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        done.append(True)

    running = asyncio.ensure_future(undivided(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        running.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert done == [True]


async def test_an_error_of_undivided_work_is_not_lost_in_a_cancellation():
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        raise ZeroDivisionError

    running = asyncio.ensure_future(undivided(work()))
    await asyncio.sleep(0)
    running.cancel()
    go_on.set()
    with pytest.raises(ZeroDivisionError):
        await running


def test_pauses_double_up_to_five_minutes_and_begin_anew_after_an_answer():
    clock = FakeClock()
    back_off, pauses = BackOff(clock), []
    for _ in range(9):
        back_off.begin()
        pauses.append((back_off.until - clock.now()).total_seconds())
        clock.set(back_off.until)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert back_off.until is None
    back_off.end()
    back_off.begin()
    assert back_off.until == clock.now() + timedelta(seconds=5)


async def test_of_two_moves_at_the_same_time_one_wins(house: House):
    chat = house.add_chat(await house.add_account())
    task = await house.invite_task(chat, house.people(1))
    states = TaskStates(house.ports.tasks, house.engine.bus, house.clock)
    results = await asyncio.gather(
        *[states.move(task.id, TaskMove.START) for _ in range(5)], return_exceptions=True
    )
    assert sum(isinstance(result, KnownError) for result in results) == 4


async def test_a_move_to_where_a_task_stands_is_no_news(house: House):
    chat = house.add_chat(await house.add_account())
    task = await house.invite_task(chat, house.people(1))
    states = TaskStates(house.ports.tasks, house.engine.bus, house.clock)
    await states.move(task.id, TaskMove.START)
    house.events.clear()
    moved = await states.move(task.id, TaskMove.WAKE)
    assert moved.status is TaskStatus.RUNNING
    assert house.events == []
    await states.move(task.id, TaskMove.PAUSE, TaskReason.BY_USER)
    assert house.events == [TaskChanged(task.id)]
