"""Measures whether the window ever stands still while it is busiest.

``python -m tests --around python -m tests.benchmarks.no_freeze [PEOPLE [SECONDS]] [--stacks]``

The rehearsal's window, as the program opens it: a million people in its store, five tasks at the
full speed of a rehearsal before a server in another process. Somebody scrolls and types in the
filter of an audience of them all, then in the list of tasks and on the page of one. See loop_probe
for what is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.window import WindowProgram
from invite_desktop.domain.tasks import NewTask, TaskKind, TaskStatus
from invite_desktop.rehearsal.demo import CLUB_USERNAME
from invite_desktop.ui.first_start import FIRST_START_KEY, FIRST_START_OVER
from invite_desktop.ui.tabs import Tab
from tests.benchmarks.engine_field import add_audience, make_store, serving_willing
from tests.benchmarks.loop_probe import STACKS, LoopProbe, Stretches

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from PySide6.QtWidgets import QAbstractItemView, QLineEdit

    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.main_window import MainWindow

TASKS, PEOPLE_A_TASK, ACCOUNTS = 5, 20_000, 5
SPEED = 50_000
PATIENCE = 60.0


@dataclass
class Watch:
    """Measures phases one after the other."""

    engine: Engine
    seconds: float
    probe: LoopProbe = field(default_factory=LoopProbe)
    phases: list[Stretches] = field(default_factory=list)

    async def phase(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do the work, over and over for so many seconds, and note the pauses."""
        before, began = await self._ended(), time.perf_counter()
        with self.probe.phase(name) as found:
            while time.perf_counter() < began + self.seconds:
                await work()
        speed = (await self._ended() - before) / (time.perf_counter() - began)
        self.phases.append(found)
        for words in (f"{found}; {speed:.0f} people/s", *found.longest_stacks()):
            sys.stdout.write(f"{words}\n")
        sys.stdout.flush()

    async def _ended(self) -> int:
        return sum(view.counters.processed for view in await self.engine.tasks.views())


async def measure(window: MainWindow, many: int, few: Sequence[int], seconds: float) -> Watch:
    """Use the window while nothing runs, and while everything does."""
    engine = window.context.engine
    watch = Watch(engine, seconds)
    people = window.tabs.import_sections.audiences
    tasks = window.tabs.tasks

    async def idle() -> None:
        await asyncio.sleep(0.5)

    await watch.phase("nothing runs, nothing touched", idle)
    window.tabs.go_to(Tab.IMPORT)
    people.open_audience(many)
    await asyncio.sleep(3)
    await watch.phase("nothing runs, people scrolled", lambda: _scroll(people.page.table))
    check = await engine.chat_checks.check(f"@{CLUB_USERNAME}")
    ids = []
    for audience in few:
        task = await engine.tasks.create(NewTask(TaskKind.INVITE, audience, check.chat_ref()))
        await engine.tasks.start(task.id)
        ids.append(task.id)
    await watch.phase("five tasks", idle)
    await watch.phase("five tasks, people scrolled", lambda: _scroll(people.page.table))
    await watch.phase("five tasks, typing", lambda: _type(people.page.search, "many_00123"))
    window.tabs.go_to(Tab.TASKS)
    await watch.phase("five tasks, their list", lambda: _type(tasks.list.filter.search, "club"))
    tasks.open_task(ids[0])
    await watch.phase("five tasks, page scrolled", lambda: _scroll(tasks.page.people.table))
    await watch.phase("five tasks, page typed", lambda: _type(tasks.page.people.search, "task0"))
    views = await engine.tasks.views()
    stopped = [view.task.situation for view in views if view.task.status is TaskStatus.PAUSED]
    assert not stopped, stopped
    return watch


async def _scroll(table: QAbstractItemView) -> None:
    bar = table.verticalScrollBar()
    for step in range(40):
        bar.setValue(bar.maximum() * ((step * 7) % 40) // 40)
        await asyncio.sleep(0.05)


async def _type(into: QLineEdit, text: str) -> None:
    for letter in text:
        into.insert(letter)
        await asyncio.sleep(0.15)
    into.clear()
    await asyncio.sleep(0.3)


def main(people: int = 1_000_000, seconds: int = 8) -> bool:
    """Print the measurements; return whether all of them keep their limits."""
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    found: list[Watch] = []

    async def run() -> int:
        with tempfile.TemporaryDirectory() as name:
            found.append(await _in_a_window(Path(name), people, seconds))
        return 0

    event_loop.run(run(), application)
    return all(phase.holds for phase in found[0].phases)


async def _in_a_window(folder: Path, people: int, seconds: float) -> Watch:
    profile = choose_profile(folder / "profile", rehearsal=True)
    profile.make()
    settings = QSettings(str(profile.settings), QSettings.Format.IniFormat)
    settings.setValue(FIRST_START_KEY, FIRST_START_OVER)
    settings.sync()
    make_store(profile.database)
    many = add_audience(profile.database, "many", people)
    few = [add_audience(profile.database, f"task{n}", PEOPLE_A_TASK) for n in range(TASKS)]
    async with serving_willing(folder, "--accounts", str(ACCOUNTS)) as server:
        wanted = {
            "--profile": folder / "profile",
            "--accounts": ACCOUNTS,
            "--speed": SPEED,
            "--telegram-server": f"127.0.0.1:{server.port}",
            "--telegram-key": server.key,
        }
        words = ["--rehearsal", *(str(part) for pair in wanted.items() for part in pair)]
        arguments = parse(words, str)
        async with _opened(WindowProgram(arguments, profile)) as window:
            return await measure(window, many, few, seconds)


@contextlib.asynccontextmanager
async def _opened(program: WindowProgram) -> AsyncIterator[MainWindow]:
    """Open the window and wait until its accounts are signed in."""
    life = asyncio.ensure_future(program.run())
    try:
        end = time.monotonic() + PATIENCE
        while not await _is_ready(program):
            if life.done() or time.monotonic() > end:
                raise RuntimeError("the window did not come up")
            await asyncio.sleep(0.1)
        assert program.window is not None
        # Whatever comes after the first paint is over then.
        await asyncio.sleep(2)
        yield program.window
    finally:
        program.stop()
        await life


async def _is_ready(program: WindowProgram) -> bool:
    if program.window is None:
        return False
    views = await program.window.context.engine.accounts.views()
    return len(views) == ACCOUNTS


if __name__ == "__main__":
    sys.exit(0 if main(*(int(word) for word in sys.argv[1:] if word != STACKS)) else 1)
