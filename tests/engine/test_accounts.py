"""The user's accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import PaceReason
from invite_desktop.engine.events import AccountChanged
from invite_desktop.engine.ports.telegram import ApiCredentials, LoginStep

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
    assert view.today[Action.LOOK_UP].done == 2
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
