"""Phones, accounts and logins of other data centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions

from tests.rehearsal.other_client.clients import MYSELF, NEAREST, ask, connected
from tests.rehearsal.other_client.sign_in import CODE, PHONE, log_in, send_code

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def test_a_phone_of_another_data_centre_is_followed_there(
    rehearsal: Rehearsal, newcomer: Client
):
    rehearsal.accounts[0].dc = 4
    sent = await newcomer.send_phone_number_code(PHONE)
    me = await newcomer.sign_in(PHONE, sent.phone_code_hash, CODE)
    assert me.id == rehearsal.accounts[0].id
    assert await newcomer.storage.dc_id() == 4
    assert (await ask(newcomer, NEAREST)).this_dc == 4


async def test_who_stays_is_sent_away_again(rehearsal: Rehearsal, newcomer: Client):
    rehearsal.accounts[0].dc = 4
    for _ in range(2):
        with pytest.raises(errors.PhoneMigrate) as caught:
            await ask(newcomer, send_code())
        assert caught.value.value == 4


async def test_a_migration_of_the_network_is_followed(rehearsal: Rehearsal, newcomer: Client):
    rehearsal.server.script("auth.sendCode", "NETWORK_MIGRATE_3")
    await newcomer.send_phone_number_code(PHONE)
    assert await newcomer.storage.dc_id() == 3


async def test_an_account_that_has_moved_says_where_to(rehearsal: Rehearsal):
    account = rehearsal.accounts[0]
    account.dc = 3
    async with connected(rehearsal) as newcomer:
        await newcomer.send_phone_number_code(PHONE)
        await log_in(newcomer)
        account.dc = 5
        with pytest.raises(errors.UserMigrate) as caught:
            await ask(newcomer, MYSELF)
    assert caught.value.value == 5


async def test_a_login_is_taken_over_to_another_data_centre(client: Client, newcomer: Client):
    exported = await ask(client, functions.auth.ExportAuthorization(dc_id=4))
    request = functions.auth.ImportAuthorization(id=exported.id, bytes=exported.bytes)
    assert (await ask(newcomer, request)).user.is_self
    assert await ask(newcomer, MYSELF)
    logins = await ask(client, functions.account.GetAuthorizations())
    assert len(logins.authorizations) == 1


async def test_an_exported_login_serves_once(client: Client, newcomer: Client):
    exported = await ask(client, functions.auth.ExportAuthorization(dc_id=4))
    request = functions.auth.ImportAuthorization(id=exported.id, bytes=exported.bytes)
    await ask(newcomer, request)
    with pytest.raises(errors.AuthBytesInvalid):
        await ask(newcomer, request)


async def test_logging_out_ends_what_was_taken_over(client: Client):
    elsewhere = await client.get_session(4)
    assert await elsewhere.send(MYSELF)
    await ask(client, functions.auth.LogOut())
    with pytest.raises(errors.AuthKeyUnregistered):
        await elsewhere.send(MYSELF)


@pytest.mark.parametrize("number", [0, 2, 99])
async def test_there_is_no_exporting_to_nowhere_or_here(client: Client, number: int):
    with pytest.raises(errors.DcIdInvalid):
        await ask(client, functions.auth.ExportAuthorization(dc_id=number))


async def test_every_data_centre_is_this_server(rehearsal: Rehearsal, client: Client):
    config = await ask(client, functions.help.GetConfig())
    addresses = {(option.ip_address, option.port) for option in config.dc_options}
    assert addresses == {("127.0.0.1", rehearsal.port)}
