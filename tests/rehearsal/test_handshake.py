"""The making of a key, step by step, also in the way that newer clients seal its second step."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from telethon.crypto import AES, rsa
from telethon.tl import functions, types

from invite_desktop.rehearsal.faults import ProtocolError
from invite_desktop.rehearsal.handshake import Handshake
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
            rsa.get_byte_array(65521),
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
    assert int.from_bytes(answer.pq, "big") == 32749 * 65521


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
