"""People from Telegram, with the little Telegram and the real store."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import Condition
from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import ImportWaiting
from tests.fakes.house import settle
from tests.store.setting import select

if TYPE_CHECKING:
    from tests.fakes.house import House


async def settled(house: House) -> None:
    """Let everything go on that waits for no call to Telegram, while time stands still."""
    house.clock.hold()
    for _ in range(5):
        await house.store.database.read(lambda _database: None)
        await settle()
    house.clock.let_go()


async def usernames(house: House, audience_id: int) -> list[str | None]:
    people = await house.engine.audiences.people(audience_id, 0, 100)
    return [person.keys.username for person in people]


async def test_the_chats_that_accounts_administer_are_offered(house: House):
    anna, boris = await house.add_account("anna"), await house.add_account("boris")
    house.add_chat(anna, title="Chess")
    found = await house.engine.sources.administered_chats()
    assert [(one.account.id, one.chat.title) for one in found] == [(anna.id, "Chess")]
    assert boris.id != anna.id


async def test_members_of_an_own_chat_become_an_audience(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    people = [*house.people(7), *house.people(1, "robot", is_bot=True)]
    chat.members |= {person.user_id for person in people}
    report = await house.engine.sources.import_members(account.id, chat.info)
    assert (report.counts.read, report.counts.new, report.origin) == (7, 7, Origin.CHAT)
    audience = report.audience
    assert (audience.name, audience.basis) == ("Members of “Chess”", Basis.CHAT_MEMBERS)
    assert await usernames(house, audience.id) == [f"guest_{n:04}" for n in range(7)]
    assert len(house.messenger(account).calls_of("member_page")) == 3
    assert await select(house.store, "SELECT count(*) FROM peers") == [(7,)]
    again = await house.engine.sources.import_members(account.id, chat.info)
    assert (again.audience.id, again.counts.duplicate) == (audience.id, 7)


async def test_members_of_other_peoples_chats_are_refused(house: House):
    account, owner = await house.add_account("anna"), await house.add_account("owner")
    chat = house.add_chat(owner, title="Chess")
    chat.members.add(house.me(account).user_id)
    with pytest.raises(KnownError, match="does not administer"):
        await house.engine.sources.import_members(account.id, chat.info)
    assert house.messenger(account).calls_of("member_page") == []


async def test_after_a_flood_wait_reading_goes_on_at_the_same_page(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(7)}
    flood = Outcome(OutcomeCode.FLOOD_WAIT, 40)
    house.messenger(account).script("member_page", None, flood, None)
    before = house.clock.now()
    report = await house.engine.sources.import_members(account.id, chat.info)
    assert report.counts.new == 7
    pages = [call.arguments[1] for call in house.messenger(account).calls_of("member_page")]
    assert pages == ["", "3", "3", "6"]
    assert (house.clock.now() - before).total_seconds() >= 340
    assert any(isinstance(event, ImportWaiting) for event in house.events)


async def test_an_account_that_cannot_go_on_imports_nothing(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    house.messenger(account).script("member_page", Outcome(OutcomeCode.FROZEN))
    with pytest.raises(KnownError, match="could not read this list"):
        await house.engine.sources.import_members(account.id, chat.info)
    assert await house.engine.audiences.all() == []


async def test_a_lost_connection_is_tried_again_and_then_given_up(house: House):
    account = await house.add_account()
    for _ in range(6):
        house.messenger(account).drop("contacts")
    with pytest.raises(KnownError, match="could not read this list"):
        await house.engine.sources.import_contacts(account.id)
    house.messenger(account).drop("contacts")
    house.telegram.contacts[house.me(account).user_id] = house.people(2)
    assert (await house.engine.sources.import_contacts(account.id)).counts.new == 2


async def test_leaving_an_import_leaves_nothing(house: House):
    account = await house.add_account()
    house.telegram.contacts[house.me(account).user_id] = house.people(2)
    held = house.messenger(account).hold("contacts")
    importing = asyncio.ensure_future(house.engine.sources.import_contacts(account.id))
    await held.reached()
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await house.engine.audiences.all() == []


async def test_an_account_that_reads_a_list_is_busy_with_it(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(1, "member")}
    held = house.messenger(account).hold("member_page")
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chat.info))
    await held.reached()
    view = await house.engine.accounts.view(account.id)
    assert (view.condition, view.imports) == (Condition.BUSY, ("Members of “Chess”",))
    held.release()
    await importing
    view = await house.engine.accounts.view(account.id)
    assert (view.condition, view.imports) == (Condition.READY, ())


@pytest.mark.parametrize(
    ("first", "second"), [("member_page", "invite"), ("invite", "member_page")]
)
async def test_a_task_and_an_import_use_an_account_by_turns(house: House, first: str, second: str):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(8, "member")}
    task = await house.invite_task(chat, house.people(2))
    messenger = house.messenger(account)
    held = messenger.hold(first)

    async def read() -> None:
        await house.engine.sources.import_members(account.id, chat.info)

    async def work() -> None:
        await house.engine.tasks.start(task.id)

    begin, follow = (read, work) if first == "member_page" else (work, read)
    running = [asyncio.ensure_future(begin())]
    await held.reached()
    running.append(asyncio.ensure_future(follow()))
    await settled(house)
    assert messenger.calls_of(second) == [], "two calls of one account at the same moment"
    held.release()
    await asyncio.gather(*running)
    await house.idle(task)
    assert len(house.telegram.invitations) == 2
    assert len(messenger.calls_of("member_page")) >= 3


async def test_a_task_goes_on_between_the_pages_of_a_long_list(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(80, "member")}
    task = await house.invite_task(chat, house.people(1))
    messenger = house.messenger(account)
    held = messenger.hold("member_page")
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chat.info))
    await held.reached()
    await house.engine.tasks.start(task.id)
    await settled(house)
    held.release()
    await importing
    methods = [call.method for call in messenger.calls]
    last_page = len(methods) - 1 - methods[::-1].index("member_page")
    assert "invite" in methods[:last_page]


async def test_a_rest_that_a_task_brings_is_kept_by_the_import(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(1, "member")}
    task = await house.invite_task(chat, house.people(1))
    messenger = house.messenger(account)
    messenger.script("invite", Outcome(OutcomeCode.FLOOD_WAIT, 600))
    held = messenger.hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chat.info))
    await settled(house)
    asked_at = house.clock.now()
    held.release()
    await importing
    (page,) = messenger.calls_of("member_page")
    assert page.at >= asked_at + timedelta(seconds=900)


async def test_people_of_dialogues_become_an_audience(house: House):
    account = await house.add_account()
    me = house.me(account).user_id
    for number, person in enumerate(house.people(4), 1):
        house.telegram.deliver(account.id, me, person, "hello", number)
    report = await house.engine.sources.import_dialogs(account.id, name="Talks")
    assert (report.audience.name, report.counts.new, report.origin) == ("Talks", 4, Origin.DIALOGS)
    assert report.audience.basis is Basis.WROTE_TO_ME
