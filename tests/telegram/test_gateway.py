"""Opening accounts: what the keyring and Telegram may have done to their sessions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.gateway import TelethonGateway
from tests.contracts.stages import CREDENTIALS, messenger_of
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from tests.contracts.stages import RehearsalStage


async def opened(stage: RehearsalStage, account_id: int = 1) -> OutcomeCode:
    answer = await stage.gateway.open(account_id)
    assert isinstance(answer, Outcome)
    return answer.code


async def test_two_that_open_an_account_at_once_share_a_messenger(stage: RehearsalStage):
    stage.account(1, "anna_owner")
    one, other = await asyncio.gather(stage.gateway.open(1), stage.gateway.open(1))
    assert one is other
    assert not isinstance(one, Outcome)


async def test_a_new_log_in_opens_an_account_whose_session_had_ended(stage: RehearsalStage):
    anna = stage.account(1, "anna_owner")
    messenger = await messenger_of(stage)
    stage.end_sessions(1, anna)
    await messenger.who_am_i()
    assert await opened(stage) is OutcomeCode.LOGGED_OUT
    await stage.vault.keep_session(1, stage.rehearsal.session(anna.item).save())
    assert await messenger_of(stage) is not messenger


async def test_an_account_opens_when_the_network_is_back(stage: RehearsalStage):
    stage.account(1, "anna_owner")
    messenger = await messenger_of(stage)
    stage.server.drop_connections()
    await asyncio.sleep(0.01)
    assert await messenger_of(stage) is messenger
    assert messenger.is_connected


async def test_a_key_that_telegram_has_destroyed_is_a_lost_session(stage: RehearsalStage):
    anna = stage.account(1, "anna_owner")
    keys = stage.server.backend.authorizations
    for key in keys.keys_of(anna.user_id):
        keys.forget(key.id)
    assert await opened(stage) is OutcomeCode.LOGGED_OUT


@pytest.mark.parametrize("error", ["USER_DEACTIVATED_BAN", "USER_DEACTIVATED"])
async def test_a_banned_account_does_not_open(stage: RehearsalStage, error: str):
    stage.account(1, "anna_owner")
    stage.server.script("users.getUsers", error, error)
    assert await opened(stage) is OutcomeCode.BANNED


@pytest.mark.parametrize("text", ["", "2abc", "1abc", "1" + "A" * 352, "1" + "A" * 40])
async def test_an_unreadable_session_is_a_lost_one(stage: RehearsalStage, text: str):
    await stage.vault.keep_session(1, text)
    assert await opened(stage) is OutcomeCode.LOGGED_OUT
    await stage.gateway.log_out(1)
    assert await stage.vault.session(1) is None


async def test_a_locked_keyring_says_so(stage: RehearsalStage):
    vault = FakeVault(CREDENTIALS)
    vault.lock()
    with pytest.raises(KnownError, match="locked"):
        await TelethonGateway(stage.factory, vault).open(1)


async def test_a_keyring_without_credentials_says_so(stage: RehearsalStage):
    stage.account(1, "anna_owner")
    vault = FakeVault()
    vault.sessions[1] = str(await stage.vault.session(1))
    with pytest.raises(KnownError, match="api_id") as refused:
        await TelethonGateway(stage.factory, vault).open(1)
    assert refused.value.next_step is not None


async def test_closing_disconnects_everybody(stage: RehearsalStage):
    stage.account(1, "anna_owner")
    stage.account(2, "boris_owner")
    messengers = [await messenger_of(stage, account_id) for account_id in (1, 2)]
    await stage.gateway.close()
    assert not any(messenger.is_connected for messenger in messengers)
