"""Reaching Telegram through real little proxies in front of the rehearsal server."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.engine.ports.login import LoginStep
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind
from invite_desktop.telegram.client_factory import CallLimits
from invite_desktop.telegram.proxy_gateway import TROUBLES, TelethonProxyGateway
from tests.contracts.stages import CREDENTIALS, messenger_of
from tests.fakes.proxy_servers import HttpProxy, LittleProxy, MtProxy, Rude, Socks5Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.contracts.stages import RehearsalStage

K = ProxyKind
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - the test's own
OPENING = ("anna", "open sesame")
PHONE, CODE = "+79990000001", "12345"


@pytest.fixture
def gateway(stage: RehearsalStage) -> TelethonProxyGateway:
    return TelethonProxyGateway(stage.factory, stage.vault)


@pytest.fixture(params=[K.SOCKS5, K.HTTP, K.MTPROXY])
async def proxy(
    request: pytest.FixtureRequest, stage: RehearsalStage
) -> AsyncIterator[tuple[LittleProxy, Proxy]]:
    """A running proxy and what the user would enter for it."""
    servers = {
        K.SOCKS5: lambda: Socks5Proxy(*OPENING),
        K.HTTP: lambda: HttpProxy(*OPENING),
        K.MTPROXY: lambda: MtProxy(SECRET, stage.server.port),
    }
    async with servers[request.param]().running() as server:
        opening = ("", SECRET) if request.param is K.MTPROXY else OPENING
        yield server, Proxy(request.param, "127.0.0.1", server.port, *opening)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_trying_out_leads_to_telegram_and_says_how_long_it_took(
    stage: RehearsalStage, gateway: TelethonProxyGateway, proxy: tuple[LittleProxy, Proxy]
):
    server, setting = proxy
    assert 0 < await gateway.try_out(setting) < 20
    assert server.led_to == [stage.server.port]
    assert await gateway.current() is None


async def test_trying_out_works_without_a_proxy(gateway: TelethonProxyGateway):
    assert await gateway.try_out(None) > 0


async def test_a_log_in_goes_through_the_proxy(
    stage: RehearsalStage, gateway: TelethonProxyGateway, proxy: tuple[LittleProxy, Proxy]
):
    server, setting = proxy
    stage.account(None, "anna_owner", phone=PHONE)
    await gateway.use(setting)
    login = await stage.logins.begin(CREDENTIALS)
    await login.send_code(PHONE)
    assert await login.submit_code(CODE) is LoginStep.DONE
    await login.abandon()
    assert server.led_to == [stage.server.port]


async def test_accounts_use_the_proxy_from_their_next_connection_on(
    stage: RehearsalStage, gateway: TelethonProxyGateway, proxy: tuple[LittleProxy, Proxy]
):
    server, setting = proxy
    stage.account(1, "anna_owner", phone=PHONE)
    messenger = await messenger_of(stage)
    await gateway.use(setting)
    assert not isinstance(await messenger.who_am_i(), Outcome)
    assert server.led_to == []
    stage.server.drop_connections()
    while messenger.is_connected:  # noqa: ASYNC110 - clients notice by themselves
        await asyncio.sleep(0.001)
    assert not isinstance(await messenger.who_am_i(), Outcome)
    assert server.led_to == [stage.server.port]
    await gateway.use(None)


async def test_the_setting_is_read_from_the_keyring_before_the_first_connection(
    stage: RehearsalStage, proxy: tuple[LittleProxy, Proxy]
):
    server, setting = proxy
    await stage.vault.keep_proxy(setting)
    stage.account(1, "anna_owner", phone=PHONE)
    await messenger_of(stage)
    assert server.led_to == [stage.server.port]


async def test_nothing_goes_past_a_proxy_that_is_not_there(
    stage: RehearsalStage, gateway: TelethonProxyGateway
):
    await gateway.use(Proxy(K.SOCKS5, "127.0.0.1", free_port()))
    with pytest.raises(KnownError, match="through the proxy"):
        await stage.logins.begin(CREDENTIALS)
    stage.account(1, "anna_owner", phone=PHONE)
    assert isinstance(await stage.gateway.open(1), Outcome)


@pytest.mark.parametrize("kind", [Socks5Proxy, HttpProxy])
@pytest.mark.parametrize("given", [("anna", "wrong"), ("", "")])
async def test_a_refused_name_or_password_is_told(
    gateway: TelethonProxyGateway, kind: type[LittleProxy], given: tuple[str, str]
):
    name = K.SOCKS5 if kind is Socks5Proxy else K.HTTP
    async with kind(*OPENING).running() as server:
        with pytest.raises(KnownError, match="user name or the password") as refused:
            await gateway.try_out(Proxy(name, "127.0.0.1", server.port, *given))
    assert refused.value.next_step is not None


@pytest.mark.parametrize("kind", [Socks5Proxy, HttpProxy])
async def test_a_proxy_that_leads_nowhere_is_told(
    gateway: TelethonProxyGateway, kind: type[LittleProxy]
):
    name = K.SOCKS5 if kind is Socks5Proxy else K.HTTP
    async with kind(refusing=True).running() as server:
        with pytest.raises(KnownError, match="does not lead to Telegram"):
            await gateway.try_out(Proxy(name, "127.0.0.1", server.port))


@pytest.mark.parametrize("kind", list(K))
async def test_an_address_without_anybody_is_told(gateway: TelethonProxyGateway, kind: ProxyKind):
    with pytest.raises(KnownError, match="Nobody answers at the address of the proxy"):
        await gateway.try_out(Proxy(kind, "127.0.0.1", free_port(), password=SECRET))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.SOCKS5, "not as a proxy of this kind"),
        (K.HTTP, "not as a proxy of this kind"),
        (K.MTPROXY, "Telegram does not answer"),
    ],
)
async def test_somebody_who_is_no_proxy_is_told(
    gateway: TelethonProxyGateway, kind: ProxyKind, words: str
):
    async with Rude().running() as server:
        with pytest.raises(KnownError, match=words):
            await gateway.try_out(Proxy(kind, "127.0.0.1", server.port, password=SECRET))


async def test_a_wrong_secret_of_an_mtproxy_is_told(
    stage: RehearsalStage, gateway: TelethonProxyGateway
):
    async with MtProxy(SECRET, stage.server.port).running() as server:
        with pytest.raises(KnownError, match="does not answer") as refused:
            await gateway.try_out(Proxy(K.MTPROXY, "127.0.0.1", server.port, password="f" * 32))
    assert "secret" in str(refused.value.next_step)


async def test_a_silent_telegram_is_not_waited_for_without_end(
    stage: RehearsalStage, gateway: TelethonProxyGateway
):
    stage.factory.limits = CallLimits(connect=0.05)
    silence = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = silence.sockets[0].getsockname()[1]
    with pytest.raises(KnownError, match="does not answer"):
        await gateway.try_out(Proxy(K.MTPROXY, "127.0.0.1", port, password=SECRET))
    silence.close()


@pytest.mark.parametrize("kind", list(K))
async def test_a_rehearsal_uses_no_proxy_of_the_outside_world(
    gateway: TelethonProxyGateway, kind: ProxyKind
):
    far = Proxy(kind, "203.0.113.7", 1080, password=SECRET)
    for step in (gateway.try_out(far), gateway.use(far)):
        with pytest.raises(KnownError, match="nobody outside this computer"):
            await step
    assert await gateway.current() is None


def test_every_trouble_has_words_and_a_next_step():
    for explanation, next_step in TROUBLES.values():
        assert str(explanation)
        assert str(next_step)
