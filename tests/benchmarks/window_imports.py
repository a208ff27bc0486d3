"""Measures the window beside an import, and how soon an import can be left.

``python -m tests --around python -m tests.benchmarks.window_imports [ROWS [CANCELLED_ROWS]]``

The real window runs on the program's own event loop, on the screen and keyring that ``tests``
brings, beside a probe of its pauses (see loop_probe). Then the same window begins imports and
leaves each at another moment, a third of them near the end, where the last transaction is. Some
four minutes on a quiet machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
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
from invite_desktop.domain.audiences import Basis
from invite_desktop.ui.first_start import FIRST_START_KEY, FIRST_START_OVER
from tests.benchmarks.engine_figures import Figure
from tests.benchmarks.imports import write_csv
from tests.benchmarks.loop_probe import LoopProbe, Stretches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.engine.engine import Engine

LONGEST_PAUSE, LONGEST_CANCEL = 0.05, 0.3
"""Seconds."""

CANCELS, LATE_CANCELS = 20, 7
PATIENCE = 60.0


@dataclass
class Measured:
    """The pauses of each phase, and how many seconds each leaving took."""

    phases: list[Stretches] = field(default_factory=list)
    cancels: list[float] = field(default_factory=list)
    left_over: int = 0

    def figures(self) -> Iterator[Figure]:
        """Yield the measurements in words."""
        for phase in self.phases:
            pause, computed = max(phase.pauses), max(phase.computed)
            yield Figure(
                f"longest pause, {phase.name}: {pause * 1000:.0f} ms "
                f"(under {LONGEST_PAUSE * 1000:.0f}); computing at a stretch "
                f"{computed * 1000:.0f} ms",
                pause < LONGEST_PAUSE,
            )
        times = sorted(self.cancels)
        yield Figure(
            f"{len(times)} imports left: median {times[len(times) // 2] * 1000:.0f} ms, "
            f"longest {times[-1] * 1000:.0f} ms (under {LONGEST_CANCEL * 1000:.0f}), "
            f"{self.left_over} left something behind (none)",
            times[-1] < LONGEST_CANCEL and not self.left_over,
        )


async def measure(engine: Engine, database: Path, big: Path, small: Path) -> Measured:
    """Import the big file twice, save it, then import the small one, left at many moments."""
    measured, probe = Measured(), LoopProbe()

    @contextlib.contextmanager
    def probed(phase: str) -> Iterator[None]:
        with probe.phase(phase) as found:
            yield
        measured.phases.append(found)

    with probed("nothing to do"):
        await asyncio.sleep(2)
    with probed("preview"):
        await engine.imports.preview(big)
        await asyncio.sleep(0.1)
    for phase in ("import", "the same again"):
        with probed(phase):
            report = await engine.imports.run([big], Basis.CUSTOMERS)
    with probed("indexing"):
        await asyncio.sleep(5)
    with probed("saving everybody as a workbook"):
        await engine.exports.audience(report.audience.id, big.with_suffix(".xlsx"))
    await _leave_often(engine, small, measured)
    measured.left_over += await asyncio.to_thread(_remains, database)
    return measured


async def _leave_often(engine: Engine, path: Path, measured: Measured) -> None:
    began = time.perf_counter()
    report = await engine.imports.run([path], Basis.CUSTOMERS, "whole")
    whole = time.perf_counter() - began
    await engine.imports.undo(report.import_id)
    before = await _state(engine)
    chance = random.Random(4)
    for number in range(CANCELS):
        late = number < LATE_CANCELS
        moment = whole * (chance.uniform(0.85, 1.02) if late else chance.uniform(0, 0.95))
        importing = asyncio.ensure_future(
            engine.imports.run([path], Basis.CUSTOMERS, f"left {number}")
        )
        await asyncio.wait({importing}, timeout=moment)
        began = time.perf_counter()
        importing.cancel()
        await asyncio.wait({importing})
        measured.cancels.append(time.perf_counter() - began)
        if not importing.cancelled():
            # It was over before it could be left.
            await engine.imports.undo(importing.result().import_id)
            before = await _state(engine)
        elif await _state(engine) != before:
            measured.left_over += 1


def _remains(database: Path) -> int:
    """Wait for what is taken back in the background; return how many people nobody has."""
    sql = (
        "SELECT (SELECT count(*) FROM imports WHERE state IN ('storing', 'undoing')), (SELECT "
        "count(*) FROM people WHERE id NOT IN (SELECT person_id FROM audience_people))"
    )
    end = time.monotonic() + PATIENCE
    with contextlib.closing(sqlite3.connect(database)) as connection:
        while True:
            unfinished, people = connection.execute(sql).fetchone()
            if not unfinished or time.monotonic() > end:
                return int(unfinished + people)
            time.sleep(0.5)


async def _state(engine: Engine) -> tuple[int, int]:
    return len(await engine.audiences.all()), len(await engine.imports.history())


def main(rows: int = 1_000_000, cancelled_rows: int = 200_000) -> bool:
    """Print the measurements; return whether all of them keep their limits."""
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big, small = folder / "people.csv", folder / "few.csv"
        write_csv(big, rows)
        write_csv(small, cancelled_rows)
        measured = _in_a_window(application, folder / "profile", big, small)
    figures = list(measured.figures())
    sys.stdout.write("\n".join(map(str, figures)) + "\n")
    return all(figure.holds for figure in figures)


def _in_a_window(application: QApplication, place: Path, big: Path, small: Path) -> Measured:
    arguments = parse(["--profile", str(place)], str)
    profile = choose_profile(arguments.profile)
    profile.make()
    settings = QSettings(str(profile.settings), QSettings.Format.IniFormat)
    settings.setValue(FIRST_START_KEY, FIRST_START_OVER)
    settings.sync()
    found: list[Measured] = []

    async def run() -> int:
        program = WindowProgram(arguments, profile)
        life = asyncio.ensure_future(program.run())
        try:
            while program.window is None or not program.window.isVisible():
                if life.done():
                    break
                await asyncio.sleep(0.02)
            else:
                await asyncio.sleep(1)
                engine = program.window.context.engine
                found.append(await measure(engine, profile.database, big, small))
        finally:
            program.stop()
        return await life

    event_loop.run(run(), application)
    return found[0]


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
