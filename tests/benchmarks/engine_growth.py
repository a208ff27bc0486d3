"""Many tasks through many accounts in one process: memory, and whether the cost grows."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from invite_desktop.engine.events import TargetChanged
from tests.benchmarks.engine_field import add_audience, opened_field, serving_willing
from tests.benchmarks.engine_figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.engine.events import Event

TASKS, PEOPLE_A_TASK = 20, 10_000
MOST_MEGABYTES, MOST_GROWTH = 300.0, 1.2


async def measure_growth(tasks: int = TASKS, people: int = PEOPLE_A_TASK) -> Iterator[Figure]:
    """Run many tasks to their end, and note the processor time at every tenth of the people."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with (
            serving_willing(directory, "--accounts", str(tasks)) as server,
            opened_field(directory, server, tasks) as field,
        ):
            ids = []
            for number in range(tasks):
                audience = await asyncio.to_thread(
                    add_audience, field.database, f"task{number}", people
                )
                ids.append((await field.task(audience)).id)
            marks = _Marks(tasks * people)
            field.engine.bus.subscribe(marks.hear)
            for task_id in ids:
                await field.engine.tasks.start(task_id)
            await asyncio.gather(*map(field.engine.tasks.wait_until_idle, ids))
            views = [await field.engine.tasks.view(task_id) for task_id in ids]
    assert sum(view.counters.joined for view in views) == tasks * people, views
    return _growth_figures(marks, tasks, people)


class _Marks:
    """The processor time, and the most memory, when each tenth of the people was done.

    Every person makes the same facts, so that facts can be counted in place of people.
    """

    def __init__(self, people: int) -> None:
        self._process = psutil.Process()
        self._tenth = people * _FACTS_A_PERSON // 10
        self._heard = 0
        self.spent = [time.process_time()]
        self.megabytes = [self._memory()]
        self.began = time.perf_counter()

    def hear(self, event: Event) -> None:
        if not isinstance(event, TargetChanged):
            return
        self._heard += 1
        if self._heard % self._tenth == 0:
            self.spent.append(time.process_time())
            self.megabytes.append(self._memory())

    def _memory(self) -> float:
        return float(self._process.memory_info().rss) / 1e6

    def tenth(self, number: int) -> float:
        """Return the seconds of processors that a tenth took; the first is 0."""
        return self.spent[number + 1] - self.spent[number]


_FACTS_A_PERSON = 4
"""Claimed, found, invited, joined."""


def _growth_figures(marks: _Marks, tasks: int, people: int) -> Iterator[Figure]:
    seconds = time.perf_counter() - marks.began
    first, last = (marks.tenth(number) * 10_000 / (tasks * people) for number in (0, 9))
    yield Figure(
        f"{tasks} tasks of {people} people: {tasks * people / seconds:.0f}/s, memory "
        f"{marks.megabytes[0]:.0f} MB before, {max(marks.megabytes):.0f} MB at the most "
        f"(under {MOST_MEGABYTES:.0f})",
        max(marks.megabytes) < MOST_MEGABYTES,
    )
    yield Figure(
        f"processor time of a person: first tenth {first:.2f} ms, last {last:.2f} ms, ratio "
        f"{last / first:.2f} (at most {MOST_GROWTH})",
        last <= first * MOST_GROWTH,
    )
