"""Leaving a log-in half-way: nothing of it stays, whatever the step."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from telethon import functions

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.engine import Engine
from invite_desktop.engine.login import LoginState
from invite_desktop.telegram.keyring_backends import locked_words
from tests.contracts.stages import CREDENTIALS
from tests.fakes.house import House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from invite_desktop.engine.login_flow import LoginFlow
    from tests.contracts.stages import RehearsalStage, Someone

PHONE, CODE, PASSWORD = "+79990000001", "12345", "correct horse"


@pytest.fixture
async def engine(stage: RehearsalStage, tmp_path: Path) -> AsyncIterator[Engine]:
    """The real engine and store before the real adapters."""
    house = House(tmp_path / "house.db")
    house.vault.stored_credentials = CREDENTIALS
    house.build()
    ports = house.ports
    real = type(ports)(
        **{
            **vars(ports),
            "vault": stage.vault,
            "logins": stage.logins,
            "gateway": stage.gateway,
        }
    )
    engine = Engine(real, house.settings, house.errors.append)
    await engine.start()
    yield engine
    await engine.stop()
    house.store.close()
    assert not house.errors


def owner(stage: RehearsalStage, *, guarded: bool) -> Someone:
    return stage.account(None, "vera", phone=PHONE, password=PASSWORD if guarded else None)


async def opened(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await flow.open()


async def at_code(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await flow.open()
    await flow.send_code(PHONE)


async def at_code_after_a_wrong_one(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await at_code(flow, stage, who)
    with pytest.raises(KnownError):
        await flow.give_code("00000")


async def at_qr(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await flow.open()
    await flow.show_qr()


async def at_password(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await at_code(flow, stage, who)
    await flow.give_code(CODE)


async def at_password_after_qr(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await at_qr(flow, stage, who)
    data = flow.qr.url.rpartition("=")[2]
    token = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    async with stage.rehearsal.client(who.item) as phone:
        await phone(functions.auth.AcceptLoginTokenRequest(token))
    await flow.wait_for_scan()


async def at_storing(flow: LoginFlow, stage: RehearsalStage, who: Someone) -> None:
    await at_password(flow, stage, who)

    async def refuse(account_id: int, session: str) -> None:
        raise locked_words()

    stage.vault.keep_session = refuse
    with pytest.raises(KnownError, match="locked"):
        await flow.give_password(PASSWORD)


STEPS = {
    opened: LoginState.PHONE,
    at_code: LoginState.CODE,
    at_code_after_a_wrong_one: LoginState.CODE,
    at_qr: LoginState.QR,
    at_password: LoginState.PASSWORD,
    at_password_after_qr: LoginState.PASSWORD,
    at_storing: LoginState.STORING,
}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("way", ["leave", "back"])
async def test_nothing_stays_behind(stage: RehearsalStage, engine: Engine, step, way: str):
    who = owner(stage, guarded=True)
    keys = stage.server.backend.authorizations._keys
    flow = engine.accounts.new_login()
    await step(flow, stage, who)
    assert flow.state is STEPS[step]
    if way == "back" and flow.state is LoginState.PHONE:
        return
    await getattr(flow, way)()
    assert flow.state is (LoginState.LEFT if way == "leave" else LoginState.PHONE)
    owned = {key.account_id for key in keys.values()} | {key.halfway_id for key in keys.values()}
    assert not any(key.halfway_id for key in keys.values())
    assert owned <= {None, who.user_id}
    async with stage.rehearsal.client(who.item) as phone:
        listed = (await phone(functions.account.GetAuthorizationsRequest())).authorizations
        assert not [one for one in listed if one.device_model == "Invite Desktop"]
    assert stage.vault._sessions == {}
    assert await engine.accounts.views() == []


async def test_a_key_that_is_left_is_forgotten_by_telegram(stage: RehearsalStage, engine: Engine):
    owner(stage, guarded=True)
    keys = stage.server.backend.authorizations._keys
    before = len(keys)
    flow = engine.accounts.new_login()
    await at_password(flow, stage, None)
    assert len(keys) == before + 1
    await flow.leave()
    assert len(keys) == before


async def test_leaving_without_network_is_no_trouble(stage: RehearsalStage, engine: Engine):
    owner(stage, guarded=True)
    flow = engine.accounts.new_login()
    await at_password(flow, stage, None)
    await stage.server.stop()
    await flow.leave()
    assert flow.state is LoginState.LEFT
