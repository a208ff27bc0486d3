"""The messages that came in a session, and what may be wrong with a new one.

core.telegram.org/mtproto/service_messages_about_messages has the codes and the states.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass

TOO_OLD, TOO_NEW, NOT_DIVISIBLE, REPEATED_CONTAINER, FORGOTTEN = 16, 17, 18, 19, 20
SEQNO_TOO_LOW, SEQNO_TOO_HIGH, SEQNO_NOT_EVEN, SEQNO_NOT_ODD = 32, 33, 34, 35
BAD_SALT, BAD_CONTAINER = 48, 64

OLDEST, NEWEST = 300, 30
"""Seconds that a client's message id may be behind and ahead of the server's clock."""

_REMEMBERED = 512
"""Messages kept for repetition, the newest ones."""

_LONGEST_KEPT = 1 << 14
"""Bytes; longer answers are asked for anew."""

_STATE_FORGOTTEN, _STATE_NOT_RECEIVED, _STATE_NOT_YET, _STATE_RECEIVED = 1, 2, 3, 4
_STATE_ANSWERED = 64


@dataclass(slots=True)
class _Received:
    """One message: its number in the session, and the answer to it, if it has one yet."""

    seqno: int
    answer: bytes | None = None


class ReceivedMessages:
    """The newest messages of a session by id."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, _Received] = OrderedDict()
        self._of_another_clock: frozenset[int] = frozenset()
        self._forgotten_up_to = 0
        self._highest_id = 0
        self._seqno_of_highest = 0

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._messages

    def note(self, message_id: int, seqno: int) -> None:
        """Remember that a message has come."""
        self._messages[message_id] = _Received(seqno)
        if message_id > self._highest_id:
            self._highest_id, self._seqno_of_highest = message_id, seqno
        if len(self._messages) > _REMEMBERED:
            oldest, _ = self._messages.popitem(last=False)
            self._forgotten_up_to = max(oldest, self._forgotten_up_to)

    def keep_answer(self, message_id: int, body: bytes) -> None:
        """Keep an answer, in case the client asks again."""
        if message_id in self._messages and len(body) < _LONGEST_KEPT:
            self._messages[message_id].answer = body

    def answer_to(self, message_id: int) -> bytes | None:
        """Return the answer that was given to a message, None when it is not known (any more)."""
        message = self._messages.get(message_id)
        return message.answer if message else None

    def forget_answer(self, message_id: int) -> None:
        """Forget the answer to a message."""
        if message_id in self._messages:
            self._messages[message_id].answer = None

    def state_of(self, message_id: int) -> int:
        """Return the state of a message as msgs_state_info tells it."""
        if message := self._messages.get(message_id):
            return _STATE_RECEIVED | (_STATE_ANSWERED if message.answer else 0)
        if message_id <= self._forgotten_up_to:
            return _STATE_FORGOTTEN
        return _STATE_NOT_YET if message_id > self._highest_id else _STATE_NOT_RECEIVED

    def fault_of(self, message_id: int, seqno: int, *, needs_answer: bool | None) -> int:
        """Return the code of what is wrong with a new message, 0 when it is fine.

        ``needs_answer``: whether its number has to be odd; None: it may be either.
        """
        if message_id <= self._forgotten_up_to:
            return FORGOTTEN
        if needs_answer is not None and needs_answer != bool(seqno & 1):
            return SEQNO_NOT_ODD if needs_answer else SEQNO_NOT_EVEN
        if message_id > self._highest_id:
            return SEQNO_TOO_LOW if _precedes(seqno, self._seqno_of_highest) else 0
        return self._fault_of_latecomer(message_id, seqno)

    def start_over(self) -> None:
        """Expect any number next: a client that corrects its clock gives lower ids than before."""
        self._highest_id = self._seqno_of_highest = 0
        self._of_another_clock = frozenset(self._messages)

    def _fault_of_latecomer(self, message_id: int, seqno: int) -> int:
        # The numbers rise with the ids, so that the neighbours speak for all.
        order = sorted(self._messages.keys() - self._of_another_clock)
        place = bisect_left(order, message_id)
        before, after = order[max(place - 1, 0) : place], order[place : place + 1]
        if before and _precedes(seqno, self._messages[before[0]].seqno):
            return SEQNO_TOO_LOW
        if after and _precedes(self._messages[after[0]].seqno, seqno):
            return SEQNO_TOO_HIGH
        return 0


def fault_of_time(message_id: int, now: float) -> int:
    """Return the code of what is wrong with a client's message id, 0 when it is fine."""
    if message_id & 3:
        return NOT_DIVISIBLE
    age = now - (message_id >> 32)
    if age > OLDEST:
        return TOO_OLD
    return TOO_NEW if age < -NEWEST else 0


def _precedes(seqno: int, other: int) -> bool:
    """Return whether a number can only belong to an earlier message than another number."""
    return seqno < other or (seqno == other and bool(seqno & 1))
