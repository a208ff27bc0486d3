"""Profile photos: who has one, and what it looks like."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from invite_desktop.rehearsal.people import Person
    from invite_desktop.rehearsal.world import World

PORTRAIT_SIDE = 64
"""Pixels of a profile photo here."""

_PNG = b"\x89PNG\r\n\x1a\n"
_WITH_PORTRAIT = 60
"""Of a hundred people, how many have a profile photo; an estimate."""


def portrait_id(world: World, person: Person) -> int:
    """Return the id of somebody's profile photo, 0 when she has none."""
    if world.people.conduct(person).behaviour in {Behaviour.DELETED, Behaviour.BOT}:
        return 0
    number = _number(person.id)
    account = person.id in world.accounts
    return number or 1 if account or number % 100 < _WITH_PORTRAIT else 0


@lru_cache(maxsize=4096)
def _number(person_id: int) -> int:
    digest = blake2b(struct.pack("<q", person_id), digest_size=8, person=b"portrait").digest()
    return int.from_bytes(digest, "little") >> 2


def portrait(photo_id: int, side: int = PORTRAIT_SIDE) -> bytes:
    """Return a profile photo: a plain colour with a lighter disc, as PNG."""
    colour = bytes(64 + (photo_id >> shift & 127) for shift in (0, 8, 16))
    light = bytes(min(255, part + 64) for part in colour)
    rows = bytearray()
    centre, radius = (side - 1) / 2, side * 0.36
    for y in range(side):
        rows.append(0)
        for x in range(side):
            inside = (x - centre) ** 2 + (y - centre) ** 2 <= radius**2
            rows += light if inside else colour
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 9)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
