"""From files to audiences, with the real store."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import (
    Basis,
    CellRemark,
    FileCounts,
    InvalidRow,
    RowKind,
    RowProblem,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.events import AudiencesChanged, ImportAdvanced
from invite_desktop.engine.ports.files import ImportFile, PersonRow, ReadOptions
from tests.store.setting import select

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.engine.ports.files import ReadRow
    from tests.fakes.house import House


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("guests.csv", "friends.csv"):
        (tmp_path / name).write_text(name)
    return tmp_path


def rows_of(prefix: str, count: int) -> list[ReadRow]:
    return [PersonRow(i, PersonKeys(f"{prefix}_{i:05}")) for i in range(1, count + 1)]


async def test_several_files_make_one_audience(house: House, folder: Path):
    house.files.rows = {
        "guests.csv": [*rows_of("guest", 3), InvalidRow(4, "x", RowProblem.NO_KEY)],
        "friends.csv": [*rows_of("guest", 1), *rows_of("friend", 2)],
    }
    files = [folder / "guests.csv", folder / "friends.csv"]
    report = await house.engine.imports.run(files, Basis.CUSTOMERS)
    counts = report.counts
    assert counts.adds_up
    assert (counts.read, counts.new, counts.duplicate, counts.invalid) == (7, 5, 1, 1)
    assert (report.audience.name, report.audience.people) == ("guests", 5)
    assert report.files == ("guests.csv", "friends.csv")
    assert AudiencesChanged() in house.events
    assert (await house.engine.imports.report(report.import_id)).invalid_rows[0].number == 4
    assert [r.import_id for r in await house.engine.imports.history()] == [report.import_id]


async def test_the_rows_of_several_files_keep_their_file(house: House, folder: Path):
    late = [InvalidRow(9, "x", RowProblem.NO_KEY), PersonRow(10, PersonKeys("friend_10"))]
    house.files.rows = {"guests.csv": rows_of("guest", 3), "friends.csv": late}
    files = [folder / "guests.csv", folder / "friends.csv"]
    report = await house.engine.imports.run(files, Basis.CUSTOMERS)
    assert report.by_file == (
        FileCounts("guests.csv", 3, 3, 0, 0),
        FileCounts("friends.csv", 2, 1, 0, 1),
    )
    (invalid,) = await house.engine.imports.rows(report.import_id, RowKind.INVALID)
    assert (invalid.number, invalid.file) == (9, "friends.csv")
    new = await house.engine.imports.rows(report.import_id, RowKind.NEW)
    assert [(row.number, row.file) for row in new] == [
        *((number, "guests.csv") for number in (1, 2, 3)),
        (10, "friends.csv"),
    ]


async def test_an_empty_file_among_several_brings_nothing(house: House, folder: Path):
    house.files.rows = {"guests.csv": [], "friends.csv": rows_of("friend", 2)}
    files = [folder / "guests.csv", folder / "friends.csv"]
    report = await house.engine.imports.run(files, Basis.CUSTOMERS)
    assert [counts.read for counts in report.by_file] == [0, 2]


async def test_every_file_is_read_in_its_own_way(house: House, folder: Path):
    asked: list[ReadOptions] = []
    house.files.rows = {"guests.csv": rows_of("guest", 1)}
    read = house.files.read
    house.files.read = lambda path, options: asked.append(options) or read(path, options)
    path = folder / "guests.csv"
    sheets = [ImportFile(path, ReadOptions(sheet=sheet)) for sheet in ("May", "June")]
    report = await house.engine.imports.run(sheets, Basis.CUSTOMERS, source="Webinar")
    assert [options.sheet for options in asked] == ["May", "June"]
    assert report.files == ("guests.csv · May", "guests.csv · June")
    assert (report.audience.source, report.counts.duplicate) == ("Webinar", 1)


async def test_remarks_are_counted_and_kept_beside_the_rows(house: House, folder: Path):
    remark = CellRemark(2, "Согласие", "позже", RowProblem.BAD_DATE)
    anna = PersonRow(2, PersonKeys("anna_k"), remarks=(remark,))
    house.files.rows = {"guests.csv": [anna, InvalidRow(3, "x", RowProblem.NO_KEY)]}
    report = await house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    assert (report.counts.remarks, report.counts.invalid) == (1, 1)
    assert report.counts.adds_up
    (kept,) = await house.engine.imports.remarks(report.import_id)
    assert (kept.number, kept.file, kept.content, kept.problem) == (
        *(2, "guests.csv"),
        *("Согласие: позже", RowProblem.BAD_DATE),
    )
    assert [row.number for row in report.invalid_rows] == [3]
    path = folder / "rows.csv"
    assert await house.engine.exports.import_rows(report.import_id, (), path, remarks=True) == 1


async def test_the_name_may_be_chosen(house: House, folder: Path):
    house.files.rows = {"guests.csv": rows_of("guest", 1)}
    report = await house.engine.imports.run([folder / "guests.csv"], Basis.TEAM, " Team ")
    assert report.audience.name == "Team"


async def test_the_same_file_again_makes_no_second_audience(house: House, folder: Path):
    house.files.rows = {"guests.csv": rows_of("guest", 3)}
    for _ in range(2):
        report = await house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    assert report.counts.duplicate == 3
    assert len(await house.engine.audiences.all()) == 1


@pytest.mark.parametrize(
    ("basis", "options", "text"),
    [
        (Basis.TEAM, ReadOptions(), "guests.csv"),
        (Basis.CUSTOMERS, ReadOptions(region="DE"), "guests.csv"),
        (Basis.CUSTOMERS, ReadOptions(), "changed"),
    ],
)
async def test_another_basis_reading_or_content_is_another_import(
    house: House, folder: Path, basis: Basis, options: ReadOptions, text: str
):
    house.files.rows = {"guests.csv": rows_of("guest", 3)}
    first = await house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    (folder / "guests.csv").write_text(text)
    second = await house.engine.imports.run([folder / "guests.csv"], basis, "", options)
    assert second.import_id != first.import_id
    assert second.audience.id != first.audience.id


async def test_a_file_that_is_gone_is_refused_in_words(house: House, folder: Path):
    with pytest.raises(KnownError, match=r"nothing\.csv"):
        await house.engine.imports.run([folder / "nothing.csv"], Basis.CUSTOMERS)


async def test_nothing_to_import_is_refused(house: House):
    with pytest.raises(KnownError):
        await house.engine.imports.run([], Basis.CUSTOMERS)


async def test_rows_are_read_away_from_the_loop_and_progress_is_told(house: House, folder: Path):
    readers = set()

    def read(*_args: object) -> Iterator[ReadRow]:
        for row in rows_of("guest", 3000):
            readers.add(threading.current_thread())
            yield row

    house.files.read = read
    await house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    assert readers
    assert threading.main_thread() not in readers
    told = [event.rows for event in house.events if isinstance(event, ImportAdvanced)]
    assert told == sorted(told)
    assert 0 < len(told) < 20


async def test_a_cancelled_import_leaves_nothing_behind(house: House, folder: Path):
    begun, go_on = threading.Event(), threading.Event()

    def read(*_args: object) -> Iterator[ReadRow]:
        for row in rows_of("guest", 20_000):
            yield row
            if row.number == 10:
                begun.set()
                go_on.wait(10)

    house.files.read = read
    importing = asyncio.ensure_future(
        house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    )
    await asyncio.to_thread(begun.wait, 10)
    importing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await house.engine.audiences.all() == []
    assert await house.engine.imports.history() == []


async def test_a_preview_is_what_the_reader_says(house: House, folder: Path):
    preview = await house.engine.imports.preview(folder / "guests.csv")
    assert preview.path == folder / "guests.csv"


async def test_an_audience_can_be_looked_through(house: House):
    audience = await house.audience(house.people(5))
    names = [p.keys.username for p in await house.engine.audiences.people(audience, 1, 2)]
    assert names == ["guest_0001", "guest_0002"]
    assert (await house.engine.audiences.use_of(audience, None)).usable == 5


async def test_cancel_answers_at_once_while_a_big_file_is_stored(house: House, folder: Path):
    house.files.rows = {"guests.csv": rows_of("guest", 40_000)}
    importing = asyncio.ensure_future(
        house.engine.imports.run([folder / "guests.csv"], Basis.CUSTOMERS)
    )
    stored = "SELECT count(*) FROM people"
    while (await select(house.store, stored))[0][0] == 0:  # noqa: ASYNC110 - a thread tells nobody
        await asyncio.sleep(0.005)
    began = time.perf_counter()
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert time.perf_counter() - began < 0.3
    assert await house.engine.audiences.all() == []
    assert await house.engine.imports.history() == []
    await house.store.audiences.idle()
    assert await select(house.store, stored) == [(0,)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "circle"])
async def test_what_is_no_file_is_not_waited_for(house: House, folder: Path, kind: str):
    place = folder / "odd.csv"
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(place)
    with pytest.raises(KnownError, match=r"odd\.csv cannot be opened"):
        await house.engine.imports.run([place], Basis.CUSTOMERS)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
async def test_a_file_whose_name_is_no_text_is_imported(house: House, folder: Path):
    name = os.fsdecode(b"\xff guests.csv")
    (folder / name).write_text("x")
    house.files.rows = {name: rows_of("guest", 3)}
    report = await house.engine.imports.run([folder / name], Basis.CUSTOMERS)
    assert report.files == ("? guests.csv",)
    assert report.audience.name == "? guests"
