"""Waiting on the clock in such a way that news ends the wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.engine.ports.clock import Clock


class Bell:
    """Wakes one sleeper. A ring while nobody sleeps ends the next sleep at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that something has changed."""
        self._rung.set()

    async def sleep(self, until: datetime | None) -> None:
        """Return at a moment (None: never), or earlier when the bell rings."""
        if until is None:
            await self._rung.wait()
        elif not self._rung.is_set():
            await self._sleep_until(until)
        self._rung.clear()

    async def _sleep_until(self, until: datetime) -> None:
        waits = (
            asyncio.ensure_future(self._clock.sleep_until(until)),
            asyncio.ensure_future(self._rung.wait()),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
