"""The program's clocks: real time, and time that runs fast for rehearsals."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

_LONGEST_NAP = 60.0
"""Seconds; a laptop that slept or had its clock set is noticed after one nap at the latest."""


class AcceleratedClock:
    """Time that passes ``speed`` times as fast as real time from an anchor on.

    ``anchor_real`` and ``anchor_shown`` are UTC: at the first, the clock shows the second. The same
    three values make the same clock again, also in another process or after a restart.
    """

    def __init__(
        self,
        speed: float = 1.0,
        anchor_real: datetime | None = None,
        anchor_shown: datetime | None = None,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"a clock cannot run at speed {speed}")
        self.speed = speed
        self.anchor_real = anchor_real or datetime.now(UTC)
        self.anchor_shown = anchor_shown or self.anchor_real

    def now(self) -> datetime:
        """Return the present moment, UTC and aware."""
        passed: timedelta = (datetime.now(UTC) - self.anchor_real) * self.speed
        return self.anchor_shown + passed

    def set_speed(self, speed: float) -> None:
        """Go on from the present moment at another speed."""
        self.anchor_shown, self.anchor_real = self.now(), datetime.now(UTC)
        self.speed = speed

    def advance_to(self, moment: datetime) -> None:
        """Show at least this moment from now on; the clock is never set back."""
        if moment > self.now():
            self.anchor_shown, self.anchor_real = moment, datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        """Return when ``now()`` has reached the moment, never earlier.

        Qt's timers may wake 5 % early, so the clock itself decides.
        """
        while (  # noqa: ASYNC110 - there is nobody who could set an event when time has passed
            left := (moment - self.now()).total_seconds() / self.speed
        ) > 0:
            await asyncio.sleep(min(left, _LONGEST_NAP))


class SystemClock(AcceleratedClock):
    """Real time, read anew at every question, so that a clock set by the user is followed."""

    def now(self) -> datetime:
        """Return the system's time, UTC and aware."""
        return datetime.now(UTC)
