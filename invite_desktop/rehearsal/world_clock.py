"""The time in which limits, joins and messages of a world happen; it may run fast."""

from __future__ import annotations

from datetime import UTC, datetime

from invite_desktop.engine.clocks import AcceleratedClock


class AnchoredClock:
    """A world's own clock, which a client may set forward and speed up, never backwards."""

    def __init__(self, speed: float = 1.0) -> None:
        self._clock = AcceleratedClock(speed)

    def __call__(self) -> datetime:
        """Return the present moment of the world, UTC and aware."""
        return self._clock.now()

    @property
    def speed(self) -> float:
        """Return how many seconds of the world pass in one real second."""
        return self._clock.speed

    @property
    def anchor(self) -> tuple[float, float, float]:
        """Return real time and world's time of the anchor (unix, seconds) and the speed."""
        clock = self._clock
        return clock.anchor_real.timestamp(), clock.anchor_shown.timestamp(), clock.speed

    def set_anchor(self, real: float, shown: float, speed: float) -> None:
        """Take up an anchor, as ``anchor`` gives it."""
        self._clock = AcceleratedClock(
            speed, datetime.fromtimestamp(real, UTC), datetime.fromtimestamp(shown, UTC)
        )
