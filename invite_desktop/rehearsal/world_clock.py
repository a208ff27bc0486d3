"""The time in which limits, joins and messages of a world happen; it may run fast."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class AnchoredClock:
    """A world's own clock, which a client may set forward and speed up, never backwards.

    ``anchor``: real time and the world's time at one moment (unix, seconds), and the speed.
    """

    def __init__(self, speed: float = 1.0) -> None:
        now = time.time()
        self.anchor = now, now, speed

    def __call__(self) -> datetime:
        """Return the present moment of the world, UTC and aware."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """Return the present moment of the world, unix seconds."""
        real, shown, speed = self.anchor
        return shown + (time.time() - real) * speed

    @property
    def speed(self) -> float:
        """Return how many seconds of the world pass in one real second."""
        return self.anchor[2]

    def set_anchor(self, real: float, shown: float, speed: float) -> None:
        """Take up an anchor, as ``anchor`` gives it."""
        self.anchor = real, shown, speed
