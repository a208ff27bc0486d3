"""Logging in by QR code, with Telethon's own qr_login."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import TelegramClient, errors, functions, types

from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import API_HASH, API_ID, running_rehearsal

if TYPE_CHECKING:
    from tests.fakes.rehearsal import Rehearsal

WORDS = "тайна"
MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])


@pytest.fixture(autouse=True)
def _fresh_configuration(monkeypatch: pytest.MonkeyPatch):
    """Telethon keeps the addresses of data centres for all clients of a process."""
    monkeypatch.setattr(TelegramClient, "_config", None)


@asynccontextmanager
async def waiting(rehearsal: Rehearsal, **options: object):
    """A client that is not logged in, with its QR code."""
    async with rehearsal.client(**options) as client:
        yield client, await client.qr_login()


def accept(token: bytes):
    return functions.auth.AcceptLoginTokenRequest(token)


async def scan_while_waiting(code: object, phone: TelegramClient):
    """Accept a code while its owner waits, as wait() demands; return what wait() gave."""
    wait = asyncio.ensure_future(code.wait(5))
    await asyncio.sleep(0.01)
    try:
        accepted = await phone(accept(code.token))
    except BaseException:
        wait.cancel()
        raise
    return accepted, await wait


async def test_a_code_lives_for_half_a_minute(rehearsal: Rehearsal):
    async with waiting(rehearsal) as (_, code):
        assert code.url.startswith("tg://login?token=")
        left = code.expires - datetime.now(UTC)
        assert timedelta(seconds=20) < left <= timedelta(seconds=30)


async def test_a_scanned_code_logs_in(rehearsal: Rehearsal, client: TelegramClient):
    async with waiting(rehearsal, device_model="Чайник") as (newcomer, code):
        accepted, user = await scan_while_waiting(code, client)
        assert accepted.device_model == "Чайник"
        assert (user.id, user.is_self) == (rehearsal.accounts[0].id, True)
        assert await newcomer(MYSELF)


async def test_a_code_can_be_made_anew(rehearsal: Rehearsal, client: TelegramClient):
    async with waiting(rehearsal) as (_, code):
        first = code.token
        await code.recreate()
        assert code.token != first
        _, user = await scan_while_waiting(code, client)
        assert user.is_self


async def test_nobody_scans_and_the_wait_ends(rehearsal: Rehearsal):
    async with waiting(rehearsal) as (_, code):
        with pytest.raises(TimeoutError):
            await code.wait(0.05)


async def test_a_code_is_accepted_once(rehearsal: Rehearsal, client: TelegramClient):
    async with waiting(rehearsal) as (_, code):
        await client(accept(code.token))
        with pytest.raises(errors.AuthTokenAlreadyAcceptedError):
            await client(accept(code.token))


async def test_an_old_code_is_refused(rehearsal: Rehearsal, client: TelegramClient):
    async with waiting(rehearsal) as (_, code):
        rehearsal.server.backend.login_tokens.expire()
        with pytest.raises(errors.AuthTokenExpiredError):
            await client(accept(code.token))


async def test_an_invented_code_is_refused(client: TelegramClient):
    with pytest.raises(errors.AuthTokenInvalidxError):
        await client(accept(b"nothing"))


async def test_an_account_that_is_here_already_is_not_let_in_twice(
    rehearsal: Rehearsal, client: TelegramClient
):
    async with rehearsal.client() as newcomer:
        code = await newcomer.qr_login([rehearsal.accounts[0].id])
        with pytest.raises(errors.AuthTokenExceptionError):
            await client(accept(code.token))


async def test_a_code_that_nobody_accepted_lets_nobody_in(rehearsal: Rehearsal):
    async with waiting(rehearsal) as (newcomer, code), rehearsal.client() as thief:
        for client in (newcomer, thief):
            with pytest.raises(errors.AuthTokenInvalidError):
                await client(functions.auth.ImportLoginTokenRequest(code.token))


async def test_who_is_not_logged_in_accepts_nothing(rehearsal: Rehearsal):
    async with waiting(rehearsal) as (newcomer, code):
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await newcomer(accept(code.token))


async def test_the_code_of_an_account_elsewhere_is_followed_there(rehearsal: Rehearsal):
    account = rehearsal.accounts[0]
    account.dc = 4
    async with (
        rehearsal.client(account) as phone,
        waiting(rehearsal) as (newcomer, code),
    ):
        _, user = await scan_while_waiting(code, phone)
        assert user.id == account.id
        assert newcomer.session.dc_id == 4
        assert await newcomer(MYSELF)


async def test_an_invalid_api_id_gets_no_code(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        with pytest.raises(errors.ApiIdInvalidError):
            await client(functions.auth.ExportLoginTokenRequest(0, API_HASH, []))


async def test_who_is_logged_in_needs_no_code(client: TelegramClient):
    answer = await client(functions.auth.ExportLoginTokenRequest(API_ID, API_HASH, []))
    assert isinstance(answer, types.auth.LoginTokenSuccess)


async def test_a_two_step_password_is_asked_for_after_the_code():
    world = World(mix=CALM)
    account = world.account("+79000000001", "Ева", password=WORDS)
    async with (
        running_rehearsal(world) as rehearsal,
        rehearsal.client(account) as phone,
        waiting(rehearsal) as (newcomer, code),
    ):
        with pytest.raises(errors.SessionPasswordNeededError):
            await scan_while_waiting(code, phone)
        with pytest.raises(errors.SessionPasswordNeededError):
            await newcomer(MYSELF)
        assert (await newcomer.sign_in(password=WORDS)).first_name == "Ева"
        assert await newcomer(MYSELF)
