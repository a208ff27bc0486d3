"""One session of a client: message ids, sequence numbers, and answers worth sending again."""

from __future__ import annotations

import struct
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, Protocol

from telethon.tl.core import GzipPacked, MessageContainer

from invite_desktop.rehearsal import encryption, tl
from invite_desktop.rehearsal.faults import ProtocolError
from invite_desktop.rehearsal.received import ReceivedMessages
from invite_desktop.rehearsal.sequencing import Sequencing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from invite_desktop.rehearsal.authorizations import AuthKey

_UNACKNOWLEDGED = 128
"""Messages kept until the client acknowledges them, the newest ones."""

_LONGEST_KEPT = 1 << 14
"""Bytes; longer ones are asked for anew."""

_CONTAINER = struct.pack("<I", MessageContainer.CONSTRUCTOR_ID)
_GZIPPED = struct.pack("<I", GzipPacked.CONSTRUCTOR_ID)

ANSWER, PUSH = 1, 3
"""The last two bits of a server's message id: an answer to a client, or unasked."""


class Message(NamedTuple):
    """One message of a client, unpacked."""

    id: int
    seqno: int
    body: bytes


class ContainerError(ProtocolError):
    """A container that cannot be taken apart; the client is told so and may stay."""


class Line(Protocol):
    """The connection through which a session was heard of last."""

    @property
    def is_open(self) -> bool:
        """Return whether something can be sent through it."""
        ...


class Session:
    """What both sides of one session count, whatever connections it lives through.

    ``clock_skew``: how many seconds the message ids are ahead of the time.
    """

    def __init__(self, key: AuthKey, session_id: int) -> None:
        self.key = key
        self.id = session_id
        self.wants_updates = False
        self.is_announced = False
        self.clock_skew = 0.0
        self.line: Line | None = None
        self.received = ReceivedMessages()
        self.sequencing = Sequencing()
        self._seqno = 0
        self._last_id = 0
        self._unacknowledged: OrderedDict[int, tuple[int, bytes]] = OrderedDict()

    def seal(self, salt: int, body: bytes, *, content: bool = True, kind: int = ANSWER) -> bytes:
        """Return a body as an encrypted packet; ``content``: the client has to acknowledge it."""
        seqno = self._seqno * 2 + content
        self._seqno += content
        message_id = self._next_id(kind)
        if content and len(body) < _LONGEST_KEPT:
            self._unacknowledged[message_id] = seqno, body
            if len(self._unacknowledged) > _UNACKNOWLEDGED:
                self._unacknowledged.popitem(last=False)
        return self._packet(salt, message_id, seqno, body)

    def seal_again(self, salt: int, message_id: int) -> bytes | None:
        """Return a message that is not acknowledged once more, None when there is no such."""
        if message_id not in self._unacknowledged:
            return None
        return self._packet(salt, message_id, *self._unacknowledged[message_id])

    def acknowledge(self, message_ids: Iterable[int]) -> None:
        """Forget messages that the client has."""
        for message_id in message_ids:
            self._unacknowledged.pop(message_id, None)

    @property
    def unacknowledged(self) -> list[int]:
        """Return the ids of the messages that the client may not have, oldest first."""
        return list(self._unacknowledged)

    def _packet(self, salt: int, message_id: int, seqno: int, body: bytes) -> bytes:
        head = struct.pack("<qqqii", salt, self.id, message_id, seqno, len(body))
        return encryption.encrypt(self.key.data, self.key.packed_id, head + body)

    def _next_id(self, kind: int) -> int:
        now = time.time_ns() + int(self.clock_skew * 1_000_000_000)
        seconds, rest = divmod(now, 1_000_000_000)
        fresh = seconds << 32 | (rest << 32) // 1_000_000_000 & ~3
        self._last_id = max(fresh, (self._last_id & ~3) + 4) | kind
        return self._last_id


def messages_in(message_id: int, seqno: int, body: bytes) -> list[Message]:
    """Return the messages of a packet: itself, or those in its container, unzipped.

    A container is taken apart by hand: one unknown member must not lose the rest. Raises
    ContainerError for containers in containers and for torn ones.
    """
    body = _unzipped(body)
    if not is_container(body):
        return [Message(message_id, seqno, body)]
    members = [member._replace(body=_unzipped(member.body)) for member in _members(body)]
    if any(is_container(member.body) for member in members):
        raise ContainerError("a container in a container")
    return members


def is_container(body: bytes) -> bool:
    """Return whether a body is a container of messages."""
    return body[:4] == _CONTAINER


def _members(body: bytes) -> Iterator[Message]:
    position = 8
    try:
        (count,) = struct.unpack_from("<i", body, 4)
        for _ in range(min(count, 1024)):
            message_id, seqno, length = struct.unpack_from("<qii", body, position)
            position += 16
            if not 4 <= length <= len(body) - position:
                raise ContainerError("a torn container")
            yield Message(message_id, seqno, body[position : position + length])
            position += length
    except struct.error as torn:
        raise ContainerError("a torn container") from torn


def _unzipped(body: bytes) -> bytes:
    return tl.unpack(body) if body[:4] == _GZIPPED else body
