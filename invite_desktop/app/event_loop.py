"""asyncio on Qt's event loop: qasync with one precise timer and a ready queue.

qasync 0.28.0 gives every callback a coarse Qt timer of its own: sleeps wake up to 5 % early,
finished timeouts leave their timers behind, and a burst of callbacks keeps Qt from painting. Here
callbacks wait in a queue, timers in a heap behind one precise timer, and Qt gets the floor back
after each slice. It reaches into names of qasync and asyncio that have an underscore, hence the
exact version in the dependencies.
"""

from __future__ import annotations

import asyncio
import functools
import heapq
import sys
from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, QTimerEvent
from qasync import QEventLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextvars import Context

    from PySide6.QtWidgets import QApplication

SLICE = 0.008
"""Seconds of callbacks before Qt may paint and take input again."""

SWITCH = 0.0005
"""Seconds that another thread keeps Python to itself when the loop wants it (5 ms by default). Qt
gives Python away at each call and paints by hundreds of them."""

_LONGEST_TIMER_MS = 2**31 - 1
_DEAD_TIMERS_KEPT = 100


class _Pump(QObject):
    """Calls ``run`` from Qt's loop: at once when woken, or when the precise timer is over."""

    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__()
        self._run = run
        self._woken = 0
        self.alarm = QTimer(self)
        self.alarm.setTimerType(Qt.TimerType.PreciseTimer)
        self.alarm.setSingleShot(True)
        self.alarm.timeout.connect(run)

    def wake(self) -> None:
        """Run soon, once, however often this is called."""
        if not self._woken:
            self._woken = self.startTimer(0)

    def stop(self) -> None:
        """Run no more."""
        self.alarm.stop()
        if self._woken:
            self.killTimer(self._woken)
            self._woken = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        """Run, and be ready to be woken again."""
        self.killTimer(event.timerId())
        self._woken = 0
        self._run()


class FairEventLoop(QEventLoop):  # type: ignore[misc]  # qasync has no types
    """A qasync loop whose sleeps never end early and whose bursts never freeze the window."""

    def __init__(self, application: QApplication, *, already_running: bool = False) -> None:
        self._queue: deque[asyncio.Handle] = deque()
        self._timers: list[asyncio.TimerHandle] = []
        self._dead_timers = 0
        self._pump = _Pump(self._run_slice)
        super().__init__(application, already_running=already_running)

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Queue a callback for the next slice."""
        handle = asyncio.Handle(callback, args, self, context)
        self._queue.append(handle)
        self._pump.wake()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> None:
        """Queue a callback from another thread."""
        if context is not None:
            callback = functools.partial(context.run, callback)
        super().call_soon_threadsafe(callback, *args)

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call after ``delay`` seconds, never earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call when the loop's time is ``when``, never earlier."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's protocol
        heapq.heappush(self._timers, handle)
        self._set_alarm()
        return handle

    def close(self) -> None:
        """Drop whatever still waits."""
        super().close()
        self._pump.stop()
        self._queue.clear()
        self._timers.clear()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Count a cancelled timer; sweep when most of the heap is dead."""
        if not handle._scheduled:  # type: ignore[attr-defined]  # noqa: SLF001
            return
        self._dead_timers += 1
        if self._dead_timers > max(_DEAD_TIMERS_KEPT, len(self._timers) // 2):
            self._timers = [timer for timer in self._timers if not timer.cancelled()]
            heapq.heapify(self._timers)
            self._dead_timers = 0

    def _set_alarm(self) -> None:
        while self._timers and self._timers[0].cancelled():
            dead = heapq.heappop(self._timers)
            dead._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001
            self._dead_timers -= 1
        if not self._timers:
            self._pump.alarm.stop()
            return
        milliseconds = (self._timers[0].when() - self.time()) * 1000
        # Rounded up: an alarm that rings early would find nothing due and be set again for 0 ms.
        wait = int(milliseconds) + 1 if milliseconds > 0 else 0
        self._pump.alarm.start(min(wait, _LONGEST_TIMER_MS))

    def _run_slice(self) -> None:
        if self.is_closed():
            return
        self._queue_due_timers()
        end = self.time() + SLICE
        # Only what is queued now: a callback that queues itself must not starve Qt.
        for _ in range(len(self._queue)):
            handle = self._queue.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - as every event loop does
            if not self._queue or self.time() > end:
                break
        if self._queue:
            self._pump.wake()
        self._set_alarm()

    def _queue_due_timers(self) -> None:
        now = self.time()
        while self._timers and self._timers[0].when() <= now:
            timer = heapq.heappop(self._timers)
            timer._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001
            if timer.cancelled():
                self._dead_timers -= 1
            else:
                self._queue.append(timer)


def run(main: Coroutine[Any, Any, int], application: QApplication) -> int:
    """Run a coroutine on Qt's loop until it returns."""
    sys.setswitchinterval(SWITCH)
    with asyncio.Runner(loop_factory=lambda: FairEventLoop(application)) as runner:
        return runner.run(main)
