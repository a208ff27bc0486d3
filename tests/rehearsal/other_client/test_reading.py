"""Reading: history, search, read marks, and what comes in by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pyrogram.handlers import MessageHandler
from pyrogram.raw import functions, types

from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, connected, listen

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def test_history_is_paged_backwards(client: Client):
    for number in range(5):
        await client.send_message("some_person", str(number))
    newest = client.get_chat_history("some_person", limit=3)
    assert [message.text async for message in newest] == ["4", "3", "2"]
    third = [item async for item in client.get_chat_history("some_person")][2]
    older = client.get_chat_history("some_person", max_id=third.id)
    assert [message.text async for message in older] == ["2", "1", "0"]


async def test_a_long_history_comes_in_pages(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    person = world.person("some_person")
    for number in range(150):
        world.story.send(person, rehearsal.accounts[0], str(number))
    found = [message.text async for message in client.get_chat_history("some_person")]
    assert found == [str(number) for number in reversed(range(150))]


async def test_own_messages_can_be_searched(client: Client, second: Client):
    await client.send_message("rehearsal_admin2", "мой текст")
    await second.send_message("rehearsal_admin1", "её текст")
    found = client.search_messages("rehearsal_admin2", "ТЕКСТ", from_user="me")
    assert [message.text async for message in found] == ["мой текст"]


async def test_a_search_can_be_of_some_time_only(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    await client.send_message("some_person", "текст раньше")
    world.set_clock(world.now() + 100, 1.0)
    middle = world.clock()
    world.set_clock(world.now() + 100, 1.0)
    await client.send_message("some_person", "текст позже")
    for dates, word in (({"max_date": middle}, "раньше"), ({"min_date": middle}, "позже")):
        found = client.search_messages("some_person", "текст", **dates)
        assert [message.text async for message in found] == [f"текст {word}"]


async def test_messages_are_found_by_id(client: Client):
    sent = await client.send_message("some_person", "здесь")
    wanted = [types.InputMessageID(id=sent.id), types.InputMessageID(id=999)]
    found = (await ask(client, functions.messages.GetMessages(id=wanted))).messages
    assert found[0].message == "здесь"
    assert isinstance(found[1], types.MessageEmpty)


async def test_an_answer_of_the_recipient_comes_in(rehearsal: Rehearsal, client: Client):
    heard: asyncio.Queue[object] = asyncio.Queue()

    async def take(_client: Client, message: object) -> None:
        heard.put_nowait(message)

    client.add_handler(MessageHandler(take))
    await client.initialize()
    await client.send_message("some_person", "Придёте?")
    person = rehearsal.world.person("some_person")
    rehearsal.world.acts.write(person, rehearsal.accounts[0], "стоп")
    message = await asyncio.wait_for(heard.get(), 30)
    assert (message.text, message.from_user.id) == ("стоп", person.id)


async def test_a_message_reaches_the_other_account_at_once(client: Client, second: Client):
    heard = await listen(second, types.UpdateNewMessage)
    await client.send_message("rehearsal_admin2", "привет")
    assert (await asyncio.wait_for(heard.get(), 30)).message.message == "привет"


async def test_the_accounts_other_programs_see_what_it_sends(rehearsal: Rehearsal, client: Client):
    async with connected(rehearsal, rehearsal.accounts[0]) as elsewhere:
        heard = await listen(elsewhere, types.UpdateNewMessage)
        await client.send_message("some_person", "привет")
        update = await asyncio.wait_for(heard.get(), 30)
        assert (update.message.message, update.message.out) == ("привет", True)


async def test_reading_is_an_event_for_the_other_programs(rehearsal: Rehearsal, client: Client):
    one, two = rehearsal.accounts[:2]
    rehearsal.world.story.send(two, one, "привет")
    async with connected(rehearsal, one) as elsewhere:
        heard = await listen(elsewhere, types.UpdateReadHistoryInbox)
        await client.read_chat_history("rehearsal_admin2")
        update = await asyncio.wait_for(heard.get(), 30)
        assert (update.peer.user_id, update.still_unread_count) == (two.id, 0)


async def test_the_sender_hears_that_she_was_read(rehearsal: Rehearsal, client: Client):
    heard = await listen(client, types.UpdateReadHistoryOutbox)
    sent = await client.send_message("some_person", "привет")
    person = rehearsal.world.person("some_person")
    rehearsal.world.acts.read(person, rehearsal.accounts[0])
    assert (await asyncio.wait_for(heard.get(), 30)).max_id == sent.id


async def test_what_is_written_into_a_chat_comes_in(client: Client, second: Client):
    heard = await listen(second, types.UpdateNewChannelMessage)
    await client.send_message(CLUB, "всем привет")
    assert (await asyncio.wait_for(heard.get(), 30)).message.message == "всем привет"


async def test_a_changed_message_comes_in(client: Client, second: Client):
    sent = await client.send_message("rehearsal_admin2", "было")
    heard = await listen(second, types.UpdateEditMessage)
    await client.edit_message_text("rehearsal_admin2", sent.id, "стало")
    assert (await asyncio.wait_for(heard.get(), 30)).message.message == "стало"


async def test_members_see_who_comes_and_goes(rehearsal: Rehearsal, client: Client):
    heard = await listen(client, types.UpdateNewChannelMessage)
    world, person = rehearsal.world, rehearsal.world.person("walker")
    club = world.chat_by_username(CLUB)
    world.acts.join(person, club)
    came = (await asyncio.wait_for(heard.get(), 30)).message.action
    assert (type(came), came.users) == (types.MessageActionChatAddUser, [person.id])
    world.acts.leave(person, club)
    gone = (await asyncio.wait_for(heard.get(), 30)).message.action
    assert (type(gone), gone.user_id) == (types.MessageActionChatDeleteUser, person.id)


async def test_who_is_added_hears_of_it(rehearsal: Rehearsal, client: Client, stranger: Client):
    heard = await listen(stranger, types.UpdateChannel)
    await client.add_chat_members(CLUB, "zoya_stranger")
    club = rehearsal.world.chat_by_username(CLUB)
    assert (await asyncio.wait_for(heard.get(), 30)).channel_id == club.id
