"""Files that make one person of many, in as many transactions as that takes."""

from __future__ import annotations

import asyncio
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.store import import_knots, import_reading, slices
from invite_desktop.store.store import Store
from tests.store.killing import kill_at_work
from tests.store.setting import (
    NOW,
    Desk,
    PowerCutError,
    counters_hold,
    cut_at,
    imported,
    person,
    select,
)
from tests.store.test_import_undo import everything

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.files import PersonRow

PEOPLE = 9
PHONE = "+79000000000"
WRITES = 6
"""Transactions that merge nine people, two more at a time, after the one that begins an import."""

STAR = [person(number, f"person{number}", PHONE) for number in range(1, PEOPLE + 1)]
"""One phone of everybody."""
CHAIN = [
    person(number, f"person{number + 1}", telegram_id=number, full_name=f"Anna {number}")
    for number in range(1, PEOPLE)
]
"""Each row is two people, so that all are one."""
MET_BEFORE = [
    person(1, "person4", consent_date=NOW.date()),
    person(2, "person7", full_name="Vera"),
    person(3, "newcomer", PHONE),
    *(person(number, f"other{number}") for number in range(4, PEOPLE + 1)),
]
"""As many rows as a block has: the same import has met some of the people already."""

FILES = pytest.mark.parametrize(
    "rows", [STAR, CHAIN, [*MET_BEFORE, *STAR]], ids=["star", "chain", "met before"]
)
AUDIENCES = pytest.mark.parametrize("fingerprint", ["f", "knot"], ids=["in use", "new"])


@pytest.fixture(autouse=True)
def _one_block_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_reading, "BATCH_ROWS", PEOPLE)


def cut_knots(monkeypatch: pytest.MonkeyPatch, at_once: int = 2) -> None:
    monkeypatch.setattr(import_knots, "PEOPLE_AT_ONCE", at_once)
    monkeypatch.setattr(slices, "WANTED_SECONDS", -1.0)


async def furnished(path: Path) -> Desk:
    """Return a store whose people are targets of a task in different states, with ids of theirs."""
    desk = await Desk.prepare(path, PEOPLE)
    ids = [person(n, f"person{n}", telegram_id=n) for n in range(1, PEOPLE + 1)]
    await imported(desk.store, ids, "ids")
    await desk.act(await desk.claim(), OutcomeCode.INVITED)
    await desk.act(await desk.claim(), OutcomeCode.PRIVACY)
    return desk


async def stored(path: Path, rows: Sequence[PersonRow], fingerprint: str) -> dict[str, object]:
    """Import rows into a store; return all that is there afterwards, and the counts."""
    store = Store.open(path)
    report = await imported(store, rows, fingerprint)
    await store.audiences.idle()
    found = await everything(store)
    del found["import_changes"]
    assert await counters_hold(store)
    store.close()
    return {**found, "counts": report.counts}


@AUDIENCES
@FILES
async def test_a_knot_that_was_cut_becomes_what_a_whole_one_does(
    path: Path, monkeypatch: pytest.MonkeyPatch, rows: Sequence[PersonRow], fingerprint: str
):
    (await furnished(path)).store.close()
    other = path.with_name("cut.db")
    shutil.copyfile(path, other)
    whole = await stored(path, rows, fingerprint)
    cut_knots(monkeypatch)
    assert await stored(other, rows, fingerprint) == whole


@AUDIENCES
@FILES
async def test_a_knot_that_was_cut_can_be_undone(
    path: Path, monkeypatch: pytest.MonkeyPatch, rows: Sequence[PersonRow], fingerprint: str
):
    desk = await furnished(path)
    before = await everything(desk.store)
    cut_knots(monkeypatch)
    report = await imported(desk.store, rows, fingerprint)
    await desk.store.audiences.undo_import(report.import_id, NOW)
    await desk.store.audiences.idle()
    assert await everything(desk.store) == before
    desk.store.close()


async def test_a_transaction_merges_only_so_many(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    cut_knots(monkeypatch)
    merge, begun = import_knots.merge_people, import_knots.store_knots
    merged: list[int] = []

    def count_transaction(*args: object) -> object:
        merged.append(0)
        return begun(*args)  # type: ignore[arg-type]

    def count_merge(*args: object) -> None:
        merged[-1] += 1
        merge(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("invite_desktop.store.import_writer.store_knots", count_transaction)
    monkeypatch.setattr(import_knots, "merge_people", count_merge)
    await imported(desk.store, STAR[:6], "knot")
    assert merged == [2, 3]


@pytest.mark.parametrize("moment", range(WRITES))
async def test_a_program_that_ends_between_the_pieces_leaves_nothing_of_the_import(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
):
    desk = await furnished(path)
    await desk.store.audiences.idle()
    before = await everything(desk.store)
    cut_knots(monkeypatch)
    cut_at(monkeypatch, moment)
    with pytest.raises(PowerCutError):
        await imported(desk.store, STAR, "knot")
    monkeypatch.undo()
    desk.reopen()
    await desk.store.audiences.idle()
    assert await everything(desk.store) == before
    assert await counters_hold(desk.store)
    desk.store.close()


async def test_somebody_who_is_being_contacted_stops_a_knot_and_nothing_of_it_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = await furnished(path)
    for _ in range(3):
        claim = await desk.claim()
    await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    await desk.store.audiences.idle()
    before = await everything(desk.store)
    cut_knots(monkeypatch)
    with pytest.raises(KnownError):
        await imported(desk.store, STAR, "knot")
    await desk.store.audiences.idle()
    assert await everything(desk.store) == before
    desk.store.close()


def test_a_killed_program_leaves_everybody_apart_or_together(path: Path):
    asyncio.run(_prepare(path))
    chance = random.Random(7)
    for _ in range(5):
        kill_at_work("tests.store.knots_to_kill", path, chance, 0.4)
        asyncio.run(_apart_or_together(path))


async def _prepare(path: Path) -> None:
    store = Store.open(path)
    await imported(store, [person(n, f"person{n}") for n in range(1, 201)])
    store.close()


async def _apart_or_together(path: Path) -> None:
    store = Store.open(path)
    await store.audiences.idle()
    ((people,),) = await select(store, "SELECT count(*) FROM people")
    assert people in (1, 200)
    if people == 1:
        ((last,),) = await select(store, "SELECT max(id) FROM imports")
        assert isinstance(last, int)
        await store.audiences.undo_import(last, NOW)
    assert await select(store, "SELECT count(*) FROM people") == [(200,)]
    assert await select(store, "SELECT count(*) FROM merged_people") == [(0,)]
    assert await select(store, "SELECT count(*) FROM other_keys") == [(0,)]
    store.close()
