from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from telethon.network import ConnectionTcpFull
from telethon.sessions import StringSession
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from invite_desktop import __version__
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.telegram import Membership
from invite_desktop.telegram.client_factory import ClientFactory, LoginSession, OwnedClient
from invite_desktop.telegram.server_address import ServerAddress
from invite_desktop.telegram.transport import FinalConnection
from tests.contracts.stages import CREDENTIALS

if TYPE_CHECKING:
    from tests.contracts.stages import RehearsalStage
    from tests.telegram.conftest import Scene


async def client() -> OwnedClient:
    factory = ClientFactory()
    return factory.client(factory.session(), CREDENTIALS)


async def test_the_program_says_honestly_what_it_is():
    greeting = (await client())._init_request
    assert (greeting.device_model, greeting.app_version) == ("Invite Desktop", __version__)
    assert greeting.system_version


async def test_telethon_neither_waits_nor_repeats_nor_reconnects():
    made = await client()
    assert made.flood_sleep_threshold == 0
    assert (made._request_retries, made._auto_reconnect) == (0, False)
    assert made._connection_retries >= 2


def test_a_new_session_for_a_server_leads_there(stage: RehearsalStage):
    session = stage.factory.session()
    assert (session.dc_id, session.server_address) == (2, "127.0.0.1")
    assert session.port == stage.rehearsal.port


def test_without_a_server_telegrams_own_address_is_left_alone():
    assert ClientFactory().session().server_address is None


async def test_with_a_server_even_a_session_of_telegrams_leads_to_the_server(
    stage: RehearsalStage,
):
    anna = stage.account(1, "anna_owner")
    saved = stage.rehearsal.session(anna.item)
    saved.set_dc(2, "149.154.167.51", 443)
    made = stage.factory.client(stage.factory.session(saved.save()), CREDENTIALS)
    await made.connect()
    me = await made.ask(GetUsersRequest([InputUserSelf()]))
    assert me[0].id == anna.user_id
    await made.disconnect()


def test_an_unreadable_key_is_refused_at_once():
    with pytest.raises(KnownError):
        ClientFactory(ServerAddress("127.0.0.1", 1, Path("no such key.pem")))


def test_a_session_keeps_nothing_about_people():
    session = LoginSession()
    session.process_entities([object()])
    assert not session._entities


@pytest.mark.parametrize("show", [repr, str])
def test_a_session_does_not_show_itself(show: type, stage: RehearsalStage):
    saved = StringSession.save(stage.rehearsal.session(stage.account(1, "anna_owner").item))
    session = stage.factory.session(saved)
    shown = show(session) + show(stage.factory.client(session, CREDENTIALS)) + show(stage.gateway)
    assert saved not in shown
    assert CREDENTIALS.api_hash not in shown


async def test_a_whole_run_leaves_nothing_personal_in_the_log(
    scene: Scene, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await scene.messenger.who_am_i()
    await scene.messenger.send_message(scene.user, "a secret letter", 42)
    scene.server.drop_connections()
    while await scene.messenger.membership(scene.peer, scene.user) is not Membership.NOT_A_MEMBER:
        pass
    await scene.stage.gateway.log_out(1)
    ours = " ".join(r.getMessage() for r in caplog.records if "telegram" in r.name)
    secret = (await_session(scene), CREDENTIALS.api_hash)
    for word in ("Anna", "anna_owner", "9990000001", "bobby_tables", "a secret letter", *secret):
        assert word not in ours
    assert ours


def await_session(scene: Scene) -> str:
    """Return the session that Anna's messenger was opened with."""
    return str(scene.messenger._connection._make_client().session.save())


def test_closing_a_connection_is_final():
    assert FinalConnection.disconnect is not ConnectionTcpFull.disconnect
