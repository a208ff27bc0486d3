"""Telegram's adapters, loaded when something first needs them: the window must not wait for them.

Telethon takes longer to import than the whole window to appear. Each class here stands in for an
adapter, under the same port, and hands everything on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.engine.ports.login import ApiCredentials, Login
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.telegram import ChatLookUps, Messenger, TelegramGateway
    from invite_desktop.telegram.gateway import TelethonGateway
    from invite_desktop.telegram.login_gateway import TelethonLoginGateway
    from invite_desktop.telegram.proxy_gateway import TelethonProxyGateway
    from invite_desktop.telegram.server_address import ServerAddress


@dataclass(frozen=True, slots=True)
class TelegramAdapters:
    """What talks to Telegram, once it is loaded."""

    gateway: TelethonGateway
    logins: TelethonLoginGateway
    proxies: TelethonProxyGateway


class LateTelegram:
    """Loads the adapters once, in a thread.

    ``find_server`` answers when it is known which server stands in for Telegram, with None for
    Telegram's own.
    """

    def __init__(
        self, find_server: Callable[[], Awaitable[ServerAddress | None]], vault: SecretVault
    ) -> None:
        self._find_server = find_server
        self._vault = vault
        self._one_at_a_time = asyncio.Lock()
        self.loaded: TelegramAdapters | None = None
        self.gateway = LateGateway(self)
        self.logins = LateLoginGateway(self)
        self.proxies = LateProxyGateway(self)

    async def adapters(self) -> TelegramAdapters:
        """Return the adapters. Raises KnownError when the server's key cannot be read."""
        async with self._one_at_a_time:
            if self.loaded is None:
                loaded = await self._load()
                self.gateway.hand_over(loaded.gateway)
                self.loaded = loaded
            return self.loaded

    async def _load(self) -> TelegramAdapters:
        server = await self._find_server()
        return await asyncio.to_thread(_make_adapters, server, self._vault)


class LateGateway:
    """Implements TelegramGateway."""

    def __init__(self, telegram: LateTelegram) -> None:
        self._telegram = telegram
        self._heard: Callable[[int], None] | None = None
        self._look_ups: ChatLookUps | None = None

    def hand_over(self, gateway: TelegramGateway) -> None:
        """Tell the gateway that was loaded what was asked for before."""
        if self._heard is not None:
            gateway.listen(self._heard)
        if self._look_ups is not None:
            gateway.ration(self._look_ups)

    async def open(self, account_id: int) -> Messenger | Outcome:
        """Return the connected messenger of an account, or what stands in the way."""
        return await (await self._telegram.adapters()).gateway.open(account_id)

    def listen(self, heard: Callable[[int], None]) -> None:
        """Call back with an account's id when something came for it, or may have come."""
        self._heard = heard
        if self._telegram.loaded is not None:
            self._telegram.loaded.gateway.listen(heard)

    def ration(self, look_ups: ChatLookUps) -> None:
        """Let every look-up of a chat's name be asked for and remembered here."""
        self._look_ups = look_ups
        if self._telegram.loaded is not None:
            self._telegram.loaded.gateway.ration(look_ups)

    async def log_out(self, account_id: int) -> None:
        """End the session at Telegram and delete it from the keyring."""
        await (await self._telegram.adapters()).gateway.log_out(account_id)

    async def close(self) -> None:
        """Disconnect every account, if any was ever connected."""
        if self._telegram.loaded is not None:
            await self._telegram.loaded.gateway.close()


class LateLoginGateway:
    """Implements LoginGateway."""

    def __init__(self, telegram: LateTelegram) -> None:
        self._telegram = telegram

    async def check(self, credentials: ApiCredentials) -> None:
        """Ask Telegram whether it knows an api_id and api_hash."""
        await (await self._telegram.adapters()).logins.check(credentials)

    async def begin(self, credentials: ApiCredentials) -> Login:
        """Connect for a log-in. Raises LoginRefusedError without network."""
        return await (await self._telegram.adapters()).logins.begin(credentials)


class LateProxyGateway:
    """Implements ProxyGateway."""

    def __init__(self, telegram: LateTelegram) -> None:
        self._telegram = telegram

    async def current(self) -> Proxy | None:
        """Return the proxy in use, None for a direct connection. Raises KnownError."""
        return await (await self._telegram.adapters()).proxies.current()

    async def use(self, proxy: Proxy | None) -> None:
        """Keep the setting and use it from the next connection on. Raises KnownError."""
        await (await self._telegram.adapters()).proxies.use(proxy)

    async def try_out(self, proxy: Proxy | None) -> float:
        """Reach Telegram through a proxy, or directly; return how many seconds it took."""
        return await (await self._telegram.adapters()).proxies.try_out(proxy)


def _make_adapters(server: ServerAddress | None, vault: SecretVault) -> TelegramAdapters:
    from invite_desktop.telegram.client_factory import ClientFactory  # noqa: PLC0415 - see the module
    from invite_desktop.telegram.gateway import TelethonGateway  # noqa: PLC0415 - see the module
    from invite_desktop.telegram.login_gateway import TelethonLoginGateway  # noqa: PLC0415 - see the module
    from invite_desktop.telegram.proxy_gateway import TelethonProxyGateway  # noqa: PLC0415 - see the module

    factory = ClientFactory(server)
    return TelegramAdapters(
        TelethonGateway(factory, vault),
        TelethonLoginGateway(factory, vault),
        TelethonProxyGateway(factory, vault),
    )
