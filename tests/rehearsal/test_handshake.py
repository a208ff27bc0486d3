"""The making of a key, step by step, also in the way that newer clients seal its second step."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from telethon import helpers
from telethon.crypto import AES, AuthKey, rsa
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from invite_desktop.rehearsal.faults import ProtocolError
from invite_desktop.rehearsal.handshake import DH_GENERATOR, DH_PRIME, Handshake
from invite_desktop.rehearsal.server_key import ServerKey
from tests.fakes.rehearsal import lend_key

if TYPE_CHECKING:
    from pathlib import Path

NONCE, NEW_NONCE = 12345, 67890


@pytest.fixture
def key(tmp_path: Path) -> ServerKey:
    lend_key(tmp_path)
    return ServerKey.at(tmp_path)


@pytest.fixture
def handshake(key: ServerKey) -> Handshake:
    return Handshake(key.private, key.fingerprint)


def begin(handshake: Handshake) -> types.ResPQ:
    return handshake.answer(functions.ReqPqMultiRequest(NONCE))


def inner_data(answer: types.ResPQ) -> bytes:
    return bytes(
        types.PQInnerDataDc(
            answer.pq,
            rsa.get_byte_array(32749),
            rsa.get_byte_array(4_294_967_291),
            NONCE,
            answer.server_nonce,
            NEW_NONCE,
            2,
        )
    )


def rsa_pad(key: ServerKey, data: bytes) -> bytes:
    """Seal as core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication."""
    padded = data + os.urandom(192 - len(data))
    while True:
        temporary = os.urandom(32)
        hashed = padded[::-1] + hashlib.sha256(temporary + padded).digest()
        sealed = AES.encrypt_ige(hashed, temporary, bytes(32))
        mask = hashlib.sha256(sealed).digest()
        hidden = bytes(a ^ b for a, b in zip(temporary, mask, strict=True))
        number = int.from_bytes(hidden + sealed, "big")
        if number < key.private.n:
            return pow(number, key.private.e, key.private.n).to_bytes(256, "big")


def second_step(answer: types.ResPQ, encrypted: bytes, **changed: int):
    names = {"nonce": NONCE, "server_nonce": answer.server_nonce} | changed
    fingerprint = answer.server_public_key_fingerprints[0]
    return functions.ReqDHParamsRequest(
        p=b"", q=b"", public_key_fingerprint=fingerprint, encrypted_data=encrypted, **names
    )


def test_the_key_of_the_server_is_offered(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    assert answer.server_public_key_fingerprints == [key.fingerprint]
    assert int.from_bytes(answer.pq, "big") == 32749 * 4_294_967_291


def test_rsa_pad_is_understood(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    offered = handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    assert isinstance(offered, types.ServerDHParamsOk)


@pytest.mark.parametrize("encrypted", [b"", bytes(255), bytes(256), b"\x01" * 256])
def test_what_was_not_sealed_for_the_server_is_refused(handshake: Handshake, encrypted: bytes):
    with pytest.raises(ProtocolError):
        handshake.answer(second_step(begin(handshake), encrypted))


@pytest.mark.parametrize("changed", [{"nonce": 1}, {"server_nonce": 1}])
def test_foreign_nonces_are_refused(handshake: Handshake, key: ServerKey, changed: dict[str, int]):
    answer = begin(handshake)
    with pytest.raises(ProtocolError):
        handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer)), **changed))


def test_no_step_can_be_left_out(handshake: Handshake):
    answer = begin(handshake)
    with pytest.raises(ProtocolError):
        handshake.answer(functions.SetClientDHParamsRequest(NONCE, answer.server_nonce, bytes(32)))


def test_the_last_step_has_to_be_readable(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    with pytest.raises(ProtocolError):
        handshake.answer(functions.SetClientDHParamsRequest(NONCE, answer.server_nonce, bytes(64)))
    assert handshake.key is None


def test_the_key_is_made_once(tmp_path: Path):
    lend_key(tmp_path)
    assert ServerKey.at(tmp_path).fingerprint == ServerKey.at(tmp_path).fingerprint


def third_step(
    answer: types.ResPQ, offered: types.ServerDHParamsOk, public: int, retry_id: int = 0
):
    aes = helpers.generate_key_data_from_nonce(answer.server_nonce, NEW_NONCE)
    inner = types.ClientDHInnerData(
        NONCE, answer.server_nonce, retry_id, rsa.get_byte_array(public)
    )
    plain = hashlib.sha1(bytes(inner)).digest() + bytes(inner)  # noqa: S324 - the protocol's own
    sealed = AES.encrypt_ige(plain + os.urandom(-len(plain) % 16), *aes)
    assert isinstance(offered, types.ServerDHParamsOk)
    return functions.SetClientDHParamsRequest(NONCE, answer.server_nonce, sealed)


def test_a_key_that_is_taken_is_tried_again_with_another(key: ServerKey):
    taken = iter([True])
    handshake = Handshake(key.private, key.fingerprint, lambda _: next(taken, False))
    answer = begin(handshake)
    offered = handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    public = pow(DH_GENERATOR, 1 << 200, DH_PRIME)
    retry = handshake.answer(third_step(answer, offered, public))
    assert isinstance(retry, types.DhGenRetry)
    assert handshake.key is None
    done = handshake.answer(third_step(answer, offered, public * DH_GENERATOR % DH_PRIME, 1))
    assert isinstance(done, types.DhGenOk)
    assert len(handshake.key) == 256


def test_a_key_that_begins_with_a_zero_keeps_its_length(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    offered = handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    aes = helpers.generate_key_data_from_nonce(answer.server_nonce, NEW_NONCE)
    inner = BinaryReader(AES.decrypt_ige(offered.encrypted_answer, *aes)[20:]).tgread_object()
    g_a = int.from_bytes(inner.g_a, "big")
    public, shared = pow(DH_GENERATOR, 1 << 200, DH_PRIME), pow(g_a, 1 << 200, DH_PRIME)
    while shared >> 2040:
        public, shared = public * DH_GENERATOR % DH_PRIME, shared * g_a % DH_PRIME
    done = handshake.answer(third_step(answer, offered, public))
    assert handshake.key == shared.to_bytes(256, "big")
    proof = AuthKey(handshake.key).calc_new_nonce_hash(NEW_NONCE, 1)
    assert done.new_nonce_hash1 == proof


@pytest.mark.parametrize("public", [0, 1, DH_PRIME - 1])
def test_a_public_value_that_gives_the_key_away_is_refused(key: ServerKey, public: int):
    handshake = Handshake(key.private, key.fingerprint)
    answer = begin(handshake)
    offered = handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    failed = handshake.answer(third_step(answer, offered, public))
    assert isinstance(failed, types.DhGenFail)
    assert handshake.key is None


def test_the_data_centre_is_understood(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    handshake.answer(second_step(answer, rsa_pad(key, inner_data(answer))))
    assert handshake.dc == 2


def test_factors_that_are_none_are_refused(handshake: Handshake, key: ServerKey):
    answer = begin(handshake)
    inner = types.PQInnerData(answer.pq, b"\x03", b"\x05", NONCE, answer.server_nonce, NEW_NONCE)
    failed = handshake.answer(second_step(answer, rsa_pad(key, bytes(inner))))
    assert isinstance(failed, types.ServerDHParamsFail)
