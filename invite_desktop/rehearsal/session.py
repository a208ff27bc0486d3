"""One session of a client: message ids, sequence numbers, and answers worth sending again."""

from __future__ import annotations

import struct
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from telethon.tl.core import GzipPacked, MessageContainer

from invite_desktop.rehearsal import encryption, tl
from invite_desktop.rehearsal.faults import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.authorizations import AuthKey

_REMEMBERED = 512
"""Answers kept for repetition, the newest ones."""

_LONGEST_KEPT = 1 << 14
"""Bytes; longer answers are asked for anew."""

ANSWER, PUSH = 1, 3
"""The last two bits of a server's message id: an answer to a client, or unasked."""


class Message(NamedTuple):
    """One message of a client, unpacked."""

    id: int
    seqno: int
    body: bytes


class Session:
    """What both sides of one session count, whatever connections it lives through.

    ``clock_skew``: how many seconds the message ids are ahead of the time.
    """

    def __init__(self, key: AuthKey, session_id: int) -> None:
        self.key = key
        self.id = session_id
        self.wants_updates = False
        self.clock_skew = 0.0
        self._seqno = 0
        self._last_id = 0
        self._answers: OrderedDict[int, bytes | None] = OrderedDict()

    def seal(self, salt: int, body: bytes, *, content: bool = True, kind: int = ANSWER) -> bytes:
        """Return a body as an encrypted packet; ``content``: the client has to acknowledge it."""
        seqno = self._seqno * 2 + content
        self._seqno += content
        head = struct.pack("<qqqii", salt, self.id, self._next_id(kind), seqno, len(body))
        return encryption.encrypt(self.key.data, self.key.packed_id, head + body)

    def is_repeated(self, message_id: int) -> bool:
        """Return whether this message has come before, and remember that it has come."""
        if message_id in self._answers:
            return True
        self._answers[message_id] = None
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        return False

    def keep_answer(self, message_id: int, body: bytes) -> None:
        """Keep an answer, in case the client asks again."""
        if message_id in self._answers and len(body) < _LONGEST_KEPT:
            self._answers[message_id] = body

    def answer_to(self, message_id: int) -> bytes | None:
        """Return the answer that was given to a message, None when it is not known (any more)."""
        return self._answers.get(message_id)

    def knows(self, message_id: int) -> bool:
        """Return whether a message has come."""
        return message_id in self._answers

    def forget(self, message_id: int) -> None:
        """Forget the answer to a message."""
        if message_id in self._answers:
            self._answers[message_id] = None

    def _next_id(self, kind: int) -> int:
        now = time.time_ns() + int(self.clock_skew * 1_000_000_000)
        seconds, rest = divmod(now, 1_000_000_000)
        fresh = seconds << 32 | (rest << 32) // 1_000_000_000 & ~3
        self._last_id = max(fresh, (self._last_id & ~3) + 4) | kind
        return self._last_id


def messages_in(message_id: int, seqno: int, body: bytes) -> Iterator[Message]:
    """Yield the messages of a packet: itself, or those in its container, unzipped.

    A container is taken apart by hand: one unknown member must not lose the rest. Raises
    ProtocolError for containers in containers and for torn ones.
    """
    body = _unzipped(body)
    if _constructor(body) != MessageContainer.CONSTRUCTOR_ID:
        yield Message(message_id, seqno, body)
        return
    for member in _members(body):
        inner = _unzipped(member.body)
        if _constructor(inner) == MessageContainer.CONSTRUCTOR_ID:
            raise ProtocolError("a container in a container")
        yield member._replace(body=inner)


def _members(body: bytes) -> Iterator[Message]:
    position = 8
    try:
        (count,) = struct.unpack_from("<i", body, 4)
        for _ in range(min(count, 1024)):
            message_id, seqno, length = struct.unpack_from("<qii", body, position)
            position += 16
            if not 4 <= length <= len(body) - position:
                raise ProtocolError("a torn container")
            yield Message(message_id, seqno, body[position : position + length])
            position += length
    except struct.error as torn:
        raise ProtocolError("a torn container") from torn


def _unzipped(body: bytes) -> bytes:
    return tl.unpack(body) if _constructor(body) == GzipPacked.CONSTRUCTOR_ID else body


def _constructor(body: bytes) -> int:
    return int.from_bytes(body[:4], "little")
