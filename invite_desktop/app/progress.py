"""The progress bar of the command line."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from invite_desktop.domain.messages import message
from invite_desktop.engine.events import Event, TargetChanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.app.console import Console
    from invite_desktop.engine.engine import Engine

_REFRESH = 0.1
"""Seconds between two questions for the counters."""


@contextmanager
def showing_progress(engine: Engine, task_id: int, console: Console) -> Iterator[None]:
    """Show how far a task is, on standard error, when that is a terminal."""
    terminal = Terminal(stderr=True)
    if not terminal.is_terminal:
        yield
        return
    changed = asyncio.Event()

    def heard(event: Event) -> None:
        if isinstance(event, TargetChanged) and event.task_id == task_id:
            changed.set()

    unsubscribe = engine.bus.subscribe(heard)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=terminal) as bar:
        follower = asyncio.ensure_future(_follow(engine, task_id, console, bar, changed))
        changed.set()
        try:
            yield
        finally:
            unsubscribe()
            follower.cancel()


async def _follow(
    engine: Engine, task_id: int, console: Console, bar: Progress, changed: asyncio.Event
) -> None:
    line = bar.add_task(console.words(message("Rehearsing")), total=None)
    while True:
        await changed.wait()
        changed.clear()
        counters = (await engine.tasks.view(task_id)).counters
        bar.update(line, total=counters.total, completed=counters.processed)
        await asyncio.sleep(_REFRESH)
