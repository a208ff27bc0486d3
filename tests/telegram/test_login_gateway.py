"""Logging in: every refusal in words, and nothing left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon.tl import functions
from telethon.tl.types import auth

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.login import (
    ApiCredentials,
    LoginRefusedError,
    LoginStep,
    RefusalKind,
)
from invite_desktop.rehearsal.scripts import Drop
from invite_desktop.telegram.code_ways import CODE_WAYS, code_sent
from tests.contracts.stages import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from invite_desktop.telegram.login_gateway import TelethonLogin
    from tests.contracts.stages import RehearsalStage, Someone

PHONE = "+79990000001"
CODE = "12345"


@pytest.fixture
def anna(stage: RehearsalStage) -> Someone:
    return stage.account(None, "anna_owner", phone=PHONE)


@pytest.fixture
async def login(stage: RehearsalStage) -> AsyncIterator[TelethonLogin]:
    login = await stage.logins.begin(CREDENTIALS)
    yield login
    await login.abandon()


def keys_of(stage: RehearsalStage, account: Someone) -> int:
    return len(stage.server.backend.authorizations.keys_of(account.user_id))


@pytest.mark.usefixtures("anna")
async def test_making_an_account_is_not_offered(stage: RehearsalStage, login: TelethonLogin):
    await login.send_code(PHONE)
    stage.server.script(functions.auth.SignInRequest, auth.AuthorizationSignUpRequired())
    with pytest.raises(KnownError, match="Nobody uses Telegram"):
        await login.submit_code(CODE)


@pytest.mark.usefixtures("anna")
async def test_a_code_may_be_typed_with_spaces(login: TelethonLogin):
    await login.send_code(PHONE)
    assert await login.submit_code(" 123 45 ") is LoginStep.DONE


@pytest.mark.parametrize("kind", [c for c in vars(auth).values() if str(c).count("SentCodeType")])
async def test_every_way_of_a_code_has_words(
    stage: RehearsalStage, login: TelethonLogin, kind: type
):
    way = kind.__new__(kind)
    if kind in CODE_WAYS:
        assert str(CODE_WAYS[kind])
        return
    way.__init__()
    stage.server.script(functions.auth.SendCodeRequest, auth.SentCode(way, "hash"))
    with pytest.raises(KnownError, match="only offered in its app"):
        await login.send_code(PHONE)


@pytest.mark.usefixtures("anna")
async def test_a_number_of_another_data_centre_is_followed_there(
    stage: RehearsalStage, login: TelethonLogin
):
    stage.server.script(functions.auth.SendCodeRequest, *["PHONE_MIGRATE_4"] * 2)
    await login.send_code(PHONE)
    assert await login.submit_code(CODE) is LoginStep.DONE


@pytest.mark.usefixtures("anna")
async def test_a_connection_lost_between_the_steps_does_not_matter(
    stage: RehearsalStage, login: TelethonLogin
):
    await login.send_code(PHONE)
    stage.server.drop_connections()
    try:
        step = await login.submit_code(CODE)
    except KnownError:  # the loss is noticed by the next step at the latest
        step = await login.submit_code(CODE)
    assert step is LoginStep.DONE


async def test_steps_out_of_order_are_refused_in_words(login: TelethonLogin):
    with pytest.raises(KnownError, match="No code has been sent"):
        await login.submit_code(CODE)
    for step in (login.profile(), login.keep(1)):
        with pytest.raises(KnownError, match="not finished"):
            await step


async def test_a_finished_log_in_that_is_abandoned_is_logged_out(
    stage: RehearsalStage, anna: Someone
):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    await login.submit_code(CODE)
    assert keys_of(stage, anna) == 1
    await login.abandon()
    assert keys_of(stage, anna) == 0


async def test_a_kept_log_in_stays_logged_in_when_the_dialogue_closes(
    stage: RehearsalStage, anna: Someone
):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    await login.submit_code(CODE)
    await login.keep(1)
    await login.abandon()
    assert keys_of(stage, anna) == 1


@pytest.mark.usefixtures("anna")
async def test_an_abandoned_log_in_that_cannot_log_out_says_so(stage: RehearsalStage):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    await login.submit_code(CODE)
    stage.server.script(functions.auth.LogOutRequest, Drop("before"))
    with pytest.raises(KnownError, match="did not confirm") as refused:
        await login.abandon()
    assert "Devices" in str(refused.value.next_step)


async def test_logging_out_without_network_keeps_the_session(stage: RehearsalStage):
    stage.account(1, "anna_owner")
    await stage.go_offline()
    with pytest.raises(KnownError) as refused:
        await stage.gateway.log_out(1)
    assert refused.value.next_step is not None
    assert await stage.vault.session(1)


async def test_logging_out_ends_the_session_at_telegram(stage: RehearsalStage):
    anna = stage.account(1, "anna_owner")
    await stage.gateway.open(1)
    await stage.gateway.log_out(1)
    assert keys_of(stage, anna) == 0


async def test_what_telegram_does_not_know_is_told_at_once(stage: RehearsalStage):
    await stage.logins.check(CREDENTIALS)
    with pytest.raises(LoginRefusedError) as refused:
        await stage.logins.check(ApiCredentials(17349, "0" * 32))
    assert refused.value.kind is RefusalKind.CREDENTIALS


async def test_a_check_of_the_api_id_leaves_no_key_behind(stage: RehearsalStage):
    keys = stage.server.backend.authorizations._keys
    before = len(keys)
    await stage.logins.check(CREDENTIALS)
    assert len(keys) == before


@pytest.mark.usefixtures("anna")
async def test_a_code_says_its_length_and_how_it_comes_next(login: TelethonLogin):
    sent = await login.send_code(PHONE)
    assert (sent.digits, sent.resend_after, sent.is_word) == (5, 60.0, False)
    assert str(sent.next_way) == "by text message"
    again = await login.resend_code()
    assert str(again.where) == "by text message"
    assert str(again.next_way) == "by a phone call"
    last = await login.resend_code()
    assert last.next_way is None
    with pytest.raises(LoginRefusedError, match="no other way"):
        await login.resend_code()
    assert await login.submit_code(CODE) is LoginStep.DONE


async def test_a_code_in_letters_may_contain_them():
    kind = auth.SentCodeTypeSmsWord()
    assert code_sent(PHONE, auth.SentCode(kind, "hash")).is_word


async def test_the_hint_of_a_password_is_told(stage: RehearsalStage):
    vera = stage.account(None, "vera_owner", phone=PHONE, password="correct horse")  # noqa: S106
    stage.server.backend.passwords.guard_of(vera.item).hint = "a horse"
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    assert await login.submit_code(CODE) is LoginStep.PASSWORD
    assert await login.password_hint() == "a horse"
    await login.abandon()
