"""Login codes that were sent and are waiting to be typed in."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.people import Account


class LoginCodes:
    """Sent codes by their hash. Codes live in real time: a person types them."""

    LIFETIME = 300.0
    """Seconds."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._sent: dict[str, tuple[str, float]] = {}
        changes.keep({"code": self._apply_code, "no code": self._apply_no_code}, self._dump)

    def send(self, phone: str) -> str:
        """Send a code to a phone (E.164) and return its hash."""
        code_hash = secrets.token_hex(9)
        self._commit("code", code_hash, phone, time.time() + self.LIFETIME)
        return code_hash

    def send_again(self, phone: str, code_hash: str) -> str:
        """Send the code once more, with a new hash. Raises MethodError for an old hash."""
        self._check_hash(phone, code_hash)
        self.forget(code_hash)
        return self.send(phone)

    def check(self, phone: str, code_hash: str, code: str, account: Account | None) -> None:
        """Raise MethodError unless this is the code that was sent to this phone."""
        if not code:
            raise MethodError("PHONE_CODE_EMPTY")
        self._check_hash(phone, code_hash)
        if account is None:
            raise MethodError("PHONE_NUMBER_UNOCCUPIED")
        if code != account.code:
            raise MethodError("PHONE_CODE_INVALID")

    def expire(self) -> None:
        """Let every code that was sent be too old."""
        for code_hash, (phone, _) in list(self._sent.items()):
            self._commit("code", code_hash, phone, 0)

    def forget(self, code_hash: str) -> None:
        """Let a code that was used not be used again."""
        self._commit("no code", code_hash)

    def _check_hash(self, phone: str, code_hash: str) -> None:
        if not code_hash:
            raise MethodError("PHONE_CODE_HASH_EMPTY")
        sent_to, until = self._sent.get(code_hash, ("", 0.0))
        if sent_to != phone or until < time.time():
            raise MethodError("PHONE_CODE_EXPIRED")

    def _apply_code(self, code_hash: str, phone: str, until: float) -> None:
        self._sent[code_hash] = (phone, until)

    def _apply_no_code(self, code_hash: str) -> None:
        self._sent.pop(code_hash, None)

    def _dump(self) -> Iterable[Change]:
        now = time.time()
        return (
            ("code", code_hash, phone, until)
            for code_hash, (phone, until) in self._sent.items()
            if until > now
        )
