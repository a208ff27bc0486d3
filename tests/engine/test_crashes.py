"""After a crash nobody is contacted twice and nothing is lost."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.breaker import FAILURES_IN_A_ROW
from invite_desktop.domain.outcomes import OPEN_STATES, Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from tests.examples import examples
from tests.fakes.house import House

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import Target
    from tests.fakes.telegram import FakePerson

C = OutcomeCode


async def crash_in(house: House, account: Account, task: InviteTask, call: str, *, after: bool):
    """Start a task and pull the plug inside its first call of a kind."""
    held = house.messenger(account).hold(call, after_effect=after)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.crash()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", ["look_up", "membership", "invite"])
async def test_a_crash_inside_any_call_of_an_invitation(house: House, call: str, after: bool):
    account = await house.add_account()
    people = house.people(3)
    task = await house.invite_task(house.add_chat(account), people)
    await crash_in(house, account, task, call, after=after)
    await house.open()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    lost = call == "invite" and not after
    first = TargetState.UNCERTAIN if lost else TargetState.JOINED
    assert await house.states(task) == [first, TargetState.JOINED, TargetState.JOINED]
    assert max(house.telegram.times_invited(person) for person in people) == 1
    assert await house.agrees(task)


@pytest.mark.parametrize("downtime", [timedelta(seconds=5), timedelta(hours=1)])
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_inside_a_message(house: House, after: bool, downtime: timedelta):
    account = await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    await crash_in(house, account, task, "send_message", after=after)
    house.clock.advance(downtime)
    await house.open()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.SENT] * 2
    assert [house.telegram.times_written_to(person) for person in people] == [1, 1]


async def test_after_the_clock_was_set_back_the_dialogue_tells_how_a_message_ended(house: House):
    account = await house.add_account()
    people = house.people(1)
    task = await house.message_task(people)
    await crash_in(house, account, task, "send_message", after=True)
    messenger = house.messenger(account)
    messenger.calls.clear()
    house.clock.set(house.clock.now() - timedelta(hours=3))
    await house.open()
    await house.idle(task)
    assert await house.states(task) == [TargetState.SENT]
    assert messenger.calls_of("send_message") == []


async def test_nothing_new_is_sent_before_the_open_contact_is_settled(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    await crash_in(house, account, task, "invite", after=True)
    messenger = house.messenger(account)
    messenger.calls.clear()
    held = messenger.hold("membership")
    await house.open()
    await held.reached()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=1))
    assert messenger.calls_of("invite") == messenger.calls_of("look_up") == []
    held.release()
    await house.idle(task)


async def test_without_network_the_open_contact_stays_open_until_it_can_be_asked(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    await crash_in(house, account, task, "invite", after=True)
    house.telegram.online = False
    await house.open()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=1))
    assert (await house.states(task))[0] is TargetState.IN_WORK
    assert (await house.situation(task)).reason is TaskReason.NO_NETWORK
    house.telegram.online = True
    await house.idle(task)
    assert await house.states(task) == [TargetState.JOINED] * 2


@pytest.mark.parametrize(
    ("effect", "state"), [(True, TargetState.JOINED), (False, TargetState.UNCERTAIN)]
)
async def test_what_a_lost_account_began_is_uncertain_unless_another_one_sees_her_there(
    house: House, *, effect: bool, state: TargetState
):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    task = await house.invite_task(house.add_chat(*accounts), house.people(4))
    held = [
        house.messenger(account).hold("invite", after_effect=effect or account is accounts[1])
        for account in accounts
    ]
    await house.engine.tasks.start(task.id)
    await held[0].reached()
    await held[1].reached()
    await house.crash()
    house.gateway.end_session(accounts[0].id)
    await house.open()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    states = await house.states(task)
    assert sorted(states) == sorted([state, *[TargetState.JOINED] * 3])
    assert len(house.telegram.invitations) == 3 + effect


async def test_running_tasks_continue_and_say_that_they_were_interrupted(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    await crash_in(house, account, task, "invite", after=True)
    house.clock.hold()
    await house.open()
    situation = await house.situation(task)
    assert (situation.status, situation.reason) == (TaskStatus.RUNNING, TaskReason.INTERRUPTED)


async def test_tasks_wait_for_a_click_if_the_user_wants_that(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    await crash_in(house, account, task, "invite", after=True)
    house.settings = type(house.settings)(continue_after_restart=False)
    await house.open()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=2))
    situation = await house.situation(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.INTERRUPTED)
    assert await house.states(task) == [TargetState.JOINED, *[TargetState.PENDING] * 2], (
        "what was open is settled all the same"
    )
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_closing_the_program_lets_the_call_in_flight_finish(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    closing = asyncio.ensure_future(house.close())
    await asyncio.sleep(0)
    held.release()
    await closing
    assert house.gateway.closed
    house.build()
    attempts = await house.attempts(Action.INVITE)
    assert [attempt.outcome for attempt in attempts] == [C.INVITED]
    await house.engine.start()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_a_cancelled_runner_waits_for_its_call(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    running = house.engine._supervisor._running[account.id]
    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    held.release()
    await asyncio.wait({running})
    assert running.cancelled()
    assert [a.outcome for a in await house.attempts(Action.INVITE)] == [C.INVITED]


OUTCOMES_OF_PEOPLE = (None, None, None, C.PRIVACY, C.ADD_FAILED, C.TOO_MANY_CHATS)
CONTACTED = frozenset({TargetState.INVITED, TargetState.JOINED, TargetState.SENT})
CALLS = ("look_up", "membership", "see_chat", *["invite", "send_message"] * 3)


@settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
async def test_a_random_world_with_random_crashes_ends_with_everybody_contacted_at_most_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int
):
    await live_through(tmp_path_factory.mktemp("world") / "world.db", random.Random(seed))


async def live_through(path: Path, chance: random.Random) -> None:
    house = House(path)
    await house.open()
    accounts = [await house.add_account(f"owner_{i}") for i in range(chance.randint(1, 3))]
    invited, written = (
        random_people(house, chance, "invited"),
        random_people(house, chance, "written"),
    )
    tasks = [
        await house.invite_task(house.add_chat(*accounts), invited),
        await house.message_task(written),
    ]
    for task in tasks:
        await house.engine.tasks.start(task.id)
    for _ in range(chance.randint(1, 5)):
        await live_until_a_crash(house, accounts, tasks, chance)
        house.clock.advance(timedelta(seconds=chance.choice([0, 30, 700, 90_000])))
        await house.open()
    for messenger in house.gateway.messengers.values():
        messenger._holds.clear()
    for task in tasks:
        await house.engine.tasks.wait_until_idle(task.id)
    await nothing_is_wrong(house, tasks, invited, written)
    await house.close()


def random_people(house: House, chance: random.Random, prefix: str):
    return [
        house.telegram.add_person(
            f"{prefix}_{i}" if chance.random() < 0.9 else None,
            phone=f"+7{len(house.telegram.people):010}",
            on_invite=chance.choice(OUTCOMES_OF_PEOPLE),
            on_message=chance.choice(OUTCOMES_OF_PEOPLE),
            joins=chance.random() < 0.7,
            findable_by_phone=chance.random() < 0.5,
        )
        for i in range(chance.randint(1, 8))
    ]


async def live_until_a_crash(
    house: House, accounts: list[Account], tasks: list[InviteTask], chance: random.Random
) -> None:
    """Let everything run until a call, or some work of the store, is reached; pull the plug."""
    messenger = house.messenger(chance.choice(accounts))
    if chance.random() < 0.3:
        call = chance.choice(("invite", "send_message"))
        messenger.drop(call, after_effect=chance.random() < 0.5)
    if chance.random() < 0.5:
        held = messenger.hold(chance.choice(CALLS), after_effect=chance.random() < 0.5)
        point = asyncio.ensure_future(held.reached())
    else:
        point = asyncio.ensure_future(house.clock.alarm_after(chance.randint(1, 150)).wait())
    done = asyncio.gather(*[house.engine.tasks.wait_until_idle(task.id) for task in tasks])
    await asyncio.wait({point, done}, return_when=asyncio.FIRST_COMPLETED)
    point.cancel()
    done.cancel()
    await asyncio.gather(point, done, return_exceptions=True)
    await house.crash()


async def nothing_is_wrong(
    house: House,
    tasks: list[InviteTask],
    invited: list[FakePerson],
    written: list[FakePerson],
) -> None:
    assert not house.errors
    assert max(house.telegram.times_invited(person) for person in invited) <= 1
    assert max(house.telegram.times_written_to(person) for person in written) <= 1
    assert await house.ports.ledger.unsettled() == []
    for task in tasks:
        situation = await house.situation(task)
        stopped_itself = situation.reason is TaskReason.TOO_MANY_REFUSALS
        assert situation.status is TaskStatus.COMPLETED or stopped_itself, situation
        assert await house.agrees(task)
        states = await house.states(task)
        assert TargetState.IN_WORK not in states
        assert stopped_itself or not OPEN_STATES & set(states)
    (chat,) = house.telegram.chats.values()
    for target in await house.targets(tasks[0]):
        person = find(target, invited)
        assert (target.state is TargetState.JOINED) == (person.user_id in chat.members)
        it_is_true(target, house.telegram.times_invited(person))
    for target in await house.targets(tasks[1]):
        it_is_true(target, house.telegram.times_written_to(find(target, written)))


def find(target: Target, people: list[FakePerson]) -> FakePerson:
    keys = target.person.keys
    return next(
        p for p in people if keys.username in (p.username, None) and keys.phone in (p.phone, None)
    )


def it_is_true(target: Target, times: int) -> None:
    """What a target says happened is what Telegram did; uncertain says nothing."""
    if target.state is not TargetState.UNCERTAIN:
        assert times == (target.state in CONTACTED), target.state


@pytest.mark.parametrize("works", range(1, 41, 3))
async def test_a_crash_never_loses_the_pause_and_the_rest_after_a_peer_flood(
    house: House, works: int
):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    task = await house.invite_task(house.add_chat(*accounts), house.people(6))
    house.messenger(accounts[0]).script("invite", Outcome(C.PEER_FLOOD))
    await house.engine.tasks.start(task.id)
    await is_idle_after(house, task, works)
    await house.crash()
    await house.open()
    await house.idle(task)
    floods = [a for a in await house.attempts(Action.INVITE) if a.outcome is C.PEER_FLOOD]
    view = await house.engine.accounts.view(accounts[0].id)
    situation = await house.situation(task)
    if floods:
        assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.PEER_FLOOD)
        assert view.state is AccountState.LIMITED
        assert view.account.until >= floods[0].ended_at + timedelta(hours=24)
    else:
        assert situation.status is TaskStatus.COMPLETED


async def test_refusals_before_a_crash_count_for_the_breaker_after_it(house: House):
    account = await house.add_account()
    people = house.people(12, on_invite=C.ADD_FAILED)
    task = await house.invite_task(house.add_chat(account), people)
    await house.engine.tasks.start(task.id)
    crashes = 0
    while not await is_idle_after(house, task, works=20):
        await house.crash()
        await house.open()
        crashes += 1
    assert (await house.situation(task)).reason is TaskReason.TOO_MANY_REFUSALS
    ended = [a for a in await house.attempts(Action.INVITE) if a.outcome is C.ADD_FAILED]
    assert len(ended) == FAILURES_IN_A_ROW
    assert crashes >= 2


async def test_after_the_user_resumes_old_refusals_weigh_no_more(house: House):
    account = await house.add_account()
    people = house.people(FAILURES_IN_A_ROW + 2, on_invite=C.ADD_FAILED)
    task = await house.invite_task(house.add_chat(account), people)
    assert (await house.run(task)).reason is TaskReason.TOO_MANY_REFUSALS
    house.clock.hold()
    await house.engine.tasks.resume(task.id)
    await house.crash()
    await house.open()
    assert (await house.situation(task)).status is TaskStatus.RUNNING


async def is_idle_after(house: House, task: InviteTask, works: int) -> bool:
    """Return whether a task no longer runs once the store has been asked so many times more."""
    alarm = asyncio.ensure_future(house.clock.alarm_after(works).wait())
    idle = asyncio.ensure_future(house.engine.tasks.wait_until_idle(task.id))
    done, _ = await asyncio.wait({alarm, idle}, return_when=asyncio.FIRST_COMPLETED)
    for waiting in (alarm, idle):
        waiting.cancel()
    await asyncio.gather(alarm, idle, return_exceptions=True)
    return idle in done
