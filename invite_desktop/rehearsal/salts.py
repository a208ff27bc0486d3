"""The server's salts, a new one every half hour (core.telegram.org/mtproto/description)."""

from __future__ import annotations

import os
import struct
import time
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.rehearsal.authorizations import FirstSalt

PERIOD = 1800
"""Seconds for which a salt is the newest; it is good for as long again."""


class Salt(NamedTuple):
    """A salt and from when until when it is good, unix time."""

    since: int
    until: int
    value: int


class Salts:
    """Salts by the half hour, in real time: clients check them. ``clock`` is unix time."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._secret = os.urandom(32)

    @property
    def current(self) -> int:
        """Return the newest salt."""
        return _salt(self._secret, self._period())

    def is_good(self, salt: int, first: FirstSalt | None = None) -> bool:
        """Return whether a client may use a salt: the newest, the one before, or a key's first."""
        if salt == self.current or salt == _salt(self._secret, self._period() - 1):
            return True
        return first is not None and salt == first.value and self.clock() < first.until

    def future(self, count: int) -> list[Salt]:
        """Return the newest salt and those that will follow it."""
        first = self._period()
        return [
            Salt(number * PERIOD, (number + 2) * PERIOD, _salt(self._secret, number))
            for number in range(first, first + count)
        ]

    def forget(self) -> None:
        """Let every salt given out be bad, as after a restart."""
        self._secret = os.urandom(32)

    def _period(self) -> int:
        return int(self.clock()) // PERIOD


@lru_cache(maxsize=256)
def _salt(secret: bytes, number: int) -> int:
    digest = blake2b(struct.pack("<q", number), digest_size=8, key=secret).digest()
    return int.from_bytes(digest, "little", signed=True)
