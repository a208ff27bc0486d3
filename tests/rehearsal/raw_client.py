"""A client of single messages: every id, number and salt is the test's to choose."""

from __future__ import annotations

import asyncio
import os
import struct
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from telethon.crypto import AES, AuthKey
from telethon.extensions import BinaryReader
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import functions, types
from telethon.tl.core import GzipPacked

from tests.rehearsal.numbering import WORDS, Numbering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.rehearsal import Rehearsal

CONTAINER, RPC_RESULT = 0x73F1F8DC, 0xF35C6D01


class Received(NamedTuple):
    """One message of the server; ``answers`` is the message that it is the result of."""

    id: int
    seqno: int
    object: object
    answers: int | None = None


class RawClient(Numbering):
    """One connection in the intermediate framing, with a key that is logged in."""

    def __init__(self, rehearsal: Rehearsal, key: bytes, session_id: int | None = None) -> None:
        super().__init__()
        self.key = AuthKey(key)
        self.session_id = session_id or int.from_bytes(os.urandom(7), "little")
        self.salt = rehearsal.server.hub.salts.current
        self._port = rehearsal.port

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(b"\xee" * 4)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    def message(self, body: object, message_id: int | None = None, seqno: int | None = None):
        """Id, number and bytes of a message, as they stand in packets and containers."""
        data = body if isinstance(body, bytes) else bytes(body)
        message_id = self.new_id() if message_id is None else message_id
        seqno = self.new_seqno() if seqno is None else seqno
        return message_id, struct.pack("<qii", message_id, seqno, len(data)) + data

    def send(self, body: object, message_id: int | None = None, seqno: int | None = None) -> int:
        """Send one message and return its id."""
        number, data = self.message(body, message_id, seqno)
        self._write(data)
        return number

    def send_container(self, *members: bytes, count: int | None = None, **head: int) -> int:
        """Send messages together and return the id of their container."""
        start = struct.pack("<Ii", CONTAINER, len(members) if count is None else count)
        number = head.get("seqno", self.new_seqno(content=False))
        return self.send(start + b"".join(members), head.get("message_id"), number)

    def _write(self, data: bytes) -> None:
        plain = struct.pack("<qq", self.salt, self.session_id) + data
        plain += os.urandom(-(len(plain) + 12) % 16 + 12)
        msg_key = sha256(self.key.key[88:120] + plain).digest()[8:24]
        aes = self.aes_of(msg_key)
        packet = struct.pack("<Q", self.key.key_id) + msg_key + AES.encrypt_ige(plain, *aes)
        self._writer.write(struct.pack("<i", len(packet)) + packet)

    def aes_of(self, msg_key: bytes) -> tuple[bytes, bytes]:
        """Key and initial vector by which a message to the server is sealed."""
        return MTProtoState._calc_key(self.key.key, msg_key, client=True)

    async def receive(self) -> Received:
        """The next message of the server."""
        async with asyncio.timeout(30):
            (length,) = struct.unpack("<i", await self._reader.readexactly(4))
            packet = await self._reader.readexactly(length)
        aes = MTProtoState._calc_key(self.key.key, packet[8:24], client=False)
        plain = AES.decrypt_ige(packet[24:], *aes)
        message_id, seqno, size = struct.unpack_from("<qii", plain, 16)
        body = plain[32 : 32 + size]
        if int.from_bytes(body[:4], "little") != RPC_RESULT:
            return Received(message_id, seqno, _read(body))
        (answers,) = struct.unpack_from("<q", body, 4)
        return Received(message_id, seqno, _read(body[12:]), answers)

    async def answer_to(self, message_id: int) -> object:
        """The result of a request, whatever comes before it."""
        while True:
            received = await self.receive()
            if received.answers == message_id:
                return received.object

    async def next(self, kind: type) -> Received:
        """The next message of a kind, whatever comes before it."""
        while True:
            received = await self.receive()
            if isinstance(received.object, kind):
                return received

    async def introduce(self) -> None:
        """Say what every client says first."""
        await self.answer_to(self.send(introduction()))

    async def is_silent(self) -> bool:
        """Whether nothing more comes before the answer to a ping."""
        self.send(functions.PingRequest(77))
        received = await self.receive()
        return isinstance(received.object, types.Pong) and received.object.ping_id == 77


def introduction(layer: int | None = 229, **said: object) -> object:
    """invokeWithLayer(initConnection(help.getConfig)), or a part of it."""
    words = {**WORDS, "query": functions.help.GetConfigRequest(), **said}
    request = functions.InitConnectionRequest(**words)
    return functions.InvokeWithLayerRequest(layer, request) if layer is not None else request


@asynccontextmanager
async def raw_client(
    rehearsal: Rehearsal,
    key: bytes | None = None,
    *,
    session_id: int | None = None,
    introduced: bool = True,
) -> AsyncIterator[RawClient]:
    """A connected client of the first account, introduced unless not wished."""
    key = key or rehearsal.server.issue_key(rehearsal.accounts[0])
    client = RawClient(rehearsal, key, session_id)
    await client.connect()
    try:
        if introduced:
            await client.introduce()
        yield client
    finally:
        await client.close()


def _read(body: bytes) -> object:
    if int.from_bytes(body[:4], "little") == GzipPacked.CONSTRUCTOR_ID:
        body = GzipPacked.read(BinaryReader(body))
    return BinaryReader(body).tgread_object()
