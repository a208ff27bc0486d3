"""Temporary keys and quick acknowledgements, as clients of Telegram's own make use of them."""

from __future__ import annotations

import asyncio
import os
import struct
import time
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import TYPE_CHECKING

import pytest
from telethon import functions, helpers, types
from telethon.crypto import AES, AuthKey, rsa
from telethon.extensions import BinaryReader

from tests.rehearsal.raw_client import RawClient, raw_client

if TYPE_CHECKING:
    from tests.fakes.rehearsal import Rehearsal

MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])
DAY = 24 * 3600


class Newcomer:
    """A connection on which a key is made, step by step."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, request: object) -> object:
        body = bytes(request)
        packet = struct.pack("<qqi", 0, int(time.time()) << 32, len(body)) + body
        self._writer.write(struct.pack("<i", len(packet)) + packet)
        (length,) = struct.unpack("<i", await self._reader.readexactly(4))
        answer = await self._reader.readexactly(length)
        return BinaryReader(answer[20:]).tgread_object()


async def make_key(rehearsal: Rehearsal, expires_in: int) -> bytes:
    """Run a handshake for a temporary key of so many seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", rehearsal.port)
    writer.write(b"\xee" * 4)
    line, nonce, new_nonce = Newcomer(reader, writer), 12345, 67890
    found = await line.ask(functions.ReqPqMultiRequest(nonce))
    inner = types.PQInnerDataTempDc(
        found.pq, rsa.get_byte_array(32749), rsa.get_byte_array(4_294_967_291),
        nonce, found.server_nonce, new_nonce, 2, expires_in,
    )  # fmt: skip
    (fingerprint,) = found.server_public_key_fingerprints
    sealed = rsa.encrypt(fingerprint, bytes(inner))
    offer = await line.ask(
        functions.ReqDHParamsRequest(
            nonce, found.server_nonce, inner.p, inner.q, fingerprint, sealed
        )
    )
    aes = helpers.generate_key_data_from_nonce(found.server_nonce, new_nonce)
    server = BinaryReader(AES.decrypt_ige(offer.encrypted_answer, *aes)[20:]).tgread_object()
    prime, secret = int.from_bytes(server.dh_prime, "big"), int.from_bytes(os.urandom(255), "big")
    public = pow(server.g, secret, prime).to_bytes(256, "big")
    own = bytes(types.ClientDHInnerData(nonce, found.server_nonce, 0, public))
    sealed = AES.encrypt_ige(digest_of(own) + own, *aes)
    end = await line.ask(functions.SetClientDHParamsRequest(nonce, found.server_nonce, sealed))
    assert isinstance(end, types.DhGenOk)
    writer.close()
    return pow(int.from_bytes(server.g_a, "big"), secret, prime).to_bytes(256, "big")


def binding(client: RawClient, permanent: bytes, message_id: int, lives: int = DAY, **wrong: int):
    """The request that binds a client's temporary key; what is wrong replaces what would be right.

    core.telegram.org/method/auth.bindTempAuthKey#generating-encrypted-message
    """
    key, until = AuthKey(permanent), int(time.time()) + lives
    said = {
        "nonce": 5,
        "temp_auth_key_id": signed(client.key.key_id),
        "perm_auth_key_id": signed(key.key_id),
        "temp_session_id": client.session_id,
        "expires_at": datetime.fromtimestamp(until, UTC),
        **wrong,
    }
    inner = bytes(types.BindAuthKeyInner(**said))
    head = os.urandom(16) + struct.pack("<qii", message_id, 0, len(inner))
    message_key = digest_of(head + inner)[4:20]
    plain = head + inner + os.urandom(-len(head + inner) % 16)
    sealed = AES.encrypt_ige(plain, *aes_of_version_1(permanent, message_key))
    packed = struct.pack("<Q", key.key_id) + message_key + sealed
    moment = datetime.fromtimestamp(until, UTC)
    return functions.auth.BindTempAuthKeyRequest(signed(key.key_id), 5, moment, packed)


def aes_of_version_1(key: bytes, message_key: bytes) -> tuple[bytes, bytes]:
    a = digest_of(message_key + key[:32])
    b = digest_of(key[32:48] + message_key + key[48:64])
    c = digest_of(key[64:96] + message_key)
    d = digest_of(message_key + key[96:128])
    return a[:8] + b[8:20] + c[4:16], a[8:20] + b[:8] + c[16:20] + d[:8]


def digest_of(data: bytes) -> bytes:
    return sha1(data).digest()  # noqa: S324 - the protocol's own


def signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


async def bind(client: RawClient, permanent: bytes, **more: object) -> object:
    message_id = client.new_id()
    client.send(binding(client, permanent, message_id, **more), message_id)
    return await client.answer_to(message_id)


@pytest.fixture
def permanent(rehearsal: Rehearsal) -> bytes:
    return rehearsal.server.issue_key(rehearsal.accounts[0])


