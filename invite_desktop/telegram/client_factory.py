"""Telethon clients with the options this product needs."""

from __future__ import annotations

import logging
import platform
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon import TelegramClient
from telethon.sessions import StringSession

from invite_desktop import __version__
from invite_desktop.telegram.library_log import LibraryLog
from invite_desktop.telegram.server_address import DATA_CENTRE
from invite_desktop.telegram.transport import connection_to

if TYPE_CHECKING:
    from telethon.tl import TLRequest

    from invite_desktop.engine.ports.telegram import ApiCredentials
    from invite_desktop.telegram.server_address import ServerAddress

_log = logging.getLogger(__name__)

DEVICE_MODEL = "Invite Desktop"
"""How the session is listed among the account's devices in Telegram."""


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How long to wait for Telegram, in real seconds.

    ``pause`` lies between the attempts at one connection (1 handshake in 256 fails).
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

    async def ask(self, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        """Send one request exactly once and return the answer.

        Calling the client instead would repeat it after some errors of the server, sleep two
        seconds on others, and refuse it by a memory of flood waits that counts real seconds.
        """
        return await self._sender.send(request)


class ClientFactory:
    """Makes clients for Telegram, or for the one server given instead of it.

    Raises KnownError when that server's key cannot be read.
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
        self._server = server
        self._connection = connection_to(server)
        self._receive_updates = receive_updates

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
            connection=self._connection,
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
