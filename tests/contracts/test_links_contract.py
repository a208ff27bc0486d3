"""What every Messenger promises of invite links and requests to join."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import JoinersPage
from invite_desktop.telegram import joiners
from tests.contracts.clubs import CLUB, Club
from tests.contracts.stages import messenger_of, seen

if TYPE_CHECKING:
    from invite_desktop.engine.ports.telegram import TelegramPerson


async def test_an_invite_link_is_made(club: Club):
    link = await club.messenger.create_invite_link(await club.peer(), "Autumn " * 10)
    assert isinstance(link, str)
    assert link.startswith("https://t.me/+")


async def test_who_came_by_a_link_is_listed_to_the_end(club: Club, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joiners, "PAGE", 3)
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    people = [club.stage.person(f"walker_{number:03}") for number in range(7)]
    for person in people:
        club.stage.use_link(person, link)
    found, page = [], ""
    while page is not None:
        answer = await club.messenger.link_joiners(peer, link, page)
        assert isinstance(answer, JoinersPage), answer
        found += [joiner.person for joiner in answer.joiners]
        page = answer.next_page
    assert {each.peer.user_id for each in found} == {each.user_id for each in people}
    assert len(found) == 7
    assert {each.username for each in found} == {f"walker_{number:03}" for number in range(7)}


async def test_a_revoked_link_leads_nowhere_and_still_tells_who_came(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    walker = club.stage.person("walker_one")
    club.stage.use_link(walker, link)
    assert await club.messenger.is_link_open(peer, link) is True
    assert await club.messenger.revoke_invite_link(peer, link) is True
    assert await club.messenger.is_link_open(peer, link) is False
    assert await club.messenger.revoke_invite_link(peer, link) is False
    with pytest.raises((ValueError, StopIteration)):
        club.stage.use_link(club.stage.person("late_comer"), link)
    answer = await club.messenger.link_joiners(peer, link)
    assert [joiner.person.peer.user_id for joiner in answer.joiners] == [walker.user_id]


async def test_a_link_that_was_deleted_leads_nowhere_and_tells_nothing(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    assert await club.messenger.revoke_invite_link(peer, link) is True
    club.stage.forget_link(club.chat, link)
    assert await club.messenger.is_link_open(peer, link) is False
    assert await club.messenger.revoke_invite_link(peer, link) is False
    answer = await club.messenger.link_joiners(peer, link)
    assert answer.code is OutcomeCode.NOT_FOUND


async def requests_of(club: Club) -> list[TelegramPerson]:
    found, page = [], ""
    while page is not None:
        answer = await club.messenger.join_requests(await club.peer(), page)
        assert isinstance(answer, JoinersPage), answer
        found += [joiner.person for joiner in answer.joiners]
        page = answer.next_page
    return found


async def test_who_asks_is_let_in_or_turned_away_once(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn", by_request=True)
    people = [club.stage.person(f"asker_{number:03}") for number in range(5)]
    assert not any(club.stage.use_link(person, link) for person in people)
    waiting = {person.username: person.peer for person in await requests_of(club)}
    assert len(waiting) == 5
    answer = club.messenger.answer_join_request
    assert await answer(peer, waiting["asker_000"], let_in=True) is True
    assert await answer(peer, waiting["asker_001"], let_in=False) is True
    for name in ("asker_000", "asker_001"):
        assert await answer(peer, waiting[name], let_in=True) is False
    assert {person.username for person in await requests_of(club)} == {
        f"asker_{number:03}" for number in (2, 3, 4)
    }
    inside = club.stage.member_ids(club.chat)
    assert [person.user_id in inside for person in people[:2]] == [True, False]
    came = await club.messenger.link_joiners(peer, link)
    assert [joiner.person.username for joiner in came.joiners] == ["asker_000"]


async def test_who_lacks_the_right_makes_no_link(club: Club):
    club.stage.seat(club.chat, club.stage.account(2, "dora_admin"))
    dora = await messenger_of(club.stage, 2)
    answer = await dora.create_invite_link(await seen(dora, CLUB), "Autumn")
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NO_INVITE_RIGHT
