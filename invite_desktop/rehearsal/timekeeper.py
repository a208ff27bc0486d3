"""Lets the people of a running world act when their moment has come."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.rehearsal.world import World

_log = logging.getLogger(__name__)

_LONGEST_NAP = 1.0
"""Real seconds: a clock that was set forward or made faster is noticed after these."""


class Timekeeper:
    """Sleeps until somebody wants to act, and not at all while nobody does.

    Much that is due at once, as after a long pause, is done in parts, so that clients are answered
    in between. ``on_bug`` gets what should not have been.
    """

    def __init__(self, world: World, on_bug: Callable[[BaseException], None]) -> None:
        self._world = world
        self._on_bug = on_bug
        self._alarm: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin; for a running loop."""
        self._world.intentions.on_sooner = self._set_alarm
        self._set_alarm()

    def stop(self) -> None:
        """Let nobody act any more."""
        self._world.intentions.on_sooner = lambda: None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = self._world.intentions.next_due
        if due is None:
            return
        left = (due - self._world.clock().timestamp()) / self._world.speed()
        nap = min(max(left, 0.0), _LONGEST_NAP)
        self._alarm = asyncio.get_running_loop().call_later(nap, self._wake)

    def _wake(self) -> None:
        self._alarm = None
        try:
            self._world.intentions.carry_out()
        except Exception as bug:  # noqa: BLE001 - nobody's own doing may end the server
            _log.exception("somebody could not act")
            self._on_bug(bug)
        self._set_alarm()
