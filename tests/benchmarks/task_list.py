"""Measures the window while tasks run: the list of all of them, and the page of one.

``python -m tests --around python -m tests.benchmarks.task_list [TASKS [PEOPLE]] [--stacks]``

The real engine works on the real store with no pace, before a Telegram in memory, while somebody
sorts, types in the search, scrolls and leafs. See loop_probe for what is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from invite_desktop.app import event_loop
from invite_desktop.app.garbage_rounds import GarbageRounds
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.clocks import SystemClock
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.ui.main_window import MainWindow, Surroundings
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import load_translator, set_translator
from tests.benchmarks.loop_probe import STACKS, LoopProbe, Stretches
from tests.fakes.house import House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QLineEdit

    from invite_desktop.ui.tasks.task_list import TaskList
    from invite_desktop.ui.tasks.task_page import TaskPage

ACCOUNTS = 5
PHASE = 5.0
"""Seconds that a phase takes at least."""


class LiveClock(SystemClock):
    """Real time, for a house whose ports need no watching."""

    def watch(self, port: object) -> object:
        return port


@dataclass
class Measured:
    """The phases, and how many people came to their end in each."""

    probe: LoopProbe = field(default_factory=LoopProbe)
    phases: list[Stretches] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    @property
    def within_limits(self) -> bool:
        """Return whether no phase made the window stop for long."""
        return all(phase.holds for phase in self.phases)

    def lines(self) -> Iterator[str]:
        """Yield the measurements in words."""
        for phase, ended in zip(self.phases, self.ends, strict=True):
            yield f"{phase}; {ended / PHASE:.0f} people a second meanwhile"
            yield from phase.longest_stacks()


@contextlib.asynccontextmanager
async def phase(measured: Measured, house: House, name: str):
    """Note what the loop does while the block runs, for ``PHASE`` seconds at least."""
    before, began = await _ended(house), time.perf_counter()
    with measured.probe.phase(name) as found:
        yield
        await asyncio.sleep(max(0.0, PHASE - (time.perf_counter() - began)))
    measured.phases.append(found)
    measured.ends.append(await _ended(house) - before)


async def _ended(house: House) -> int:
    counters = await house.ports.tasks.all_counters()
    return sum(each.processed for each in counters.values())


async def furnish(house: House, tasks: int, people: int) -> None:
    """Make accounts, one audience, and tasks of everybody in it for a chat each."""
    for number in range(people):
        house.telegram.add_person(f"guest_{number:07}", first_name=f"Гость {number}")
    rows = (
        PersonRow(n + 1, PersonKeys(f"guest_{n:07}"), first_name=f"Гость {n}")
        for n in range(people)
    )
    new = NewImport("Guests", Basis.CUSTOMERS, "bench", ("b.csv",), "bench", house.clock.now())
    report = await house.ports.audiences.import_people(new, rows, lambda _: None, lambda: False)
    accounts = [await house.add_account(f"admin{n}") for n in range(ACCOUNTS)]
    for number in range(tasks):
        chat = house.add_chat(*accounts, title=f"Club {number:02}")
        address = parse_chat_address(f"@{chat.username}")
        reference = ChatRef(chat.chat_id, chat.title, chat.kind, address)
        await house.engine.tasks.create(NewTask(TaskKind.INVITE, report.audience.id, reference))


async def measure(house: House, window: MainWindow, tasks: int, people: int) -> Measured:
    """Look at the list and at one page while everything runs."""
    measured = Measured()
    await furnish(house, tasks, people)
    gc.freeze()
    ids = [view.task.id for view in await house.engine.tasks.views()]
    shown = window.tabs.tasks.list
    async with phase(measured, house, "list, nothing runs"):
        shown.refresh()
    await house.engine.bulk.each(ids, house.engine.tasks.start)
    async with phase(measured, house, "list"):
        pass
    async with phase(measured, house, "list, sorted and searched"):
        await _use_list(shown)
    window.tabs.tasks.open_task(ids[0])
    page = window.tabs.tasks.page
    async with phase(measured, house, "page"):
        await asyncio.sleep(1)
    async with phase(measured, house, "page, scrolled"):
        await _scroll(page)
    async with phase(measured, house, "page, searched"):
        await _type(page.people.search, "гость 77")
    page.people.search.clear()
    page.sections.setCurrentWidget(page.course)
    async with phase(measured, house, "page, course of the task"):
        pass
    return measured


async def _use_list(shown: TaskList) -> None:
    for column in range(shown.model.columnCount()):
        shown.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        await asyncio.sleep(0.2)
    await _type(shown.filter.search, "club 1")
    shown.filter.clear()


async def _scroll(page: TaskPage) -> None:
    bar = page.people.table.verticalScrollBar()
    for step in range(60):
        bar.setValue(bar.maximum() * step // 60)
        await asyncio.sleep(0.05)


async def _type(into: QLineEdit, text: str) -> None:
    for letter in text:
        into.insert(letter)
        await asyncio.sleep(0.15)


async def _in_a_window(folder: Path, tasks: int, people: int) -> Measured:
    house = House(folder / "bench.sqlite", pace_enabled=False)
    house.clock = LiveClock()
    house.telegram._clock = house.clock
    await house.open()
    errors: list[BaseException] = []
    background = BackgroundScope(errors.append)
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(house.engine, background, Surroundings(settings, folder / "pasted"))
    window.show()
    # As the program does it, or Python would look at every object in the middle of a painting.
    garbage = GarbageRounds()
    garbage.begin()
    try:
        return await measure(house, window, tasks, people)
    finally:
        garbage.stop()
        window.allow_close()
        window.close()
        await background.close()
        await house.close()
        if errors or house.errors:
            raise ExceptionGroup("while measuring", [*errors, *house.errors])


def main(tasks: int = 20, people: int = 100_000) -> bool:
    """Print the measurements; return whether they keep their limits."""
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    set_translator(load_translator("en"))
    set_theme(ThemeChoice.LIGHT)
    found: list[Measured] = []

    async def run() -> int:
        with tempfile.TemporaryDirectory() as name:
            found.append(await _in_a_window(Path(name), tasks, people))
        return 0

    event_loop.run(run(), application)
    sys.stdout.write("\n".join(found[0].lines()) + "\n")
    return found[0].within_limits


if __name__ == "__main__":
    sys.exit(0 if main(*(int(word) for word in sys.argv[1:] if word != STACKS)) else 1)
