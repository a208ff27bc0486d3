"""The protocol below the methods: framings, salts, containers, repetitions, garbage."""

from __future__ import annotations

import asyncio
import gzip
import os
import struct
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types
from telethon.network import connection as connections
from telethon.network.connection.tcpintermediate import (
    IntermediatePacketCodec,
    RandomizedIntermediatePacketCodec,
)
from telethon.network.mtprotostate import MTProtoState
from telethon.tl.core import GzipPacked
from telethon.tl.tlobject import TLRequest

from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])


class PaddedConnection(connections.ConnectionTcpIntermediate):
    packet_codec = type("Codec", (RandomizedIntermediatePacketCodec,), {"tag": b"\xdd\xdd\xdd\xdd"})


def obfuscated(codec: type) -> type:
    """Obfuscation around another framing than Telethon's own choice."""
    return type("Obfuscated", (connections.ConnectionTcpObfuscated,), {"packet_codec": codec})


class Raw(TLRequest):
    """A request of any bytes."""

    CONSTRUCTOR_ID = 0x0BADF00D
    SUBCLASS_OF_ID = 0

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _bytes(self) -> object:
        return self.data


@pytest.mark.parametrize(
    "framing",
    [
        connections.ConnectionTcpFull,
        connections.ConnectionTcpAbridged,
        connections.ConnectionTcpIntermediate,
        PaddedConnection,
        connections.ConnectionTcpObfuscated,
        obfuscated(IntermediatePacketCodec),
        obfuscated(RandomizedIntermediatePacketCodec),
    ],
)
@pytest.mark.parametrize("length", [5, 4000])
async def test_every_framing_carries_handshake_and_messages(
    rehearsal: Rehearsal, framing: type, length: int
):
    session = rehearsal.session()
    async with rehearsal.client(session=session, connection=framing) as client:
        sent = await client.send_code_request("+9996620001")
        await client.sign_in("+9996620001", "22222", phone_code_hash=sent.phone_code_hash)
        text = os.urandom(length // 2).hex()
        await client.send_message("some_person", text)
        assert (await client.get_messages("some_person"))[0].text == text


async def test_several_requests_travel_in_one_container(client: TelegramClient):
    first, second, third = await client([MYSELF, functions.help.GetNearestDcRequest(), MYSELF])
    assert first[0].is_self
    assert second.this_dc == 2
    assert third[0].is_self


async def test_one_refused_member_of_a_container_leaves_the_others(client: TelegramClient):
    unknown = functions.contacts.ResolveUsernameRequest("x")
    with pytest.raises(errors.MultiError) as caught:
        await client([MYSELF, unknown, MYSELF])
    first, second, third = caught.value.exceptions
    assert (first, third) == (None, None)
    assert isinstance(second, errors.UsernameInvalidError)


async def test_one_unreadable_member_of_a_container_leaves_the_others(client: TelegramClient):
    with pytest.raises(errors.MultiError) as caught:
        await client([MYSELF, Raw(struct.pack("<II", 0x0BADF00D, 7)), MYSELF])
    first, second, third = caught.value.exceptions
    assert (first, third) == (None, None)
    assert "INPUT_METHOD_INVALID" in str(second)


@pytest.mark.parametrize(
    "body",
    [
        struct.pack("<I", 0x0BADF00D),
        bytes(functions.contacts.ResolveUsernameRequest("some_person"))[:-4],
        struct.pack("<III", functions.users.GetUsersRequest.CONSTRUCTOR_ID, 0x1CB5C415, 9),
    ],
    ids=["unknown", "torn", "empty"],
)
async def test_an_unreadable_request_is_refused_and_the_connection_stays(
    client: TelegramClient, body: bytes
):
    with pytest.raises(errors.BadRequestError, match="INPUT_"):
        await client(Raw(body))
    assert await client(MYSELF)


async def test_a_method_that_the_server_lacks_is_refused(client: TelegramClient):
    with pytest.raises(errors.BadRequestError, match="INPUT_METHOD_INVALID"):
        await client(functions.account.GetThemesRequest("x", 0))
    assert await client(MYSELF)


async def test_long_requests_may_be_compressed(client: TelegramClient):
    text = "много слов " * 300
    await client.send_message("some_person", text)
    assert (await client.get_messages("some_person"))[0].text == text.strip()


async def test_long_answers_are_compressed(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.hub.gzip_over = 10
    assert (await client(MYSELF))[0].is_self


async def test_a_stale_salt_is_corrected(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.hub.salts.forget()
    assert await client(MYSELF)


async def test_the_worlds_servers_answer_pings_and_salts(client: TelegramClient):
    pong = await client(functions.PingRequest(7))
    assert pong.ping_id == 7
    salts = await client(functions.GetFutureSaltsRequest(3))
    assert len(salts.salts) == 3


async def test_a_session_can_be_destroyed(client: TelegramClient):
    answer = await client(functions.DestroySessionRequest(12345))
    assert isinstance(answer, types.DestroySessionNone)


async def test_a_destroyed_key_is_unknown_from_then_on(
    rehearsal: Rehearsal, client: TelegramClient
):
    key_id = client.session.auth_key.key_id
    assert isinstance(await client(functions.DestroyAuthKeyRequest()), types.DestroyAuthKeyOk)
    assert rehearsal.server.backend.authorizations.find(key_id) is None


async def test_an_unknown_key_is_reported_as_such(rehearsal: Rehearsal):
    session = rehearsal.session(rehearsal.accounts[0])
    async with rehearsal.client(session=session) as client:
        rehearsal.server.backend.authorizations.forget(session.auth_key.key_id)
        with pytest.raises(errors.AuthKeyNotFound):
            await client(MYSELF)


@pytest.mark.parametrize("offset", [-4000, 4000])
async def test_a_client_whose_clock_is_wrong_is_corrected(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, offset: int
):
    reset = MTProtoState.reset

    def reset_wrong(state: object) -> object:
        reset(state)
        state.time_offset = offset

    monkeypatch.setattr(MTProtoState, "reset", reset_wrong)
    async with asyncio.timeout(30), rehearsal.client(rehearsal.accounts[0]) as client:
        assert await client(MYSELF)
        assert abs(client._sender._state.time_offset) <= 1


async def test_a_repeated_message_is_answered_again_but_not_executed(
    rehearsal: Rehearsal, client: TelegramClient
):
    body = bytes(functions.messages.ExportChatInviteRequest(await client.get_input_entity(CLUB)))
    packet = _sealed(client, body)
    links = rehearsal.world.chat_by_username(CLUB).links
    for _ in range(3):
        await client._sender._connection.send(packet)
        assert await client(MYSELF)
    assert len(links) == 1


async def test_a_key_whose_id_is_taken_is_made_anew(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
):
    answers = iter([True])
    backend = rehearsal.server.backend
    monkeypatch.setattr(backend, "has_key_like", lambda _: next(answers, False))
    async with rehearsal.client() as client:
        assert await client(functions.help.GetNearestDcRequest())
    assert next(answers, None) is None


async def test_a_broken_connection_is_made_anew_with_the_same_login(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.server.drop_connections()
    await asyncio.sleep(0.05)
    assert (await client(MYSELF))[0].is_self


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(100),
        b"\xef\x7f\xff\xff\xff",
        b"\xef\x00",
        b"\xef\x06" + bytes(24),
        b"\xee\xee\xee\xee\xff\xff\xff\x7f",
        b"\xee\xee\xee\xee" + struct.pack("<i", 40) + b"\x01" * 40,
        struct.pack("<ii", 12, 0) + bytes(4),
        struct.pack("<ii", 3, 0) + bytes(20),
        os.urandom(300),
    ],
)
async def test_garbage_ends_its_own_connection_at_most(
    rehearsal: Rehearsal, client: TelegramClient, garbage: bytes
):
    reader, writer = await asyncio.open_connection("127.0.0.1", rehearsal.port)
    writer.write(garbage)
    await writer.drain()
    await asyncio.sleep(0.01)
    writer.close()
    assert await client(MYSELF)
    del reader


def _sealed(client: TelegramClient, body: bytes) -> object:
    """A message of a client as it goes over the wire, whatever its body."""
    state = client._sender._state
    head = struct.pack("<qii", state._get_new_msg_id(), state._get_seq_no(True), len(body))
    return state.encrypt_message_data(head + body)


@pytest.mark.parametrize(
    "body",
    [
        struct.pack("<Ii", 0x73F1F8DC, 1) + struct.pack("<qii", 4, 1, 1 << 30),
        struct.pack("<Ii", 0x73F1F8DC, 2_000_000),
        struct.pack("<I", GzipPacked.CONSTRUCTOR_ID) + b"\x03abc",
        bytes(GzipPacked(bytes(64 * 1024 * 1024))),
        struct.pack("<I", functions.InvokeWithLayerRequest.CONSTRUCTOR_ID)
        + struct.pack("<i", 200)
        + bytes(GzipPacked(bytes(functions.help.GetConfigRequest()))),
        struct.pack("<Ii", functions.InvokeWithLayerRequest.CONSTRUCTOR_ID, 1) * 3000,
    ],
    ids=["torn", "endless", "no gzip", "bomb", "gzip inside", "bottomless"],
)
async def test_hostile_messages_of_a_known_key_end_their_connection(
    rehearsal: Rehearsal, client: TelegramClient, body: bytes
):
    async with rehearsal.client(rehearsal.accounts[1]) as hostile:
        await hostile._sender._connection.send(_sealed(hostile, body))
        await asyncio.sleep(0.02)
    assert await client(MYSELF)
    assert not rehearsal.server.bugs


def test_the_bomb_of_these_tests_is_one():
    assert len(gzip.compress(bytes(64 * 1024 * 1024))) < 100_000
