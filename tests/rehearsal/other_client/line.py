"""Single messages over kurigram's connection and cipher: every id, number and salt is the test's.

kurigram's own session keeps all rules; here they can be broken, and every notice be seen.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from hashlib import sha1
from io import BytesIO
from typing import TYPE_CHECKING

from pyrogram.crypto import mtproto
from pyrogram.raw import functions, types
from pyrogram.raw.core import Int, Message, MsgContainer, TLObject

from tests.rehearsal.numbering import WORDS, Numbering
from tests.rehearsal.other_client.clients import HERE, ConnectionHere

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.rehearsal import Rehearsal


class Raw(TLObject):
    """A body of any bytes."""

    QUALNAME = "functions.Raw"

    def __init__(self, data: bytes) -> None:
        self.data = data

    def write(self) -> bytes:
        return self.data


class Line(Numbering):
    """One connection with a key that is logged in."""

    def __init__(self, rehearsal: Rehearsal, key: bytes, session_id: bytes | None = None) -> None:
        super().__init__()
        self.key = key
        self.session_id = session_id or os.urandom(8)
        self.salt = rehearsal.server.hub.salts.current
        self.connection = ConnectionHere(2, HERE, rehearsal.port, test_mode=False)
        self.key_id = sha1(key).digest()[-8:]  # noqa: S324 - the protocol's own

    def message(
        self, body: TLObject, message_id: int | None = None, seqno: int | None = None
    ) -> Message:
        """A message as it stands in packets and containers."""
        message_id = self.new_id() if message_id is None else message_id
        seqno = self.new_seqno() if seqno is None else seqno
        return Message(body, message_id, seqno, len(body.write()))

    async def send(
        self, body: TLObject, message_id: int | None = None, seqno: int | None = None
    ) -> int:
        """Send one message and return its id."""
        message = self.message(body, message_id, seqno)
        packet = mtproto.pack(message, self.salt, self.session_id, self.key, self.key_id)
        await self.connection.send(packet)
        return message.msg_id

    async def send_notice(self, body: TLObject) -> int:
        """Send what the server need not acknowledge."""
        return await self.send(body, seqno=self.new_seqno(content=False))

    async def send_container(self, *members: Message, message_id: int | None = None) -> int:
        """Send messages together and return the id of their container."""
        number = self.new_seqno(content=False)
        return await self.send(MsgContainer(list(members)), message_id, number)

    async def packet(self) -> bytes | None:
        """The next packet as it is; None: the server has hung up."""
        async with asyncio.timeout(30):
            return await self.connection.recv()

    async def receive(self) -> Message:
        """The next message of the server."""
        packet = await self.packet()
        assert packet is not None, "the server has hung up"
        assert len(packet) > 4, Int.read(BytesIO(packet))
        return mtproto.unpack(BytesIO(packet), self.session_id, self.key, self.key_id)

    async def answer_to(self, message_id: int) -> object:
        """The result of a request, whatever comes before it."""
        while True:
            body = (await self.receive()).body
            if isinstance(body, types.RpcResult) and body.req_msg_id == message_id:
                return body.result

    async def ask(self, body: TLObject) -> object:
        """The result of a request."""
        return await self.answer_to(await self.send(body))

    async def next(self, kind: type) -> Message:
        """The next message of a kind, be it a result or not, whatever comes before it."""
        while True:
            message = await self.receive()
            if isinstance(getattr(message.body, "result", message.body), kind):
                return message

    async def complaint(self) -> tuple[int, int]:
        """What the server finds wrong with which message."""
        bad = (await self.next(types.BadMsgNotification)).body
        return bad.bad_msg_id, bad.error_code

    async def is_silent(self) -> bool:
        """Whether nothing more comes before the answer to a ping."""
        await self.send(functions.Ping(ping_id=77))
        body = (await self.receive()).body
        return isinstance(body, types.Pong) and body.ping_id == 77


def introduction(layer: int | None = 229, **said: object) -> TLObject:
    """invokeWithLayer(initConnection(help.getConfig)), or a part of it."""
    words = {**WORDS, "query": functions.help.GetConfig(), **said}
    request = functions.InitConnection(**words)
    return functions.InvokeWithLayer(layer=layer, query=request) if layer is not None else request


@asynccontextmanager
async def line_to(
    rehearsal: Rehearsal,
    key: bytes | None = None,
    *,
    session_id: bytes | None = None,
    introduced: bool = True,
) -> AsyncIterator[Line]:
    """A connection of the first account, introduced unless not wished."""
    key = key or rehearsal.server.issue_key(rehearsal.accounts[0])
    line = Line(rehearsal, key, session_id)
    await line.connection.connect()
    try:
        if introduced:
            await line.ask(introduction())
        yield line
    finally:
        await line.connection.close()
