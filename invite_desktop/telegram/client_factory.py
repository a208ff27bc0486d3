"""Telethon clients with the options this product needs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon import TelegramClient
from telethon.sessions import StringSession

from invite_desktop import __version__
from invite_desktop.telegram.acknowledgements import send_patiently
from invite_desktop.telegram.library_log import LibraryLog
from invite_desktop.telegram.server_address import DATA_CENTRE
from invite_desktop.telegram.transport import connection_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon.network.connection.connection import Connection
    from telethon.tl import TLRequest

    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.telegram.server_address import ServerAddress

_log = logging.getLogger(__name__)

DEVICE_MODEL = "Invite Desktop"
"""How the session is listed among the account's devices in Telegram."""


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How long to wait for Telegram, in real seconds.

    ``pause`` lies between the attempts at one connection: 1 handshake in 199 fails, because
    Telethon drops a leading zero of a key whose prime begins with 0xC7.
    ``ping_after`` is the silence after which a connection is tried before somebody is contacted,
    so that a connection lost in the laptop's sleep costs nobody an uncertain end.
    """

    answer: float = 30.0
    connect: float = 30.0
    pause: float = 1.0
    ping: float = 10.0
    ping_after: float = 30.0


class LoginSession(StringSession):  # type: ignore[misc] # Telethon has no types
    """A session in memory that keeps the login and nothing about people.

    The store keeps access hashes; names and phones have no place here.
    """

    def process_entities(self, tlo: object) -> None:
        """Keep nothing."""


class OwnedClient(TelegramClient):  # type: ignore[misc] # Telethon has no types
    """A Telethon client that leaves every wait and every repetition to the program."""

    _pushed: Callable[[object], None] | None = None

    async def connect(self) -> None:
        """Connect, with acknowledgements that travel with requests."""
        send_patiently(self._sender)
        await super().connect()

    def listen(self, pushed: Callable[[object], None]) -> None:
        """Hand over whatever Telegram pushes; to be called before connecting.

        It takes the place of Telethon's own account of updates, which asks Telegram by itself for
        what it believes to have missed.
        """
        self._pushed = pushed

    def ask(self, request: TLRequest) -> asyncio.Future[Any]:
        """Send one request exactly once and return its answer to come.

        Raises ConnectionError when there is no connection.

        Calling the client instead would repeat it after some errors of the server, sleep two
        seconds on others, and refuse it by a memory of flood waits that counts real seconds.
        """
        answer: asyncio.Future[Any] = self._sender.send(request)
        return answer

    def server_time(self) -> float:
        """Return Telegram's time, in unix seconds; this computer's clock may be wrong."""
        return time.time() + float(self._sender._state.time_offset)  # noqa: SLF001 - told nowhere else

    async def move_to(self, data_centre: int) -> None:
        """Connect to another data centre, with a new key, and stay there."""
        await self._switch_dc(data_centre)

    async def _update_loop(self) -> None:
        if self._pushed is None:
            await super()._update_loop()
            return
        with contextlib.suppress(asyncio.CancelledError):
            while self.is_connected():
                self._pushed(await self._updates_queue.get())


class ClientFactory:
    """Makes clients for Telegram, or for the one server given instead of it.

    ``proxy`` is the one that new clients go through. Raises KnownError when the server's key cannot
    be read.
    """

    def __init__(
        self,
        server: ServerAddress | None = None,
        *,
        limits: CallLimits | None = None,
        receive_updates: bool = True,
    ) -> None:
        if server is not None:
            server.trust()
        self.limits = limits or CallLimits()
        self.proxy: Proxy | None = None
        self._proxy_is_known = False
        self._server = server
        self._receive_updates = receive_updates

    async def learn_proxy(self, vault: SecretVault) -> None:
        """Read the proxy setting, once; before any connection, so that none goes past it.

        Raises KnownError when the keyring refuses.
        """
        if not self._proxy_is_known:
            self.use_proxy(await vault.proxy())

    def use_proxy(self, proxy: Proxy | None) -> None:
        """Send new connections through a proxy, or directly."""
        self.proxy, self._proxy_is_known = proxy, True

    def connection(self, proxy: Proxy | None) -> type[Connection]:
        """Return the connection class that goes through a proxy. Raises KnownError."""
        return connection_to(self._server, proxy)

    def session(self, saved: str | None = None) -> LoginSession:
        """Return a saved session, or a new one that knows no login yet.

        Where another server stands in Telegram's place, a saved session is pointed at it too: its
        port may be a new one, and a session from elsewhere must not lead out. Raises ValueError
        for a text that is no session.
        """
        try:
            session = LoginSession(saved)
        except struct.error as torn:
            raise ValueError("a session of another length") from torn
        if self._server is not None:
            session.set_dc(DATA_CENTRE, self._server.host, self._server.port)
        return session

    def client(
        self, session: LoginSession, credentials: ApiCredentials, *, retries: int = 0
    ) -> OwnedClient:
        """Return an unconnected client.

        ``retries`` counts repetitions by Telethon itself, when the client is called instead of
        asked; only logging in needs one, to follow a number to its data centre.
        """
        return OwnedClient(
            session,
            credentials.api_id,
            credentials.api_hash,
            connection=self.connection(self.proxy),
            request_retries=retries,
            connection_retries=2,
            retry_delay=self.limits.pause,
            auto_reconnect=False,
            flood_sleep_threshold=0,
            raise_last_call_error=True,
            receive_updates=self._receive_updates,
            device_model=DEVICE_MODEL,
            system_version=f"{platform.system()} {platform.release()}".strip() or "unknown",
            app_version=__version__,
            base_logger=LibraryLog(_log),
        )
