"""Troubles of accounts, of Telegram and of this machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.engine.ports.telegram import FoundUser
from tests.fakes.house import settle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

C = OutcomeCode


async def small_task(
    house: House, *names: str, people: int = 3
) -> tuple[InviteTask, list[Account]]:
    accounts = [await house.add_account(name) for name in names or ("anna",)]
    task = await house.invite_task(house.add_chat(*accounts), house.people(people))
    return task, accounts


async def state_of(house: House, account: Account) -> AccountState:
    return (await house.engine.accounts.view(account.id)).state


async def test_a_flood_wait_returns_the_target_and_rests_the_account(house: House):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(C.FLOOD_WAIT, 1000))
    start = house.clock.now()
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 3
    first, second, *_ = await house.attempts(Action.INVITE)
    assert (first.outcome, first.target_id) == (C.FLOOD_WAIT, second.target_id)
    assert second.started_at >= start + timedelta(seconds=1000 + 300)


async def test_while_the_only_account_rests_the_task_waits_and_says_until_when(house: House):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(C.FLOOD_WAIT, 1000))
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    situation = await reached(house, task, TaskStatus.WAITING)
    assert situation.reason is TaskReason.ACCOUNTS_RESTING
    assert situation.until == house.clock.now() + timedelta(seconds=1300)
    assert await state_of(house, account) is AccountState.RESTING
    assert (await house.engine.tasks.view(task.id)).next_action_at == situation.until


@pytest.mark.parametrize("answer", [C.NOT_FOUND, C.BOT, C.DELETED_ACCOUNT, None])
async def test_whose_username_is_gone_waits_for_the_account_that_has_met_her(
    house: House, answer: OutcomeCode | None
):
    """Without an answer the username is a stranger's by now."""
    task, (anna, boris) = await small_task(house, "anna", "boris", people=1)
    (target,) = await house.targets(task)
    met = await house.messenger(anna).look_up(target.person.keys)
    assert isinstance(met, FoundUser)
    await house.store.ledger.keep_peer(anna.id, target.person.id, met.peer)
    await house.engine.accounts.rest(anna.id, house.clock.now() + timedelta(days=1))
    (stranger,) = house.people(1, prefix="stranger")
    taken_over = await house.messenger(boris).look_up(PersonKeys(stranger.username))
    house.messenger(boris).script("look_up", Outcome(answer) if answer else taken_over)
    await house.run(task)
    assert await house.states(task) == [TargetState.JOINED]
    (invitation,) = await house.attempts(Action.INVITE)
    assert invitation.account_id == anna.id


async def test_during_a_flood_wait_another_account_goes_on(house: House):
    task, accounts = await small_task(house, "anna", "boris", people=6)
    house.messenger(accounts[0]).script("invite", Outcome(C.FLOOD_WAIT, 90_000))
    start = house.clock.now()
    await house.run(task)
    assert house.clock.now() - start < timedelta(hours=4)
    assert await house.states(task) == [TargetState.JOINED] * 6


async def test_a_long_flood_wait_halves_the_pace(house: House):
    account = await house.add_account()
    house.clock.advance(timedelta(days=14))
    task = await house.invite_task(house.add_chat(account), house.people(1))
    house.messenger(account).script("invite", Outcome(C.FLOOD_WAIT, 3600))
    before = (await house.engine.accounts.view(account.id)).today[Action.INVITE].allowed
    await house.run(task)
    after = (await house.engine.accounts.view(account.id)).today[Action.INVITE].allowed
    assert (before, after) == (50, 25)


async def test_a_spam_complaint_limits_the_account_and_pauses_the_task(house: House):
    task, accounts = await small_task(house, "anna", "boris", people=6)
    house.messenger(accounts[0]).script("invite", Outcome(C.PEER_FLOOD, detail="PeerFloodError"))
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.PEER_FLOOD)
    limited = (await house.engine.accounts.view(accounts[0].id)).account
    assert limited.state is AccountState.LIMITED
    assert limited.until == house.clock.now() + timedelta(hours=24)
    done = len(await house.attempts(Action.INVITE))
    house.clock.advance(timedelta(days=2))
    await settle()
    assert len(await house.attempts(Action.INVITE)) == done, "no other account carries on"
    assert any(isinstance(event, AttentionNeeded) for event in house.events)


