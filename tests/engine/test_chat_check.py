"""The check of a chat, row by row."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import Standing, parse_chat_address
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.words import words_for

if TYPE_CHECKING:
    from tests.fakes.house import House

C = OutcomeCode


async def test_every_account_has_its_row_and_its_reason(house: House):
    names = ("admin", "mute", "member", "stranger", "resting", "off", "lost")
    accounts = {name: await house.add_account(name) for name in names}
    chat = house.add_chat(accounts["admin"], accounts["resting"], accounts["off"])
    chat.admins[house.me(accounts["mute"]).user_id] = False
    chat.members |= {house.me(accounts[name]).user_id for name in ("mute", "member")}
    states = house.engine._states
    await states.suffer(accounts["resting"].id, Outcome(C.FLOOD_WAIT, 60))
    await states.switch_off(accounts["off"].id)
    house.gateway.end_session(accounts["lost"].id)
    check = await house.engine.chat_checks.check("t.me/football")
    rows = {row.account.id: row for row in check.accounts}
    seen = {name: rows[account.id] for name, account in accounts.items()}
    assert [seen[name].standing for name in names] == [
        Standing.READY_ADMIN,
        Standing.ADMIN_WITHOUT_INVITE_RIGHT,
        Standing.MEMBER,
        Standing.NOT_A_MEMBER,
        Standing.READY_ADMIN,
        Standing.UNKNOWN,
        Standing.UNKNOWN,
    ]
    assert [row.account.id for row in check.ready] == [accounts["admin"].id]
    assert seen["admin"].why is None
    assert all(seen[name].why is not None for name in names[1:])
    assert seen["resting"].until == house.clock.now() + timedelta(seconds=360)
    assert seen["lost"].why == words_for(C.LOGGED_OUT)
    assert house.gateway.opened.count(accounts["off"].id) == 0
    assert (check.info.title, check.problem) == ("Football", None)
    assert check.chat_ref().chat_id == chat.chat_id


async def test_a_used_up_day_is_a_reason_with_its_end(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    await house.run(await house.invite_task(chat, house.people(15)))
    (row,) = (await house.engine.chat_checks.check("@football")).accounts
    assert not row.ready
    assert row.until > house.clock.now() + timedelta(hours=20)


async def test_text_that_is_no_address_is_refused(house: House):
    with pytest.raises(KnownError, match="not a link"):
        await house.engine.chat_checks.check("football club")


@pytest.mark.parametrize("accounts", [0, 1])
async def test_a_chat_that_nobody_sees_is_a_problem_in_words(house: House, accounts: int):
    for _ in range(accounts):
        await house.add_account()
    check = await house.engine.chat_checks.check("@nothing_here")
    assert check.info is None
    assert check.chat_ref() is None
    assert check.problem is not None


async def test_an_answer_is_kept_for_two_minutes(house: House):
    account = await house.add_account()
    house.add_chat(account)
    first = await house.engine.chat_checks.check("@football")
    house.clock.advance(timedelta(seconds=119))
    assert await house.engine.chat_checks.check("https://t.me/football") is first
    house.clock.advance(timedelta(seconds=1))
    assert await house.engine.chat_checks.check("@football") is not first


async def test_an_answer_without_network_is_not_kept(house: House):
    account = await house.add_account()
    house.add_chat(account)
    house.telegram.online = False
    assert (await house.engine.chat_checks.check("@football")).info is None
    house.telegram.online = True
    assert (await house.engine.chat_checks.check("@football")).info is not None


async def test_a_recheck_asks_anew(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    await house.engine.chat_checks.check("@football")
    chat.admins.clear()
    check = await house.engine.chat_checks.recheck(parse_chat_address("@football"))
    assert check.ready == []


async def test_all_accounts_are_asked_at_the_same_time(house: House):
    accounts = [await house.add_account(f"owner{i}") for i in range(8)]
    house.add_chat(*accounts)
    held = [house.messenger(account).hold("see_chat") for account in accounts]
    asking = asyncio.ensure_future(house.engine.chat_checks.check("@football"))
    for call in held:
        await asyncio.wait_for(call.reached(), 30)
    for call in held:
        call.release()
    assert len((await asking).ready) == 8


async def test_a_locked_keyring_is_the_reason_of_its_row(house: House):
    account = await house.add_account()
    house.add_chat(account)
    house.vault.lock()
    (row,) = (await house.engine.chat_checks.check("@football")).accounts
    assert str(row.why) == "The keyring is locked."


async def test_a_name_is_looked_up_once_for_ever(house: House):
    account = await house.add_account()
    house.add_chat(account)
    for _ in range(3):
        await house.engine.chat_checks.recheck(parse_chat_address("@football"))
    await house.close()
    await house.open()
    check = await house.engine.chat_checks.check("@Football")
    assert [row.account.id for row in check.ready] == [account.id]
    assert house.messenger(account).resolved == ["football"]


async def test_a_name_that_leads_elsewhere_now_is_looked_up_again(house: House):
    account = await house.add_account()
    old = house.add_chat(account)
    await house.engine.chat_checks.check("@football")
    old.username = None
    new = house.add_chat(account, title="Second", username="football")
    check = await house.engine.chat_checks.recheck(parse_chat_address("@football"))
    assert check.info.chat_id == new.chat_id
    assert house.messenger(account).resolved == ["football", "football"]


async def test_look_ups_of_chats_cost_the_days_budget_and_end_in_words(house: House):
    account = await house.add_account()
    first = house.clock.now()
    for number in range(179):
        await house.engine.chat_checks.check(f"@no_such_chat_{number}")
    house.add_chat(account)
    (row,) = (await house.engine.chat_checks.check("@football")).accounts
    assert row.why == words_for(C.LOOK_UPS_SPENT)
    assert row.until == first + timedelta(days=1)
    assert len(house.messenger(account).resolved) == 179
    today = (await house.engine.accounts.view(account.id)).today[Action.LOOK_UP]
    assert (today.done, today.allowed) == (179, 180)
    await house.close()
    await house.open()
    (row,) = (await house.engine.chat_checks.check("@football")).accounts
    assert row.why == words_for(C.LOOK_UPS_SPENT)
    house.clock.advance(timedelta(days=1))
    assert (await house.engine.chat_checks.check("@football")).ready


async def test_look_ups_of_the_same_moment_do_not_pass_the_budget(house: House):
    account = await house.add_account()
    for _ in range(170):
        await house.store.ledger.begin_call(account.id, Action.LOOK_UP, house.clock.now())
    names = [f"@no_such_chat_{number}" for number in range(20)]
    await asyncio.gather(*map(house.engine.chat_checks.check, names))
    assert len(house.messenger(account).resolved) == 9


async def test_a_task_whose_chat_must_wait_for_a_look_up_waits_and_goes_on(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    await house.close()
    before = len(house.telegram.invitations)
    house.build()
    ledger, now = house.store.ledger, house.clock.now()
    await ledger.keep_named_chat(account.id, "football", None)
    for _ in range(180):
        await ledger.begin_call(account.id, Action.LOOK_UP, now)
    await house.engine.start()
    house.clock.let_go()
    await house.idle(task)
    assert len(house.telegram.invitations) == 3
    assert all(each.at >= now + timedelta(days=1) for each in house.telegram.invitations[before:])
