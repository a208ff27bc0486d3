"""Measures imports: ``python -m tests.benchmarks.imports [CSV_ROWS [XLSX_ROWS]]``.

A CSV file is imported beside the ``sqlite3`` command-line tool, which puts the same file into a
table with the same three unique indexes; the import also reads, normalises and reports. While it is
stored, a ledger's write is made again and again, to see how long one has to wait. A workbook is
read and normalised beside python-calamine reading it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis
from invite_desktop.engine.ports.files import FileRows, ImportFile, ReadOptions
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.importing.people_files import FilesOfPeople
from invite_desktop.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.domain.audiences import ImportCounts

DUPLICATES, INVALID = 0.02, 0.01
MOST_TIMES_SQLITE, MOST_TIMES_CALAMINE, MOST_MEGABYTES = 6.0, 3.0, 600.0
LONGEST_WAIT = 0.1
"""Seconds that a write of the ledger may wait for an import."""

CREATE = (
    "CREATE TABLE people (username TEXT UNIQUE, phone TEXT UNIQUE, user_id INTEGER UNIQUE, name)"
)
HEADER = ["username", "phone", "user_id", "name"]


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: its time in seconds, its counts, and the longest wait of another write."""

    seconds: float
    counts: ImportCounts
    longest_wait: float


def people_rows(count: int) -> Iterator[list[str]]:
    """Yield rows of made-up people: some repeat an earlier one, some name nobody."""
    chance = random.Random(1)
    kept: list[list[str]] = []
    for number in range(count):
        fate = chance.random()
        if fate < INVALID:
            yield ["!!", "12", "-5", "nobody"]
        elif fate < INVALID + DUPLICATES and kept:
            yield chance.choice(kept)
        else:
            phone, user_id = f"+79{number:09d}", str(100_000_000 + number * 7)
            row = [f"user_{number:07d}x", phone, user_id, f"Имя Фамилия{number}"]
            if chance.random() < 0.01:
                kept.append(row)
            yield row


def write_csv(path: Path, count: int) -> None:
    """Write a CSV file of made-up people."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(people_rows(count))


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


async def import_once(store: Store, path: Path) -> Imported:
    """Import the file once, and write beside it as the ledger would."""
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

    new = NewImport("Guests", Basis.CUSTOMERS, path.name, (path.name,), "x", datetime.now(UTC))
    rows = FileRows(FilesOfPeople(), (ImportFile(path, ReadOptions()),))
    beside = asyncio.ensure_future(write_beside())
    began = time.perf_counter()
    report = await store.audiences.import_people(new, rows, lambda _: None, lambda: False)
    seconds = time.perf_counter() - began
    beside.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beside
    return Imported(seconds, report.counts, max(waits))


async def import_twice(path: Path, folder: Path) -> tuple[Imported, Imported]:
    """Import the file into an empty store, and once more when the search index has followed."""
    store = Store.open(folder / "store.db")
    try:
        first = await import_once(store, path)
        while not await _is_indexed(store):  # noqa: ASYNC110 - the index tells nobody
            await asyncio.sleep(0.2)
        return first, await import_once(store, path)
    finally:
        store.close()


async def _is_indexed(store: Store) -> bool:
    sql = "SELECT last_person = (SELECT max(id) FROM people) FROM people_search_state"
    return bool(await store.database.read(lambda db: db.execute_sql(sql).fetchone()[0]))


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


def megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(csv_rows: int = 1_000_000, xlsx_rows: int = 200_000) -> bool:
    """Print the measurements; return whether all of them keep their limits."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "people.csv"
        write_csv(path, csv_rows)
        tool = time_of_sqlite_tool(path, folder)
        first, second = asyncio.run(import_twice(path, folder))
        peak = megabytes()
        write_xlsx(folder / "people.xlsx", xlsx_rows)
        bare, ours = times_of_workbook(folder / "people.xlsx")
    wait = max(first.longest_wait, second.longest_wait)
    lines = [
        f"CSV, {csv_rows:,} rows: {first.counts}",
        f"sqlite3 tool {tool:.1f} s, import {first.seconds:.1f} s, again {second.seconds:.1f} s",
        f"ratio {first.seconds / tool:.2f} (at most {MOST_TIMES_SQLITE})",
        f"ratio of the second import {second.seconds / first.seconds:.2f} (at most 1)",
        f"peak memory {peak:.0f} MB (under {MOST_MEGABYTES:.0f})",
        f"longest wait of another write {wait * 1000:.0f} ms (about {LONGEST_WAIT * 1000:.0f})",
        f"XLSX, {xlsx_rows:,} rows: calamine {bare:.2f} s, ours {ours:.2f} s",
        f"ratio {ours / bare:.2f} (at most {MOST_TIMES_CALAMINE})",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return (
        first.seconds <= tool * MOST_TIMES_SQLITE
        and second.seconds <= first.seconds * 1.05
        and peak < MOST_MEGABYTES
        and ours <= bare * MOST_TIMES_CALAMINE
    )


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
