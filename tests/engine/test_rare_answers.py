"""Answers at the edges: while looking, while verifying, and while stopping."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.event_bus import EventBus
from invite_desktop.engine.events import TaskChanged
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.events import Event
    from tests.fakes.calls import HeldCall
    from tests.fakes.house import House
    from tests.fakes.messenger import FakeMessenger

C = OutcomeCode


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [
        (C.FLOOD_WAIT, TaskStatus.COMPLETED, TargetState.JOINED),
        (C.NOT_CONNECTED, TaskStatus.COMPLETED, TargetState.JOINED),
        (C.DELETED_ACCOUNT, TaskStatus.COMPLETED, TargetState.SKIPPED),
        (C.NOT_ADDRESSABLE, TaskStatus.COMPLETED, TargetState.FAILED),
        (C.UNKNOWN_ERROR, TaskStatus.PAUSED, TargetState.PENDING),
        (C.CHAT_UNREACHABLE, TaskStatus.FAILED, TargetState.PENDING),
    ],
)
async def test_a_trouble_while_looking_whether_she_is_a_member(
    house: House, code: OutcomeCode, status: TaskStatus, state: TargetState
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    house.messenger(account).script("membership", Outcome(code, 60))
    assert (await house.run(task)).status is status
    assert await house.states(task) == [state]


@pytest.mark.parametrize("code", [C.FLOOD_WAIT, C.NOT_CONNECTED])
async def test_an_invitation_that_could_not_be_verified_is_verified_later(
    house: House, code: OutcomeCode
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    house.messenger(account).script("membership", None, Outcome(code, 60))
    await house.run(task)
    assert await house.states(task) == [TargetState.JOINED] * 2
    assert len(house.telegram.invitations) == 2


async def test_an_unknown_answer_to_the_verification_pauses_the_task_and_keeps_the_invitation(
    house: House,
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    unknown = Outcome(C.UNKNOWN_ERROR, detail="NEVER_HEARD_OF")
    house.messenger(account).script("membership", None, unknown)
    paused = await house.run(task)
    assert (paused.status, paused.reason) == (TaskStatus.PAUSED, TaskReason.UNKNOWN_ERROR)
    assert paused.detail == "NEVER_HEARD_OF"
    assert await house.states(task) == [TargetState.INVITED, TargetState.PENDING]
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 2
    assert len(house.telegram.invitations) == 2


async def test_an_unknown_answer_to_the_last_check_pauses_the_task_and_the_others_are_asked(
    house: House,
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    offline = Outcome(C.NOT_ADDRESSABLE)
    unknown = Outcome(C.UNKNOWN_ERROR, detail="NEVER_HEARD_OF")
    # Nobody is verified at once; then the first of two looks has an answer that nobody knows.
    house.messenger(account).script("membership", None, offline, None, offline, unknown)
    paused = await house.run(task)
    assert (paused.status, paused.reason) == (TaskStatus.PAUSED, TaskReason.UNKNOWN_ERROR)
    assert paused.detail == "NEVER_HEARD_OF"
    assert await house.states(task) == [TargetState.INVITED, TargetState.JOINED]
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 2
    assert len(house.telegram.invitations) == 2


async def test_an_unknown_answer_to_the_list_of_members_pauses_the_task(house: House):
    first, second = [await house.add_account("anna"), await house.add_account("boris")]
    task = await house.invite_task(house.add_chat(first, second), house.people(1))
    await house.engine.accounts.switch_off(second.id)
    house.messenger(first).script("membership", None, Outcome(C.FLOOD_WAIT, 86_400))
    unknown = Outcome(C.UNKNOWN_ERROR, detail="NEVER_HEARD_OF")
    house.messenger(second).script("members", unknown)
    held = house.messenger(first).hold("membership", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.accounts.switch_on(second.id)
    held.release()
    paused = await house.idle(task)
    assert (paused.status, paused.detail) == (TaskStatus.PAUSED, "NEVER_HEARD_OF")
    assert await house.states(task) == [TargetState.INVITED]


@pytest.mark.parametrize("joins", [True, False])
async def test_for_an_account_that_rests_at_the_end_another_one_verifies(
    house: House, *, joins: bool
):
    first, second = [await house.add_account("anna"), await house.add_account("boris")]
    chat = house.add_chat(first, second)
    task = await house.invite_task(chat, house.people(1, joins=joins))
    await house.engine.accounts.switch_off(second.id)
    # A day's rest begins with the question whether she has joined.
    house.messenger(first).script("membership", None, Outcome(C.FLOOD_WAIT, 86_400))
    held = house.messenger(first).hold("membership", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.accounts.switch_on(second.id)
    held.release()
    await house.idle(task)
    assert (await house.engine.accounts.view(first.id)).state is AccountState.RESTING
    assert await house.states(task) == [TargetState.JOINED if joins else TargetState.INVITED]


async def test_a_finished_task_waits_for_the_network_with_its_last_check(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1, joins=False))
    troubles = [Outcome(C.NOT_CONNECTED)] * 3
    house.messenger(account).script("membership", None, None, *troubles)
    start = house.clock.now()
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert house.clock.now() - start >= timedelta(seconds=5 + 10 + 20)


async def test_an_open_invitation_to_a_chat_that_was_left_is_uncertain(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    task = await house.invite_task(chat, house.people(1))
    held = house.messenger(account).hold("invite", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.crash()
    chat.members.discard(house.me(account).user_id)
    await house.open()
    await house.idle(task)
    assert await house.states(task) == [TargetState.UNCERTAIN]


async def test_a_pause_that_cannot_be_written_leaves_the_task_at_work(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))

    async def full(*_args: object) -> None:
        raise KnownError(message("The disk is full."))

    await house.engine.tasks.start(task.id)
    with monkeypatch.context() as disk:
        disk.setattr(house.store.tasks, "change_situation", full)
        with pytest.raises(KnownError, match="disk"):
            await house.engine.tasks.pause(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_a_failure_that_cannot_be_written_is_in_force_and_written_later(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    house.messenger(account).script("invite", Outcome(C.NO_INVITE_RIGHT))
    change = house.store.tasks.change_situation

    async def no_room(*args: object) -> object:
        if args[2].status is TaskStatus.FAILED:
            raise KnownError(message("The disk is full."))
        return await change(*args)

    with monkeypatch.context() as disk:
        disk.setattr(house.store.tasks, "change_situation", no_room)
        await house.run(task)
        shown = (await house.engine.tasks.view(task.id)).task.situation
        assert (shown.status, shown.reason) == (TaskStatus.FAILED, TaskReason.NO_RIGHTS)
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=5))
    assert await house.situation(task) == shown


@pytest.mark.parametrize("move", ["start", "resume"])
async def test_a_task_that_the_store_does_not_tell_about_stays_where_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch, move: str
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    if move == "resume":
        await house.engine.tasks.start(task.id)
        await house.engine.tasks.pause(task.id)
    before = await house.situation(task)

    async def unreadable(*_args: object) -> None:
        raise KnownError(message("The disk cannot be read."))

    with monkeypatch.context() as disk:
        disk.setattr(house.store.tasks, "counters", unreadable)
        with pytest.raises(KnownError, match="disk"):
            await getattr(house.engine.tasks, move)(task.id)
    assert await house.situation(task) == before
    await getattr(house.engine.tasks, move)(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_a_claim_that_could_not_be_given_back_is_given_back_later(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    begin, tries = house.store.ledger.begin_contact, []

    async def full_once(*args: object) -> object:
        tries.append(args)
        if len(tries) == 1:
            raise KnownError(message("The disk is full."))
        return await begin(*args)

    monkeypatch.setattr(house.store.ledger, "begin_contact", full_once)
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.STORAGE)
    await house.engine.tasks.resume(task.id)
    await house.idle(task)
    assert await house.states(task) == [TargetState.JOINED] * 2


def without_pace(house: House) -> None:
    house.engine._supervisor._shop.pace._settings = type(house.settings)(pace_enabled=False)


async def test_nobody_is_contacted_after_something_could_not_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    without_pace(house)
    settle_target, tries = house.store.ledger.settle_target, []

    async def full_once(*args: object, **options: object) -> None:
        tries.append(args)
        if len(tries) == 1:
            await house.store.database.write(lambda _opened: None)
            raise KnownError(message("The disk is full."))
        await settle_target(*args, **options)

    monkeypatch.setattr(house.store.ledger, "settle_target", full_once)
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.STORAGE)
    assert len(house.telegram.invitations) == 1
    await house.engine.tasks.resume(task.id)
    await house.idle(task)
    assert await house.states(task) == [TargetState.JOINED] * 2
    invitations = [attempt.outcome for attempt in await house.attempts(Action.INVITE)]
    assert sorted(invitations) == sorted([C.INVITED, C.INTERRUPTED, C.INVITED])
    assert len(house.telegram.invitations) == 2


async def test_the_answer_to_a_look_up_outlives_a_disk_that_filled_up_before_it(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    without_pace(house)
    settle_target, tries = house.store.ledger.settle_target, []

    async def full_once(*args: object, **options: object) -> None:
        tries.append(args)
        if len(tries) == 1:
            await house.store.database.write(lambda _opened: None)
            raise KnownError(message("The disk is full."))
        await settle_target(*args, **options)

    monkeypatch.setattr(house.store.ledger, "settle_target", full_once)
    house.messenger(account).script("look_up", None, Outcome(C.NOT_FOUND))
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.STORAGE)
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED, TargetState.FAILED]
    look_ups = [attempt.outcome for attempt in await house.attempts(Action.LOOK_UP)]
    assert look_ups == [C.FOUND, C.NOT_FOUND]


async def started_up_to_the_verification(
    house: House, task: InviteTask, messenger: FakeMessenger
) -> HeldCall:
    invited = messenger.hold("invite")
    await house.engine.tasks.start(task.id)
    await invited.reached()
    verified = messenger.hold("membership")
    invited.release()
    await verified.reached()
    return verified


async def paused_while_the_first_is_verified(house: House) -> InviteTask:
    """Return a task without a pace, paused after an invitation whose effect is still asked for."""
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    without_pace(house)
    messenger = house.messenger(account)
    verified = await started_up_to_the_verification(house, task, messenger)
    await house.engine.tasks.pause(task.id)
    verified.release()
    await house.idle(task)
    while TargetState.IN_WORK in await house.states(task):
        await settle()
    return task


async def test_whoever_was_claimed_ahead_is_let_go_by_a_pause(house: House):
    task = await paused_while_the_first_is_verified(house)
    states = [TargetState.JOINED, TargetState.PENDING, TargetState.PENDING]
    assert await house.states(task) == states
    assert await house.agrees(task)
    look_ups = [attempt.outcome for attempt in await house.attempts(Action.LOOK_UP)]
    assert sorted(look_ups) == sorted([C.FOUND, C.INTERRUPTED])
    (messenger,) = house.gateway.messengers.values()
    assert len(messenger.calls_of("look_up")) == 1


async def test_whoever_was_claimed_ahead_is_invited_after_a_pause(house: House):
    task = await paused_while_the_first_is_verified(house)
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 3
    assert len(house.telegram.invitations) == 3


async def test_nobody_is_claimed_ahead_before_the_pace_allows_her(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    messenger = house.messenger(account)
    verified = await started_up_to_the_verification(house, task, messenger)
    await house.store.database.write(lambda _opened: None)
    assert await house.states(task) == [TargetState.INVITED, TargetState.PENDING]
    verified.release()
    await house.idle(task)


async def test_a_bug_in_a_look_up_closes_its_attempt(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    messenger = house.messenger(account)
    real = messenger.look_up

    async def bug(*_args: object) -> Outcome:
        raise ZeroDivisionError

    messenger.look_up = bug
    assert (await house.run(task)).reason is TaskReason.UNKNOWN_ERROR
    messenger.look_up = real
    await house.engine.tasks.resume(task.id)
    await house.idle(task)
    outcomes = [attempt.outcome for attempt in await house.attempts(Action.LOOK_UP)]
    assert outcomes == [C.INTERRUPTED, C.FOUND]
    house.errors.clear()


async def test_a_listener_that_fails_does_not_keep_facts_from_the_others():
    errors: list[BaseException] = []
    heard: list[Event] = []
    bus = EventBus(errors.append)

    def fail(_event: Event) -> None:
        raise ZeroDivisionError

    bus.subscribe(fail)
    unsubscribe = bus.subscribe(heard.append)
    bus.publish(TaskChanged(1))
    unsubscribe()
    bus.publish(TaskChanged(2))
    assert heard == [TaskChanged(1)]
    assert [type(error) for error in errors] == [ZeroDivisionError] * 2


async def test_background_work_that_fails_is_reported_and_the_rest_ends_with_its_scope():
    errors: list[BaseException] = []
    scope = BackgroundScope(errors.append)

    async def fail() -> None:
        raise ZeroDivisionError

    async def sleep() -> None:
        await AcceleratedClock().sleep_until(AcceleratedClock().now() + timedelta(hours=1))

    failing, sleeping = scope.start(fail(), "fails"), scope.start(sleep(), "sleeps")
    await AcceleratedClock(1000).sleep_until(AcceleratedClock().now() + timedelta(seconds=1))
    assert failing.done()
    await scope.close()
    assert sleeping.cancelled()
    assert [type(error) for error in errors] == [ZeroDivisionError]


async def test_an_accelerated_clock_never_wakes_early_and_is_never_set_back():
    clock = AcceleratedClock(speed=10_000)
    until = clock.now() + timedelta(minutes=5)
    await clock.sleep_until(until)
    assert clock.now() >= until
    clock.set_speed(1)
    shown = clock.now()
    clock.advance_to(shown - timedelta(days=1))
    assert clock.now() >= shown
    clock.advance_to(shown + timedelta(days=1))
    assert clock.now() >= shown + timedelta(days=1)


def test_a_clock_cannot_stand_still_by_its_speed():
    with pytest.raises(ValueError, match="speed"):
        AcceleratedClock(0)
