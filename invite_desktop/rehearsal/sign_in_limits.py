"""How often codes may be asked for and guessed; the numbers are Telegram's secret, these are ours.

A day of the world's time is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invite_desktop.rehearsal.changes import Change, Changes

CODES_A_DAY = 15
"""Codes that a phone may be sent in a day."""

GUESSES_A_DAY = 10
"""Wrong codes and passwords that a phone is allowed in a day."""

_DAY = 24 * 3600
_CODE, _GUESS = "code", "guess"


class SignInLimits:
    """What was tried for each phone lately. ``now``: the world's time."""

    def __init__(self, changes: Changes, now: Callable[[], int]) -> None:
        self._commit = changes.commit
        self._now = now
        self._tries: dict[tuple[str, str], list[int]] = {}
        changes.keep({"try": self._apply_try, "no tries": self._apply_no_tries}, self._dump)

    def ask_for_code(self, phone: str) -> None:
        """Count a code that is to be sent. Raises PHONE_NUMBER_FLOOD when they were too many."""
        self.check_guesses(phone)
        if self._count(_CODE, phone) >= CODES_A_DAY:
            raise MethodError("PHONE_NUMBER_FLOOD")
        self._commit("try", _CODE, phone, self._now())

    def check_guesses(self, phone: str) -> None:
        """Raise PHONE_PASSWORD_FLOOD when a phone's code or password was guessed too often."""
        if self._count(_GUESS, phone) >= GUESSES_A_DAY:
            raise MethodError("PHONE_PASSWORD_FLOOD")

    def note_guess(self, phone: str) -> None:
        """Count a wrong code or password."""
        self._commit("try", _GUESS, phone, self._now())

    def forgive(self, phone: str) -> None:
        """Forget the wrong guesses of who has logged in at last."""
        if (_GUESS, phone) in self._tries:
            self._commit("no tries", _GUESS, phone)

    def _count(self, kind: str, phone: str) -> int:
        since = self._now() - _DAY
        return sum(at > since for at in self._tries.get((kind, phone), ()))

    def _apply_try(self, kind: str, phone: str, at: int) -> None:
        tries = self._tries.setdefault((kind, phone), [])
        tries.append(at)
        del tries[:-CODES_A_DAY]

    def _apply_no_tries(self, kind: str, phone: str) -> None:
        self._tries.pop((kind, phone), None)

    def _dump(self) -> Iterator[Change]:
        since = self._now() - _DAY
        for (kind, phone), tries in self._tries.items():
            for at in tries:
                if at > since:
                    yield "try", kind, phone, at
