"""Reading and writing TL with Telethon's classes, within limits on what clients may send."""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import Any, TypeAlias

from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl.alltlobjects import tlobjects
from telethon.tl.core import GzipPacked, MessageContainer, RpcResult
from telethon.tl.tlobject import TLObject

from invite_desktop.rehearsal.faults import MethodError, ProtocolError

MAX_UNPACKED = 8 * 1024 * 1024
"""Bytes; what a compressed request may unfold to."""

_MAX_DEPTH = 40
_WRAPPERS = frozenset(
    {GzipPacked.CONSTRUCTOR_ID, MessageContainer.CONSTRUCTOR_ID, RpcResult.CONSTRUCTOR_ID}
)
_BOOL_TRUE, _BOOL_FALSE, _VECTOR = 0x997275B5, 0xBC799737, 0x1CB5C415


class Longs(list[int]):
    """An answer of type Vector<long>; a plain list of ints goes out as Vector<int>."""


class Shown:
    """A person or chat as it stands in many answers: turned into bytes once."""

    __slots__ = ("_data", "id")

    def __init__(self, shown: TLObject) -> None:
        self.id: int = shown.id
        self._data: bytes = shown._bytes()  # noqa: SLF001 - see to_bytes

    def _bytes(self) -> bytes:
        """Return the TL bytes; what it stands in asks for them by this name."""
        return self._data


Answer: TypeAlias = TLObject | Shown | bool | list[Any]
"""What a method answers: an object, a Bool, or a Vector of objects or ints."""


class _GuardedReader(BinaryReader):  # type: ignore[misc]
    """A reader that refuses bottomless nesting and compressed parts inside a request."""

    _depth = 0

    def tgread_object(self) -> Any:  # noqa: ANN401 - whatever the bytes say
        if self._depth >= _MAX_DEPTH:
            raise ProtocolError("nesting beyond every limit")
        constructor = int.from_bytes(self.stream[self.position : self.position + 4], "little")
        self._depth += 1
        try:
            if kind := tlobjects.get(constructor):
                self.position += 4
                return kind.from_reader(self)
            if constructor in _WRAPPERS:
                raise ProtocolError("a wrapper inside a request")
            return super().tgread_object()
        finally:
            self._depth -= 1


def parse(body: bytes) -> TLObject:
    """Return the object that a message's body holds.

    Raises MethodError in Telegram's words for an unknown constructor and for a broken request.
    """
    try:
        return _GuardedReader(body).tgread_object()
    except TypeNotFoundError as unknown:
        raise MethodError(f"INPUT_METHOD_INVALID_{unknown.invalid_constructor_id}_0") from unknown
    except (BufferError, struct.error, RuntimeError, ValueError, OverflowError) as broken:
        raise MethodError("INPUT_REQUEST_TOO_SHORT") from broken
    except (AttributeError, TypeError, IndexError) as broken:
        raise MethodError("INPUT_CONSTRUCTOR_INVALID") from broken


def unpack(body: bytes) -> bytes:
    """Return what a gzip_packed message holds. Raises ProtocolError when it is a bomb."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        data = inflater.decompress(_bytes_at(body, 4), MAX_UNPACKED)
    except zlib.error as broken:
        raise ProtocolError("gzip") from broken
    if inflater.unconsumed_tail:
        raise ProtocolError("a gzip bomb")
    return data


def pack(body: bytes) -> bytes:
    """Return a body as gzip_packed."""
    packed: bytes = TLObject.serialize_bytes(gzip.compress(body, compresslevel=5))
    return struct.pack("<I", GzipPacked.CONSTRUCTOR_ID) + packed


def to_bytes(answer: Answer) -> bytes:
    """Return the TL bytes of an answer."""
    if isinstance(answer, bool):
        return struct.pack("<I", _BOOL_TRUE if answer else _BOOL_FALSE)
    if isinstance(answer, list):
        number = "<q" if isinstance(answer, Longs) else "<i"
        return struct.pack("<Ii", _VECTOR, len(answer)) + b"".join(
            struct.pack(number, item) if type(item) is int else to_bytes(item) for item in answer
        )
    data: bytes = answer._bytes()  # noqa: SLF001 - what bytes() calls, without its masking of errors
    return data


def _bytes_at(body: bytes, position: int) -> bytes:
    reader = BinaryReader(body)
    reader.set_position(position)
    try:
        found: bytes = reader.tgread_bytes()
    except (BufferError, struct.error) as broken:
        raise ProtocolError("a torn string") from broken
    return found