async def test_a_complaint_about_a_repeated_message_pauses_its_task(house: House):
    first, second = [await house.add_account("anna"), await house.add_account("boris")]
    await house.engine.accounts.switch_off(second.id)
    task = await house.message_task(house.people(3))
    house.messenger(first).drop("send_message")
    house.messenger(first).script("send_message", Outcome(C.PEER_FLOOD))
    await house.engine.tasks.start(task.id)
    await house.engine.accounts.switch_on(second.id)
    situation = await house.idle(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.PEER_FLOOD)


@pytest.mark.parametrize("code", [C.PEER_FLOOD, C.UNKNOWN_ERROR])
async def test_what_pauses_a_task_pauses_it_when_its_chat_is_seen_anew(
    house: House, code: OutcomeCode
):
    task, (account,) = await small_task(house)
    await house.engine.tasks.start(task.id)
    await house.close()
    house.messenger(account).script("see_chat", Outcome(code, detail="SOMETHING_NEW"))
    await house.open()
    situation = await house.idle(task)
    assert situation.status is TaskStatus.PAUSED
    assert (situation.reason.value, situation.detail) == (code.value, "SOMETHING_NEW")


async def test_a_complaint_about_a_question_pauses_its_task(house: House):
    account = await house.add_account()
    people = house.people(2)
    await house.run(await house.message_task(people, "First"))
    task = await house.message_task(people, "Second")
    house.messenger(account).script("requirements", Outcome(C.PEER_FLOOD))
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.PEER_FLOOD)


async def test_each_further_complaint_doubles_the_rest(house: House):
    task, (account,) = await small_task(house)
    for days in (1, 2, 4):
        house.messenger(account).script("invite", Outcome(C.PEER_FLOOD))
        if days == 1:
            await house.run(task)
        else:
            await house.engine.tasks.resume(task.id)
            await house.idle(task)
        until = (await house.engine.accounts.view(account.id)).account.until
        assert until == house.clock.now() + timedelta(days=days)
        house.clock.set(until)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (C.FROZEN, AccountState.FROZEN),
        (C.BANNED, AccountState.BANNED),
        (C.LOGGED_OUT, AccountState.LOGGED_OUT),
    ],
)
async def test_a_lost_account_leaves_the_task_waiting_for_another(
    house: House, code: OutcomeCode, state: AccountState
):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(code))
    await house.engine.tasks.start(task.id)
    situation = await reached(house, task, TaskStatus.WAITING)
    assert situation.reason is TaskReason.NO_ACCOUNTS
    assert await state_of(house, account) is state
    assert await house.states(task) == [TargetState.PENDING] * 3


async def test_an_account_that_comes_later_takes_a_waiting_task_up(house: House):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(C.BANNED))
    await house.engine.tasks.start(task.id)
    await reached(house, task, TaskStatus.WAITING)
    second = house.telegram.add_person("second_owner", phone="+79001112233")
    house.telegram.chats[task.chat.chat_id].admins[second.user_id] = True
    house.telegram.chats[task.chat.chat_id].members.add(second.user_id)
    login = await house.engine.accounts.begin_login()
    await login.send_code(second.phone)
    await login.submit_code("12345")
    await house.engine.accounts.finish_login(login)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 3


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (C.NO_INVITE_RIGHT, TaskReason.NO_RIGHTS),
        (C.CHAT_UNREACHABLE, TaskReason.CHAT_UNREACHABLE),
    ],
)
async def test_without_any_account_with_rights_the_task_fails(
    house: House, code: OutcomeCode, reason: TaskReason
):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(code))
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.FAILED, reason)
    assert await state_of(house, account) is AccountState.READY


async def test_an_account_that_lost_its_right_leaves_the_rest_to_others(house: House):
    task, accounts = await small_task(house, "anna", "boris", people=4)
    house.messenger(accounts[0]).script("invite", Outcome(C.NO_INVITE_RIGHT))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.ports.tasks.ends_by_account(task.id) == {accounts[1].id: 4}


@pytest.mark.parametrize(
    ("code", "reason"),
    [(C.LINK_ONLY, TaskReason.LINK_ONLY), (C.UNKNOWN_ERROR, TaskReason.UNKNOWN_ERROR)],
)
async def test_some_answers_pause_the_task_and_keep_the_target(
    house: House, code: OutcomeCode, reason: TaskReason
):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(code, detail="SOME_NEW_CODE"))
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, reason)
    assert situation.detail == "SOME_NEW_CODE"
    assert await house.states(task) == [TargetState.PENDING] * 3


