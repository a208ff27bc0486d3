from __future__ import annotations

import asyncio
import itertools
import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, ImportCounts, InvalidRow, RowProblem
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.people import PersonKeys
from invite_desktop.store import audience_repository, import_reading
from invite_desktop.store.import_writer import ImportWriter
from tests.store.setting import (
    NOW,
    imported,
    later,
    new_import,
    people,
    person,
    select,
    small_slices,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.store.store import Store


@pytest.fixture(params=[(1, 5_000), (2, 1), (25_000, 5_000), (25_000, 2)], autouse=True)
def _batches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a batch and of its transactions must not be seen in any result."""
    batch_rows, slice_rows = request.param
    monkeypatch.setattr(import_reading, "BATCH_ROWS", batch_rows)
    small_slices(monkeypatch, slice_rows)


async def stored(store: Store, audience_id: int = 1) -> list[Person]:
    return list(await store.audiences.people(audience_id, 0, 1000))


async def counts(store: Store, *rows: ReadRow, fingerprint: str = "f") -> ImportCounts:
    found = (await imported(store, rows, fingerprint)).counts
    assert found.adds_up
    return found


async def test_a_new_file_becomes_an_audience(store: Store):
    report = await imported(store, people(3))
    assert report.counts == ImportCounts(read=3, new=3, by_username=3)
    assert (report.audience.name, report.audience.basis) == ("Guests", Basis.CUSTOMERS)
    assert (report.audience.source, report.files) == ("guests.csv", ("guests.csv",))
    assert (report.audience.people, report.finished_at) == (3, NOW)
    assert await store.audiences.audiences() == [report.audience]


async def test_people_keep_their_order_and_their_fields(store: Store):
    fields = {"full_name": "Анна Волкова", "first_name": "Анна", "last_name": "Волкова"}
    extra = {"город": "Тверь \"7\" \\ 'x'", "пусто": ""}
    await counts(
        store,
        person(1, "Boris"),
        person(2, "Anna_K", "+79001234567", 42, extra=extra, **fields),
    )
    boris, anna = await stored(store)
    assert boris.keys == PersonKeys("Boris")
    assert anna.keys == PersonKeys("Anna_K", "+79001234567", 42)
    assert (anna.full_name, anna.first_name, anna.last_name) == tuple(fields.values())
    assert anna.extra == {"город": "Тверь \"7\" \\ 'x'"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person(1, "Anna_K"), person(2, "anna_k")),
        (person(1, "anna_k", "+79001234567"), person(2, None, "+79001234567")),
        (person(1, "anna_k", telegram_id=42), person(2, telegram_id=42)),
        (person(1, telegram_id=42), person(2, "anna_k", telegram_id=42)),
    ],
)
async def test_any_shared_key_means_the_same_person(store: Store, first: ReadRow, second: ReadRow):
    found = await counts(store, first, second)
    assert (found.new, found.duplicate) == (1, 1)
    assert len(await stored(store)) == 1


async def test_a_repeated_row_fills_gaps_and_the_first_value_counts(store: Store):
    await counts(
        store,
        person(1, "anna_k", full_name="Анна", extra={"город": "Тверь"}),
        person(2, "anna_k", "+79001234567", full_name="Аня", extra={"город": "Омск", "id": "7"}),
    )
    (anna,) = await stored(store)
    assert anna.keys == PersonKeys("anna_k", "+79001234567")
    assert (anna.full_name, anna.extra) == ("Анна", {"город": "Тверь", "id": "7"})


async def test_a_row_that_links_two_rows_makes_them_one_person(store: Store):
    rows = person(1, "anna_k"), person(2, None, "+79001234567"), person(3, "anna_k", "+79001234567")
    found = await counts(store, *rows)
    assert found == ImportCounts(read=3, new=1, duplicate=2, by_username=1)
    assert [p.keys for p in await stored(store)] == [PersonKeys("anna_k", "+79001234567")]


async def test_a_known_person_with_nothing_new_is_a_duplicate(store: Store):
    row = person(1, "anna_k", "+79001234567", 42, full_name="Анна", extra={"город": "Тверь"})
    await counts(store, row)
    found = await counts(store, row, fingerprint="other")
    assert found == ImportCounts(read=1, duplicate=1, by_username=1)
    assert [len(await stored(store, audience_id)) for audience_id in (1, 2)] == [1, 1]


@pytest.mark.parametrize(
    "row",
    [
        person(1, "anna_k", "+79001234567"),
        person(1, "anna_k", telegram_id=42),
        person(1, "anna_k", full_name="Анна"),
        person(1, "anna_k", first_name="Анна"),
        person(1, "anna_k", last_name="Волкова"),
        person(1, "anna_k", extra={"город": "Омск"}),
    ],
)
async def test_a_known_person_with_something_new_is_updated(store: Store, row: ReadRow):
    await counts(store, person(1, "anna_k"))
    assert (await counts(store, row, fingerprint="2")).updated == 1
    assert (await counts(store, row, fingerprint="3")).duplicate == 1


async def test_later_files_add_and_do_not_overwrite(store: Store):
    await counts(store, person(1, "anna_k", full_name="Анна", extra={"город": "Тверь"}))
    row = person(1, "anna_k", full_name="Аня", extra={"город": "Омск", "скидка": "5"})
    await counts(store, row, fingerprint="2")
    (anna,) = await stored(store)
    assert (anna.full_name, anna.extra) == ("Анна", {"город": "Тверь", "скидка": "5"})


async def test_a_newer_username_is_used_and_the_older_one_still_known(store: Store):
    await counts(store, person(1, "anna_old", telegram_id=42))
    assert (
        await counts(store, person(1, "anna_new", telegram_id=42), fingerprint="2")
    ).updated == 1
    assert (
        await counts(store, person(1, "anna_new", telegram_id=42), fingerprint="3")
    ).updated == 0
    assert [p.keys.username for p in await stored(store)] == ["anna_new"]
    assert (await counts(store, person(1, "anna_old"), fingerprint="4")).duplicate == 1
    assert await select(store, "SELECT count(*) FROM people") == [(1,)]


async def test_several_keys_of_a_kind_in_one_file_are_all_hers(store: Store):
    await counts(store, person(1, "anna_k"))
    rows = person(1, "anna_k", "+79001234567"), person(2, "ANNA_K", "+79001234568")
    await counts(store, *rows, fingerprint="2")
    assert [p.keys.phone for p in await stored(store)] == ["+79001234567"]
    for phone in ("+79001234567", "+79001234568"):
        assert (await counts(store, person(1, None, phone), fingerprint=phone)).duplicate == 1


async def test_rows_that_name_nobody_are_counted_and_kept(store: Store):
    bad = InvalidRow(3, "-1001234567890", RowProblem.CHAT_ID)
    report = await imported(store, [person(1, "anna_k"), person(2), bad])
    assert report.counts == ImportCounts(read=3, new=1, invalid=2, by_username=1)
    assert report.invalid_rows == (InvalidRow(2, "", RowProblem.NO_KEY), bad)
    assert await store.audiences.import_report(report.import_id) == report


async def test_only_so_many_invalid_rows_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_reading, "MOST_INVALID_STORED", 2)
    rows = [InvalidRow(n, "x" * 9999, RowProblem.TOO_LONG) for n in range(5)]
    report = await imported(store, [*rows, person(6, "anna_k")])
    assert report.counts.invalid == 5
    assert [len(row.content) for row in report.invalid_rows] == [500, 500]


@pytest.mark.parametrize("rows", [[], [person(1)], [InvalidRow(1, "x", RowProblem.NO_KEY)]])
async def test_a_file_that_names_nobody_is_refused(store: Store, rows: list[ReadRow]):
    with pytest.raises(KnownError, match="Nobody could be recognised") as refused:
        await imported(store, rows)
    assert f"in guests.csv: {len(rows)} row" in str(refused.value.explanation)
    assert await store.audiences.audiences() == []
    assert await store.audiences.imports() == []


async def test_people_are_counted_by_their_strongest_key(store: Store):
    found = await counts(
        store,
        person(1, "anna_k", "+79001234567"),
        person(2, None, "+79001234568", 7),
        person(3, telegram_id=8),
        person(4, telegram_id=9),
    )
    assert (found.by_username, found.by_phone, found.by_id) == (1, 1, 2)


async def test_consent_is_kept_with_the_place_in_the_audience(store: Store):
    day = date(2025, 5, 17)
    await counts(
        store, person(1, "anna_k"), person(2, "anna_k", consent_date=day), person(3, "boris")
    )
    rows = await select(store, "SELECT consent_date FROM audience_people ORDER BY position")
    assert rows == [("2025-05-17",), (None,)]


# ---------------------------------------------------------------- do not contact


async def test_who_opted_out_is_counted_and_left_out(store: Store):
    await counts(store, person(1, "anna_k", "+79001234567"), person(2, "boris"))
    anna, _ = await stored(store)
    await store.audiences.do_not_contact(anna.id, "stop", NOW)
    rows = person(1, "anna_k"), person(2, None, "+79001234567"), person(3, "clara")
    found = await counts(store, *rows, fingerprint="2")
    assert found == ImportCounts(read=3, new=1, opted_out=2, by_username=1)
    assert [p.keys.username for p in await stored(store, 2)] == ["clara"]


async def test_the_list_outlives_the_person_and_learns_her_other_keys(store: Store):
    await counts(store, person(1, "anna_k"))
    (anna,) = await stored(store)
    await store.audiences.do_not_contact(anna.id, "stop", NOW)
    for sql in ("DELETE FROM audience_people", "DELETE FROM people"):
        await store.database.write(lambda database, sql=sql: database.execute_sql(sql))
    both = person(1, "anna_k", "+79001234567")
    found = await counts(store, both, person(2, "boris"), fingerprint="2")
    assert (found.opted_out, found.new) == (1, 1)
    assert await select(store, "SELECT username FROM people") == [("boris",)]
    only_phone = person(1, None, "+79001234567")
    assert (await counts(store, only_phone, person(2, "boris"), fingerprint="3")).opted_out == 1


async def test_opting_out_twice_is_no_error(store: Store):
    await counts(store, person(1, "anna_k"))
    for reason in ("stop", "by hand"):
        await store.audiences.do_not_contact(1, reason, NOW)
    assert await select(store, "SELECT reason FROM do_not_contact") == [("stop",)]


# ---------------------------------------------------------------- the same again, history


async def test_the_same_again_goes_into_the_same_audience(store: Store):
    first = await imported(store, people(3))
    second = await imported(store, people(3))
    assert second.audience == first.audience
    assert second.counts == ImportCounts(read=3, duplicate=3, by_username=3)
    assert [report.import_id for report in await store.audiences.imports()] == [2, 1]
    assert await store.audiences.import_with("f") == second


async def test_the_users_last_word_on_name_and_basis_counts(store: Store):
    await imported(store, people(1))
    again = new_import(name="Webinar", basis=Basis.TEAM)
    report = await store.audiences.import_people(again, people(1), lambda _: None, lambda: False)
    assert (report.audience.name, report.audience.basis) == ("Webinar", Basis.TEAM)


async def test_an_unknown_fingerprint_has_no_import(store: Store):
    assert await store.audiences.import_with("nothing") is None


async def test_an_undone_import_is_not_found(store: Store):
    await imported(store, people(1))
    undo = "UPDATE imports SET undone_at = 1"
    await store.database.write(lambda database: database.execute_sql(undo))
    assert await store.audiences.import_with("f") is None
    assert (await imported(store, people(1))).audience.id == 2


async def test_an_unknown_import_is_a_key_error(store: Store):
    with pytest.raises(KeyError):
        await store.audiences.import_report(99)


async def test_people_come_in_pages(store: Store):
    await imported(store, people(5))
    pages = [await store.audiences.people(1, offset, 2) for offset in (0, 2, 4, 6)]
    assert [[p.keys.username for p in page] for page in pages] == [
        ["person1", "person2"],
        ["person3", "person4"],
        ["person5"],
        [],
    ]


async def test_a_person_of_two_audiences_is_one_person(store: Store):
    await imported(store, people(3))
    await imported(store, [person(1, "PERSON2"), person(2, "clara")], "2")
    second = {p.id for p in await stored(store, 2)}
    assert len({p.id for p in await stored(store)} & second) == 1
    assert [audience.people for audience in await store.audiences.audiences()] == [2, 3]


# ---------------------------------------------------------------- all or nothing


async def nothing_stored(store: Store) -> bool:
    await store.audiences.idle()
    counts = await select(
        store,
        """
        SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM audiences),
            (SELECT count(*) FROM imports), (SELECT count(*) FROM audience_people),
            (SELECT count(*) FROM import_invalid_rows)
        """,
    )
    return counts == [(0, 0, 0, 0, 0)]


def many(count: int = 5000) -> list[ReadRow]:
    return [person(n, f"person{n}") for n in range(count)]


@pytest.mark.parametrize("_batches", [(2_000, 500)], indirect=True)
async def test_a_cancelled_import_leaves_nothing(store: Store):
    seen: list[int] = []
    with pytest.raises(asyncio.CancelledError):
        await store.audiences.import_people(
            new_import(), many(), seen.append, lambda: bool(seen) and seen[-1] >= 3000
        )
    assert seen == [1000, 2000, 3000]
    assert await nothing_stored(store)


@pytest.mark.parametrize("_batches", [(2_000, 500)], indirect=True)
async def test_a_second_cancel_does_not_cut_the_taking_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    work, done = store.audiences._long_work, asyncio.Event()
    real = work.run

    async def run_and_answer_late(task: Callable[[], object]) -> object:
        answer = await real(task)
        done.set()
        await asyncio.sleep(60)
        return answer

    monkeypatch.setattr(work, "run", run_and_answer_late)
    importing = asyncio.ensure_future(imported(store, people(3)))
    await done.wait()
    for _ in range(2):
        importing.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await importing
    await store.audiences.idle()
    assert await store.audiences.audiences() == []
    assert await select(store, "SELECT count(*) FROM people") == [(0,)]


async def test_an_import_can_be_cancelled_while_it_is_written(store: Store):
    asked = threading.Event()

    with pytest.raises(asyncio.CancelledError):
        await store.audiences.import_people(
            new_import(), many(), lambda _: asked.set(), asked.is_set
        )
    assert asked.is_set()
    assert await nothing_stored(store)


@pytest.mark.parametrize("_batches", [(2_000, 500)], indirect=True)
async def test_leaving_an_import_stops_it(store: Store):
    reached, stopped = threading.Event(), threading.Event()

    def endless() -> Iterator[ReadRow]:
        try:
            for number in itertools.count(1):
                yield person(number, f"person{number}")
                if number == 1500:
                    reached.set()
        finally:
            stopped.set()

    importing = asyncio.ensure_future(imported(store, endless()))
    assert await asyncio.to_thread(reached.wait, 10)
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await asyncio.to_thread(stopped.wait, 10)
    assert await nothing_stored(store)


async def test_leaving_an_import_while_it_is_written_is_no_failure(
    store: Store, caplog: pytest.LogCaptureFixture
):
    writing, go_on = threading.Event(), threading.Event()
    questions = itertools.count(1)

    def hold() -> bool:
        if next(questions) == 2:
            writing.set()
            go_on.wait(10)
        return False

    importing = asyncio.ensure_future(
        store.audiences.import_people(new_import(), people(3), lambda _: None, hold)
    )
    assert await asyncio.to_thread(writing.wait, 10)
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    go_on.set()
    await store.database.write(lambda _: None)
    assert await nothing_stored(store)
    assert caplog.records == []


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("moment", ["before the last transaction", "behind it"])
async def test_leaving_at_the_very_end_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, moment: str, *, again: bool
):
    if again:
        await imported(store, people(2))
    history = await store.audiences.imports()
    loop = asyncio.get_running_loop()

    def left_before(work: Callable[..., object]) -> Callable[..., object]:
        def leave_and_work(*given: object) -> object:
            gone = threading.Event()
            loop.call_soon_threadsafe(importing.cancel)
            loop.call_soon_threadsafe(loop.call_later, 0.05, gone.set)
            gone.wait(10)
            return work(*given)

        return leave_and_work

    if moment == "behind it":
        leave = left_before(audience_repository.report_of)
        monkeypatch.setattr(audience_repository, "report_of", leave)
    else:
        leave = left_before(ImportWriter._finish)
        monkeypatch.setattr(ImportWriter, "_finish", leave)
    importing = asyncio.ensure_future(imported(store, people(3), "f" if again else "g"))
    with pytest.raises(asyncio.CancelledError):
        await importing
    monkeypatch.undo()
    assert len(await store.audiences.imports()) == len(history)
    await store.audiences.idle()
    assert await store.audiences.imports() == history
    assert len(await stored(store)) == 2 * again
    assert await select(store, "SELECT count(*) FROM people") == [(2 * again,)]


async def test_a_file_that_breaks_off_leaves_nothing(store: Store):
    def broken() -> Iterator[ReadRow]:
        yield from people(3)
        raise KnownError(message("The file ends in the middle."))

    with pytest.raises(KnownError, match="ends in the middle"):
        await imported(store, broken())
    assert await nothing_stored(store)


@pytest.mark.parametrize("_batches", [(2_000, 500)], indirect=True)
async def test_progress_is_told_to_the_last_row(store: Store):
    seen: list[int] = []
    await store.audiences.import_people(new_import(), many(2500), seen.append, lambda: False)
    assert seen == [1000, 2000, 2500]


async def test_the_ledger_can_be_written_while_a_file_is_read(store: Store):
    go_on, reached = threading.Event(), threading.Event()

    def slow() -> Iterator[ReadRow]:
        yield from people(2)
        reached.set()
        go_on.wait(10)

    importing = asyncio.ensure_future(imported(store, slow()))
    await asyncio.to_thread(reached.wait, 10)
    await asyncio.wait_for(store.audiences.do_not_contact(99, "stop", later(hours=1)), 5)
    go_on.set()
    assert (await importing).counts.new == 2
