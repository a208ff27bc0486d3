"""Logging in by QR code, with a real second client that accepts the code."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

import pytest
from telethon import TelegramClient, errors, functions

from invite_desktop.engine.ports.login import LoginStep, QrCode
from tests.contracts.stages import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from invite_desktop.telegram.login_gateway import TelethonLogin
    from tests.contracts.stages import RehearsalStage, Someone

PHONE = "+79990000001"
PASSWORD = "correct horse"  # noqa: S105 - a test's own


@pytest.fixture(autouse=True)
def _fresh_configuration(monkeypatch: pytest.MonkeyPatch):
    """Telethon keeps the addresses of data centres for all clients of a process."""
    monkeypatch.setattr(TelegramClient, "_config", None)


@pytest.fixture
def anna(stage: RehearsalStage) -> Someone:
    return stage.account(None, "anna_owner", phone=PHONE, first_name="Anna")


@pytest.fixture
async def login(stage: RehearsalStage) -> AsyncIterator[TelethonLogin]:
    login = await stage.logins.begin(CREDENTIALS)
    yield login
    await login.abandon()


async def scan(stage: RehearsalStage, who: Someone, code: QrCode) -> None:
    """Accept a code as the Telegram app on somebody's phone does."""
    data = code.url.removeprefix("tg://login?token=")
    token = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    async with stage.rehearsal.client(who.item) as phone:
        await phone(functions.auth.AcceptLoginTokenRequest(token))


async def test_a_scanned_code_logs_in(stage: RehearsalStage, anna: Someone, login: TelethonLogin):
    code = await login.qr_code()
    waiting = asyncio.ensure_future(login.scanned(5))
    await scan(stage, anna, code)
    assert await waiting is LoginStep.DONE
    assert (await login.profile()).telegram_id == anna.user_id
    await login.keep(3)
    assert await stage.vault.session(3)


async def test_the_code_lives_as_long_as_telegram_says(login: TelethonLogin):
    assert 25 < (await login.qr_code()).lifetime <= 30


async def test_a_wrong_clock_of_this_computer_does_not_matter(
    login: TelethonLogin, monkeypatch: pytest.MonkeyPatch
):
    client = await login._connection.open()
    monkeypatch.setattr(client, "server_time", lambda: 0.0)
    assert (await login.qr_code()).lifetime == 60
    monkeypatch.setattr(client, "server_time", lambda: 1e11)
    assert (await login.qr_code()).lifetime == 5


async def test_nobody_scans_and_the_next_code_is_another(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    first = await login.qr_code()
    assert await login.scanned(0.01) is None
    second = await login.qr_code()
    assert second.url != first.url
    await scan(stage, anna, second)
    assert await login.scanned(5) is LoginStep.DONE


async def test_a_code_that_was_renewed_meanwhile_may_still_be_scanned(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    first = await login.qr_code()
    await login.qr_code()
    await scan(stage, anna, first)
    assert await login.scanned(5) is LoginStep.DONE


async def test_an_acceptance_that_was_not_heard_of_is_found_at_the_renewal(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    code = await login.qr_code()
    await login._connection.close()
    await scan(stage, anna, code)
    await login.qr_code()
    assert await login.scanned(5) is LoginStep.DONE


async def test_the_password_is_asked_for_after_the_code(
    stage: RehearsalStage, login: TelethonLogin
):
    vera = stage.account(None, "vera_owner", phone=PHONE, password=PASSWORD)
    await scan(stage, vera, await login.qr_code())
    assert await login.scanned(5) is LoginStep.PASSWORD
    assert await login.submit_password(PASSWORD) is LoginStep.DONE


async def test_a_password_after_an_acceptance_that_was_not_heard_of(
    stage: RehearsalStage, login: TelethonLogin
):
    vera = stage.account(None, "vera_owner", phone=PHONE, password=PASSWORD)
    code = await login.qr_code()
    await login._connection.close()
    await scan(stage, vera, code)
    await login.qr_code()
    assert await login.scanned(5) is LoginStep.PASSWORD


async def test_an_account_of_another_data_centre_is_followed_there(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    anna.item.dc = 4
    await scan(stage, anna, await login.qr_code())
    assert await login.scanned(5) is LoginStep.DONE
    assert (await login.profile()).telegram_id == anna.user_id


async def test_an_account_that_is_here_already_cannot_scan(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    code = await login.qr_code([anna.user_id])
    with pytest.raises(errors.AuthTokenExceptionError):
        await scan(stage, anna, code)


async def test_a_code_grown_old_between_scan_and_login_is_no_end(
    stage: RehearsalStage, anna: Someone, login: TelethonLogin
):
    await scan(stage, anna, await login.qr_code())
    stage.server.script(functions.auth.ExportLoginTokenRequest, "AUTH_TOKEN_EXPIRED")
    assert await login.scanned(5) is None


def test_the_token_shows_in_no_repr():
    assert "secret" not in repr(QrCode("tg://login?token=secret", 30))
