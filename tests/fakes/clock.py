"""A clock for tests: time stands still while anybody works, and then jumps to the next sleeper."""

from __future__ import annotations

import asyncio
import inspect
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

T = TypeVar("T")

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """Implements Clock. Deterministic as long as slow work goes through ``watch``.

    As soon as the event loop has nothing left to do and no watched call is under way, time jumps
    to the earliest sleeper. ``hold`` keeps it where it is.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self._busy = 0
        self._checking = False
        self._held = False
        self._works_begun = 0
        self._alarm: tuple[int, asyncio.Event] | None = None

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Set the clock, forward or back, as a user or a time server does."""
        self._now = moment
        self._wake()

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.set(self._now + by)

    def hold(self) -> None:
        """Let time stand still until ``let_go``."""
        self._held = True

    def let_go(self) -> None:
        """Let time jump again."""
        self._held = False
        self._look_later()

    async def sleep_until(self, moment: datetime) -> None:
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (moment, future)
        self._sleepers.append(entry)
        self._look_later()
        try:
            await future
        finally:
            self._sleepers.remove(entry)

    def watch(self, port: T) -> T:
        """Return a stand-in for an object; time stands still while one of its calls is awaited."""
        return cast("T", _Watched(port, self))

    def alarm_after(self, works: int) -> asyncio.Event:
        """Return an event that is set when so many more watched calls have begun."""
        self._alarm = (self._works_begun + works, asyncio.Event())
        return self._alarm[1]

    def begin_work(self) -> None:
        self._busy += 1
        self._works_begun += 1
        if self._alarm is not None and self._works_begun >= self._alarm[0]:
            self._alarm[1].set()

    def end_work(self) -> None:
        self._busy -= 1
        self._look_later()

    def _look_later(self) -> None:
        if not self._checking:
            self._checking = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._checking = False
        if self._busy or self._held or not self._sleepers:
            return
        if asyncio.get_running_loop()._ready:  # type: ignore[attr-defined]
            self._look_later()
            return
        self._now = max(self._now, min(moment for moment, _ in self._sleepers))
        self._wake()
        self._look_later()

    def _wake(self) -> None:
        for moment, future in self._sleepers:
            if moment <= self._now and not future.done():
                future.set_result(None)


class HandClock:
    """The clock of a rehearsal's world, which only the test moves: acceleration without end."""

    def __init__(self, start: datetime = datetime(2031, 5, 1, 12, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


class _Watched:
    """Passes every call on, and tells the clock how long the asynchronous ones take."""

    def __init__(self, port: object, clock: FakeClock) -> None:
        self._port = port
        self._clock = clock

    def __getattr__(self, name: str) -> object:
        member = getattr(self._port, name)
        if not inspect.iscoroutinefunction(member):
            return member

        async def watched(*args: object, **kwargs: object) -> object:
            self._clock.begin_work()
            try:
                return await member(*args, **kwargs)
            finally:
                self._clock.end_work()

        return watched
