"""A task for a million people: how long until it runs, and how long everything else waits."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.engine.events import TargetChanged
from tests.benchmarks.engine_field import add_audience, opened_field, serving_willing
from tests.benchmarks.engine_figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.engine.events import Event
    from tests.benchmarks.engine_field import EngineField

MANY = 1_000_000
LONGEST_START, LONGEST_PAUSE, LONGEST_SILENCE = 15.0, 0.05, 0.25
PROBE = 0.004
OTHERS = 30_000
"""People of the task beside it, which must not come to its end meanwhile."""


async def measure_start(people: int = MANY) -> Iterator[Figure]:
    """Make and start a task for everybody while another one writes into the ledger."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with (
            serving_willing(directory) as server,
            opened_field(directory, server, 1) as field,
        ):
            many = await asyncio.to_thread(add_audience, field.database, "many", people)
            small = await asyncio.to_thread(add_audience, field.database, "other", OTHERS)
            await field.engine.tasks.start((await field.task(small)).id)
            before_it, pauses, writes = _Pauses(), _Pauses(), _Waits(field)
            async with before_it.watching():
                await asyncio.sleep(3)
            alone, writes.longest, writes.facts = writes.longest, 0.0, 0
            began, before = time.perf_counter(), time.process_time()
            async with pauses.watching():
                task = await field.task(many)
                await field.engine.tasks.start(task.id)
            seconds, spent = time.perf_counter() - began, time.process_time() - before
            beside = writes.longest
            total = (await field.engine.tasks.view(task.id)).counters.total
    assert total == people, total
    return _start_figures(people, (seconds, spent), (before_it, pauses), (alone, beside), writes)


class _Pauses:
    """How much longer than asked for short sleeps on the loop took, in seconds.

    ``own`` is the processor time of the loop's thread in them: what no other program can disturb.
    """

    def __init__(self) -> None:
        self.all: list[float] = []
        self.own: list[float] = []

    @contextlib.asynccontextmanager
    async def watching(self):
        """Watch the loop while the block runs."""
        probing = asyncio.ensure_future(self._probe())
        try:
            yield
        finally:
            probing.cancel()

    async def _probe(self) -> None:
        while True:
            began, before = time.perf_counter(), time.thread_time()
            await asyncio.sleep(PROBE)
            self.all.append(time.perf_counter() - began - PROBE)
            self.own.append(time.thread_time() - before)


class _Waits:
    """The longest silences between two facts of the task that runs beside."""

    def __init__(self, field: EngineField) -> None:
        self.longest, self._last, self.facts = 0.0, time.perf_counter(), 0
        field.engine.bus.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, TargetChanged):
            now = time.perf_counter()
            self.longest, self._last = max(self.longest, now - self._last), now
            self.facts += 1


def _start_figures(
    people: int,
    times: tuple[float, float],
    pauses: tuple[_Pauses, _Pauses],
    silences: tuple[float, float],
    writes: _Waits,
) -> Iterator[Figure]:
    seconds, spent = times
    yield Figure(
        f"task of {people:,} made and started: {seconds:.1f} s, {spent:.1f} s of processors "
        f"(under {LONGEST_START:.0f})",
        seconds < LONGEST_START,
    )
    alone, beside = (max(phase.all) * 1000 for phase in pauses)
    yield Figure(
        f"longest pause of the loop: {beside:.0f} ms, its own work in one "
        f"{max(pauses[1].own) * 1000:.0f} ms; without the big task {alone:.0f} ms "
        f"(under {LONGEST_PAUSE * 1000:.0f})",
        beside < LONGEST_PAUSE * 1000,
    )
    yield Figure(
        f"another task beside it: {writes.facts} facts, the longest silence "
        f"{silences[1] * 1000:.0f} ms, without the big task {silences[0] * 1000:.0f} ms "
        f"(at most {LONGEST_SILENCE * 1000:.0f})",
        bool(writes.facts) and silences[1] < LONGEST_SILENCE,
    )
