"""Measures imports: ``python -m tests.benchmarks.imports [CSV_ROWS [XLSX_ROWS [ROUNDS]]]``.

Some five minutes on a quiet machine. A CSV file is imported beside the ``sqlite3`` command-line
tool, which puts the same file into a table with the same three unique indexes; the import also
reads, normalises and reports. While it is stored, a ledger's write is made again and again, to see
how long one has to wait. Tool and import take turns, and medians are compared: other programs
disturb both. The seconds of processors say what is spent, also where others kept us waiting; memory
is that of all our processes together. Then the same once with a list in which each key comes in an
order of its own, so that no index has two rows after each other in one place. A workbook is read
and normalised beside python-calamine reading it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from invite_desktop.domain.audiences import Basis
from invite_desktop.engine.ports.files import FileRows, ImportFile, ReadOptions
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.importing.people_files import FilesOfPeople
from invite_desktop.store.store import Store
from tests.benchmarks.engine_figures import Figure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from invite_desktop.domain.audiences import ImportCounts

DUPLICATES, INVALID = 0.02, 0.01
MOST_TIMES_SQLITE, MOST_TIMES_CALAMINE, MOST_MEGABYTES = 6.0, 3.0, 600.0
LONGEST_WAIT = 0.25
"""Seconds that a write of the ledger may wait for an import."""

MOST_OF_THE_FIRST = 1.0
"""Times of the first import that the second one may take; medians differ by a twentieth."""

CREATE = (
    "CREATE TABLE people (username TEXT UNIQUE, phone TEXT UNIQUE, user_id INTEGER UNIQUE, name)"
)
HEADER = ["username", "phone", "user_id", "name"]


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: its time and its processors' in seconds, its counts, and another write's wait."""

    seconds: float
    processor_seconds: float
    counts: ImportCounts
    longest_wait: float


