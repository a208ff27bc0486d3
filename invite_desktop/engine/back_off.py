"""Longer and longer pauses while Telegram cannot be reached."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.engine.ports.clock import Clock

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)


class BackOff:
    """The pause of one account between two tries to reach Telegram; it doubles each time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pause = FIRST_PAUSE
        self._until: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """Return when to try again, None when that is now."""
        if self._until is not None and self._until > self._clock.now():
            return self._until
        return None

    def begin(self) -> None:
        """Begin the next pause."""
        self._until = self._clock.now() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def end(self) -> None:
        """Telegram has answered: the next pause is a short one again."""
        self._pause, self._until = FIRST_PAUSE, None
