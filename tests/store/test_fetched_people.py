from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.chats import ChatKind
from invite_desktop.engine.ports.fetched_people import ChatOfMembers, PeopleList
from invite_desktop.engine.ports.telegram import PeoplePage, TelegramPerson, UserPeer
from invite_desktop.store.store import Store
from tests.store.setting import NOW, later

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.engine.ports.fetched_people import UnfinishedFetch

CHESS = PeopleList(1, Origin.CHAT, ChatOfMembers(55, "Chess", ChatKind.SUPERGROUP))
DIALOGS = PeopleList(1, Origin.DIALOGS)


def player(number: int, name: str = "") -> TelegramPerson:
    return TelegramPerson(
        UserPeer(number, -number), f"player_{number}", None, name or f"Player {number}", "Smith"
    )


def page(*numbers: int, following: str | None = None) -> PeoplePage:
    return PeoplePage([player(number) for number in numbers], following)


async def keep(
    store: Store, of: PeopleList, some: PeoplePage, minutes: float = 0
) -> UnfinishedFetch:
    return await store.fetches.keep(of, "Players", Basis.TEAM, some, later(minutes=minutes))


async def test_pages_of_a_list_add_up(store: Store):
    first = await keep(store, CHESS, page(1, 2, following="2"))
    second = await keep(store, CHESS, page(2, 3), minutes=1)
    assert (first.people, first.next_page, first.at) == (2, "2", NOW)
    assert (second.id, second.people, second.next_page) == (first.id, 3, None)
    assert [second] == await store.fetches.unfinished()
    assert second.of == CHESS
    assert await store.fetches.people(first.id) == [player(1), player(2), player(3)]


async def test_somebody_seen_again_has_her_newest_name(store: Store):
    fetch = await keep(store, CHESS, page(1, 2))
    await keep(store, CHESS, PeoplePage([player(1, "Anna")]))
    assert await store.fetches.people(fetch.id) == [player(1, "Anna"), player(2)]


@pytest.mark.parametrize(
    "other",
    [
        DIALOGS,
        PeopleList(2, Origin.CHAT, CHESS.chat),
        PeopleList(1, Origin.CHAT, ChatOfMembers(56, "Chess", ChatKind.SUPERGROUP)),
        PeopleList(1, Origin.CHAT, ChatOfMembers(55, "Chess", ChatKind.BASIC_GROUP)),
    ],
)
async def test_lists_are_kept_apart(store: Store, other: PeopleList):
    one = await keep(store, CHESS, page(1))
    two = await keep(store, other, page(1, 2), minutes=1)
    assert not CHESS.is_same_as(other)
    assert await store.fetches.unfinished() == [two, one]


async def test_a_chat_under_another_title_is_the_same_list(store: Store):
    renamed = PeopleList(1, Origin.CHAT, ChatOfMembers(55, "Go", ChatKind.SUPERGROUP))
    one = await keep(store, CHESS, page(1))
    two = await keep(store, renamed, page(2))
    assert CHESS.is_same_as(renamed)
    assert (two.id, two.people, two.of) == (one.id, 2, renamed)


async def test_a_dropped_list_leaves_nobody(store: Store):
    one, two = await keep(store, CHESS, page(1)), await keep(store, DIALOGS, page(1))
    await store.fetches.drop(one.id)
    await store.fetches.drop(one.id)
    assert await store.fetches.unfinished() == [two]
    assert (await store.fetches.people(one.id), len(await store.fetches.people(two.id))) == ([], 1)


async def test_pages_survive_the_end_of_the_program(path: Path):
    store = Store.open(path)
    fetch = await keep(store, CHESS, page(1, following="x"))
    store.close()
    store = Store.open(path)
    assert await store.fetches.unfinished() == [fetch]
    store.close()
