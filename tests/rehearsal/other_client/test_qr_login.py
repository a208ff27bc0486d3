"""Logging in by a QR code, with kurigram's own QRLogin."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.qrlogin import QRLogin
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import API_HASH, API_ID
from tests.rehearsal.other_client.clients import MYSELF, ask, connected, running

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

WORDS = "тайна"


async def shown_by(client: Client, *except_ids: int) -> QRLogin:
    """The code that a client shows."""
    code = QRLogin(client, list(except_ids))
    await code.recreate()
    return code


def accept(token: bytes) -> functions.auth.AcceptLoginToken:
    return functions.auth.AcceptLoginToken(token=token)


def export(api_id: int = API_ID) -> functions.auth.ExportLoginToken:
    return functions.auth.ExportLoginToken(api_id=api_id, api_hash=API_HASH, except_ids=[])


async def scan_while_waiting(code: QRLogin, phone: Client) -> tuple[object, object]:
    """Accept a code while its owner waits; what the phone is told, and what the wait gives."""
    wait = asyncio.ensure_future(code.wait(5))
    await asyncio.sleep(0.01)
    accepted = await ask(phone, accept(code.r.token))
    return accepted, await wait


async def test_a_code_lives_for_half_a_minute(newcomer: Client):
    code = await shown_by(newcomer)
    assert code.url.startswith("tg://login?token=")
    assert 20 < code.r.expires - time.time() <= 30


async def test_a_scanned_code_logs_in(rehearsal: Rehearsal, client: Client):
    async with connected(rehearsal, device_model="Чайник") as newcomer:
        accepted, me = await scan_while_waiting(await shown_by(newcomer), client)
        assert accepted.device_model == "Чайник"
        assert (me.id, me.is_self) == (rehearsal.accounts[0].id, True)
        assert await ask(newcomer, MYSELF)


async def test_a_code_can_be_made_anew(client: Client, newcomer: Client):
    code = await shown_by(newcomer)
    first = code.r.token
    await code.recreate()
    assert code.r.token != first
    assert (await scan_while_waiting(code, client))[1].is_self


async def test_nobody_scans_and_the_wait_ends(newcomer: Client):
    code = await shown_by(newcomer)
    with pytest.raises(TimeoutError):
        await code.wait(0.05)


async def test_a_code_is_accepted_once(client: Client, newcomer: Client):
    code = await shown_by(newcomer)
    await ask(client, accept(code.r.token))
    with pytest.raises(errors.AuthTokenAlreadyAccepted):
        await ask(client, accept(code.r.token))


async def test_an_old_code_is_refused(rehearsal: Rehearsal, client: Client, newcomer: Client):
    code = await shown_by(newcomer)
    rehearsal.server.backend.login_tokens.expire()
    with pytest.raises(errors.AuthTokenExpired):
        await ask(client, accept(code.r.token))


async def test_an_invented_code_is_refused(client: Client):
    with pytest.raises(errors.AuthTokenInvalidx):
        await ask(client, accept(b"nothing"))


async def test_an_account_that_is_here_already_is_not_let_in_twice(
    rehearsal: Rehearsal, client: Client, newcomer: Client
):
    code = await shown_by(newcomer, rehearsal.accounts[0].id)
    with pytest.raises(errors.AuthTokenException):
        await ask(client, accept(code.r.token))


async def test_a_code_that_nobody_accepted_lets_nobody_in(rehearsal: Rehearsal, newcomer: Client):
    code = await shown_by(newcomer)
    async with connected(rehearsal) as thief:
        for client in (newcomer, thief):
            with pytest.raises(errors.AuthTokenInvalid):
                await ask(client, functions.auth.ImportLoginToken(token=code.r.token))


async def test_who_is_not_logged_in_accepts_nothing(newcomer: Client):
    code = await shown_by(newcomer)
    with pytest.raises(errors.AuthKeyUnregistered):
        await ask(newcomer, accept(code.r.token))


async def test_the_code_of_an_account_elsewhere_is_followed_there(rehearsal: Rehearsal):
    account = rehearsal.accounts[0]
    account.dc = 4
    async with connected(rehearsal, account) as phone, connected(rehearsal) as newcomer:
        _, me = await scan_while_waiting(await shown_by(newcomer), phone)
        assert me.id == account.id
        assert await newcomer.storage.dc_id() == 4
        assert await ask(newcomer, MYSELF)


async def test_an_invalid_api_id_gets_no_code(newcomer: Client):
    with pytest.raises(errors.ApiIdInvalid):
        await ask(newcomer, export(api_id=0))


async def test_who_is_logged_in_needs_no_code(client: Client):
    assert isinstance(await ask(client, export()), types.auth.LoginTokenSuccess)


async def test_a_two_step_password_is_asked_for_after_the_code():
    world = World(mix=CALM)
    account = world.account("+79000000001", "Ева", password=WORDS)
    async with (
        running(world) as rehearsal,
        connected(rehearsal, account) as phone,
        connected(rehearsal) as newcomer,
    ):
        with pytest.raises(errors.SessionPasswordNeeded):
            await scan_while_waiting(await shown_by(newcomer), phone)
        assert (await newcomer.check_password(WORDS)).first_name == "Ева"
        assert await ask(newcomer, MYSELF)
