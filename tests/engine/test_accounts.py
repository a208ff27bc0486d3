"""The user's accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState, Actor, Condition, HealthFact
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import PaceReason, peer_flood_rest
from invite_desktop.engine.events import AccountChanged
from invite_desktop.engine.ports.login import ApiCredentials, LoginStep

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

C = OutcomeCode


async def log_in(house: House, person: FakePerson) -> Account:
    login = await house.engine.accounts.begin_login()
    await login.send_code(person.phone)
    assert await login.submit_code("12345") is LoginStep.DONE
    return await house.engine.accounts.finish_login(login)


async def test_a_login_ends_with_a_ready_account_and_its_session_in_the_keyring(house: House):
    person = house.telegram.add_person("anna", phone="+79001112233", first_name="Anna")
    account = await log_in(house, person)
    (view,) = await house.engine.accounts.views()
    assert (view.account, view.state) == (account, AccountState.READY)
    assert account.profile.label == "Anna"
    assert account.id in house.vault.sessions
    assert AccountChanged(account.id) in house.events


async def test_without_credentials_there_is_no_login(house: House):
    house.vault.stored_credentials = None
    assert not await house.engine.accounts.has_credentials()
    with pytest.raises(KnownError, match="api_id"):
        await house.engine.accounts.begin_login()


@pytest.mark.parametrize("credentials", [ApiCredentials(0, "abc"), ApiCredentials(1, " ")])
async def test_credentials_that_cannot_be_right_are_refused(
    house: House, credentials: ApiCredentials
):
    with pytest.raises(KnownError):
        await house.engine.accounts.set_credentials(credentials)
    await house.engine.accounts.set_credentials(ApiCredentials(1, "abc"))
    assert house.vault.stored_credentials == ApiCredentials(1, "abc")


async def test_a_keyring_that_refuses_leaves_no_account_behind(house: House):
    person = house.telegram.add_person("anna", phone="+79001112233")
    login = await house.engine.accounts.begin_login()
    await login.send_code(person.phone)
    await login.submit_code("12345")
    house.vault.lock()
    with pytest.raises(KnownError, match="locked"):
        await house.engine.accounts.finish_login(login)
    assert await house.engine.accounts.views() == []
    assert await house.ports.accounts.accounts() == []


async def test_logging_in_again_brings_a_lost_account_back(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.LOGGED_OUT))
    again = await log_in(house, house.me(account))
    assert (again.id, again.state) == (account.id, AccountState.READY)


async def test_logging_in_again_ends_no_rest(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    again = await log_in(house, house.me(account))
    assert again.state is AccountState.LIMITED
    assert again.until == house.clock.now() + timedelta(days=1)


async def test_a_check_brings_profile_and_state_up_to_date(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.LOGGED_OUT))
    house.me(account).first_name = "Anna the Second"
    view = await house.engine.accounts.check(account.id)
    assert view.account.profile.first_name == "Anna the Second"
    assert view.state is AccountState.READY


@pytest.mark.parametrize(
    ("code", "state"), [(C.LOGGED_OUT, AccountState.LOGGED_OUT), (C.BANNED, AccountState.BANNED)]
)
async def test_a_check_finds_a_lost_account(house: House, code: OutcomeCode, state: AccountState):
    account = await house.add_account()
    house.me(account).account_trouble = code
    assert (await house.engine.accounts.check(account.id)).state is state


async def test_a_check_without_network_says_so_and_changes_nothing(house: House):
    account = await house.add_account()
    house.telegram.online = False
    with pytest.raises(KnownError, match="connection"):
        await house.engine.accounts.check(account.id)
    assert (await house.engine.accounts.view(account.id)).state is AccountState.READY


async def test_switching_off_and_on_ends_no_rest(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.FLOOD_WAIT, 600))
    await house.engine.accounts.switch_off(account.id)
    assert (await house.engine.accounts.view(account.id)).state is AccountState.SWITCHED_OFF
    await house.engine.accounts.switch_on(account.id)
    view = await house.engine.accounts.view(account.id)
    assert view.state is AccountState.RESTING
    assert view.account.until == house.clock.now() + timedelta(seconds=900)


async def test_a_shorter_wait_does_not_cut_a_longer_rest(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    await house.engine._states.suffer(account.id, Outcome(C.FLOOD_WAIT, 60))
    view = await house.engine.accounts.view(account.id)
    assert view.state is AccountState.LIMITED
    assert view.account.until == house.clock.now() + timedelta(days=1)


async def test_a_lost_account_cannot_be_switched_off(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.FROZEN))
    with pytest.raises(KnownError, match="frozen"):
        await house.engine.accounts.switch_off(account.id)


async def test_logging_out_ends_the_session_and_hides_the_account(house: House):
    account = await house.add_account()
    await house.engine.accounts.log_out(account.id)
    assert await house.engine.accounts.views() == []
    assert house.vault.sessions == {}
    with pytest.raises(KnownError):
        await house.engine.accounts.check(account.id)


async def test_a_log_out_that_the_keyring_refuses_keeps_the_account_at_work(house: House):
    account = await house.add_account()
    house.vault.lock()
    with pytest.raises(KnownError):
        await house.engine.accounts.log_out(account.id)
    house.vault.unlock()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    await house.run(task)
    assert len(house.telegram.invitations) == 1


async def test_the_view_shows_what_was_used_of_today(house: House):
    account = await house.add_account()
    await house.run(await house.invite_task(house.add_chat(account), house.people(2)))
    view = await house.engine.accounts.view(account.id)
    assert (view.today[Action.INVITE].done, view.today[Action.INVITE].allowed) == (2, 15)
    assert view.today[Action.LOOK_UP].done == 3  # the chat as well
    assert view.next_invite.reason is PaceReason.GAP
    assert view.busy_with is None


async def test_the_view_names_the_task_that_an_account_serves(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    assert (await house.engine.accounts.view(account.id)).busy_with == task.name
    held.release()
    await house.idle(task)


async def test_accounts_without_work_are_not_connected(house: House):
    await house.add_account()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=1))
    assert house.gateway.opened == []


async def test_a_check_brings_the_photo_and_keeps_it_in_memory_only(house: House):
    account = await house.add_account()
    assert (await house.engine.accounts.view(account.id)).photo is None
    view = await house.engine.accounts.check(account.id)
    assert view.photo == house.me(account).photo
    assert view.photo not in house.path.read_bytes()
    house.me(account).photo = None
    assert (await house.engine.accounts.check(account.id)).photo is None


async def test_a_check_ends_a_freeze_that_telegram_has_lifted(house: House):
    account = await house.add_account()
    house.me(account).account_trouble = C.FROZEN
    assert (await house.engine.accounts.check(account.id)).condition is Condition.FROZEN
    house.me(account).account_trouble = None
    assert (await house.engine.accounts.check(account.id)).condition is Condition.READY


# ------------------------------------------------------------ rests that the user orders


async def seen(house: House, account: Account) -> Condition:
    return (await house.engine.accounts.view(account.id)).condition


async def test_a_rest_that_the_user_ordered_ends_by_itself_or_by_her(house: House):
    account = await house.add_account()
    accounts = house.engine.accounts
    house.clock.hold()
    await accounts.rest(account.id, house.clock.now() + timedelta(hours=1))
    view = await accounts.view(account.id)
    assert (view.condition, view.next_invite.reason) == (Condition.RESTING, PaceReason.REST)
    assert view.next_invite.at == house.clock.now() + timedelta(hours=1)
    await accounts.release(account.id)
    assert await seen(house, account) is Condition.READY
    await accounts.rest(account.id, house.clock.now() + timedelta(hours=1))
    house.clock.advance(timedelta(hours=1))
    assert await seen(house, account) is Condition.READY


@pytest.mark.parametrize("code", [C.FLOOD_WAIT, C.PEER_FLOOD])
async def test_a_rest_that_telegram_ordered_cannot_be_shortened(house: House, code: OutcomeCode):
    account = await house.add_account()
    house.clock.hold()
    await house.engine._states.suffer(account.id, Outcome(code, 600))
    before = await house.engine.accounts.view(account.id)
    with pytest.raises(KnownError, match="nothing may shorten"):
        await house.engine.accounts.release(account.id)
    with pytest.raises(KnownError, match="anyway"):
        await house.engine.accounts.rest(account.id, house.clock.now() + timedelta(minutes=1))
    assert (await house.engine.accounts.view(account.id)).account == before.account


@pytest.mark.parametrize("rest_comes_first", [False, True])
async def test_ending_her_own_rest_gives_back_the_rest_that_telegram_ordered(
    house: House, rest_comes_first: bool
):
    account = await house.add_account()
    house.clock.hold()
    later = house.clock.now() + timedelta(days=3)
    if rest_comes_first:
        await house.engine.accounts.rest(account.id, later)
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    if not rest_comes_first:
        await house.engine.accounts.rest(account.id, later)
    assert (await house.engine.accounts.view(account.id)).account.until == later
    await house.engine.accounts.release(account.id)
    view = await house.engine.accounts.view(account.id)
    assert view.condition is Condition.LIMITED
    assert view.account.until == house.clock.now() + timedelta(days=1)


async def test_an_account_that_does_not_rest_cannot_be_released(house: House):
    account = await house.add_account()
    with pytest.raises(KnownError, match="not rest"):
        await house.engine.accounts.release(account.id)


async def test_a_rest_cannot_end_in_the_past(house: House):
    account = await house.add_account()
    with pytest.raises(KnownError, match="over already"):
        await house.engine.accounts.rest(account.id, house.clock.now())


async def test_an_account_that_works_rests_before_its_next_action(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    held = house.messenger(account).hold("invite", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    assert await seen(house, account) is Condition.BUSY
    end = house.clock.now() + timedelta(hours=5)
    await house.engine.accounts.rest(account.id, end)
    held.release()
    await house.idle(task)
    times = [attempt.started_at for attempt in await house.attempts(Action.INVITE)]
    assert times[0] < end - timedelta(hours=4)
    assert min(times[1:]) >= end


async def test_logging_out_and_in_again_ends_no_rest_that_telegram_ordered(house: House):
    account = await house.add_account()
    house.clock.hold()
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    await house.engine.accounts.log_out(account.id)
    again = await log_in(house, house.me(account))
    assert again.state is AccountState.LIMITED
    assert again.until == house.clock.now() + peer_flood_rest(0)


async def test_a_check_of_a_lost_account_ends_no_rest_that_telegram_ordered(house: House):
    account = await house.add_account()
    house.clock.hold()
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    await house.engine._states.suffer(account.id, Outcome(C.LOGGED_OUT))
    assert (await house.engine.accounts.check(account.id)).condition is Condition.LIMITED


# ------------------------------------------------------------ without network


async def test_no_network_is_known_per_account_and_ends_by_itself(house: House):
    anna, boris = await house.add_account("anna"), await house.add_account("boris")
    house.clock.hold()
    house.telegram.online = False
    with pytest.raises(KnownError):
        await house.engine.accounts.check(anna.id)
    assert await seen(house, anna) is Condition.NO_NETWORK
    assert await seen(house, boris) is Condition.READY
    house.telegram.online = True
    house.clock.let_go()
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=1))
    assert await seen(house, anna) is Condition.READY
    facts = [event.fact for event in await house.engine.accounts.health(anna.id)]
    assert facts == [HealthFact.NETWORK_BACK, HealthFact.NO_NETWORK, HealthFact.ADDED]


async def test_who_has_no_network_for_hours_asks_ever_less_often(house: House):
    account = await house.add_account()
    house.telegram.online = False
    with pytest.raises(KnownError):
        await house.engine.accounts.check(account.id)
    house.gateway.opened.clear()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=2))
    assert 15 < len(house.gateway.opened) < 30
    house.telegram.online = True
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=7))
    assert await seen(house, account) is Condition.READY


async def test_an_account_that_is_gone_is_not_tried_any_more(house: House):
    account = await house.add_account()
    house.telegram.online = False
    with pytest.raises(KnownError):
        await house.engine.accounts.check(account.id)
    await house.engine.accounts.switch_off(account.id)
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=30))
    house.gateway.opened.clear()
    await house.clock.sleep_until(house.clock.now() + timedelta(hours=2))
    assert house.gateway.opened == []


# ------------------------------------------------------------ what is remembered


async def test_the_health_history_tells_who_did_what_and_why(house: House):
    account = await house.add_account()
    house.clock.hold()
    start = house.clock.now()
    await house.engine._states.suffer(account.id, Outcome(C.FLOOD_WAIT, 60, "FloodWaitError"))
    await house.engine.accounts.switch_off(account.id)
    events = await house.engine.accounts.health(account.id)
    off, rest, added = events
    assert (added.fact, added.by) == (HealthFact.ADDED, Actor.USER)
    assert (rest.state, rest.by, rest.note) == (AccountState.RESTING, Actor.TELEGRAM, C.FLOOD_WAIT)
    assert (rest.until, rest.detail) == (start + timedelta(seconds=360), "FloodWaitError")
    assert (off.state, off.by) == (AccountState.SWITCHED_OFF, Actor.USER)
    view = await house.engine.accounts.view(account.id)
    assert view.last_trouble == rest
    assert "Switch on" in str(view.advice)


async def test_the_health_history_outlives_a_crash(house: House):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(C.BANNED))
    before = await house.engine.accounts.health(account.id)
    await house.crash()
    await house.open()
    assert await house.engine.accounts.health(account.id) == before


async def test_the_view_says_when_each_kind_of_action_may_come(house: House):
    account = await house.add_account()
    await house.run(await house.invite_task(house.add_chat(account), house.people(5)))
    view = await house.engine.accounts.view(account.id)
    assert set(view.next_actions) == set(Action)
    assert view.next_actions[Action.INVITE].reason is PaceReason.HOUR
    assert view.next_actions[Action.CONTACT_IMPORT].reason in (PaceReason.NOW, PaceReason.GAP)
    assert (view.trust, view.days_to_full_limits) == (pytest.approx(0.3), 14)


# ------------------------------------------------------------ no lease outlives its owner


@pytest.mark.parametrize(("call", "invited"), [("look_up", 2), ("invite", 1)])
async def test_no_account_stays_busy_after_a_crash(house: House, call: str, invited: int):
    """Whom the crash left uncertain is not invited again; the account works on all the same."""
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    held = house.messenger(account).hold(call)
    await house.engine.tasks.start(task.id)
    await held.reached()
    assert await seen(house, account) is Condition.BUSY
    await house.crash()
    house.settings = replace(house.settings, continue_after_restart=False)
    await house.open()
    assert await seen(house, account) is Condition.READY
    await house.engine.tasks.resume(task.id)
    await house.idle(task)
    assert len(house.telegram.invitations) == invited
