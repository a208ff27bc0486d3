"""Measures reports: ``python -m tests.benchmarks.reports [PEOPLE]``.

A task of so many people (100 000), and its execution log of two calls for each of them, are saved
in every format from a store of its own. Said are the pauses of the window's loop, the processor
time, and the memory on top of what was there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from invite_desktop.app import event_loop
from invite_desktop.app.paths import Profile
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.reports import REPORT_SUFFIXES
from invite_desktop.store.store import Store
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.ui.translations import load_translator
from tests.benchmarks.loop_probe import LoopProbe
from tests.store.setting import account, imported, invite_task, people

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Coroutine, Sequence

    from tests.benchmarks.loop_probe import Stretches

_MEBIBYTE = 1 << 20


def main(given: Sequence[str]) -> int:
    """Print one line a format."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - after the platform is chosen

    application = QApplication([])
    return event_loop.run(_measure(int(given[0]) if given else 100_000), application)


async def _measure(count: int) -> int:
    with tempfile.TemporaryDirectory() as place:
        profile = Profile(Path(place))
        await _prepare(profile, count)
        async with open_engine(Surroundings(profile, MemoryVault(), str, _fail)) as opened:
            russian = load_translator("ru")
            opened.engine.reports.speak(russian.text, russian.list_separator, "ru")
            probe = LoopProbe()
            opened.engine.exports.speak(russian.text, russian.list_separator)
            reports, exports = opened.engine.reports, opened.engine.exports
            for suffix in REPORT_SUFFIXES:
                await _save(probe, partial(reports.task, 1), Path(place) / f"report{suffix}")
            for suffix in (".xlsx", ".csv"):
                save = partial(exports.log, LedgerFilter())
                await _save(probe, save, Path(place) / f"log{suffix}")
    return 0


async def _prepare(profile: Profile, count: int) -> None:
    store = Store.open(profile.database)
    try:
        report = await imported(store, people(count))
        await invite_task(store, report.audience.id)
        await account(store)
        await store.database.write(lambda database: _call_everybody(database.connection()))
    finally:
        store.close()


def _call_everybody(connection: sqlite3.Connection) -> None:
    """Write a look-up and an invitation for everybody, as a run does."""
    for action, outcome in (("look_up", "found"), ("invite", "invited")):
        connection.execute(
            "INSERT INTO attempts (task_id, target_id, person_id, account_id, action, started_at, "
            "random_id, ended_at, outcome, detail) SELECT task_id, id, person_id, 1, ?, "
            "1764000000000000 + id * 1000000, 0, 1764000000000000 + id * 1000000, ?, '' "
            "FROM targets",
            (action, outcome),
        )


async def _save(
    probe: LoopProbe, save: Callable[[Path], Coroutine[Any, Any, int]], path: Path
) -> None:
    memory, began = psutil.Process().memory_info().rss, time.process_time()
    with probe.phase(path.name) as loop:
        rows = await save(path)
    cost = time.process_time() - began
    more = (psutil.Process().memory_info().rss - memory) / _MEBIBYTE
    _say(loop, rows, cost, more, path)


def _say(loop: Stretches, rows: int, cost: float, more: float, path: Path) -> None:
    size = path.stat().st_size / _MEBIBYTE
    sys.stdout.write(
        f"{loop}\n    {rows:,} rows, {cost:.1f} s of the processor, "
        f"{more:+.0f} MiB in memory, {size:.1f} MiB on the disk\n"
    )


def _fail(error: BaseException) -> None:
    raise error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
