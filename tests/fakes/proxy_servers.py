"""Little proxies on 127.0.0.1: SOCKS5, HTTP, and one that speaks as MTProxies do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telethon.crypto import AESModeCTR

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

HOST = "127.0.0.1"
_PADDED = b"\xdd" * 4
_HEADER = 64


class LittleProxy:
    """``led_to`` are the ports that it has connected clients to, in order.

    ``refusing``: it leads nobody anywhere, as a firewall would have it.
    """

    def __init__(self, username: str = "", password: str = "", *, refusing: bool = False) -> None:
        self.opening = (username, password)
        self.refusing = refusing
        self.led_to: list[int] = []
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LittleProxy]:
        server = await asyncio.start_server(self._guarded, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self._writers:
                writer.transport.abort()
            await server.wait_closed()
            await asyncio.sleep(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def relay(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        port: int,
        there: Callable[[bytes], bytes] = bytes,
        back: Callable[[bytes], bytes] = bytes,
        first: bytes = b"",
    ) -> None:
        """Pass bytes to and fro until one side hangs up."""
        self.led_to.append(port)
        reader, writer = client
        server_reader, server_writer = await asyncio.open_connection(HOST, port)
        self._writers.append(server_writer)
        server_writer.write(first)
        ways = [
            asyncio.ensure_future(_pass_on(reader, server_writer, there)),
            asyncio.ensure_future(_pass_on(server_reader, writer, back)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (writer, server_writer):
            end.transport.abort()

    async def _guarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            await self.serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()


class Socks5Proxy(LittleProxy):
    """RFC 1928, with the user names and passwords of RFC 1929."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = 2 if any(self.opening) else 0
        if wanted not in offered:
            await _end(writer, b"\x05\xff")
            return
        writer.write(bytes([5, wanted]))
        if wanted and not await self._knows(reader, writer):
            return
        await reader.readexactly(3)
        (kind,) = await reader.readexactly(1)
        assert kind == 1, "an IPv4 address was expected"
        await reader.readexactly(4)
        port = int.from_bytes(await reader.readexactly(2), "big")
        if self.refusing:
            await _end(writer, b"\x05\x02\x00\x01" + bytes(6))
            return
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await self.relay((reader, writer), port)

    async def _knows(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await reader.readexactly(1)
        said = []
        for _ in range(2):
            (length,) = await reader.readexactly(1)
            said.append((await reader.readexactly(length)).decode())
        if tuple(said) != self.opening:
            await _end(writer, b"\x01\x01")
            return False
        writer.write(b"\x01\x00")
        return True


class HttpProxy(LittleProxy):
    """The method CONNECT (RFC 9110) with basic authentication."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        opening = base64.b64encode(":".join(self.opening).encode()).decode()
        if any(self.opening) and f"Basic {opening}" not in head:
            await _end(writer, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        elif self.refusing:
            await _end(writer, b"HTTP/1.1 403 Forbidden\r\n\r\n")
        else:
            port = int(head.split()[1].rpartition(":")[2])
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await self.relay((reader, writer), port)


class MtProxy(LittleProxy):
    """core.telegram.org/mtproto/mtproto-transports, obfuscation with a secret (hex)."""

    def __init__(self, secret: str, server_port: int) -> None:
        super().__init__()
        self._secret = bytes.fromhex(secret)
        self._server_port = server_port

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        header = await reader.readexactly(_HEADER)
        inward = self._cipher(header[8:40], header[40:56])
        turned = header[55:7:-1]
        outward = self._cipher(turned[:32], turned[32:48])
        if inward.encrypt(header)[56:60] != _PADDED:
            await _end(writer, b"")
            return
        await self.relay(
            (reader, writer), self._server_port, inward.encrypt, outward.encrypt, _PADDED
        )

    def _cipher(self, key: bytes, start: bytes) -> AESModeCTR:
        return AESModeCTR(hashlib.sha256(key + self._secret).digest(), start)


class Rude(LittleProxy):
    """Somebody who is no proxy at all."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await _end(writer, b"220 mail.example ESMTP\r\n")


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Callable[[bytes], bytes]
) -> None:
    while data := await reader.read(65536):
        writer.write(change(data))
        await writer.drain()


async def _end(writer: asyncio.StreamWriter, farewell: bytes) -> None:
    writer.write(farewell)
    await writer.drain()
    writer.close()
