from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing import active_children
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.files import FileRows, ImportFile, ReadOptions
from invite_desktop.store import import_process
from tests.store.setting import new_import, people, person, select

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.store.store import Store


@dataclass
class NumberedPeople:
    """Files whose rows come from nowhere; then something happens in the reading process."""

    rows: int = 12_000
    fate: str = "end"

    def preview(self, *_: object) -> None:
        raise NotImplementedError

    def phone(self, *_: object) -> None:
        raise NotImplementedError

    def read(self, path: Path, options: ReadOptions) -> Iterator[ReadRow]:
        del path, options
        yield from people(self.rows)
        match self.fate:
            case "broken":
                raise KnownError(message("The file ends in the middle."))
            case "bug":
                raise ZeroDivisionError("a bug of ours")
            case "killed":
                os.kill(os.getpid(), signal.SIGTERM)
            case "exit":
                os._exit(1)
            case "bomb":
                yield person(1, "nobody", extra={"all": "x" * 3 * 1024**3})
            case "endless":
                while True:
                    time.sleep(0.1)


@pytest.fixture(autouse=True)
def _every_file_is_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_process, "BIG_FILE", 0)


async def imported(store: Store, path: Path, files: NumberedPeople) -> ImportReport:
    await asyncio.to_thread(path.touch)
    rows = FileRows(files, (ImportFile(path, ReadOptions()),) * 2)  # type: ignore[arg-type]
    return await store.audiences.import_people(new_import(), rows, lambda _: None, lambda: False)


async def nothing_stored(store: Store) -> bool:
    await store.audiences.idle()
    sql = "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM imports)"
    return await select(store, sql) == [(0, 0)]


async def test_rows_of_another_process_become_an_audience(store: Store, tmp_path: Path):
    counts = (await imported(store, tmp_path / "people", NumberedPeople())).counts
    assert (counts.read, counts.new, counts.duplicate) == (24_000, 12_000, 12_000)
    assert counts.adds_up
    assert active_children() == []


async def test_a_file_that_breaks_off_far_into_it_leaves_nothing(store: Store, tmp_path: Path):
    with pytest.raises(KnownError, match="ends in the middle"):
        await imported(store, tmp_path / "people", NumberedPeople(fate="broken"))
    assert await nothing_stored(store)


async def test_a_bug_of_the_reader_stays_a_bug(store: Store, tmp_path: Path):
    with pytest.raises(ZeroDivisionError, match="of ours"):
        await imported(store, tmp_path / "people", NumberedPeople(fate="bug"))
    assert await nothing_stored(store)


async def test_a_process_that_cannot_work_is_a_bug(store: Store, tmp_path: Path):
    with pytest.raises(RuntimeError, match="could not do its work"):
        await imported(store, tmp_path / "people", NumberedPeople(rows=0, fate="exit"))
    assert await nothing_stored(store)


only_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits memory nowhere else")


@pytest.mark.parametrize("fate", ["killed", pytest.param("bomb", marks=only_linux)])
async def test_a_file_that_ends_its_process_is_explained(store: Store, tmp_path: Path, fate: str):
    with pytest.raises(KnownError, match=r"guests\.csv was cut off") as caught:
        await imported(store, tmp_path / "people", NumberedPeople(fate=fate))
    assert caught.value.next_step is not None
    assert await nothing_stored(store)


async def test_leaving_ends_the_process(store: Store, tmp_path: Path):
    files = NumberedPeople(fate="endless")
    importing = asyncio.ensure_future(imported(store, tmp_path / "people", files))
    while not (await select(store, "SELECT count(*) FROM people"))[0][0]:  # noqa: ASYNC110 - a thread tells nobody
        await asyncio.sleep(0.01)
    assert len(active_children()) == 1
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await nothing_stored(store)
    assert active_children() == []
