"""Measures work with big audiences: ``python -m tests.benchmarks.audiences [PEOPLE [MERGES]]``.

Some two minutes on a quiet machine. People are found letter by letter and sorted by every column,
while short questions are asked beside it. Then imports that merge two people in every row, undos,
and people who leave audiences, come back or make new ones; beside each of them a ledger's write is
made again and again, to see how long one has to wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.engine.ports.audiences import NewAudience, PeopleQuery, PeopleSort
from invite_desktop.engine.ports.files import FileRows, ImportFile, ReadOptions
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.importing.people_files import FilesOfPeople
from invite_desktop.store.store import Store
from tests.benchmarks.engine_figures import Figure
from tests.benchmarks.imports import LONGEST_WAIT, indexed, write_csv, written_beside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable

    from invite_desktop.domain.audiences import ImportReport

LONGEST_SEARCH, LONGEST_SORT, LONGEST_READ = 1.0, 3.0, 0.1
"""Seconds: of one letter's answer, of an order, and of a short question beside them."""

TYPED = ("и", "им", "имя ф", "user_00", "user_00123", "+790001", "12345", "nobody at all")

_T = TypeVar("_T")


@dataclass
class Bench:
    """One store, and what was measured on it."""

    store: Store
    folder: Path
    figures: list[Figure] = field(default_factory=list)

    async def asked(self, words: str, question: Awaitable[object], most: float) -> None:
        """Note how long a question takes, and a short one beside it."""
        async with self._read_beside() as reads:
            began = time.perf_counter()
            await question
            took = time.perf_counter() - began
        read = max(reads, default=0.0)
        self._tell(
            Figure(
                f"{words}: {took * 1000:.0f} ms (at most {most * 1000:.0f}); a short question "
                f"beside it {read * 1000:.0f} ms (at most {LONGEST_READ * 1000:.0f})",
                took <= most and read <= LONGEST_READ,
            )
        )

    async def changed(self, words: str, work: Awaitable[_T]) -> _T:
        """Note how long another write has to wait while something is done."""
        async with written_beside(self.store) as waits:
            began = time.perf_counter()
            answer = await work
            took = time.perf_counter() - began
        wait = max(waits, default=0.0)
        self._tell(
            Figure(
                f"{words}: {took:.1f} s; longest wait of another write {wait * 1000:.0f} ms "
                f"(at most {LONGEST_WAIT * 1000:.0f})",
                wait <= LONGEST_WAIT,
            )
        )
        return answer

    def _tell(self, figure: Figure) -> None:
        self.figures.append(figure)
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()

    async def imported(self, path: Path) -> ImportReport:
        """Import a list."""
        name, now = path.name, datetime.now(UTC)
        new = NewImport(path.stem, Basis.CUSTOMERS, name, (name,), name, now)
        rows = FileRows(FilesOfPeople(), (ImportFile(path, ReadOptions()),))
        audiences = self.store.audiences
        return await audiences.import_people(new, rows, lambda _: None, lambda: False)

    def list_of(self, name: str, header: str, rows: Iterable[str]) -> Path:
        """Write a list."""
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return path

    @contextlib.asynccontextmanager
    async def _read_beside(self) -> AsyncIterator[list[float]]:
        reads: list[float] = []

        async def read() -> None:
            while True:
                began = time.perf_counter()
                await self.store.audiences.audience_names()
                reads.append(time.perf_counter() - began)
                await asyncio.sleep(0.01)

        reading = asyncio.ensure_future(read())
        try:
            yield reads
        finally:
            reading.cancel()


async def look(bench: Bench, audience_id: int) -> None:
    """Find and sort people."""
    ids = bench.store.audiences.person_ids
    for text in TYPED:
        query = PeopleQuery(text=text)
        await bench.asked(f"search of “{text}”", ids(audience_id, query), LONGEST_SEARCH)
    for sort in PeopleSort:
        query = PeopleQuery(sort=sort)
        await bench.asked(f"order by {sort}", ids(audience_id, query), LONGEST_SORT)


async def merge(bench: Bench, merges: int) -> None:
    """Make one person of two, over and over, and take it back."""
    phones = [f"+7955{number:07d}" for number in range(merges)]
    names = [f"merged_{number:07d}x" for number in range(merges)]
    both = [",".join(pair) for pair in zip(phones, names, strict=True)]
    await bench.imported(bench.list_of("phones", "phone", phones))
    await bench.imported(bench.list_of("names", "username", names))
    await indexed(bench.store)
    links = bench.list_of("links", "phone,username", both)
    report = await bench.changed(f"import of {merges:,} merges", bench.imported(links))
    undo = bench.store.audiences.undo_import(report.import_id, datetime.now(UTC))
    await bench.changed("undo of the merges", undo)


async def change(bench: Bench, path: Path, first: ImportReport) -> None:
    """Move everybody to and fro."""
    audiences, audience = bench.store.audiences, first.audience.id

    def new(name: str) -> NewAudience:
        return NewAudience(name, Basis.CUSTOMERS, "", Origin.AUDIENCE, datetime.now(UTC))

    everybody = await audiences.person_ids(audience, PeopleQuery())
    half = everybody[::2]
    await bench.changed("unite or subtract", audiences.make_audience(new("All"), everybody))
    removed = await bench.changed("remove half", audiences.remove_people(audience, half))
    await bench.changed("put them back", audiences.put_back(removed))
    split = await bench.changed("split", audiences.split_audience(audience, new("Half"), half))
    await bench.changed("take the split back", audiences.unsplit_audience(split))
    await audiences.remove_people(audience, everybody)
    again = await bench.changed("import of all who were removed", bench.imported(path))
    for words, report in (("undo of that", again), ("undo of the first import", first)):
        undo = audiences.undo_import(report.import_id, datetime.now(UTC))
        await bench.changed(words, undo)


async def measure(folder: Path, people: int, merges: int) -> list[Figure]:
    """Do everything once; return what came out."""
    path = folder / "people.csv"
    write_csv(path, people, mixed=True)
    bench = Bench(Store.open(folder / "store.db"), folder)
    try:
        first = await bench.imported(path)
        await indexed(bench.store)
        await look(bench, first.audience.id)
        await merge(bench, merges)
        await change(bench, path, first)
    finally:
        bench.store.close()
    return bench.figures


def main(people: int = 1_000_000, merges: int = 20_000) -> bool:
    """Print the measurements; return whether all of them keep their limits."""
    with tempfile.TemporaryDirectory() as name:
        figures = asyncio.run(measure(Path(name), people, merges))
    return all(figure.holds for figure in figures)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
