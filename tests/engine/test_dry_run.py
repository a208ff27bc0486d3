"""What a task would come to, without sending anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import Reach

if TYPE_CHECKING:
    from tests.fakes.house import House

ROWS = [
    PersonRow(1, PersonKeys("guest_0000"), first_name="Anna"),
    PersonRow(2, PersonKeys("guest_0001"), first_name="Boris"),
    PersonRow(3, PersonKeys("guest_0002")),
    PersonRow(4, PersonKeys(phone="+79001112233"), first_name="Vera"),
    PersonRow(5, PersonKeys(telegram_id=77), first_name="Gleb"),
    PersonRow(6, PersonKeys("said_no"), first_name="Dora"),
]


async def test_everybody_is_counted_once_with_the_way_to_her(house: House):
    account = await house.add_account()
    people = house.people(2)
    chat = house.add_chat(account)
    await house.run(await house.invite_task(chat, people[:1]))
    house.clock.hold()
    calls = len(house.messenger(account).calls)
    audience = await house.audience(ROWS)
    await house.engine.do_not_contact.add("@said_no", "asked")

    run = await house.engine.dry_runs.of_messages(
        audience, "Hello {{ first_name }}", 4096, [account.id]
    )
    assert run.use.usable + run.use.opted_out == 6
    assert run.use.opted_out == 1
    assert run.reach == Reach(known=1, by_username=2, by_phone=1, by_nothing=1)
    assert run.texts is not None
    assert run.texts.failing == 1

    reference = ChatRef(chat.chat_id, chat.title, chat.kind, parse_chat_address("@football"))
    invited = await house.engine.dry_runs.of_invitations(audience, reference, [account.id])
    assert invited.use.already_contacted == 1
    assert invited.reach == Reach(by_username=2, by_phone=1, by_nothing=1)
    assert invited.texts is None
    assert len(house.messenger(account).calls) == calls, "nobody was asked anything"


async def test_what_another_account_knows_is_no_way_for_this_one(house: House):
    account = await house.add_account()
    await house.run(await house.invite_task(house.add_chat(account), house.people(1)))
    audience = await house.audience(ROWS[:1])
    run = await house.engine.dry_runs.of_invitations(audience, None, [])
    assert run.reach == Reach(by_username=1)
