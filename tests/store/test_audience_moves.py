"""Many people leave an audience or come into it: wholly or not at all, whatever happens."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.engine.ports.audiences import NewAudience, PeopleQuery, Removed
from invite_desktop.store import audience_moves
from invite_desktop.store.store import Store
from tests.store.killing import kill_at_work
from tests.store.setting import (
    NOW,
    PowerCutError,
    cut_at,
    imported,
    message_task,
    people,
    person,
    select,
)

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 7
WRITES = 8
"""Transactions of a move of so many people, three at a time, and of a split of five of them."""

HALF = NewAudience("Half", Basis.CUSTOMERS, "Guests", Origin.AUDIENCE, NOW)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience_moves, "PEOPLE_AT_ONCE", 3)


async def everybody(store: Store, audience_id: int = 1) -> list[int]:
    return list(await store.audiences.person_ids(audience_id, PeopleQuery()))


async def places(store: Store) -> list[tuple[object, ...]]:
    return await select(store, "SELECT * FROM audience_people ORDER BY audience_id, position")


async def started_again(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.undo()
    store.close()
    opened = Store.open(path)
    await opened.audiences.idle()
    assert await select(opened, "SELECT count(*) FROM audience_moves") == [(0,)]
    assert await select(opened, "SELECT count(*) FROM audience_move_pieces") == [(0,)]
    return opened


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("moment", range(WRITES))
async def test_people_leave_and_come_back_wholly_or_not_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, *, back: bool
):
    store = Store.open(path)
    await imported(store, people(PEOPLE))
    before, whole = await places(store), await everybody(store)
    move = store.audiences.remove_people(1, whole)
    if back:
        move = store.audiences.put_back(await move)
    await store.audiences.idle()
    cut_at(monkeypatch, moment)
    with pytest.raises(PowerCutError):
        await move
    opened = await started_again(store, path, monkeypatch)
    # One note for each piece before it holds, and the beginning.
    holds = moment >= 5
    assert await places(opened) == (before if holds == back else [])
    opened.close()


@pytest.mark.parametrize("moment", range(WRITES))
async def test_people_are_in_one_of_the_two_audiences_of_a_split(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
):
    store = Store.open(path)
    await imported(store, people(PEOPLE))
    whole = await everybody(store)
    await store.audiences.idle()
    cut_at(monkeypatch, moment)
    with pytest.raises(PowerCutError):
        await store.audiences.split_audience(1, HALF, whole[:5])
    opened = await started_again(store, path, monkeypatch)
    by_audience = [await everybody(opened, one.id) for one in await opened.audiences.audiences()]
    assert by_audience in ([whole], [whole[:5], whole[5:]])
    opened.close()


async def test_a_move_does_what_was_asked_for(store: Store):
    await imported(store, people(PEOPLE))
    before, whole = await places(store), await everybody(store)
    removed = await store.audiences.remove_people(1, whole[1:6])
    assert (removed.count, await everybody(store)) == (5, [whole[0], whole[6]])
    await store.audiences.put_back(removed)
    assert await places(store) == before


async def test_who_was_merged_meanwhile_leaves_all_the_same(store: Store):
    await imported(store, [person(1, "anna_k"), person(2, phone="+79000000001")])
    whole = await everybody(store)
    await imported(store, [person(1, "anna_k", "+79000000001")], "link")
    removed = await store.audiences.remove_people(1, [whole[1]])
    assert removed.count == 1
    assert await everybody(store) == []


async def test_an_import_that_was_undone_brings_nobody_back(store: Store):
    report = await imported(store, people(PEOPLE))
    removed = await store.audiences.remove_people(1, await everybody(store))
    await store.audiences.undo_import(report.import_id, NOW)
    await store.audiences.put_back(Removed(1, removed.places))
    assert await places(store) == []


async def test_a_task_leaves_out_who_is_leaving(store: Store, monkeypatch: pytest.MonkeyPatch):
    await imported(store, people(PEOPLE))
    whole = await everybody(store)
    # All notes, then what lets the first three leave.
    cut_at(monkeypatch, 4)
    with pytest.raises(PowerCutError):
        await store.audiences.remove_people(1, whole[:5])
    monkeypatch.undo()
    assert len(await everybody(store)) == 4
    task = await message_task(store, 1)
    targets = await select(store, "SELECT task_id, person_id FROM targets")
    assert targets == [(task.id, person_id) for person_id in whole[5:]]


async def test_many_come_into_an_audience_that_is_imported_again(store: Store):
    await imported(store, people(PEOPLE))
    before = await everybody(store)
    await store.audiences.remove_people(1, before)
    report = await imported(store, people(PEOPLE))
    assert (report.counts.duplicate, report.audience.people) == (PEOPLE, PEOPLE)
    assert await everybody(store) == before
    await store.audiences.undo_import(report.import_id, NOW)
    assert await everybody(store) == []


def test_a_killed_program_moves_everybody_or_nobody(path: Path):
    asyncio.run(_prepare(path))
    chance = random.Random(5)
    for _ in range(5):
        kill_at_work("tests.store.moves_to_kill", path, chance, 0.2)
        asyncio.run(_all_or_nobody(path))


async def _prepare(path: Path) -> None:
    store = Store.open(path)
    await imported(store, people(200))
    store.close()


async def _all_or_nobody(path: Path) -> None:
    store = Store.open(path)
    await store.audiences.idle()
    count = len(await everybody(store))
    assert count in (0, 200)
    if not count:
        # The same again brings them back for the next round.
        await imported(store, people(200))
        assert len(await everybody(store)) == 200
    store.close()
