"""The list of chats: pages, order, unread counts, pins and the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyrogram.raw import functions, types

from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def listed(client: Client, *, archived: bool = False) -> list[str | None]:
    """Username or title of every dialogue, in the server's order."""
    found = client.get_dialogs(from_archive=archived)
    return [dialog.chat.username or dialog.chat.title async for dialog in found]


async def test_dialogues_are_paged_from_the_newest(rehearsal: Rehearsal, client: Client):
    me, world = rehearsal.accounts[0], rehearsal.world
    for number in range(130):
        world.story.send(me, world.person(f"person{number}"), "привет")
    found = [dialog.chat.id async for dialog in client.get_dialogs()]
    assert len(found) == len(set(found)) == 135


async def test_a_page_says_how_many_there_are(client: Client):
    request = functions.messages.GetDialogs(
        offset_date=0, offset_id=0, offset_peer=types.InputPeerEmpty(), limit=2, hash=0
    )
    answer = await ask(client, request)
    assert isinstance(answer, types.messages.DialogsSlice)
    assert (len(answer.dialogs), answer.count) == (2, 5)


async def test_the_latest_word_puts_a_dialogue_first(client: Client):
    await client.send_message("some_person", "раз")
    assert (await listed(client))[0] == "some_person"


async def test_some_dialogues_can_be_asked_for(client: Client):
    await client.send_message("some_person", "привет")
    peers = [
        types.InputDialogPeer(peer=await client.resolve_peer(name))
        for name in (CLUB, "some_person")
    ]
    answer = await ask(client, functions.messages.GetPeerDialogs(peers=peers))
    assert len(answer.dialogs) == 2


async def test_reading_clears_the_unread_count(
    rehearsal: Rehearsal, client: Client, second: Client
):
    one = rehearsal.accounts[0]
    await client.send_message("rehearsal_admin2", "привет")

    async def unread() -> int:
        found = [dialog async for dialog in second.get_dialogs() if dialog.chat.id == one.id]
        return found[0].unread_messages_count

    assert await unread() == 1
    assert await second.read_chat_history("rehearsal_admin1")
    assert await unread() == 0


async def test_reading_a_channel_clears_its_count(client: Client, second: Client):
    await client.send_message(CLUB, "раз")

    async def unread() -> int:
        found = [dialog async for dialog in second.get_dialogs() if dialog.chat.username == CLUB]
        return found[0].unread_messages_count

    assert await unread() > 0
    assert await second.read_chat_history(CLUB)
    assert await unread() == 0


async def test_a_pinned_dialogue_stands_first(client: Client):
    await client.send_message("some_person", "раз")
    await client.send_message("other_person", "два")
    peer = types.InputDialogPeer(peer=await client.resolve_peer("some_person"))
    assert await ask(client, functions.messages.ToggleDialogPin(peer=peer, pinned=True))
    assert (await listed(client))[0] == "some_person"


async def test_the_archive_is_a_list_of_its_own(client: Client):
    await client.send_message("some_person", "раз")
    assert await client.archive_chats("some_person")
    assert await listed(client, archived=True) == ["some_person"]
    assert "some_person" not in await listed(client)