async def test_failures_in_a_row_pause_the_task(house: House):
    account = await house.add_account()
    people = house.people(12, on_invite=C.ADD_FAILED)
    situation = await house.run(await house.invite_task(house.add_chat(account), people))
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.TOO_MANY_REFUSALS)
    assert len(await house.attempts(Action.INVITE)) == 5


async def test_without_network_the_task_waits_and_tries_less_and_less_often(house: House):
    task, (account,) = await small_task(house)
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    house.telegram.online = False
    situation = await reached(house, task, TaskStatus.WAITING)
    assert situation.reason is TaskReason.NO_NETWORK
    house.gateway.opened.clear()
    house.clock.let_go()
    await house.clock.sleep_until(situation.until + timedelta(minutes=30))
    assert 8 < len(house.gateway.opened) < 16
    house.telegram.online = True
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await state_of(house, account) is AccountState.READY


async def test_a_call_that_never_left_is_simply_made_again(house: House):
    task, (account,) = await small_task(house)
    house.messenger(account).script("invite", Outcome(C.NOT_CONNECTED))
    await house.run(task)
    assert await house.states(task) == [TargetState.JOINED] * 3
    assert (await house.attempts(Action.INVITE))[0].outcome is C.NOT_CONNECTED


@pytest.mark.parametrize(
    ("after_effect", "state", "outcome"),
    [(True, TargetState.JOINED, C.JOINED), (False, TargetState.UNCERTAIN, C.UNCERTAIN)],
)
async def test_an_invitation_cut_off_is_settled_by_looking_and_never_repeated(
    house: House, after_effect: bool, state: TargetState, outcome: OutcomeCode
):
    task, (account,) = await small_task(house)
    house.messenger(account).drop("invite", after_effect=after_effect)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [state, TargetState.JOINED, TargetState.JOINED]
    attempts = await house.attempts(Action.INVITE)
    assert [a.outcome for a in attempts] == [outcome, C.INVITED, C.INVITED]
    assert await house.agrees(task)


async def test_an_uncertain_invitation_can_be_tried_again_by_hand(house: House):
    task, (account,) = await small_task(house)
    house.messenger(account).drop("invite", after_effect=False)
    await house.run(task)
    assert await house.engine.tasks.retry(task.id) == 1
    await house.run(task)
    assert await house.states(task) == [TargetState.JOINED] * 3


async def test_a_full_disk_pauses_the_task_and_loses_no_outcome(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    task, _ = await small_task(house)
    with monkeypatch.context() as disk:
        for store, method in (
            (house.store.ledger, "finish"),
            (house.store.tasks, "change_situation"),
        ):
            disk.setattr(store, method, full_after_an_invitation(house, getattr(store, method)))
        await house.run(task)
        view = await house.engine.tasks.view(task.id)
    paused = view.task.situation
    assert (paused.status, paused.reason) == (TaskStatus.PAUSED, TaskReason.STORAGE)
    assert paused.detail == "The disk is full."
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 3
    assert len(house.telegram.invitations) == 3


def full_after_an_invitation(house: House, method: Callable[..., Awaitable[object]]):
    async def perhaps_full(*args: object, **options: object) -> object:
        if house.telegram.invitations:
            raise KnownError(message("The disk is full."))
        return await method(*args, **options)

    return perhaps_full


async def test_a_locked_keyring_pauses_the_task_in_words(house: House):
    task, _ = await small_task(house)
    held = house.messenger((await house.ports.accounts.accounts())[0]).hold("membership")
    await house.engine.tasks.start(task.id)
    await held.reached()
    house.vault.lock()
    held.release()
    situation = await house.idle(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.KEYRING)
    house.vault.unlock()
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_a_bug_stops_the_task_and_is_reported_once(house: House):
    task, (account,) = await small_task(house)
    broken = house.messenger(account)
    real = broken.invite

    async def bug(*args: object) -> Outcome:
        await real(*args)
        raise ZeroDivisionError

    broken.invite = bug
    situation = await house.run(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.UNKNOWN_ERROR)
    assert situation.detail == "ZeroDivisionError"
    broken.invite = real
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 3
    assert len(house.telegram.invitations) == 3, "the call with the bug was settled, not repeated"
    assert [type(error) for error in house.errors] == [ZeroDivisionError]
    house.errors.clear()


async def reached(house: House, task: InviteTask, status: TaskStatus):
    """Wait, without letting time pass, until a task is in a status."""
    for _ in range(20_000):
        await settle(1)
        situation = await house.situation(task)
        if situation.status is status:
            return situation
    raise AssertionError(f"still {situation}")
