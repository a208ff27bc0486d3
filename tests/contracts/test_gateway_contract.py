"""What every TelegramGateway promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from tests.contracts.stages import messenger_of

if TYPE_CHECKING:
    from tests.contracts.stages import Stage


async def test_an_account_is_opened_once(stage: Stage):
    stage.account(1, "anna_owner")
    assert await stage.gateway.open(1) is await stage.gateway.open(1)


async def test_every_account_has_a_messenger_of_its_own(stage: Stage):
    anna, boris = stage.account(1, "anna_owner"), stage.account(2, "boris_owner")
    for account_id, account in ((1, anna), (2, boris)):
        me = await (await messenger_of(stage, account_id)).who_am_i()
        assert not isinstance(me, Outcome)
        assert me.telegram_id == account.user_id


async def test_without_a_session_an_account_is_logged_out(stage: Stage):
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT


async def test_without_network_nothing_opens(stage: Stage):
    stage.account(1, "anna_owner")
    await stage.go_offline()
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED


async def test_a_session_ended_from_elsewhere_is_logged_out(stage: Stage):
    anna = stage.account(1, "anna_owner")
    messenger = await messenger_of(stage)
    stage.end_sessions(1, anna)
    answer = await messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT
    again = await stage.gateway.open(1)
    assert isinstance(again, Outcome)
    assert again.code is OutcomeCode.LOGGED_OUT


async def test_logging_out_forgets_the_session(stage: Stage):
    stage.account(1, "anna_owner")
    await messenger_of(stage)
    await stage.gateway.log_out(1)
    assert await stage.vault.session(1) is None
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT


async def test_logging_out_twice_is_no_error(stage: Stage):
    stage.account(1, "anna_owner")
    await stage.gateway.log_out(1)
    await stage.gateway.log_out(1)
