"""The five framings of MTProto over TCP, told apart by a connection's first bytes.

core.telegram.org/mtproto/mtproto-transports. No input or output happens here: bytes go in, packets
come out, and the other way round.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Protocol

from telethon.crypto import AESModeCTR

from invite_desktop.rehearsal.faults import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PACKET = 2 * 1024 * 1024
"""Bytes; Telegram closes connections that announce more than about one megabyte."""

_ABRIDGED = b"\xef"
_INTERMEDIATE = b"\xee" * 4
_PADDED = b"\xdd" * 4
_OBFUSCATION = 64
_LENGTH = 0x7FFFFFFF
"""The highest bit asks for a quick acknowledgement."""


class Framing(Protocol):
    """How packets are told apart in a stream.

    ``wants_ack``: the client asked for a quick acknowledgement of the packet that was taken last.
    """

    wants_ack: bool

    def take(self, buffer: bytearray) -> bytes | None:
        """Remove the first packet from the buffer; None while it is incomplete."""
        ...

    def quick_ack(self, token: int) -> bytes:
        """Return a quick acknowledgement as it goes into the stream."""
        ...

    def wrap(self, packet: bytes) -> bytes:
        """Return the packet as it goes into the stream."""
        ...


class Abridged:
    """One byte of length in words of four bytes, or 0x7f and three bytes."""

    wants_ack = False

    def take(self, buffer: bytearray) -> bytes | None:
        """Remove the first packet from the buffer; None while it is incomplete."""
        if not buffer:
            return None
        head, words = 1, buffer[0] & 0x7F
        self.wants_ack = buffer[0] > 0x7F
        if words == 0x7F:
            if len(buffer) < 4:
                return None
            head, words = 4, int.from_bytes(buffer[1:4], "little")
        return _cut(buffer, head, words * 4)

    def wrap(self, packet: bytes) -> bytes:
        """Return the packet as it goes into the stream."""
        words = len(packet) >> 2
        head = bytes([words]) if words < 0x7F else b"\x7f" + words.to_bytes(3, "little")
        return head + packet

    def quick_ack(self, token: int) -> bytes:
        """Return a quick acknowledgement as it goes into the stream."""
        return token.to_bytes(4, "big")


class Intermediate:
    """Four bytes of length; padding, if any, is part of it and ignored by the reader."""

    wants_ack = False

    def take(self, buffer: bytearray) -> bytes | None:
        """Remove the first packet from the buffer; None while it is incomplete."""
        if len(buffer) < 4:
            return None
        length = int.from_bytes(buffer[:4], "little")
        self.wants_ack = length > _LENGTH
        return _cut(buffer, 4, length & _LENGTH)

    def wrap(self, packet: bytes) -> bytes:
        """Return the packet as it goes into the stream."""
        return struct.pack("<i", len(packet)) + packet

    def quick_ack(self, token: int) -> bytes:
        """Return a quick acknowledgement as it goes into the stream."""
        return token.to_bytes(4, "little")


class Full:
    """Length, number and checksum around every packet; there are no quick acknowledgements."""

    wants_ack = False

    def __init__(self) -> None:
        self._sent = 0

    def take(self, buffer: bytearray) -> bytes | None:
        """Remove the first packet from the buffer; None while it is incomplete."""
        if len(buffer) < 4:
            return None
        length = int.from_bytes(buffer[:4], "little")
        if length < 12:
            raise ProtocolError("a full packet has at least twelve bytes")
        packet = _cut(buffer, 0, length)
        if packet is None:
            return None
        if zlib.crc32(packet[:-4]) != int.from_bytes(packet[-4:], "little"):
            raise ProtocolError("checksum of a full packet")
        return packet[8:-4]

    def wrap(self, packet: bytes) -> bytes:
        """Return the packet as it goes into the stream."""
        data = struct.pack("<ii", len(packet) + 12, self._sent) + packet
        self._sent += 1
        return data + struct.pack("<I", zlib.crc32(data))

    def quick_ack(self, token: int) -> bytes:  # noqa: ARG002 - as the others
        """Return nothing: nobody can ask for it."""
        return b""


def _cut(buffer: bytearray, head: int, length: int) -> bytes | None:
    """Remove a head and a packet of so many bytes; None while some are missing."""
    if length > MAX_PACKET:
        raise ProtocolError("a packet beyond every limit")
    if len(buffer) < head + length:
        return None
    packet = bytes(buffer[head : head + length])
    del buffer[: head + length]
    return packet


class Transport:
    """One connection's framing, found out from its first bytes, with obfuscation if any."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._framing: Framing | None = None
        self._inbound: AESModeCTR | None = None
        self._outbound: AESModeCTR | None = None

    def receive(self, data: bytes) -> Iterator[bytes]:
        """Yield the packets completed by more bytes. Raises ProtocolError on garbage."""
        self._buffer += self._inbound.encrypt(data) if self._inbound else data
        if self._framing is None:
            self._framing = self._detect()
        while self._framing and (packet := self._framing.take(self._buffer)) is not None:
            yield packet

    def wrap(self, packet: bytes) -> bytes:
        """Return the bytes that carry a packet to the client."""
        if self._framing is None:
            raise ProtocolError("nothing was received yet")
        data = self._framing.wrap(packet)
        return self._outbound.encrypt(data) if self._outbound else data

    @property
    def wants_ack(self) -> bool:
        """Return whether a quick acknowledgement of the latest packet was asked for."""
        return self._framing is not None and self._framing.wants_ack

    def quick_ack(self, token: int) -> bytes:
        """Return the bytes that acknowledge the latest packet; ``token`` has 32 bits."""
        if self._framing is None:
            raise ProtocolError("nothing was received yet")
        data = self._framing.quick_ack(token)
        return self._outbound.encrypt(data) if self._outbound else data

    def _detect(self) -> Framing | None:
        first = bytes(self._buffer[:8])
        if first[:1] == _ABRIDGED:
            del self._buffer[:1]
            return Abridged()
        if first[:4] in {_INTERMEDIATE, _PADDED}:
            del self._buffer[:4]
            return Intermediate()
        if len(first) < 8:
            return None
        return Full() if first[4:] == bytes(4) else self._detect_obfuscated()

    def _detect_obfuscated(self) -> Framing | None:
        if len(self._buffer) < _OBFUSCATION:
            return None
        start = bytes(self._buffer[:_OBFUSCATION])
        back = start[55:7:-1]
        self._inbound = AESModeCTR(start[8:40], start[40:56])
        self._outbound = AESModeCTR(back[:32], back[32:48])
        tag = self._inbound.encrypt(start)[56:60]
        rest = bytes(self._buffer[_OBFUSCATION:])
        self._buffer[:] = self._inbound.encrypt(rest)
        if tag == _ABRIDGED * 4:
            return Abridged()
        if tag in {_INTERMEDIATE, _PADDED}:
            return Intermediate()
        raise ProtocolError("unknown framing")
