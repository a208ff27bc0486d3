"""Keeps the laptop from falling asleep, only while something is due within minutes."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.views import TaskView

_log = logging.getLogger(__name__)

SOON = timedelta(minutes=10)
"""A task that acts again within this time keeps the computer awake; a longer wait does not."""

_LOOK_EVERY = 30.0
"""Seconds between two looks at what a wait has left, when nothing else changes."""


class Wakefulness(Protocol):
    """The system's promise not to fall asleep; both may take a while, and run in a thread."""

    def hold(self) -> bool:
        """Ask the system to stay awake; return whether it agreed."""
        ...

    def release(self) -> None:
        """Let the system sleep again."""
        ...


class SystemWakefulness:
    """Implements Wakefulness by wakepy; the screen may still go dark."""

    def __init__(self) -> None:
        self._held: Callable[[], object] | None = None

    def hold(self) -> bool:
        """Ask the system to stay awake; return whether it agreed."""
        from wakepy import keep  # noqa: PLC0415 - seldom needed, and never before the window

        mode = keep.running(on_fail="pass")
        mode.__enter__()

        def leave() -> None:
            mode.__exit__(None, None, None)

        if not mode.active:
            leave()
            return False
        self._held = leave
        return True

    def release(self) -> None:
        """Let the system sleep again."""
        if self._held is not None:
            self._held()
            self._held = None


class KeepAwake:
    """Follows the tasks; what it held is let go at the end."""

    def __init__(self, now: Callable[[], datetime], system: Wakefulness) -> None:
        self._now = now
        self._system = system
        self._views: Sequence[TaskView] = ()
        self._wanted = False
        self._changed = asyncio.Event()

    def show_views(self, views: Sequence[TaskView]) -> None:
        """Take note of all tasks."""
        self._views = views
        self._changed.set()

    async def run(self) -> None:
        """Hold and let go until it is cancelled."""
        # wakepy wants to be left in the thread in which it was entered.
        with ThreadPoolExecutor(1, thread_name_prefix="awake") as thread:
            loop = asyncio.get_running_loop()
            try:
                while True:
                    await loop.run_in_executor(thread, self._follow)
                    await self._something_new()
            finally:
                thread.submit(self._system.release)

    async def _something_new(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_EVERY):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    def _follow(self) -> None:
        wanted = is_due_soon(self._views, self._now())
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if not wanted:
            self._system.release()
            _log.info("The computer may fall asleep: nothing is due soon")
        elif self._system.hold():
            _log.info("The computer is kept awake: something is due soon")
        else:
            _log.warning("The computer cannot be kept awake here; it may fall asleep over a task")


def is_due_soon(views: Sequence[TaskView], now: datetime) -> bool:
    """Return whether any task acts within minutes."""
    return any(
        view.task.status is TaskStatus.RUNNING
        if view.next_action_at is None
        else view.task.status in ACTIVE_STATUSES and view.next_action_at - now <= SOON
        for view in views
    )
