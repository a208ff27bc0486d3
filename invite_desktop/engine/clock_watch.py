"""Notices that the computer's clock was set forward, which would open the pace's windows early.

Beside the wall clock runs one that nobody can set and that goes on while the computer sleeps
(CLOCK_BOOTTIME on Linux, the continuous clock on macOS, the uptime on Windows). Sleep moves both
alike, so that it is no jump. Where they come apart by more than some minutes, the wall clock was
set: what the ledger holds from before is then counted as long ago as it really is. Everything else
(start times, working hours, what screens show) follows the clock as the user has set it.

What cannot be seen: a clock set while the program is not running; the ledger's times are all there
is then. And a computer that was halted from outside, as a virtual one, has no clock that went on:
there the pace waits longer than it had to, at the most by a day. So it does after a clock was set
back and forward again. An account's rest ends by the clock all the same: Telegram keeps its own
count of the waits that it asks for, and whoever wants an account back may release it anyway.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.clock_jumps import ClockJump

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.engine.ports.clock import Clock

TOLERANCE = timedelta(minutes=2)
"""Clocks drift apart by seconds a day, and are put right by as much; this is no setting."""


def steady_seconds() -> float:
    """Return the seconds since some moment, those of the computer's sleep included."""
    if (boot_time := getattr(time, "CLOCK_BOOTTIME", None)) is not None:
        return time.clock_gettime(boot_time)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class ClockWatch:
    """Compares the program's clock with a steady one; ``steady`` None: nothing is compared."""

    def __init__(self, clock: Clock, steady: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._steady = steady
        self._jumps: tuple[ClockJump, ...] = ()
        self._shown, self._passed = clock.now(), steady() if steady else 0.0

    @property
    def jumps(self) -> Sequence[ClockJump]:
        """Return how the clock was set forward since the program runs, oldest first."""
        self._look()
        return self._jumps

    def _look(self) -> None:
        if self._steady is None:
            return
        shown, passed = self._clock.now(), self._steady()
        apart = (shown - self._shown) - timedelta(seconds=passed - self._passed)
        if abs(apart) <= TOLERANCE:
            return
        self._shown, self._passed = shown, passed
        if apart > TOLERANCE:
            self._jumps = (*self._jumps, ClockJump(shown, apart))
