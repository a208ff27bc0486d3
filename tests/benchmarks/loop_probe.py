"""A probe on the window's loop: how long it stands still, and what it does in that time.

The probe sleeps a few milliseconds again and again. What a sleep takes too long is a pause of the
window. Beside it stands what the window's own thread computed meanwhile: on a busy machine others
make pauses longer, but nothing that is computed. ``--stacks`` also looks at the thread a thousand
times a second and says where it was in the longest stretches.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

LONGEST, USUAL = 0.05, 0.016
"""Seconds: the longest pause, and what 99 of 100 stay under."""

TICK = 0.004
STACKS = "--stacks"

_LOOKS_KEPT = 4000
_LONG = 0.012
_DEPTH = 14
_SHOWN = 12


@dataclass
class Stretches:
    """Of one phase, in seconds: its pauses, and what was computed in each of them."""

    name: str
    pauses: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    stacks: collections.Counter[str] = field(default_factory=collections.Counter)

    @property
    def holds(self) -> bool:
        """Return whether the window itself never computed for too long."""
        return max(self.computed) < LONGEST and usual(self.computed) < USUAL

    def __str__(self) -> str:
        pauses, computed = (
            f"longest {max(values) * 1000:.0f} ms, 99 % {usual(values) * 1000:.1f} ms"
            for values in (self.pauses, self.computed)
        )
        return (
            f"{self.name}: pauses {pauses}; computing at a stretch {computed}"
            f"{'' if self.holds else '   MISSED'}"
        )

    def longest_stacks(self) -> Iterator[str]:
        """Yield where the thread was in long stretches, the most frequent first."""
        for stack, looks in self.stacks.most_common(_SHOWN):
            yield f"   {looks:4} x {stack}"


def usual(values: Sequence[float]) -> float:
    """Return what 99 of 100 values do not exceed."""
    return sorted(values)[len(values) * 99 // 100]


class LoopProbe:
    """Measures phases one after the other; use it on the loop's own thread."""

    def __init__(self, *, stacks: bool = STACKS in sys.argv) -> None:
        self._looks = _Looks() if stacks else None

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[Stretches]:
        """Note what the loop does while the block runs."""
        found = Stretches(name)
        probing = asyncio.ensure_future(self._probe(found))
        try:
            yield found
        finally:
            probing.cancel()

    async def _probe(self, found: Stretches) -> None:
        while True:
            began, before = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            computed = time.thread_time() - before
            found.pauses.append(max(0.0, time.perf_counter() - began - TICK))
            found.computed.append(computed)
            if self._looks is not None and computed > _LONG:
                found.stacks.update(self._looks.since(began))


class _Looks(threading.Thread):
    """Looks at the stack of the thread that made it, a thousand times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._watched = threading.get_ident()
        self._kept: collections.deque[tuple[float, str]] = collections.deque(maxlen=_LOOKS_KEPT)
        self.start()

    def since(self, moment: float) -> list[str]:
        """Return what was seen after a moment of the performance counter."""
        return [stack for at, stack in list(self._kept) if at >= moment]

    def run(self) -> None:
        """Look until the process ends."""
        while True:
            frame = sys._current_frames().get(self._watched)
            self._kept.append((time.perf_counter(), _words(frame)))
            time.sleep(0.001)


def _words(frame: FrameType | None) -> str:
    names: list[str] = []
    while frame is not None and len(names) < _DEPTH:
        code = frame.f_code
        names.append(f"{code.co_filename.rpartition('/')[2]}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(names)
