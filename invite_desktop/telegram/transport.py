"""Telethon's connection with promises more: where it goes, and that closing is final."""

from __future__ import annotations

import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

from telethon.errors import InvalidBufferError, InvalidChecksumError
from telethon.network import ConnectionTcpFull, ConnectionTcpMTProxyRandomizedIntermediate
from telethon.network.connection.connection import Connection

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.proxy import ProxyKind, is_of_this_computer
from invite_desktop.telegram.proxy_dialling import ProxyTrouble, ProxyTroubleError, dial

if TYPE_CHECKING:
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.telegram.server_address import ServerAddress

_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class _Final:
    """What is promised of sending and closing, for any of Telethon's kinds of connection.

    Packets are read and written by whoever asks: Telethon's way through queues and tasks of their
    own takes a turn of the loop longer, each time.
    """

    _writer: Any
    _connected: bool

    async def send(self, data: bytes) -> None:
        """Write a packet at once. Raises ConnectionError."""
        if not self._connected:
            raise ConnectionError("not connected")
        self._send(data)  # type: ignore[attr-defined]
        await self._writer.drain()

    async def recv(self) -> Any:  # noqa: ANN401 - Telethon has no types
        """Return the next packet. Raises what ended the connection, or what is wrong with one."""
        while self._connected:
            try:
                packet = await self._recv()  # type: ignore[attr-defined]
            except (InvalidBufferError, InvalidChecksumError):
                raise
            except Exception:
                await self.disconnect()
                raise
            if packet:
                return packet
        raise ConnectionError("not connected")

    async def _recv_loop(self) -> None:
        """Leave the reading to ``recv``."""

    async def disconnect(self) -> None:
        """Close at once, dropping what is still in any buffer."""
        if self._writer is not None:
            self._writer.transport.abort()
        await super().disconnect()  # type: ignore[misc] # Telethon's own, further up

    def _init_conn(self) -> None:
        connected: socket.socket = self._writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        super()._init_conn()  # type: ignore[misc] # Telethon's own, further up


class FinalConnection(_Final, ConnectionTcpFull):  # type: ignore[misc] # Telethon has no types
    """A TCP connection of which nothing unsent survives the closing.

    A request that was given up must not reach Telegram minutes later out of the system's own
    buffer, when the engine has already settled it.
    """


class MTProxyConnection(_Final, ConnectionTcpMTProxyRandomizedIntermediate):  # type: ignore[misc] # Telethon has no types
    """The same through an MTProxy, which leads to the data centre that its first bytes name."""

    async def _connect(self, timeout: float | None = None, ssl: object = None) -> None:  # noqa: ASYNC109 - Telethon's signature
        # Telethon waits two seconds here for a proxy that hangs up; the handshake notices as well.
        try:
            await Connection._connect(self, timeout=timeout, ssl=ssl)  # noqa: SLF001 - the method that is overridden
        except OSError as error:
            raise ProxyTroubleError(ProxyTrouble.UNREACHABLE) from error

    async def _recv(self) -> Any:  # noqa: ANN401 - Telethon has no types
        try:
            return await super()._recv()
        except ValueError as error:
            # Whoever answers is no MTProxy, or the secret is another: lengths come out negative.
            raise ConnectionError from error


def connection_to(address: ServerAddress | None, proxy: Proxy | None = None) -> type[Connection]:
    """Return the connection class that leads to a server, to Telegram's own without one.

    With an address it goes there whatever a session or a list of data centres says, so a rehearsal
    can never reach Telegram: then a proxy must be one of this computer. Raises KnownError for
    another one.
    """
    if address is not None and proxy is not None:
        _check_nearness(proxy)
    if proxy is not None and proxy.kind is ProxyKind.MTPROXY:
        return _through_mtproxy(proxy)
    direct = FinalConnection if proxy is None else _through(proxy)
    return direct if address is None else _anchored(direct, address)


def _anchored(direct: type[FinalConnection], address: ServerAddress) -> type[FinalConnection]:
    host, port = address.host, address.port

    class AnchoredConnection(direct):  # type: ignore[misc, valid-type] # a class made to measure
        """The connection to one server only."""

        def __init__(self, ip: str, server_port: int, dc_id: int, **options: Any) -> None:  # noqa: ANN401, ARG002 - Telethon's signature
            super().__init__(host, port, dc_id, **options)

    return AnchoredConnection


def _through(proxy: Proxy) -> type[FinalConnection]:
    class ProxiedConnection(FinalConnection):
        """The connection through one SOCKS5 or HTTP proxy."""

        def __init__(self, *place: Any, **options: Any) -> None:  # noqa: ANN401 - Telethon's signature
            super().__init__(*place, **{**options, "proxy": proxy})

        async def _proxy_connect(
            self,
            timeout: float | None = None,  # noqa: ASYNC109 - Telethon's signature
            local_addr: object = None,  # noqa: ARG002 - Telethon's signature
        ) -> socket.socket:
            return await dial(proxy, self._ip, self._port, timeout)

    return ProxiedConnection


def _through_mtproxy(proxy: Proxy) -> type[MTProxyConnection]:
    whereabouts = proxy.host, proxy.port, proxy.password

    class OneMTProxyConnection(MTProxyConnection):
        """The connection through one MTProxy."""

        def __init__(self, *place: Any, **options: Any) -> None:  # noqa: ANN401 - Telethon's signature
            super().__init__(*place, **{**options, "proxy": whereabouts})

        @staticmethod
        def address_info(_proxy: object) -> tuple[str, int]:
            """Return the address that the client tells Telegram it came by."""
            return whereabouts[:2]

    return OneMTProxyConnection


def _check_nearness(proxy: Proxy) -> None:
    if not is_of_this_computer(proxy.host):
        raise KnownError(
            message("A rehearsal reaches nobody outside this computer, so it uses no such proxy."),
            message("Try the proxy in the ordinary window, or take it away here."),
        )
