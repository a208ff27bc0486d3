"""Temporary keys and what binds them to a permanent one (core.telegram.org/api/pfs)."""

from __future__ import annotations

import time
from hashlib import sha1
from typing import TYPE_CHECKING, NamedTuple

from telethon.crypto import AES
from telethon.extensions import BinaryReader
from telethon.tl import types

from invite_desktop.rehearsal.authorizations import AuthKey, Authorizations, key_id_of
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

_UNSIGNED = (1 << 64) - 1
_HEAD, _INNER = 32, 40
"""Bytes of random data, message id, number and length, and of the bind_auth_key_inner after it."""


class Carrier(NamedTuple):
    """The message in which a request came: its key, the id of its session, its own id."""

    key: AuthKey
    session_id: int
    message_id: int


class TemporaryKeys:
    """Keys that live in memory only and end by themselves, in real time."""

    def __init__(self, authorizations: Authorizations) -> None:
        self._authorizations = authorizations
        self._keys: dict[int, AuthKey] = {}

    def add(self, data: bytes, expires_in: int, dc: int | None) -> AuthKey:
        """Keep a key that a handshake has made for so many seconds."""
        key = AuthKey(key_id_of(data), data, dc=dc, expires_at=time.time() + expires_in)
        self._keys[key.id] = key
        return key

    def find(self, key_id: int) -> AuthKey | None:
        """Return the key with this id, unless its time is over."""
        key = self._keys.get(key_id)
        if key is not None and key.expires_at <= time.time():
            del self._keys[key_id]
            return None
        return key

    def forget(self, key_id: int) -> bool:
        """Destroy a key; return whether there was one."""
        return self._keys.pop(key_id, None) is not None

    def forget_all(self) -> None:
        """Destroy all keys, as the end of a server does."""
        self._keys.clear()

    def bind(self, carrier: Carrier | None, request: TLObject) -> None:
        """Let a temporary key act for a permanent one, which then has no other.

        Raises MethodError (core.telegram.org/method/auth.bindTempAuthKey).
        """
        if carrier is None or not carrier.key.expires_at:
            raise MethodError("TEMP_AUTH_KEY_EMPTY")
        permanent = self._authorizations.find(request.perm_auth_key_id & _UNSIGNED)
        if permanent is None or not _proves(carrier, permanent, request):
            raise MethodError("ENCRYPTED_MESSAGE_INVALID")
        bound = carrier.key.bound_to
        if bound is not None and bound is not permanent:
            raise MethodError("TEMP_AUTH_KEY_ALREADY_BOUND")
        until = request.expires_at.timestamp() if request.expires_at else 0
        if until <= time.time():
            raise MethodError("EXPIRES_AT_INVALID")
        for other in list(self._keys.values()):
            if other.bound_to is permanent and other is not carrier.key:
                del self._keys[other.id]
        carrier.key.bound_to = permanent
        carrier.key.expires_at = min(carrier.key.expires_at, until)


def _proves(carrier: Carrier, permanent: AuthKey, request: TLObject) -> bool:
    """Return whether the binding message was made by who has the permanent key."""
    sealed: bytes = request.encrypted_message
    body = sealed[24:]
    if sealed[:8] != permanent.packed_id or len(body) < _HEAD + _INNER or len(body) % 16:
        return False
    message_key = sealed[8:24]
    plain: bytes = AES.decrypt_ige(body, *_aes_of_version_1(permanent.data, message_key))
    plain = plain[: _HEAD + _INNER]
    if _sha1(plain)[4:20] != message_key:
        return False
    if int.from_bytes(plain[16:24], "little") != carrier.message_id:
        return False
    return _inner(plain[_HEAD:]) == (
        request.nonce,
        carrier.key.id,
        permanent.id,
        carrier.session_id,
        request.expires_at,
    )


def _inner(data: bytes) -> tuple[object, ...]:
    """Return what a bind_auth_key_inner says, nothing for other bytes."""
    if int.from_bytes(data[:4], "little") != types.BindAuthKeyInner.CONSTRUCTOR_ID:
        return ()
    inner = BinaryReader(data).tgread_object()
    keys = inner.temp_auth_key_id & _UNSIGNED, inner.perm_auth_key_id & _UNSIGNED
    return inner.nonce, *keys, inner.temp_session_id, inner.expires_at


def _aes_of_version_1(key: bytes, message_key: bytes) -> tuple[bytes, bytes]:
    """Return AES key and initial vector (core.telegram.org/mtproto/description_v1)."""
    a = _sha1(message_key + key[:32])
    b = _sha1(key[32:48] + message_key + key[48:64])
    c = _sha1(key[64:96] + message_key)
    d = _sha1(message_key + key[96:128])
    return a[:8] + b[8:20] + c[4:16], a[8:20] + b[:8] + c[16:20] + d[:8]


def _sha1(data: bytes) -> bytes:
    return sha1(data).digest()  # noqa: S324 - the protocol's own
