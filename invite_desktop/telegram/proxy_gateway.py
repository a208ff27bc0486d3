"""The proxy setting, and trying a proxy out without an account."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from telethon.client.telegrambaseclient import DEFAULT_IPV4_IP, DEFAULT_PORT
from telethon.errors import SecurityError
from telethon.network import MTProtoPlainSender
from telethon.network.authenticator import do_authentication

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.proxy import ProxyKind
from invite_desktop.telegram.library_log import LibraryLog
from invite_desktop.telegram.outcome_table import KNOWN_TROUBLES
from invite_desktop.telegram.proxy_dialling import ProxyTrouble, ProxyTroubleError
from invite_desktop.telegram.server_address import DATA_CENTRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telethon.network.connection.connection import Connection

    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.telegram.client_factory import ClientFactory

_log = logging.getLogger(__name__)

TROUBLES: Mapping[ProxyTrouble, tuple[Message, Message]] = {
    ProxyTrouble.UNREACHABLE: (
        message("Nobody answers at the address of the proxy."),
        message("Check host and port, and that the internet works."),
    ),
    ProxyTrouble.LOGIN_REFUSED: (
        message("The proxy refused the user name or the password."),
        message("Copy both again from whoever runs the proxy."),
    ),
    ProxyTrouble.WAY_REFUSED: (
        message("The proxy answers, but does not lead to Telegram."),
        message("It may forbid that: ask whoever runs it, or use another proxy."),
    ),
    ProxyTrouble.NOT_SUCH_A_PROXY: (
        message("Somebody answers there, but not as a proxy of this kind."),
        message("Check the kind of the proxy and the port."),
    ),
}
"""What each way of failing means, and what to do about it."""

_NO_TELEGRAM = {
    True: (
        message("The proxy answers, but Telegram does not answer through it."),
        message("Check the secret of the MTProxy, or use another proxy."),
    ),
    False: (
        message("The proxy answers, but Telegram does not answer through it."),
        message("Ask whoever runs the proxy, or use another one."),
    ),
}
_NO_DIRECT_WAY = (
    message("Telegram cannot be reached without a proxy."),
    message("Check the internet connection, or enter a proxy."),
)


class TelethonProxyGateway:
    """Implements ProxyGateway."""

    def __init__(self, factory: ClientFactory, vault: SecretVault) -> None:
        self._factory = factory
        self._vault = vault

    async def current(self) -> Proxy | None:
        """Return the proxy in use, None for a direct connection. Raises KnownError."""
        return await self._vault.proxy()

    async def use(self, proxy: Proxy | None) -> None:
        """Keep the setting and use it from the next connection on. Raises KnownError."""
        self._factory.connection(proxy)
        await self._vault.keep_proxy(proxy)
        self._factory.use_proxy(proxy)

    async def try_out(self, proxy: Proxy | None) -> float:
        """Reach Telegram through a proxy, or directly; return how many seconds it took.

        Nobody is logged in and no api_id is needed: the keys of a new session are agreed upon, and
        forgotten. Raises KnownError with what went wrong.
        """
        loggers: defaultdict[str, LibraryLog] = defaultdict(lambda: LibraryLog(_log))
        connection = self._factory.connection(proxy)(
            DEFAULT_IPV4_IP, DEFAULT_PORT, DATA_CENTRE, loggers=loggers
        )
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._factory.limits.connect):
                await connection.connect()
                await _agree_on_a_key(connection, loggers)
        except ProxyTroubleError as error:
            raise KnownError(*TROUBLES[error.trouble]) from error
        except KNOWN_TROUBLES as error:
            raise KnownError(*_words(proxy)) from error
        finally:
            await connection.disconnect()
        return time.monotonic() - began


async def _agree_on_a_key(connection: Connection, loggers: object) -> None:
    """Go through the first handshake; by chance it fails once in 256 times."""
    sender = MTProtoPlainSender(connection, loggers=loggers)
    try:
        await do_authentication(sender)
    except SecurityError:
        await do_authentication(sender)


def _words(proxy: Proxy | None) -> tuple[Message, Message]:
    if proxy is None:
        return _NO_DIRECT_WAY
    return _NO_TELEGRAM[proxy.kind is ProxyKind.MTPROXY]
