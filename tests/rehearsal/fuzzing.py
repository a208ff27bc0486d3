"""Coverage-guided fuzzing of the server: ``python -m tests.rehearsal.fuzzing TARGET [-runs=N …]``.

Targets: ``transport``, the framings; ``tl``, bodies of messages; ``account``, everything that an
account which is logged in can send, encrypted with its own key. The last one also proves that no
answer holds what belongs to another account. Options are libFuzzer's; needs atheris.
"""

from __future__ import annotations

import asyncio
import logging
import struct
import sys
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["invite_desktop.rehearsal"]):
    from invite_desktop.rehearsal import encryption, tl
    from invite_desktop.rehearsal.connection import Connection
    from invite_desktop.rehearsal.demo import demo_world
    from invite_desktop.rehearsal.faults import MethodError, ProtocolError
    from invite_desktop.rehearsal.population import CALM
    from invite_desktop.rehearsal.server import RehearsalServer
    from invite_desktop.rehearsal.session import messages_in
    from invite_desktop.rehearsal.transport import Transport

from telethon.crypto import AES, AuthKey
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER, tlobjects

from tests.fakes.rehearsal import lend_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUESTS = sorted(number for number, kind in tlobjects.items() if kind.__name__.endswith("Request"))
SECRET_LETTER, SECRET_TITLE = "Q7secretletterQ7", "Q7secrettitleQ7"
SECRET_CONTACT, SECRET_LINK = "Q7secretcontactQ7", "Q7secretlinkQ7"
SECRETS = tuple(
    text.encode() for text in (SECRET_LETTER, SECRET_TITLE, SECRET_CONTACT, SECRET_LINK)
)
_GZIP = struct.pack("<I", 0x3072CFA1)


def fuzz_transport(data: bytes) -> None:
    """The first byte is how large the pieces are in which the others come."""
    transport, step = Transport(), (data[:1] or b"\0")[0] + 1
    with suppress(ProtocolError):
        for start in range(1, len(data), step):
            for packet in transport.receive(data[start : start + step]):
                transport.wrap(packet)


def fuzz_tl(data: bytes) -> None:
    """A message's body as it comes, and as the arguments of a request."""
    with suppress(MethodError, ProtocolError):
        tl.parse(_body(data))
    with suppress(MethodError, ProtocolError):
        for message in messages_in(4, 1, data):
            tl.parse(message.body)


class Wire(asyncio.Transport):
    """A connection's other end, which keeps what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.received = bytearray()
        self.closed = False

    def write(self, data: bytes) -> None:
        self.received += data

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Intruder:
    """An account that is logged in and sends whatever the fuzzer says; the victim is another."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        directory = Path(tempfile.mkdtemp(prefix="fuzzing-"))
        lend_key(directory)
        world = demo_world(2, mix=CALM)
        self.me, self.victim = world.accounts.values()
        self._server = RehearsalServer(world, state_dir=directory)
        self._loop.run_until_complete(self._server.start())
        friend = world.person("victims_friend")
        world.story.send(self.victim, friend, SECRET_LETTER)
        world.story.send(friend, self.victim, SECRET_LETTER)
        world.story.save_contact(self.victim, friend.id, SECRET_CONTACT, "")
        self.chat = world.supergroup(SECRET_TITLE, self.victim, link=SECRET_LINK)
        self.group = world.basic_group(SECRET_TITLE, self.victim, link=SECRET_LINK + "2")
        self.friend = friend

    def send(self, data: bytes) -> None:
        """Send a body in a session of its own, and look at the answers."""
        self._loop.run_until_complete(self._send(_body(data)))

    async def _send(self, body: bytes) -> None:
        key = self._server.issue_key(self.me)
        wire, connection = Wire(), Connection(self._server.hub)
        connection.connection_made(wire)
        state = MTProtoState(AuthKey(key), _Loggers())
        state.salt = self._server.hub.salts.current
        for number, content in enumerate((_hello(), body)):
            packet = _sealed(state, content)
            start = b"\xee\xee\xee\xee" if not number else b""
            connection.data_received(start + struct.pack("<i", len(packet)) + packet)
        connection.connection_lost(None)
        assert not self._server.bugs, self._server.bugs
        answers = list(_answers(key, bytes(wire.received)))
        # Without an answer of her own nothing would be proven.
        assert any(self.me.first_name.encode() in plain for plain in answers)
        for plain in answers:
            for secret in SECRETS:
                assert secret not in plain or secret in body, secret


class _Loggers(dict):  # type: ignore[type-arg]
    def __missing__(self, name: str) -> logging.Logger:
        return logging.getLogger(name)


