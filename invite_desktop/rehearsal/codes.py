"""Login codes that were sent and are waiting to be typed in."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.people import Account

WAYS = ("app", "sms", "call")
"""How codes come: into the Telegram app first, then, sent again, by SMS and by a call."""


class SentCode(NamedTuple):
    """A code on its way. ``until`` is real unix time, ``way`` an index into WAYS."""

    phone: str
    until: float
    way: int = 0


class LoginCodes:
    """Sent codes by their hash. Codes live in real time: a person types them."""

    LIFETIME = 300.0
    """Seconds."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._sent: dict[str, SentCode] = {}
        changes.keep({"code": self._apply_code, "no code": self._apply_no_code}, self._dump)

    def send(self, phone: str, way: int = 0) -> str:
        """Send a code to a phone (E.164) and return its hash."""
        code_hash = secrets.token_hex(9)
        self._commit("code", code_hash, phone, time.time() + self.LIFETIME, way)
        return code_hash

    def send_again(self, phone: str, code_hash: str) -> str:
        """Send the code in the next way, with a new hash.

        Raises MethodError for an old hash, and when there is no other way left.
        """
        self.check_hash(phone, code_hash)
        way = self.way_of(code_hash) + 1
        if way >= len(WAYS):
            raise MethodError("SEND_CODE_UNAVAILABLE")
        self.forget(code_hash)
        return self.send(phone, way)

    def cancel(self, phone: str, code_hash: str) -> None:
        """Let a code be good for nothing. Raises MethodError for an old hash."""
        self.check_hash(phone, code_hash)
        self.forget(code_hash)

    def way_of(self, code_hash: str) -> int:
        """Return in which of the WAYS a code was sent."""
        return self._sent[code_hash].way

    def check(self, phone: str, code_hash: str, code: str, account: Account | None) -> None:
        """Raise MethodError unless this is the code that was sent to this phone.

        Who has no account gets the code that ordinary numbers have.
        """
        if not code:
            raise MethodError("PHONE_CODE_EMPTY")
        self.check_hash(phone, code_hash)
        if code != (account.code if account else "12345"):
            raise MethodError("PHONE_CODE_INVALID")

    def check_hash(self, phone: str, code_hash: str) -> None:
        """Raise MethodError unless a code with this hash is on its way to this phone."""
        if not code_hash:
            raise MethodError("PHONE_CODE_HASH_EMPTY")
        sent = self._sent.get(code_hash)
        if sent is None or sent.phone != phone or sent.until < time.time():
            raise MethodError("PHONE_CODE_EXPIRED")

    def expire(self) -> None:
        """Let every code that was sent be too old."""
        for code_hash, sent in list(self._sent.items()):
            self._commit("code", code_hash, sent.phone, 0, sent.way)

    def forget(self, code_hash: str) -> None:
        """Let a code that was used not be used again."""
        self._commit("no code", code_hash)

    def _apply_code(self, code_hash: str, phone: str, until: float, way: int = 0) -> None:
        self._sent[code_hash] = SentCode(phone, until, way)

    def _apply_no_code(self, code_hash: str) -> None:
        self._sent.pop(code_hash, None)

    def _dump(self) -> Iterable[Change]:
        now = time.time()
        return (
            ("code", code_hash, *sent) for code_hash, sent in self._sent.items() if sent.until > now
        )
