"""What every LoginGateway promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.engine.ports.login import LoginRefusedError, LoginStep, RefusalKind
from tests.contracts.stages import CREDENTIALS, Someone, messenger_of

if TYPE_CHECKING:
    from tests.contracts.stages import Stage

PHONE = "+79990000001"
CODE = "12345"


@pytest.fixture
def anna(stage: Stage) -> Someone:
    return stage.account(None, "anna_owner", phone=PHONE, first_name="Anna")


@pytest.fixture
def vera(stage: Stage) -> Someone:
    return stage.account(None, "vera_owner", phone=PHONE, password="correct horse")  # noqa: S106


async def test_a_log_in_with_a_code(stage: Stage, anna: Someone):
    login = await stage.logins.begin(CREDENTIALS)
    sent = await login.send_code(PHONE)
    assert sent.phone == PHONE
    assert "Telegram" in str(sent.where)
    assert await login.submit_code(CODE) is LoginStep.DONE
    profile = await login.profile()
    assert (profile.telegram_id, profile.first_name) == (anna.user_id, "Anna")
    await login.keep(7)
    assert await stage.vault.session(7)


async def test_a_kept_log_in_can_be_opened(stage: Stage, anna: Someone):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    await login.submit_code(CODE)
    await login.keep(7)
    me = await (await messenger_of(stage, 7)).who_am_i()
    assert not isinstance(me, Outcome)
    assert me.telegram_id == anna.user_id


async def test_a_log_in_with_two_step_verification(stage: Stage, vera: Someone):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    assert await login.submit_code(CODE) is LoginStep.PASSWORD
    with pytest.raises(LoginRefusedError) as refused:
        await login.submit_password("wrong")
    assert refused.value.kind is RefusalKind.PASSWORD
    assert await login.submit_password("correct horse") is LoginStep.DONE
    assert (await login.profile()).telegram_id == vera.user_id
    await login.abandon()


@pytest.mark.usefixtures("anna")
async def test_a_wrong_code_may_be_typed_again(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    with pytest.raises(LoginRefusedError) as refused:
        await login.submit_code("00000")
    assert refused.value.kind is RefusalKind.CODE
    assert await login.submit_code(CODE) is LoginStep.DONE
    await login.abandon()


async def test_a_number_without_an_account_is_refused(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    with pytest.raises(LoginRefusedError) as refused:  # noqa: PT012 - Telegram may say so at either step
        await login.send_code("+79995555555")
        await login.submit_code(CODE)
    assert refused.value.kind is RefusalKind.PHONE
    await login.abandon()


@pytest.mark.usefixtures("anna")
async def test_an_abandoned_log_in_keeps_nothing(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    await login.submit_code(CODE)
    await login.abandon()
    assert await stage.vault.session(7) is None


async def test_without_network_no_log_in_begins(stage: Stage):
    await stage.go_offline()
    for step in (stage.logins.begin(CREDENTIALS), stage.logins.check(CREDENTIALS)):
        with pytest.raises(LoginRefusedError) as refused:
            await step
        assert refused.value.kind is RefusalKind.NETWORK


async def test_what_telegram_knows_passes_the_check(stage: Stage):
    await stage.logins.check(CREDENTIALS)


@pytest.mark.usefixtures("anna")
async def test_a_code_says_how_long_it_is_and_comes_again_in_the_next_way(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    sent = await login.send_code(PHONE)
    assert (sent.digits, str(sent.next_way)) == (5, "by text message")
    assert sent.resend_after > 0
    assert str((await login.resend_code()).where) == "by text message"
    assert await login.submit_code(CODE) is LoginStep.DONE
    await login.abandon()


async def test_steps_out_of_order_are_refused(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    steps = login.submit_code(CODE), login.resend_code(), login.profile(), login.keep(7)
    for step in steps:
        with pytest.raises(KnownError):
            await step
    await login.abandon()
    assert await stage.vault.session(7) is None


async def test_every_qr_code_is_another_and_nobody_scans_it(stage: Stage):
    login = await stage.logins.begin(CREDENTIALS)
    first = await login.qr_code()
    assert first.url.startswith("tg://login?token=")
    assert first.lifetime > 5
    assert await login.scanned(0.01) is None
    assert (await login.qr_code()).url != first.url
    await login.abandon()
