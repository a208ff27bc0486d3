"""Telegram's adapters and the vault come when they are needed, not before the window."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from invite_desktop.app.late_server_view import LateServerView
from invite_desktop.app.late_telegram import LateTelegram
from invite_desktop.app.late_vault import LateVault
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.server_address import ServerAddress
from tests.fakes.server_view import FakeServer
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from pathlib import Path

CREDENTIALS = ApiCredentials(1, "x" * 32)
HEAVY = ("telethon", "keyring", "pandas", "xlsxwriter", "python_calamine", "phonenumbers")


async def telegrams_own() -> None:
    """No server of our own."""


@pytest.fixture
def telegram() -> LateTelegram:
    return LateTelegram(telegrams_own, FakeVault())


def test_the_window_needs_none_of_the_heavy_libraries():
    code = f"""
import sys
import invite_desktop.app.main, invite_desktop.app.opening
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


async def test_an_account_without_a_session_is_logged_out(telegram: LateTelegram):
    answer = await telegram.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT


async def test_what_was_never_loaded_needs_no_closing(telegram: LateTelegram):
    await telegram.gateway.close()
    assert telegram.loaded is None


async def test_everybody_gets_the_same_adapters(telegram: LateTelegram):
    first, second = await asyncio.gather(telegram.adapters(), telegram.adapters())
    assert first is second


async def test_who_listened_before_the_loading_is_called_after_it(telegram: LateTelegram):
    heard: list[int] = []
    telegram.gateway.listen(heard.append)
    adapters = await telegram.adapters()
    adapters.gateway._heard(7)
    telegram.gateway.listen(lambda account_id: heard.append(-account_id))
    adapters.gateway._heard(8)
    assert heard == [7, -8]


async def test_the_rationing_of_look_ups_is_handed_over(telegram: LateTelegram):
    first, second = object(), object()
    telegram.gateway.ration(first)
    adapters = await telegram.adapters()
    assert adapters.gateway._look_ups is first
    telegram.gateway.ration(second)
    assert adapters.gateway._look_ups is second


async def test_nothing_is_loaded_before_the_server_is_known():
    known: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def find() -> None:
        await known

    telegram = LateTelegram(find, FakeVault())
    opening = asyncio.ensure_future(telegram.gateway.open(1))
    await asyncio.sleep(0)
    assert telegram.loaded is None
    known.set_result(None)
    assert isinstance(await opening, Outcome)


async def test_a_key_that_cannot_be_read_is_told_in_words(tmp_path: Path):
    async def find() -> ServerAddress:
        return ServerAddress("127.0.0.1", 1, tmp_path / "nowhere.pem")

    with pytest.raises(KnownError, match="key"):
        await LateTelegram(find, FakeVault()).logins.check(CREDENTIALS)


async def test_the_proxy_setting_goes_to_the_vault():
    vault = FakeVault()
    telegram = LateTelegram(telegrams_own, vault)
    assert await telegram.proxies.current() is None
    await telegram.proxies.use(None)


async def test_a_vault_is_chosen_once_and_at_the_first_question():
    chosen: list[MemoryVault] = []

    async def choose() -> MemoryVault:
        chosen.append(MemoryVault())
        return chosen[-1]

    vault = LateVault(choose)
    assert (vault.description, chosen) == ("", [])
    await asyncio.gather(vault.keep_session(1, "secret"), vault.keep_credentials(CREDENTIALS))
    assert await vault.session(1) == "secret"
    assert await vault.credentials() == CREDENTIALS
    await vault.forget_session(1)
    assert await vault.session(1) is None
    await vault.keep_proxy(None)
    assert await vault.proxy() is None
    assert (vault.description, len(chosen)) == ("memory", 1)


def test_the_servers_side_is_empty_until_it_is_there_and_tells_when():
    view = LateServerView()
    before = view.version
    assert (view.totals().people, *view.people(0, 9), *view.chats(), *view.accounts()) == (0,)
    view.view = server = FakeServer()
    assert view.version != before
    assert view.totals() == server.totals()
    assert view.people(0, 9) == server.people(0, 9)
    assert view.chats() == server.chats()
    assert view.accounts() == server.accounts()
