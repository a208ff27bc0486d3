from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import RowKind
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.store import import_reading, import_undo
from invite_desktop.store.store import Store
from tests.store.setting import (
    NOW,
    Desk,
    counters_hold,
    imported,
    invite_task,
    later,
    people,
    person,
    select,
    small_slices,
)
from tests.store.test_import_property import FILES, ROWS, few, import_all, with_store

if TYPE_CHECKING:
    from invite_desktop.engine.ports.files import PersonRow

KEPT = (
    "people",
    "other_keys",
    "merged_people",
    "audience_people",
    "do_not_contact",
    "targets",
    "unable_accounts",
    "task_counters",
    "attempts",
    "peers",
    "import_people",
    "import_changes",
)


async def everything(store: Store) -> dict[str, object]:
    """Return all that an undo must restore: every row but the history's own."""
    tables: dict[str, object] = {
        table: sorted(map(repr, await select(store, f"SELECT * FROM {table}")))  # noqa: S608 - our own names
        for table in KEPT
    }
    tables["task_counters"] = await select(
        store, "SELECT * FROM task_counters WHERE count > 0 ORDER BY 1, 2, 3"
    )
    tables["audiences"] = await store.audiences.audiences()
    return tables


async def undo(store: Store, import_id: int) -> None:
    await store.audiences.undo_import(import_id, later(hours=1))


async def opt_out_somebody(store: Store) -> None:
    await store.audiences.do_not_contact(1, "stop", NOW)


@few
@given(FILES, st.lists(ROWS, min_size=1, max_size=6), st.integers(1, 4), st.booleans())
def test_an_undo_restores_exactly(
    files: list[list[PersonRow]], rows: list[PersonRow], batch_rows: int, opted_out: bool
):
    async def work(store: Store) -> None:
        await import_all(store, files)
        if opted_out:
            await opt_out_somebody(store)
        before = await everything(store)
        report = await imported(store, rows, "the last")
        await undo(store, report.import_id)
        assert await everything(store) == before

    with_store(work, batch_rows)


@few
@given(FILES, st.integers(1, 4))
def test_undoing_all_newest_first_leaves_nobody(files: list[list[PersonRow]], batch_rows: int):
    async def work(store: Store) -> None:
        before = await everything(store)
        await import_all(store, files)
        for import_id in range(len(files), 0, -1):
            await undo(store, import_id)
        assert await everything(store) == before

    with_store(work, batch_rows)


@few
@given(FILES, st.integers(1, 4), st.randoms(use_true_random=False))
def test_undoing_in_any_order_leaves_no_audience_and_a_sound_file(
    files: list[list[PersonRow]], batch_rows: int, chance: object
):
    async def work(store: Store) -> None:
        await import_all(store, files)
        order = list(range(1, len(files) + 1))
        chance.shuffle(order)  # type: ignore[attr-defined]
        for import_id in order:
            await undo(store, import_id)
        assert await store.audiences.audiences() == []
        assert await select(store, "PRAGMA foreign_key_check") == []
        assert await select(store, "SELECT count(*) FROM audience_people") == [(0,)]

    with_store(work, batch_rows)


@few
@given(st.lists(ROWS, min_size=2, max_size=6), st.lists(ROWS, min_size=1, max_size=6))
def test_no_ledger_row_is_lost_by_merging_and_undoing(
    first: list[PersonRow], second: list[PersonRow]
):
    async def run(path: Path) -> None:
        desk = await Desk.prepare(path, 1)
        store = desk.store
        try:
            audience = (await imported(store, first, "first")).audience
            desk.task_id = (await invite_task(store, audience.id, 56)).id
            while claim := await desk.claim_or_none():
                await desk.act(claim, OutcomeCode.PRIVACY)
            before = await everything(store)
            rows = await store.ledger.rows(LedgerFilter(), 0, 100)
            report = await imported(store, second, "second")
            assert len(await store.ledger.rows(LedgerFilter(), 0, 100)) == len(rows)
            assert await counters_hold(store)
            await undo(store, report.import_id)
            assert await everything(store) == before
            assert await store.ledger.rows(LedgerFilter(), 0, 100) == rows
        finally:
            store.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "x.db"))


async def test_who_was_contacted_after_the_import_stays(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.INVITED)
    await undo(desk.store, 1)
    assert await desk.store.audiences.audiences() == []
    assert next(target.state for target in await desk.targets()) is TargetState.INVITED
    assert len(await desk.store.ledger.rows(LedgerFilter(), 0, 10)) == 1
    assert await counters_hold(desk.store)


async def test_a_merge_that_was_acted_upon_does_not_bring_back_an_open_target(desk: Desk):
    link = [person(1, "person1", "+79000000001"), person(2, "person2", "+79000000001")]
    report = await imported(desk.store, link, "link")
    claim = await desk.claim()
    assert claim.person.id == 1
    await desk.act(claim, OutcomeCode.INVITED)
    await undo(desk.store, report.import_id)
    assert [target.person.id for target in await desk.targets()] == [1, 3, 4, 5, 6]
    assert await counters_hold(desk.store)


