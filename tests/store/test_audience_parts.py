"""An audience read part by part is the whole audience, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.setting import imported, people

if TYPE_CHECKING:
    from invite_desktop.domain.people import Person
    from invite_desktop.store.store import Store


async def in_parts(store: Store, audience_id: int, size: int) -> list[Person]:
    found: list[Person] = []
    part = await store.audiences.people_after(audience_id, -1, size)
    while part.people:
        assert len(part.people) <= size
        found += part.people
        part = await store.audiences.people_after(audience_id, part.last, size)
    return found


@pytest.mark.parametrize("size", [1, 2, 7, 8, 100])
async def test_parts_of_any_size_are_the_whole_audience(store: Store, size: int):
    audience = (await imported(store, people(7))).audience
    await imported(store, people(12)[7:], "other")
    everybody = await store.audiences.people(audience.id, 0, 100)
    assert len(everybody) == 7
    assert await in_parts(store, audience.id, size) == list(everybody)


async def test_who_was_removed_leaves_no_hole(store: Store):
    audience = (await imported(store, people(5))).audience
    everybody = await store.audiences.people(audience.id, 0, 100)
    await store.audiences.remove_people(audience.id, [everybody[1].id, everybody[4].id])
    left = [everybody[place] for place in (0, 2, 3)]
    assert await in_parts(store, audience.id, 2) == left