class Memory:
    """The most memory that this process and its children held together while it was watched."""

    def __init__(self) -> None:
        self.most = 0
        self._stopped = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def __enter__(self) -> Memory:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._watching.join()

    @property
    def megabytes(self) -> float:
        return self.most / 1024**2

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._stopped.wait(0.1):
            held = 0
            for process in (me, *me.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    held += process.memory_info().rss
            self.most = max(self.most, held)


def people_rows(count: int, *, mixed: bool = False) -> Iterator[list[str]]:
    """Yield rows of made-up people: some repeat an earlier one, some name nobody.

    ``mixed``: each of the keys comes in an order of its own.
    """
    chance = random.Random(1)
    kept: list[list[str]] = []
    names, phones, ids = (
        chance.sample(range(count), count) if mixed else range(count) for _ in range(3)
    )
    for number, key in enumerate(zip(names, phones, ids, strict=True)):
        fate = chance.random()
        if fate < INVALID:
            yield ["!!", "12", "-5", "nobody"]
        elif fate < INVALID + DUPLICATES and kept:
            yield chance.choice(kept)
        else:
            phone, user_id = f"+79{key[1]:09d}", str(100_000_000 + key[2] * 7)
            row = [f"user_{key[0]:07d}x", phone, user_id, f"Имя Фамилия{number}"]
            if chance.random() < 0.01:
                kept.append(row)
            yield row


def write_csv(path: Path, count: int, *, mixed: bool = False) -> None:
    """Write a CSV file of made-up people."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(people_rows(count, mixed=mixed))


def write_xlsx(path: Path, count: int) -> None:
    """Write a workbook of made-up people."""
    import xlsxwriter  # noqa: PLC0415 - only the second half needs it

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(people_rows(count), 1):
            sheet.write_row(number, 0, row)


def time_of_sqlite_tool(path: Path, folder: Path) -> float:
    """Return the seconds in which the command-line tool imports the file."""
    tool = shutil.which("sqlite3")
    if tool is None:
        raise SystemExit("the sqlite3 command-line tool is needed")
    command = [
        tool,
        str(folder / "tool.db"),
        CREATE,
        ".mode csv",
        f".import --skip 1 {path} people",
    ]
    began = time.perf_counter()
    subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


@contextlib.asynccontextmanager
async def written_beside(store: Store) -> AsyncIterator[list[float]]:
    """Write as the ledger would while the block runs; the list gets the seconds of each write."""
    waits: list[float] = []

    async def write_beside() -> None:
        while True:
            began = time.perf_counter()
            await store.database.write(
                lambda db: db.execute_sql(
                    "UPDATE people_search_state SET last_person = last_person"
                )
            )
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)

    beside = asyncio.ensure_future(write_beside())
    try:
        yield waits
    finally:
        beside.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beside


async def import_once(store: Store, path: Path) -> Imported:
    """Import the file once, and write beside it as the ledger would."""
    new = NewImport("Guests", Basis.CUSTOMERS, path.name, (path.name,), "x", datetime.now(UTC))
    rows = FileRows(FilesOfPeople(), (ImportFile(path, ReadOptions()),))
    async with written_beside(store) as waits:
        began, before = time.perf_counter(), processor_seconds()
        report = await store.audiences.import_people(new, rows, lambda _: None, lambda: False)
        seconds, spent = time.perf_counter() - began, processor_seconds() - before
    return Imported(seconds, spent, report.counts, max(waits))


async def import_twice(path: Path, folder: Path) -> tuple[Imported, Imported]:
    """Import the file into an empty store, and once more when the search index has followed."""
    store = Store.open(folder / "store.db")
    try:
        first = await import_once(store, path)
        await indexed(store)
        return first, await import_once(store, path)
    finally:
        store.close()


async def indexed(store: Store) -> None:
    """Wait until everybody can be found by the search."""
    sql = "SELECT last_person = (SELECT max(id) FROM people) FROM people_search_state"
    while not await store.database.read(lambda db: db.execute_sql(sql).fetchone()[0]):  # noqa: ASYNC110 - the index tells nobody
        await asyncio.sleep(0.2)


def times_of_workbook(path: Path) -> tuple[float, float]:
    """Return the seconds of python-calamine alone, and of our reader with all its judgement."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only the second half needs it

    began = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    bare = time.perf_counter() - began
    began = time.perf_counter()
    for _ in FilesOfPeople().read(path, ReadOptions()):
        pass
    return bare, time.perf_counter() - began


def processor_seconds() -> float:
    """Return what this process and its ended children have used of the processors until now."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def csv_figures(name: str, path: Path, folder: Path, rounds: int) -> list[Figure]:
    """Import a file after the tool, twice, so many times; return what came out."""
    tools, tool_spent, firsts, seconds = [], [], [], []
    for number in range(rounds):
        here = folder / f"{path.stem}_{number}"
        here.mkdir()
        before = processor_seconds()
        tools.append(time_of_sqlite_tool(path, here))
        tool_spent.append(processor_seconds() - before)
        first, second = asyncio.run(import_twice(path, here))
        firsts.append(first)
        seconds.append(second)
        shutil.rmtree(here)
    tool = median(tools)
    took, again = (median(one.seconds for one in some) for some in (firsts, seconds))
    spent, spent_again = (
        median(one.processor_seconds for one in some) for some in (firsts, seconds)
    )
    wait = max(one.longest_wait for one in (*firsts, *seconds))
    most, bound = MOST_TIMES_SQLITE, LONGEST_WAIT * 1000
    repeats = f"{again / took:.2f} of the first (at most {MOST_OF_THE_FIRST:.0f})"
    return [
        Figure(f"{name}, medians of {rounds}: {firsts[0].counts}", firsts[0].counts.adds_up),
        Figure(
            f"  import {took:.1f} s, sqlite3 tool {tool:.1f} s: ratio {took / tool:.2f} "
            f"(at most {most:.0f}); of processors {spent:.1f} s and {median(tool_spent):.1f} s: "
            f"{spent / median(tool_spent):.2f}",
            took <= tool * most,
        ),
        Figure(
            f"  second import {again:.1f} s: {repeats}; of processors {spent_again:.1f} s: "
            f"{spent_again / spent:.2f}",
            again <= took * MOST_OF_THE_FIRST * 1.05,
        ),
        Figure(
            f"  longest wait of another write {wait * 1000:.0f} ms (at most {bound:.0f})",
            wait <= LONGEST_WAIT,
        ),
    ]


def told(figures: list[Figure]) -> list[Figure]:
    """Print figures as soon as they are known."""
    sys.stdout.write("\n".join(map(str, figures)) + "\n")
    sys.stdout.flush()
    return figures


def main(csv_rows: int = 1_000_000, xlsx_rows: int = 200_000, rounds: int = 3) -> bool:
    """Print the measurements; return whether all of them keep their limits."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name, Memory() as memory:
        folder = Path(name)
        for words, mixed in (("in order", False), ("keys in no order", True)):
            path = folder / f"people_{mixed}.csv"
            write_csv(path, csv_rows, mixed=mixed)
            title = f"CSV, {csv_rows:,} rows, {words}"
            figures += told(csv_figures(title, path, folder, 1 if mixed else rounds))
        peak = memory.megabytes
        write_xlsx(folder / "people.xlsx", xlsx_rows)
        bare, ours = times_of_workbook(folder / "people.xlsx")
    figures += told(
        [
            Figure(
                f"peak memory of all processes {peak:.0f} MB (under {MOST_MEGABYTES:.0f})",
                peak < MOST_MEGABYTES,
            ),
            Figure(
                f"XLSX, {xlsx_rows:,} rows: ours {ours:.2f} s, calamine {bare:.2f} s: "
                f"ratio {ours / bare:.2f} (at most {MOST_TIMES_CALAMINE:.0f})",
                ours <= bare * MOST_TIMES_CALAMINE,
            ),
        ]
    )
    return all(figure.holds for figure in figures)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
