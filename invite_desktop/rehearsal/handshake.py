"""The server's side of making an authorization key (core.telegram.org/mtproto/auth_key)."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from telethon import helpers
from telethon.crypto import AES, AuthKey, rsa
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from invite_desktop.rehearsal.faults import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsa import PrivateKey
    from telethon.tl.tlobject import TLObject

DH_PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DB"
    "FA336F6E0AC925139543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
    "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B41"
    "0DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
    "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF"
    "6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
"""The prime that Telegram itself uses, which clients know to be safe."""

DH_GENERATOR = 3

_P, _Q = 32749, 4_294_967_291
"""Two primes whose product the client has to take apart.

A small one saves its time. The other is far from it in size, or else clients that search by
Pollard's rho find both in one step now and then, and give up. Both fit into the four bytes that
some clients keep for them; Telethon reads the product as a signed number, whose highest bit must
not be set.
"""


_WITH_DC = (types.PQInnerDataDc, types.PQInnerDataTempDc)
_TEMPORARY = (types.PQInnerDataTemp, types.PQInnerDataTempDc)
_INNER_DATA = (types.PQInnerData, *_WITH_DC, types.PQInnerDataTemp)

_LONGEST_LIFE = 7 * 24 * 3600
"""Seconds; a temporary key lives no longer here."""

_SAFE = 1 << (2048 - 64)
"""How far a public value must be from both ends (core.telegram.org/mtproto/auth_key)."""


class Handshake:
    """One run of req_pq, req_DH_params and set_client_DH_params.

    ``key`` is the new authorization key of 256 bytes once the run has ended well; ``first_salt``
    is the salt that both sides then derive from the nonces; ``dc`` the data centre that the client
    wants to talk to, None if it does not say. ``expires_in``: seconds that the key is to live, 0:
    for ever. ``is_taken``: whether a key has the id of another.
    """

    def __init__(
        self,
        rsa_key: PrivateKey,
        fingerprint: int,
        is_taken: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        self._rsa_key = rsa_key
        self._fingerprint = fingerprint
        self._is_taken = is_taken
        self._nonce = 0
        self._server_nonce = 0
        self._new_nonce = 0
        self._secret = 0
        self._aes = (b"", b"")
        self.key: bytes | None = None
        self.first_salt = 0
        self.dc: int | None = None
        self.expires_in = 0

    def answer(self, request: TLObject) -> TLObject | None:
        """Return the answer to one step, None for what needs none.

        Raises ProtocolError for a step that does not fit.
        """
        if isinstance(request, functions.ReqPqMultiRequest | functions.ReqPqRequest):
            return self._begin(request)
        if isinstance(request, functions.ReqDHParamsRequest):
            self._check_nonces(request)
            return self._offer(request)
        if isinstance(request, functions.SetClientDHParamsRequest):
            self._check_nonces(request)
            return self._finish(request)
        return None

    def _check_nonces(self, request: TLObject) -> None:
        if not self._server_nonce or (request.nonce, request.server_nonce) != (
            self._nonce,
            self._server_nonce,
        ):
            raise ProtocolError("nonces of a handshake")

    def _begin(self, request: TLObject) -> TLObject:
        self._nonce = request.nonce
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        pq = rsa.get_byte_array(_P * _Q)
        return types.ResPQ(self._nonce, self._server_nonce, pq, [self._fingerprint])

    def _offer(self, request: TLObject) -> TLObject:
        inner = self._read_inner_data(request.encrypted_data)
        if inner.server_nonce != self._server_nonce:
            raise ProtocolError("nonces of a handshake")
        self._new_nonce = inner.new_nonce
        if not _is_solved(inner) or request.public_key_fingerprint != self._fingerprint:
            return types.ServerDHParamsFail(self._nonce, self._server_nonce, self._proof_of_nonce())
        if isinstance(inner, _TEMPORARY):
            self.expires_in = min(max(inner.expires_in, 1), _LONGEST_LIFE)
        if isinstance(inner, _WITH_DC):
            # Test data centres count from 10000, those for files are negative.
            self.dc = abs(inner.dc) % 10_000
        self._aes = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        self._secret = int.from_bytes(os.urandom(256), "big")
        offer = types.ServerDHInnerData(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            g=DH_GENERATOR,
            dh_prime=DH_PRIME.to_bytes(256, "big"),
            g_a=pow(DH_GENERATOR, self._secret, DH_PRIME).to_bytes(256, "big"),
            server_time=int(time.time()),
        )
        plain = bytes(offer)
        plain = hashlib.sha1(plain).digest() + plain  # noqa: S324 - the protocol's own
        plain += os.urandom(-len(plain) % 16)
        sealed = AES.encrypt_ige(plain, *self._aes)
        return types.ServerDHParamsOk(self._nonce, self._server_nonce, sealed)

    def _finish(self, request: TLObject) -> TLObject:
        if not self._secret or not request.encrypted_data or len(request.encrypted_data) % 16:
            raise ProtocolError("the last step of a handshake")
        inner = _read(AES.decrypt_ige(request.encrypted_data, *self._aes)[20:])
        if not isinstance(inner, types.ClientDHInnerData):
            raise ProtocolError("the last step of a handshake")
        public = int.from_bytes(inner.g_b, "big")
        # One key in 199 begins with a zero byte, by the size of the prime, and keeps it, as
        # Telegram's do; Telethon 1.45 drops it, finds the proof wrong and tries again.
        shared = pow(public, self._secret, DH_PRIME).to_bytes(256, "big")
        if not _SAFE < public < DH_PRIME - _SAFE:
            return types.DhGenFail(self._nonce, self._server_nonce, self._proof(shared, 3))
        if self._is_taken(shared):
            return types.DhGenRetry(self._nonce, self._server_nonce, self._proof(shared, 2))
        self.key = shared
        new_nonce = self._new_nonce.to_bytes(32, "little", signed=True)
        server_nonce = self._server_nonce.to_bytes(16, "little", signed=True)
        self.first_salt = int.from_bytes(new_nonce[:8], "little", signed=True) ^ int.from_bytes(
            server_nonce[:8], "little", signed=True
        )
        return types.DhGenOk(self._nonce, self._server_nonce, self._proof(shared, 1))

    def _proof(self, key: bytes, number: int) -> int:
        """Return by which the client knows that the answer is about its key."""
        proof: int = AuthKey(key).calc_new_nonce_hash(self._new_nonce, number)
        return proof

    def _proof_of_nonce(self) -> int:
        digest = _sha1(self._new_nonce.to_bytes(32, "little", signed=True))
        return int.from_bytes(digest[4:20], "little", signed=True)

    def _read_inner_data(self, encrypted: bytes) -> TLObject:
        """Return the client's p_q_inner_data, sealed in the old way (SHA1) or by RSA_PAD."""
        if len(encrypted) != 256:
            raise ProtocolError("p_q_inner_data")
        block = pow(int.from_bytes(encrypted, "big"), self._rsa_key.d, self._rsa_key.n)
        opened = block.to_bytes(256, "big")
        inner = _read(opened[21:])
        if isinstance(inner, _INNER_DATA) and _sha1(bytes(inner)) == opened[1:21]:
            return inner
        inner = _read(_open_rsa_pad(opened))
        if isinstance(inner, _INNER_DATA):
            return inner
        raise ProtocolError("p_q_inner_data")


def _is_solved(inner: TLObject) -> bool:
    """Return whether the client has taken the product apart."""
    factors = sorted(int.from_bytes(factor, "big") for factor in (inner.p, inner.q))
    return factors == [_P, _Q]


def _open_rsa_pad(opened: bytes) -> bytes:
    """Undo RSA_PAD: the temporary key is hidden under the hash of what it encrypts."""
    hidden, sealed = opened[:32], opened[32:]
    mask = hashlib.sha256(sealed).digest()
    key = bytes(a ^ b for a, b in zip(hidden, mask, strict=True))
    plain = AES.decrypt_ige(sealed, key, bytes(32))
    data = plain[:192][::-1]
    if hashlib.sha256(key + data).digest() != plain[192:224]:
        raise ProtocolError("RSA_PAD")
    return bytes(data)


def _read(data: bytes) -> TLObject | None:
    """Return the object at the start of some bytes, None when there is none."""
    try:
        return BinaryReader(data).tgread_object()
    except Exception:  # noqa: BLE001 - the bytes come from anybody
        return None


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data).digest()  # noqa: S324 - the protocol's own
