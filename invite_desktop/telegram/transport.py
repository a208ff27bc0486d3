"""Telethon's connection with two promises more: where it goes, and that closing is final."""

from __future__ import annotations

import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

from telethon.network import ConnectionTcpFull

if TYPE_CHECKING:
    from invite_desktop.telegram.server_address import ServerAddress

_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class FinalConnection(ConnectionTcpFull):  # type: ignore[misc] # Telethon has no types
    """A TCP connection of which nothing unsent survives the closing.

    A request that was given up must not reach Telegram minutes later out of the system's own
    buffer, when the engine has already settled it.
    """

    async def disconnect(self) -> None:
        """Close at once, dropping what is still in any buffer."""
        if self._writer is not None:
            self._writer.transport.abort()
        await super().disconnect()

    def _init_conn(self) -> None:
        connected: socket.socket = self._writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        super()._init_conn()


def connection_to(address: ServerAddress | None) -> type[FinalConnection]:
    """Return the connection class that leads to a server, to Telegram's own without one.

    With an address it goes there whatever a session or a list of data centres says, so a rehearsal
    can never reach Telegram.
    """
    if address is None:
        return FinalConnection
    host, port = address.host, address.port

    class AnchoredConnection(FinalConnection):
        """The connection to one server only."""

        def __init__(self, ip: str, server_port: int, dc_id: int, **options: Any) -> None:  # noqa: ANN401, ARG002 - Telethon's signature
            super().__init__(host, port, dc_id, **options)

    return AnchoredConnection