async def test_a_person_of_a_later_import_outlives_the_undo_of_an_earlier_one(store: Store):
    await imported(store, people(2))
    second = await imported(store, people(1), "second")
    await undo(store, 1)
    assert [p.keys.username for p in await store.audiences.people(2, 0, 9)] == ["person1"]
    await undo(store, second.import_id)
    assert await select(store, "SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("newcomers", [[], [person(2, "boris")]], ids=["later", "same"])
async def test_people_come_apart_again_though_others_have_taken_their_places(
    store: Store, newcomers: list[PersonRow]
):
    await imported(store, [person(1, "anna_k"), person(2, phone="+79000000001")])
    joined = await imported(store, [person(1, "anna_k", "+79000000001"), *newcomers])
    await imported(store, [person(1, "clara")])
    await undo(store, joined.import_id)
    people_now = await select(
        store,
        "SELECT username, phone FROM audience_people a JOIN people p ON p.id = a.person_id "
        "WHERE audience_id = 1 ORDER BY position",
    )
    assert sorted(people_now, key=repr) == [
        ("anna_k", None),
        ("clara", None),
        (None, "+79000000001"),
    ]


async def test_the_history_keeps_an_undone_import(store: Store):
    await imported(store, people(2))
    report = await store.audiences.undo_import(1, later(hours=1))
    assert report.undone_at == later(hours=1)
    assert report.counts.new == 2
    assert [one.undone_at for one in await store.audiences.imports()] == [later(hours=1)]
    assert (await imported(store, people(2))).audience.id == 2


async def test_an_interrupted_undo_is_finished_at_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = Store.open(path)
    await imported(store, people(9))
    small_slices(monkeypatch, 2)
    await store.database.write(lambda db: import_undo.hide_import(db.connection(), 1, 5))
    assert not import_undo.take_back(store.database, 1, lambda: True)
    assert await store.audiences.audiences() == []
    store.close()
    store = Store.open(path)
    await store.audiences.idle()
    assert await select(store, "SELECT count(*) FROM people") == [(0,)]
    assert await select(store, "SELECT state FROM imports") == [("undone",)]
    store.close()


async def test_what_a_crash_left_of_an_import_is_removed_at_the_next_start(path: Path):
    store = Store.open(path)
    await imported(store, [person(1, "anna_k")])
    before = await everything(store)

    def crash(*_: object) -> None:
        raise SystemExit

    rows = [person(1, "anna_k", "+79000000001"), person(2, "boris"), person(3, "clara")]
    with (
        patch.object(import_reading, "BATCH_ROWS", 1),
        patch("invite_desktop.store.import_writer.leave_out_opted_out", crash),
        patch("invite_desktop.store.audience_editor.take_back", crash),
        pytest.raises(SystemExit),
    ):
        await imported(store, rows, "second")
    assert await select(store, "SELECT count(*) FROM people") == [(3,)]
    assert len(await store.audiences.imports()) == 1
    store.close()
    store = Store.open(path)
    await store.audiences.idle()
    assert await everything(store) == before
    store.close()


async def test_the_ledger_is_written_between_the_pieces_of_an_import(desk: Desk):
    moments: list[int] = []
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    with patch.object(import_reading, "BATCH_ROWS", 1):
        importing = asyncio.ensure_future(imported(desk.store, people(400)[6:], "big"))
        while not importing.done():
            await desk.store.database.write(lambda _: None)
            moments.append(1)
    assert len(moments) > 20
    assert (await importing).counts.new == 394
    assert attempt.id == 1


async def test_rows_behind_the_counts(store: Store):
    await imported(store, [person(1, "anna_k")])
    await store.audiences.do_not_contact(1, "stop", NOW)
    await imported(store, [person(1, "boris"), person(2, "clara")], "2")
    rows = [
        person(2, "anna_k"),
        person(3, "boris"),
        person(4, "clara", "+79000000001"),
        person(5, "diana"),
        person(6, "diana"),
        person(7),
    ]
    report = await imported(store, rows, "3")

    async def numbers(kind: RowKind) -> list[tuple[int, str, int]]:
        found = await store.audiences.import_rows(report.import_id, kind, 0, 10)
        return [
            (row.number, row.person.keys.username if row.person else row.content, row.rows)
            for row in found
        ]

    assert await numbers(RowKind.NEW) == [(5, "diana", 1)]
    assert await numbers(RowKind.UPDATED) == [(4, "clara", 1)]
    assert await numbers(RowKind.DUPLICATE) == [(3, "boris", 1), (5, "diana", 1)]
    assert await numbers(RowKind.OPTED_OUT) == [(2, "@anna_k", 1)]
    assert await numbers(RowKind.INVALID) == [(7, "", 1)]