def _hello() -> bytes:
    query = functions.users.GetUsersRequest([types.InputUserSelf()])
    device = "x", "x", "x", "en", "", "en"
    connection = functions.InitConnectionRequest(1, *device, query)
    return bytes(functions.InvokeWithLayerRequest(LAYER, connection))


def _sealed(state: MTProtoState, body: bytes) -> bytes:
    head = struct.pack("<qii", state._get_new_msg_id(), state._get_seq_no(True), len(body))
    packet: bytes = state.encrypt_message_data(head + body)
    return packet


def _answers(key: bytes, stream: bytes) -> Iterator[bytes]:
    """Yield the plain text of every packet of the server, unzipped where it was zipped."""
    position = 0
    while position + 4 <= len(stream):
        length = int.from_bytes(stream[position : position + 4], "little")
        packet = stream[position + 4 : position + 4 + length]
        position += 4 + length
        if length < 24:
            continue
        message_key = packet[8:24]
        plain = AES.decrypt_ige(packet[24:], *encryption._aes(key, message_key, 8))
        yield plain
        yield from _unzipped(plain)


def _unzipped(plain: bytes) -> Iterator[bytes]:
    place = plain.find(_GZIP)
    while place >= 0:
        start = plain.find(b"\x1f\x8b", place)
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=31).decompress(plain[start:])
        place = plain.find(_GZIP, place + 4)


def _body(data: bytes) -> bytes:
    """An odd first byte: the next two say which request the others are the arguments of."""
    if len(data) > 3 and data[0] & 1:
        number = REQUESTS[int.from_bytes(data[1:3], "little") % len(REQUESTS)]
        return struct.pack("<I", number) + data[3:]
    return data[1:]


def seeds(intruder: Intruder) -> Iterator[bytes]:
    """Yield well-formed requests that reach for what is the victim's, to start from."""
    person = types.InputPeerUser(intruder.friend.id, 1)
    victim = types.InputUser(intruder.victim.id, 1)
    channel = types.InputChannel(intruder.chat.id, 1)
    chat = types.InputPeerChannel(intruder.chat.id, 1)
    group = types.InputPeerChat(intruder.group.id)
    for request in (
        functions.messages.GetHistoryRequest(person, 0, None, 0, 100, 0, 0, 0),
        functions.messages.GetHistoryRequest(group, 0, None, 0, 100, 0, 0, 0),
        functions.messages.GetMessagesRequest([types.InputMessageID(1)]),
        functions.messages.GetDialogsRequest(None, 0, types.InputPeerEmpty(), 100, 0),
        functions.channels.GetFullChannelRequest(channel),
        functions.channels.GetParticipantsRequest(
            channel, types.ChannelParticipantsSearch(""), 0, 100, 0
        ),
        functions.messages.GetFullChatRequest(intruder.group.id),
        functions.messages.ExportChatInviteRequest(chat),
        functions.messages.GetExportedChatInvitesRequest(chat, victim, 100),
        functions.users.GetFullUserRequest(victim),
        functions.contacts.GetContactsRequest(0),
        functions.contacts.ResolveUsernameRequest("victims_friend"),
        functions.updates.GetDifferenceRequest(1, None, 0),
        functions.messages.SendMessageRequest(person, "x", random_id=7),
        functions.channels.InviteToChannelRequest(channel, [victim]),
        functions.messages.CreateChatRequest([victim], "x"),
        functions.channels.CreateChannelRequest("x", "y", megagroup=True),
        functions.channels.EditTitleRequest(channel, "x"),
        functions.channels.EditPhotoRequest(channel, types.InputChatPhotoEmpty()),
        functions.messages.EditChatPhotoRequest(intruder.group.id, types.InputChatPhotoEmpty()),
        functions.upload.GetFileRequest(types.InputPeerPhotoFileLocation(chat, 1), 0, 4096),
        functions.messages.UploadMediaRequest(chat, types.InputMediaEmpty()),
        functions.auth.BindTempAuthKeyRequest(1, 2, None, bytes(104)),
    ):
        yield b"\0" + bytes(request)


def main() -> None:
    """Fuzz one target until libFuzzer's options say that it is enough."""
    target = sys.argv.pop(1)
    run: Callable[[bytes], None]
    if target == "account":
        logging.disable(logging.CRITICAL)
        intruder = Intruder()
        corpus = Path(tempfile.mkdtemp(prefix="corpus-"))
        for number, seed in enumerate(seeds(intruder)):
            (corpus / str(number)).write_bytes(seed)
        sys.argv.append(str(corpus))
        run = intruder.send
    else:
        run = {"transport": fuzz_transport, "tl": fuzz_tl}[target]
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
