"""What every SecretVault promises; the real keyring too, where there is one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.secret_vault import KeyringVault
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from invite_desktop.engine.ports.secrets import SecretVault

PROXY = Proxy(ProxyKind.SOCKS5, "proxy.example", 1080, "marketer", "open sesame")
SESSION = "1" + "A" * 352
CREDENTIALS = ApiCredentials(12345, "0123456789abcdef0123456789abcdef")


@pytest.fixture(
    params=[FakeVault, MemoryVault, pytest.param(KeyringVault, marks=pytest.mark.keyring)]
)
async def vault(request: pytest.FixtureRequest) -> AsyncIterator[SecretVault]:
    if request.param is not KeyringVault:
        yield request.param()
        return
    real = KeyringVault(f"contract {os.getpid()} {id(request)}")
    yield real
    for account_id in (1, 2):
        await real.forget_session(account_id)
    real.close()


async def test_a_session_is_kept(vault: SecretVault):
    await vault.keep_session(1, SESSION)
    assert await vault.session(1) == SESSION
    assert vault.description


async def test_a_newer_session_replaces_the_older(vault: SecretVault):
    await vault.keep_session(1, "older")
    await vault.keep_session(1, SESSION)
    assert await vault.session(1) == SESSION


async def test_accounts_have_sessions_of_their_own(vault: SecretVault):
    await vault.keep_session(1, SESSION)
    assert await vault.session(2) is None


async def test_a_forgotten_session_is_gone(vault: SecretVault):
    await vault.keep_session(1, SESSION)
    await vault.forget_session(1)
    await vault.forget_session(1)
    assert await vault.session(1) is None


async def test_credentials_are_kept(vault: SecretVault):
    assert await vault.credentials() is None
    await vault.keep_credentials(CREDENTIALS)
    assert await vault.credentials() == CREDENTIALS


async def test_a_proxy_is_kept_and_deleted(vault: SecretVault):
    assert await vault.proxy() is None
    for proxy in (PROXY, Proxy(ProxyKind.MTPROXY, "mtproxy.example", 443, password="0" * 32)):
        await vault.keep_proxy(proxy)
        assert await vault.proxy() == proxy
    for _ in range(2):
        await vault.keep_proxy(None)
        assert await vault.proxy() is None


async def test_nothing_secret_shows_in_a_repr(vault: SecretVault):
    await vault.keep_session(1, SESSION)
    await vault.keep_credentials(CREDENTIALS)
    await vault.keep_proxy(PROXY)
    shown = repr(vault) + repr(await vault.credentials()) + repr(await vault.proxy())
    await vault.keep_proxy(None)
    assert PROXY.username not in shown
    assert PROXY.password not in shown
    assert SESSION not in shown
    assert CREDENTIALS.api_hash not in shown
