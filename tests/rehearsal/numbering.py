"""What clients of single messages share: how messages are numbered, and how a client begins."""

from __future__ import annotations

import time

from tests.fakes.rehearsal import API_ID

WORDS = {
    "api_id": API_ID,
    "device_model": "a",
    "system_version": "b",
    "app_version": "c",
    "system_lang_code": "en",
    "lang_pack": "",
    "lang_code": "en",
}
"""What a client says of itself in initConnection."""


class Numbering:
    """The ids and numbers of the messages of one session."""

    def __init__(self) -> None:
        self.numbers = 0
        self._last_id = 0

    def new_id(self, offset: float = 0.0) -> int:
        """An id for a message, so many seconds off, higher than all before unless off."""
        fresh = int((time.time() + offset) * 2**32) & ~3
        if offset:
            return fresh
        self._last_id = max(fresh, self._last_id + 4)
        return self._last_id

    def new_seqno(self, *, content: bool = True) -> int:
        number = self.numbers * 2 + content
        self.numbers += content
        return number