class TestTemporaryKeys:
    async def test_one_that_is_bound_acts_for_the_permanent_key(
        self, rehearsal: Rehearsal, permanent: bytes
    ):
        temporary = await make_key(rehearsal, DAY)
        async with raw_client(rehearsal, temporary, introduced=False) as client:
            assert await bind(client, permanent) is True
            await client.introduce()
            (myself,) = await client.answer_to(client.send(MYSELF))
            assert myself.id == rehearsal.accounts[0].id
            request = functions.account.GetAuthorizationsRequest()
            found = await client.answer_to(client.send(request))
            assert [login.current for login in found.authorizations] == [True]
            person = rehearsal.world.person("some_person")
            rehearsal.world.acts.write(person, rehearsal.accounts[0], "привет")
            assert (await client.next(types.Updates)).object.updates[0].message.message == "привет"

    async def test_one_that_is_not_bound_gets_nothing(self, rehearsal: Rehearsal):
        temporary = await make_key(rehearsal, DAY)
        async with raw_client(rehearsal, temporary) as client:
            for request in (MYSELF, functions.auth.ExportLoginTokenRequest(1, "a", [])):
                answer = await client.answer_to(client.send(request))
                assert (answer.error_code, answer.error_message) == (401, "AUTH_KEY_PERM_EMPTY")

    async def test_it_ends_by_itself_and_with_the_server(
        self, rehearsal: Rehearsal, permanent: bytes
    ):
        temporary = await make_key(rehearsal, DAY)
        key_id = AuthKey(temporary).key_id
        async with raw_client(rehearsal, temporary, introduced=False) as client:
            assert await bind(client, permanent, lives=1) is True
        backend = rehearsal.server.backend
        backend.find_key(key_id).expires_at = time.time() - 1
        assert backend.find_key(key_id) is None
        lasting = AuthKey(await make_key(rehearsal, DAY)).key_id
        assert backend.find_key(lasting)
        await rehearsal.server.restart()
        assert backend.find_key(lasting) is None

    async def test_a_permanent_key_has_one_at_a_time(self, rehearsal: Rehearsal, permanent: bytes):
        first, second = [await make_key(rehearsal, DAY) for _ in range(2)]
        async with raw_client(rehearsal, first, introduced=False) as client:
            await bind(client, permanent)
        async with raw_client(rehearsal, second, introduced=False) as client:
            await bind(client, permanent)
        assert rehearsal.server.backend.find_key(AuthKey(first).key_id) is None

    @pytest.mark.parametrize(
        "wrong", [{"nonce": 6}, {"temp_session_id": 7}, {"temp_auth_key_id": 8}]
    )
    async def test_a_binding_that_proves_nothing_is_refused(
        self, rehearsal: Rehearsal, permanent: bytes, wrong: dict[str, int]
    ):
        temporary = await make_key(rehearsal, DAY)
        async with raw_client(rehearsal, temporary, introduced=False) as client:
            answer = await bind(client, permanent, **wrong)
            assert answer.error_message == "ENCRYPTED_MESSAGE_INVALID"
            other = await bind(client, os.urandom(256))
            assert other.error_message == "ENCRYPTED_MESSAGE_INVALID"
            over = await bind(client, permanent, lives=-5)
            assert over.error_message == "EXPIRES_AT_INVALID"

    async def test_it_stays_with_the_key_that_it_is_bound_to(
        self, rehearsal: Rehearsal, permanent: bytes
    ):
        temporary = await make_key(rehearsal, DAY)
        other = rehearsal.server.issue_key(rehearsal.accounts[1])
        async with raw_client(rehearsal, temporary, introduced=False) as client:
            await bind(client, permanent)
            assert (await bind(client, other)).error_message == "TEMP_AUTH_KEY_ALREADY_BOUND"

    async def test_a_permanent_key_is_bound_to_none(self, rehearsal: Rehearsal, permanent: bytes):
        async with raw_client(rehearsal, permanent) as client:
            assert (await bind(client, permanent)).error_message == "TEMP_AUTH_KEY_EMPTY"


@pytest.mark.parametrize("framing", ["intermediate", "abridged"])
@pytest.mark.parametrize("wanted", [True, False])
async def test_a_quick_acknowledgement_comes_when_asked_for(
    rehearsal: Rehearsal, permanent: bytes, framing: str, wanted: bool
):
    key, reader_writer = AuthKey(permanent), asyncio.open_connection("127.0.0.1", rehearsal.port)
    reader, writer = await reader_writer
    body = bytes(functions.PingRequest(77))
    salt, message_id = rehearsal.server.hub.salts.current, int(time.time()) << 32
    plain = struct.pack("<qqqii", salt, 5, message_id, 1, len(body)) + body
    plain += os.urandom(-(len(plain) + 12) % 16 + 12)
    digest = sha256(permanent[88:120] + plain).digest()
    aes = RawClient(rehearsal, permanent).aes_of(digest[8:24])
    packet = struct.pack("<Q", key.key_id) + digest[8:24] + AES.encrypt_ige(plain, *aes)
    token = struct.pack("<I", int.from_bytes(digest[:4], "little") | 1 << 31)
    if framing == "intermediate":
        writer.write(b"\xee" * 4 + struct.pack("<I", len(packet) | wanted << 31) + packet)
        expected = token
    else:
        writer.write(b"\xef" + bytes([len(packet) // 4 | wanted << 7]) + packet)
        expected = token[::-1]
    first = await asyncio.wait_for(reader.readexactly(4), 30)
    assert (first == expected) is wanted
    writer.close()
