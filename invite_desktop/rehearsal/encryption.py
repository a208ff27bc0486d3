"""The encryption of messages, MTProto 2.0 (core.telegram.org/mtproto/description)."""

from __future__ import annotations

import os
from hashlib import sha256

from telethon.crypto import AES

from invite_desktop.rehearsal.faults import ProtocolError

_FROM_CLIENT, _FROM_SERVER = 0, 8
_HEAD = 24
"""Bytes of key id and message key before the encrypted part."""


def decrypt(key: bytes, packet: bytes) -> bytes:
    """Return the plain part of a client's packet: salt, session, message, padding.

    Raises ProtocolError when the packet was not made with this key of 256 bytes.
    """
    whole = len(packet) - (len(packet) - _HEAD) % 16
    if whole < _HEAD + 48:
        raise ProtocolError("an encrypted packet is too short")
    msg_key = packet[8:_HEAD]
    plain: bytes = AES.decrypt_ige(packet[_HEAD:whole], *_aes(key, msg_key, _FROM_CLIENT))
    if sha256(key[88:120] + plain).digest()[8:24] != msg_key:
        raise ProtocolError("message key")
    return plain


def quick_ack(key: bytes, plain: bytes) -> int:
    """Return the token of a client's packet (core.telegram.org/mtproto/mtproto-transports)."""
    return int.from_bytes(sha256(key[88:120] + plain).digest()[:4], "little") | 1 << 31


def encrypt(key: bytes, key_id: bytes, plain: bytes) -> bytes:
    """Return the packet that carries the server's plain part; padding is added."""
    plain += os.urandom(-(len(plain) + 12) % 16 + 12)
    msg_key = sha256(key[96:128] + plain).digest()[8:24]
    sealed: bytes = AES.encrypt_ige(plain, *_aes(key, msg_key, _FROM_SERVER))
    return key_id + msg_key + sealed


def _aes(key: bytes, msg_key: bytes, side: int) -> tuple[bytes, bytes]:
    """Return AES key and initial vector for one message."""
    a = sha256(msg_key + key[side : side + 36]).digest()
    b = sha256(key[side + 40 : side + 76] + msg_key).digest()
    return a[:8] + b[8:24] + a[24:32], b[:8] + a[8:24] + b[24:32]
