"""Who asks to be let in is held against the task's list, and answered once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.after_care import LET_IN_EVERY
from invite_desktop.engine.ports.links import LinkCounts
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakeChat, FakePerson


class Door:
    """A chat with a task for six people, whose link makes people ask."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.task: InviteTask
        self.chat: FakeChat
        self.people: list[FakePerson]
        self.address = ""

    async def build(self) -> Door:
        account = await self.house.add_account()
        self.chat = self.house.add_chat(account)
        self.people = self.house.people(6)
        self.task = await self.house.invite_task(self.chat, self.people)
        link = await self.house.engine.links.make(self.task.id, by_request=True)
        self.address = link.address
        return self

    def knock(self, *people: FakePerson) -> None:
        for person in people:
            self.house.clock.advance(timedelta(seconds=1))
            assert not self.house.telegram.use_link(person, self.address)

    def is_in(self, *people: FakePerson) -> list[bool]:
        return [person.user_id in self.chat.members for person in people]

    async def waiting(self) -> dict[str | None, bool]:
        found = await self.house.engine.join_requests.of_task(self.task.id)
        return {request.person.username: request.listed for request in found}


@pytest.fixture
async def door(house: House) -> Door:
    return await Door(house).build()


async def test_requests_say_who_is_on_the_list(house: House, door: Door):
    strangers = house.people(4, "stranger")
    door.knock(door.people[0], *strangers, door.people[5])
    waiting = await door.waiting()
    assert len(waiting) == 6
    assert {name for name, listed in waiting.items() if listed} == {
        door.people[0].username,
        door.people[5].username,
    }


async def test_people_are_let_in_and_turned_away(house: House, door: Door):
    door.knock(*door.people[:4])
    first, second, *_ = await house.engine.join_requests.of_task(door.task.id)
    requests = house.engine.join_requests
    assert await requests.answer(door.task.id, [first], let_in=True) == 1
    assert await requests.answer(door.task.id, [second], let_in=False) == 1
    assert await requests.answer(door.task.id, [first, second], let_in=True) == 0
    assert len(await door.waiting()) == 2
    assert sum(door.is_in(*door.people)) == 1
    assert await house.engine.links.count_now(door.task.id) == LinkCounts(1, 1)


async def test_another_account_answers_by_its_own_means(house: House, door: Door):
    door.knock(*door.people[:2])
    waiting = await house.engine.join_requests.of_task(door.task.id)
    boris = await house.add_account("boris")
    door.chat.admins[house.me(boris).user_id] = True
    door.chat.members.add(house.me(boris).user_id)
    await house.engine.accounts.switch_off(waiting[0].account_id)
    assert await house.engine.join_requests.answer(door.task.id, waiting, let_in=True) == 2
    assert door.is_in(*door.people[:2]) == [True, True]


async def test_trouble_in_the_middle_keeps_what_was_answered(house: House, door: Door):
    door.knock(*door.people[:3])
    waiting = await house.engine.join_requests.of_task(door.task.id)
    (messenger,) = house.gateway.messengers.values()
    messenger.script("answer_join_request", None, Outcome(OutcomeCode.FLOOD_WAIT, 60))
    with pytest.raises(KnownError, match="wait"):
        await house.engine.join_requests.answer(door.task.id, waiting, let_in=True)
    assert sum(door.is_in(*door.people)) == 1


async def test_nobody_is_let_in_unasked(house: House, door: Door):
    door.knock(*door.people)
    await house.clock.sleep_until(house.clock.now() + 20 * LET_IN_EVERY)
    assert not any(door.is_in(*door.people))


async def test_people_of_the_list_are_let_in_where_that_is_wished(house: House, door: Door):
    await house.engine.join_requests.let_listed_in(door.task.id, wanted=True)
    stranger = house.telegram.add_person("some_stranger")
    door.knock(*door.people[:2], stranger)
    await house.clock.sleep_until(house.clock.now() + 3 * LET_IN_EVERY)
    await settle()
    assert door.is_in(*door.people[:2], stranger) == [True, True, False]
    await house.engine.join_requests.let_listed_in(door.task.id, wanted=False)
    door.knock(door.people[3])
    await house.clock.sleep_until(house.clock.now() + 3 * LET_IN_EVERY)
    await settle()
    assert door.is_in(door.people[3]) == [False]


async def test_who_opted_out_may_join_by_her_own_wish(house: House, door: Door):
    await house.engine.do_not_contact.add(f"@{door.people[0].username}", "asked me")
    door.knock(door.people[0])
    waiting = await house.engine.join_requests.of_task(door.task.id)
    await house.engine.join_requests.answer(door.task.id, waiting, let_in=True)
    assert door.is_in(door.people[0]) == [True]
    assert house.telegram.times_invited(door.people[0]) == 0
