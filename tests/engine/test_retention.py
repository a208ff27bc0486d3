"""Who joined is looked for after 1, 7 and 30 days, also if the program was closed meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.retention import RetentionCount
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakeChat, FakePerson

DAY = timedelta(days=1)


class Party:
    """A task that has run: everybody joined at about the same time."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.account: Account
        self.chat: FakeChat
        self.task: InviteTask
        self.people: list[FakePerson]

    async def hold(self, people: int = 4, strangers: int = 0) -> Party:
        self.account = await self.house.add_account()
        self.chat = self.house.add_chat(self.account)
        others = self.house.people(strangers, "member")
        self.chat.members.update(person.user_id for person in others)
        self.people = self.house.people(people)
        self.task = await self.house.invite_task(self.chat, self.people)
        await self.house.run(self.task)
        self.house.messenger(self.account).calls.clear()
        return self

    def leave(self, *people: FakePerson) -> None:
        self.chat.members.difference_update(person.user_id for person in people)

    async def pass_time(self, time: timedelta) -> None:
        await self.house.clock.sleep_until(self.house.clock.now() + time)
        await settle(50)

    async def counts(self) -> list[RetentionCount]:
        return list(await self.house.engine.retention.of_task(self.task.id))

    def calls(self, method: str) -> int:
        return len(self.house.messenger(self.account).calls_of(method))


@pytest.fixture
async def party(house: House) -> Party:
    return await Party(house).hold()


async def test_nobody_is_looked_for_before_a_day_is_over(party: Party):
    assert [row.coming for row in await party.counts()] == [4, 4, 4]
    assert all(row.share is None for row in await party.counts())


async def test_who_left_is_counted_at_each_of_the_days(party: Party):
    party.leave(party.people[0])
    await party.pass_time(2 * DAY)
    first, second, third = await party.counts()
    assert (first.stayed, first.left) == (3, 1)
    assert (second.coming, third.coming) == (4, 4)
    party.leave(party.people[1])
    await party.pass_time(6 * DAY)
    party.leave(party.people[2])
    await party.pass_time(24 * DAY)
    shares = [(row.stayed, row.left, row.coming) for row in await party.counts()]
    assert shares == [(3, 1, 0), (2, 2, 0), (1, 3, 0)]
    assert all(row.unknown == 0 for row in await party.counts())


async def test_statistics_show_the_same_counts(house: House, party: Party):
    party.leave(party.people[0])
    await party.pass_time(2 * DAY)
    of_task = (await house.engine.statistics.of_task(party.task.id)).retention
    assert list(of_task) == await party.counts()
    assert list((await house.engine.statistics.overview()).retention) == await party.counts()


@pytest.mark.parametrize("how", ["closed", "crashed"])
async def test_what_was_missed_is_made_up_for(house: House, party: Party, how: str):
    party.leave(party.people[0])
    await (house.close() if how == "closed" else house.crash())
    house.clock.advance(8 * DAY)
    await house.open()
    await party.pass_time(timedelta(hours=1))
    first, second, _ = await party.counts()
    assert (first.stayed, first.left, first.unknown) == (3, 0, 1)
    assert (second.stayed, second.left, second.unknown) == (3, 1, 0)


async def test_one_look_serves_all_days_that_are_due(house: House, party: Party):
    await house.close()
    house.clock.advance(60 * DAY)
    await house.open()
    await party.pass_time(timedelta(hours=1))
    assert [(row.stayed, row.coming) for row in await party.counts()] == [(4, 0)] * 3
    assert party.calls("membership") == 0


async def test_of_a_big_chat_only_the_people_themselves_are_asked_for(house: House):
    party = await Party(house).hold(people=2, strangers=500)
    party.leave(party.people[0])
    await party.pass_time(2 * DAY)
    assert party.calls("member_page") == 0
    assert party.calls("membership") == 2
    assert ((await party.counts())[0].stayed, (await party.counts())[0].left) == (1, 1)


async def test_who_is_missing_in_the_list_is_asked_for(party: Party):
    party.leave(party.people[0])
    await party.pass_time(2 * DAY)
    assert party.calls("member_page") > 0
    assert party.calls("membership") == 1


async def test_trouble_puts_the_look_off(house: House, party: Party):
    messenger = house.messenger(party.account)
    messenger.script("member_page", Outcome(OutcomeCode.FLOOD_WAIT, 60))
    await party.pass_time(1.5 * DAY)
    assert (await party.counts())[0].stayed == 4


async def test_without_an_account_it_stays_unknown_in_the_end(house: House, party: Party):
    await house.engine.accounts.switch_off(party.account.id)
    await party.pass_time(5 * DAY)
    assert (await party.counts())[0].coming == 4
    await party.pass_time(30 * DAY)
    assert (await party.counts())[0] == RetentionCount(1, unknown=4)


async def test_who_cannot_be_asked_for_is_gone_when_the_whole_list_lacks_her(
    house: House, party: Party
):
    boris = await house.add_account("boris")
    party.chat.admins[house.me(boris).user_id] = True
    party.chat.members.add(house.me(boris).user_id)
    await house.engine.accounts.switch_off(party.account.id)
    party.leave(party.people[0])
    await party.pass_time(2 * DAY)
    first = (await party.counts())[0]
    assert (first.stayed, first.left) == (3, 1)


async def test_a_deleted_task_is_looked_at_no_more(house: House, party: Party):
    await house.engine.bin.delete(party.task.id)
    await party.pass_time(2 * DAY)
    assert party.calls("member_page") == party.calls("membership") == 0
