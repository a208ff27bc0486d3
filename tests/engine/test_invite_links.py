"""A task's own link is made once, and those who come by it are counted once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.links import LinkCounts
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

HOUR = timedelta(hours=1)


async def linked_task(
    house: House, people: int = 4
) -> tuple[InviteTask, list[FakePerson], Account]:
    account = await house.add_account()
    some = house.people(people)
    task = await house.invite_task(house.add_chat(account), some)
    await house.engine.links.make(task.id)
    return task, some, account


async def address_of(house: House, task: InviteTask) -> str:
    link = await house.engine.links.of_task(task.id)
    assert link is not None
    return link.address


async def come(house: House, task: InviteTask, *people: FakePerson) -> None:
    for person in people:
        house.clock.advance(timedelta(minutes=1))
        house.telegram.use_link(person, await address_of(house, task))


async def test_a_link_is_made_once_titled_and_kept(house: House):
    task, _, _ = await linked_task(house)
    first = await house.engine.links.make(task.id, by_request=True)
    (made,) = house.telegram.links
    assert (made.address, made.title, made.chat_id) == (
        first.address,
        task.name[:32],
        task.chat.chat_id,
    )
    assert not first.by_request


async def test_who_comes_is_counted_and_found_among_the_tasks_people(house: House):
    task, people, _ = await linked_task(house)
    strangers = house.people(5, "stranger")
    await come(house, task, people[1], *strangers, people[2])
    assert await house.engine.links.counts(task.id) == LinkCounts(0, 0)
    assert await house.engine.links.count_now(task.id) == LinkCounts(7, 2)


@pytest.mark.parametrize("keys", ["phone", "id"])
async def test_people_of_a_list_are_known_by_any_key(house: House, keys: str):
    account = await house.add_account()
    person = house.telegram.add_person("has_name", phone="+79001112233")
    known = PersonKeys(phone=person.phone) if keys == "phone" else None
    known = known or PersonKeys(telegram_id=person.user_id)
    task = await house.invite_task(house.add_chat(account), [PersonRow(1, known)])
    await house.engine.links.make(task.id)
    await come(house, task, person)
    assert await house.engine.links.count_now(task.id) == LinkCounts(1, 1)


async def test_a_later_reading_takes_only_what_is_new(house: House):
    task, _, account = await linked_task(house)
    await come(house, task, *house.people(10, "first"))
    await house.engine.links.count_now(task.id)
    messenger = house.messenger(account)
    messenger.calls.clear()
    await come(house, task, *house.people(2, "second"))
    assert (await house.engine.links.count_now(task.id)).came == 12
    assert len(messenger.calls_of("link_joiners")) == 1


async def test_who_left_and_came_again_hides_nobody(house: House):
    task, _, _ = await linked_task(house)
    first = house.people(6, "first")
    await come(house, task, *first)
    await house.engine.links.count_now(task.id)
    await come(house, task, *house.people(4, "second"), *first[:3])
    assert (await house.engine.links.count_now(task.id)).came == 10


@pytest.mark.parametrize("how", ["closed", "crashed"])
async def test_a_reading_cut_off_goes_on_where_it_ended(house: House, how: str):
    task, _, account = await linked_task(house)
    await come(house, task, *house.people(10, "first"))
    messenger = house.messenger(account)
    messenger.script("link_joiners", None, Outcome(OutcomeCode.FLOOD_WAIT, 30))
    with pytest.raises(KnownError, match="wait"):
        await house.engine.links.count_now(task.id)
    assert (await house.engine.links.counts(task.id)).came == 3
    await (house.close() if how == "closed" else house.crash())
    await come_while_closed(house, task, "second")
    messenger.calls.clear()
    house.clock.advance(HOUR)
    await house.open()
    assert (await house.engine.links.count_now(task.id)).came == 11
    pages = [call.arguments[2] for call in messenger.calls_of("link_joiners")]
    assert pages[0] != ""
    assert pages.count("") == 1


async def come_while_closed(house: House, task: InviteTask, name: str) -> None:
    (link,) = house.telegram.links
    house.clock.advance(timedelta(minutes=1))
    house.telegram.use_link(house.telegram.add_person(name), link.address)


async def test_links_are_counted_every_hour_by_themselves(house: House):
    task, people, _ = await linked_task(house)
    await come(house, task, people[0])
    await house.clock.sleep_until(house.clock.now() + 2 * HOUR)
    await settle()
    assert await house.engine.links.counts(task.id) == LinkCounts(1, 1)


async def test_a_revoked_link_stays_counted_and_another_can_be_made(house: House):
    task, people, _ = await linked_task(house)
    await come(house, task, people[0])
    await house.engine.links.revoke(task.id)
    assert await house.engine.links.of_task(task.id) is None
    await house.engine.links.make(task.id)
    await come(house, task, people[0], people[1])
    assert await house.engine.links.count_now(task.id) == LinkCounts(2, 2)
    assert [link.revoked for link in house.telegram.links] == [True, False]


async def test_a_link_that_was_revoked_in_telegram_is_told_and_another_can_be_made(house: House):
    task, people, _ = await linked_task(house)
    await come(house, task, people[0])
    house.telegram.links[0].revoked = True
    told = house.next_event(AttentionNeeded)
    assert await house.engine.links.count_now(task.id) == LinkCounts(1, 1)
    assert "was revoked in Telegram" in str((await told).message)
    assert await house.engine.links.of_task(task.id) is None
    assert (await house.engine.links.make(task.id)).address == house.telegram.links[1].address


async def test_only_who_made_a_link_knows_that_it_is_gone(house: House):
    task, _, account = await linked_task(house)
    other = await house.add_account("boris")
    chat = house.telegram.chats[task.chat.chat_id]
    chat.members.add(house.me(other).user_id)
    chat.admins[house.me(other).user_id] = True
    await house.engine.accounts.switch_off(account.id)
    house.telegram.links.clear()
    await house.engine.links.count_now(task.id)
    assert await house.engine.links.of_task(task.id) is not None


async def test_a_link_that_was_deleted_in_telegram_can_be_given_up(house: House):
    task, _, _ = await linked_task(house)
    house.telegram.links.clear()
    await house.engine.links.revoke(task.id)
    assert await house.engine.links.of_task(task.id) is None


async def test_without_an_administrator_there_is_no_link(house: House):
    account = await house.add_account()
    other = await house.add_account("boris")
    chat = house.add_chat(other)
    task = await house.invite_task(chat, house.people(1))
    await house.engine.accounts.switch_off(other.id)
    with pytest.raises(KnownError, match="No account that administers"):
        await house.engine.links.make(task.id)
    assert house.messenger(account).calls_of("create_invite_link") == []


async def test_a_task_that_sends_messages_has_no_link(house: House):
    await house.add_account()
    task = await house.message_task(house.people(1))
    with pytest.raises(KnownError, match="has no invite link"):
        await house.engine.links.make(task.id)
