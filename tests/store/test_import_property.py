from __future__ import annotations

import asyncio
import json
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.store import import_reading
from invite_desktop.store.person_merge import merge_people
from tests.examples import examples
from tests.fakes.new_stores import open_store
from tests.store.setting import imported, select, small_slices

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from invite_desktop.store.store import Store

Identity = tuple[str, str]

KEYS = st.builds(
    PersonKeys,
    st.sampled_from([None, "anna_a", "Anna_A", "boris", "clara", "diana"]),
    st.sampled_from([None, "+79000000001", "+79000000002", "+79000000003"]),
    st.sampled_from([None, 1, 2, 3, 4]),
).filter(lambda keys: keys.strongest is not None)

ROWS = st.builds(
    PersonRow,
    st.just(1),
    KEYS,
    full_name=st.sampled_from(["", "Анна"]),
    extra=st.dictionaries(st.sampled_from(["город", 'a"\\b', "n"]), st.sampled_from(["x", "\n'"])),
)
FILES = st.lists(st.lists(ROWS, min_size=1, max_size=6), min_size=1, max_size=4)

few = settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))


def components(rows: list[PersonRow]) -> set[frozenset[Identity]]:
    """Return the people that the rows speak of, each as all of her keys: the plain definition."""
    found: set[frozenset[Identity]] = set()
    for row in rows:
        keys = frozenset((str(kind), str(value)) for kind, value in row.keys.identities)
        same = {one for one in found if one & keys}
        found = (found - same) | {keys.union(*same)}
    return found


async def stored_people(store: Store) -> set[frozenset[Identity]]:
    keys: dict[object, set[Identity]] = {}
    rows = await select(store, "SELECT person_id, kind, value FROM person_keys")
    for person_id, kind, value in rows:
        keys.setdefault(person_id, set()).add((str(kind), str(value)))
    return {frozenset(one) for one in keys.values()}


async def import_all(store: Store, files: list[list[PersonRow]]) -> None:
    for number, rows in enumerate(files):
        counts = (await imported(store, rows, str(number))).counts
        assert counts.adds_up
        people = components([row for earlier in files[: number + 1] for row in earlier])
        named = {one for one in people for row in rows if _is(row, one)}
        assert counts.by_username + counts.by_phone + counts.by_id == len(named)


def with_store(work: Callable[[Store], Awaitable[None]], batch_rows: int) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(Path(folder) / "x.db")
            try:
                await work(store)
            finally:
                store.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_reading, "BATCH_ROWS", batch_rows)
        # Transactions that hold a part of a batch, and others that hold all of it.
        small_slices(patched, 3)
        asyncio.run(run())


@few
@given(FILES, st.integers(1, 7))
def test_people_are_what_hangs_together_by_any_key(files: list[list[PersonRow]], batch_rows: int):
    async def work(store: Store) -> None:
        await import_all(store, files)
        assert await stored_people(store) == components([row for rows in files for row in rows])

    with_store(work, batch_rows)


@few
@given(FILES, st.integers(1, 7))
def test_importing_the_same_again_changes_nothing(files: list[list[PersonRow]], batch_rows: int):
    async def work(store: Store) -> None:
        await import_all(store, files)
        everything = "SELECT * FROM people ORDER BY id"
        before = await select(store, everything)
        counts = (await imported(store, files[-1], "again")).counts
        assert (counts.new, counts.updated, counts.duplicate) == (0, 0, len(files[-1]))
        assert await select(store, everything) == before

    with_store(work, batch_rows)


@few
@given(FILES, st.integers(1, 7))
def test_an_audience_has_each_person_of_its_file_once(
    files: list[list[PersonRow]], batch_rows: int
):
    async def work(store: Store) -> None:
        await import_all(store, files)
        members = await select(
            store,
            "SELECT audience_id, group_concat(value, ' ') FROM audience_people "
            "JOIN person_keys USING (person_id) GROUP BY audience_id, person_id",
        )
        people = components([row for rows in files for row in rows])
        for number, rows in enumerate(files, 1):
            named = {one for one in people for row in rows if _is(row, one)}
            assert len([1 for audience_id, _ in members if audience_id == number]) == len(named)

    with_store(work, batch_rows)


@few
@given(st.lists(ROWS, min_size=1, max_size=8), st.integers(1, 7))
def test_the_counts_of_a_first_import_are_those_of_the_definition(
    rows: list[PersonRow], batch_rows: int
):
    async def work(store: Store) -> None:
        counts = (await imported(store, rows)).counts
        people = components(rows)
        assert (counts.read, counts.new) == (len(rows), len(people))
        assert (counts.updated, counts.duplicate) == (0, len(rows) - len(people))

    with_store(work, batch_rows)


def _is(row: PersonRow, one: frozenset[Identity]) -> bool:
    return any((str(kind), str(value)) in one for kind, value in row.keys.identities)


@few
@given(FILES, st.randoms(use_true_random=False), st.integers(1, 7))
def test_the_order_of_files_does_not_change_the_set_of_people(
    files: list[list[PersonRow]], chance: Random, batch_rows: int
):
    found: list[set[frozenset[Identity]]] = []

    async def work(store: Store) -> None:
        await import_all(store, files)
        found.append(await stored_people(store))

    with_store(work, batch_rows)
    chance.shuffle(files)
    with_store(work, batch_rows)
    assert found[0] == found[1]


@few
@given(st.lists(ROWS, min_size=3, max_size=3), st.sampled_from(["(ab)c", "a(bc)"]))
def test_merging_is_associative(rows: list[PersonRow], grouping: str):
    async def work(store: Store) -> None:
        await imported(store, rows)
        # Rows that share a key are one person already: what is merged here are people.
        before = await select(store, "SELECT id, full_name, extra FROM people ORDER BY id")
        ids = [person_id for person_id, _, _ in before]
        everybody = await stored_people(store)
        pairs = list(pairwise(ids))
        if grouping == "a(bc)":
            pairs.reverse()
        for keeper, loser in [(ids[0], pair[1]) if grouping == "(ab)c" else pair for pair in pairs]:
            await store.database.write(
                lambda db, pair=(keeper, loser): merge_people(db.connection(), *pair)
            )
        assert await stored_people(store) == {frozenset().union(*everybody)}
        (full_name, extra), *others = await select(store, "SELECT full_name, extra FROM people")
        assert not others
        merged: dict[str, str] = {}
        for _, _, own in reversed(before):
            merged |= json.loads(str(own))
        assert json.loads(str(extra)) == merged
        assert full_name == next((name for _, name, _ in before if name), "")

    with_store(work, 25_000)
