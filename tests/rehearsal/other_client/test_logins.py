"""What becomes of logins: other devices, logging out, bans, freezes, lost keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from tests.fakes.rehearsal import API_ID, CLUB
from tests.rehearsal.other_client.clients import (
    MYSELF,
    ask,
    channel,
    connected,
    listen,
    running,
    user,
)
from tests.rehearsal.other_client.sign_in import log_in

if TYPE_CHECKING:
    from pathlib import Path

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

DAY = 24 * 3600
LOGINS = functions.account.GetAuthorizations()
END_OTHERS = functions.auth.ResetAuthorizations()


async def test_logging_out_ends_the_login(client: Client):
    assert await ask(client, functions.auth.LogOut())
    with pytest.raises(errors.AuthKeyUnregistered):
        await ask(client, MYSELF)


async def test_an_account_sees_its_logins(rehearsal: Rehearsal, client: Client):
    async with connected(rehearsal, device_model="Чайник", app_version="9.9") as newcomer:
        await log_in(newcomer)
        own, other = (await ask(client, LOGINS)).authorizations
    assert (own.current, own.hash) == (True, 0)
    assert (other.current, other.device_model, other.app_version) == (False, "Чайник", "9.9")
    assert other.api_id == API_ID
    assert other.date_created > own.date_created


async def test_one_login_is_ended_by_another(client: Client, newcomer: Client):
    await log_in(newcomer)
    other = (await ask(client, LOGINS)).authorizations[1]
    request = functions.account.ResetAuthorization(hash=other.hash)
    assert await ask(client, request)
    with pytest.raises(errors.SessionRevoked):
        await ask(newcomer, MYSELF)
    assert await ask(client, MYSELF)
    with pytest.raises(errors.HashInvalid):
        await ask(client, request)


async def test_logging_out_everywhere_else_leaves_the_caller(rehearsal: Rehearsal, client: Client):
    async with connected(rehearsal) as one, connected(rehearsal) as two:
        for newcomer in (one, two):
            await log_in(newcomer)
        assert await ask(client, END_OTHERS)
        for newcomer in (one, two):
            with pytest.raises(errors.SessionRevoked):
                await ask(newcomer, MYSELF)
    assert await ask(client, MYSELF)


async def test_a_fresh_login_ends_no_others(rehearsal: Rehearsal, newcomer: Client):
    await log_in(newcomer)
    with pytest.raises(errors.FreshResetAuthorisationForbidden):
        await ask(newcomer, END_OTHERS)
    rehearsal.world.set_clock(rehearsal.world.now() + DAY + 1, 1.0)
    assert await ask(newcomer, END_OTHERS)


async def test_a_revoked_session_says_so_and_may_log_in_again(rehearsal: Rehearsal, client: Client):
    rehearsal.server.revoke_sessions(rehearsal.accounts[0])
    with pytest.raises(errors.SessionRevoked):
        await ask(client, MYSELF)
    await log_in(client)
    assert await ask(client, MYSELF)


async def test_sessions_can_be_ended_from_elsewhere(rehearsal: Rehearsal, client: Client):
    rehearsal.server.end_sessions(rehearsal.accounts[0])
    with pytest.raises(errors.AuthKeyUnregistered):
        await ask(client, MYSELF)


async def test_other_devices_hear_of_a_new_login(rehearsal: Rehearsal, client: Client):
    heard = await listen(client, types.UpdateNewAuthorization)
    async with connected(rehearsal, device_model="Чайник") as newcomer:
        await log_in(newcomer)
    update = await asyncio.wait_for(heard.get(), 30)
    assert (update.device, update.unconfirmed) == ("Чайник", True)


async def test_a_duplicated_key_comes_as_telegram_says_it(rehearsal: Rehearsal, client: Client):
    rehearsal.server.script("users.getUsers", "AUTH_KEY_DUPLICATED")
    with pytest.raises(errors.AuthKeyDuplicated) as caught:
        await ask(client, MYSELF)
    assert caught.value.CODE == 406


async def test_a_banned_account_is_told_so(rehearsal: Rehearsal, client: Client):
    standings, account = rehearsal.world.standings, rehearsal.accounts[0]
    standings.ban(account)
    with pytest.raises(errors.UserDeactivatedBan):
        await ask(client, MYSELF)
    standings.unban(account)
    assert await ask(client, MYSELF)


async def test_a_frozen_account_contacts_nobody(rehearsal: Rehearsal, client: Client):
    club, someone = await channel(client, CLUB), await user(client, "willing_one")
    rehearsal.world.standings.freeze(rehearsal.accounts[0])
    for request in (
        functions.channels.InviteToChannel(channel=club, users=[someone]),
        functions.messages.SendMessage(
            peer=await client.resolve_peer("willing_one"), message="привет", random_id=1
        ),
        functions.contacts.ImportContacts(contacts=[]),
    ):
        with pytest.raises(errors.FrozenMethodInvalid):
            await ask(client, request)


async def test_a_frozen_account_goes_on_reading(rehearsal: Rehearsal, client: Client):
    rehearsal.world.standings.freeze(rehearsal.accounts[0])
    assert (await client.get_chat(CLUB)).title == "Клуб репетиции"
    assert [dialog async for dialog in client.get_dialogs(limit=1)]


async def test_the_configuration_tells_of_a_freeze(rehearsal: Rehearsal, client: Client):
    standings, account = rehearsal.world.standings, rehearsal.accounts[0]
    standings.freeze(account, DAY)
    answer = await ask(client, functions.help.GetAppConfig(hash=1))
    told = {field.key: field.value.value for field in answer.config.value}
    assert told["freeze_until_date"] == told["freeze_since_date"] + DAY
    assert told["freeze_appeal_url"].startswith("https://t.me/")
    same = await ask(client, functions.help.GetAppConfig(hash=answer.hash))
    assert isinstance(same, types.help.AppConfigNotModified)
    standings.unfreeze(account)
    assert (await ask(client, functions.help.GetAppConfig(hash=0))).config.value == []


async def test_bans_freezes_and_revocations_outlive_a_restart(tmp_path: Path):
    async with running(state_dir=tmp_path) as rehearsal:
        keys = [rehearsal.server.issue_key(account) for account in rehearsal.accounts]
        banned, frozen, revoked = rehearsal.accounts
        rehearsal.world.standings.ban(banned)
        rehearsal.world.standings.freeze(frozen)
        rehearsal.server.revoke_sessions(revoked)
    requests = (MYSELF, functions.contacts.ImportContacts(contacts=[]), MYSELF)
    faults = (errors.UserDeactivatedBan, errors.FrozenMethodInvalid, errors.SessionRevoked)
    async with running(state_dir=tmp_path) as rehearsal:
        for key, request, fault in zip(keys, requests, faults, strict=True):
            async with connected(rehearsal, key=key) as client:
                with pytest.raises(fault):
                    await ask(client, request)


async def test_a_login_outlives_a_restart(tmp_path: Path):
    async with running(state_dir=tmp_path) as rehearsal, connected(rehearsal) as newcomer:
        await log_in(newcomer)
        key = await newcomer.storage.auth_key()
    async with (
        running(state_dir=tmp_path) as rehearsal,
        connected(rehearsal, key=key) as again,
    ):
        (me,) = await ask(again, MYSELF)
        assert me.id == rehearsal.accounts[0].id
