"""Time as the engine sees it, so that a rehearsal can run it fast and a test can own it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """The program's time."""

    def now(self) -> datetime:
        """Return the present moment, UTC and aware."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return when ``now()`` has reached the moment, never earlier."""
        ...
