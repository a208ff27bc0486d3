"""What people do of themselves: the accounts see it at once, and after a restart."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from invite_desktop.rehearsal.acts import ImpossibleActError
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Reception
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

resolve = functions.contacts.ResolveUsernameRequest


def invite(*users: object):
    return functions.channels.InviteToChannelRequest(CLUB, users)


async def test_an_answer_arrives_at_once_and_stays(rehearsal: Rehearsal, client: TelegramClient):
    world, me = rehearsal.world, rehearsal.accounts[0]
    person = world.person("some_person")
    await client.send_message("some_person", "Здравствуйте!")
    heard: asyncio.Queue[str] = asyncio.Queue()

    @client.on(events.NewMessage(incoming=True))
    async def take(event: object) -> None:
        heard.put_nowait(event.raw_text)

    world.acts.write(person, me, "стоп")
    assert await asyncio.wait_for(heard.get(), 30) == "стоп"
    assert [m.text for m in await client.get_messages("some_person", limit=5)] == [
        "стоп",
        "Здравствуйте!",
    ]


async def test_an_answer_that_was_missed_is_in_the_difference(
    rehearsal: Rehearsal, client: TelegramClient
):
    state = await client(functions.updates.GetStateRequest())
    await client.disconnect()
    rehearsal.world.acts.write(rehearsal.world.person("some_one"), rehearsal.accounts[0], "стоп")
    async with rehearsal.client(rehearsal.accounts[0]) as later:
        request = functions.updates.GetDifferenceRequest(state.pts, state.date, state.qts)
        missed = await later(request)
    assert [message.message for message in missed.new_messages] == ["стоп"]


async def test_reading_is_seen(rehearsal: Rehearsal, client: TelegramClient):
    person = rehearsal.world.person("some_person")
    sent = await client.send_message("some_person", "Здравствуйте!")
    heard: asyncio.Queue[int] = asyncio.Queue()

    @client.on(events.MessageRead)
    async def take(event: object) -> None:
        heard.put_nowait(event.max_id)

    rehearsal.world.acts.read(person, rehearsal.accounts[0])
    assert await asyncio.wait_for(heard.get(), 30) == sent.id
    (dialog,) = [d for d in await client.get_dialogs() if d.id == person.id]
    assert dialog.dialog.read_outbox_max_id == sent.id


async def test_an_old_name_is_nobodys_and_the_peer_stays(
    rehearsal: Rehearsal, client: TelegramClient
):
    peer = await client.get_input_entity("some_person")
    person = rehearsal.world.person("some_person")
    rehearsal.world.acts.change_username(person, "other_name")
    with pytest.raises(errors.UsernameNotOccupiedError):
        await client(resolve("some_person"))
    assert (await client(resolve("other_name"))).users[0].id == person.id
    await client(functions.messages.SendMessageRequest(peer, "привет", random_id=5))


async def test_a_taken_name_cannot_be_taken(rehearsal: Rehearsal):
    with pytest.raises(ImpossibleActError):
        rehearsal.world.acts.change_username(rehearsal.world.person("some_person"), CLUB)


async def test_an_account_changes_its_name(client: TelegramClient):
    with pytest.raises(errors.UsernameOccupiedError):
        await client(functions.account.UpdateUsernameRequest(CLUB))
    changed = await client(functions.account.UpdateUsernameRequest("new_admin_name"))
    assert changed.username == "new_admin_name"
    with pytest.raises(errors.UsernameNotOccupiedError):
        await client(resolve("rehearsal_admin1"))


async def test_a_deleted_account_gets_nothing_any_more(
    rehearsal: Rehearsal, client: TelegramClient
):
    peer = await client.get_input_entity("some_person")
    rehearsal.world.acts.delete_account(rehearsal.world.person("some_person"))
    (shown,) = await client(functions.users.GetUsersRequest([peer]))
    assert (shown.deleted, shown.username) == (True, None)
    with pytest.raises(errors.InputUserDeactivatedError):
        await client(functions.messages.SendMessageRequest(peer, "привет", random_id=5))
    with pytest.raises(errors.InputUserDeactivatedError):
        await client(invite(peer))


async def test_who_blocks_an_account_is_out_of_its_reach(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    person = rehearsal.world.person("some_person")
    rehearsal.world.acts.block(person, rehearsal.accounts[0])
    with pytest.raises(errors.UserIsBlockedError):
        await client.send_message("some_person", "привет")
    with pytest.raises(errors.UserBlockedError):
        await client(invite("some_person"))
    await second.send_message("some_person", "привет")


async def test_whom_the_account_blocks_it_cannot_write_to(client: TelegramClient):
    await client(functions.contacts.BlockRequest("some_person"))
    with pytest.raises(errors.YouBlockedUserError):
        await client.send_message("some_person", "привет")
    assert (await client(functions.users.GetFullUserRequest("some_person"))).full_user.blocked
    assert len((await client(functions.contacts.GetBlockedRequest(0, 10))).blocked) == 1
    await client(functions.contacts.UnblockRequest("some_person"))
    await client.send_message("some_person", "привет")


async def test_her_contacts_may_add_whom_privacy_protects(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    person = rehearsal.world.person("private_one", behaviour=Behaviour.PRIVACY)
    rehearsal.world.acts.save_contact(person, rehearsal.accounts[0])
    assert len((await second(invite("private_one"))).missing_invitees) == 1
    assert (await client(invite("private_one"))).missing_invitees == []
    assert "private_one" in {m.username for m in rehearsal.world.members(CLUB)}


@pytest.mark.parametrize("reception", [Reception.PREMIUM_REQUIRED, Reception.PAID])
async def test_her_contacts_write_freely(
    rehearsal: Rehearsal, client: TelegramClient, reception: Reception
):
    person = rehearsal.world.person("dear_one", behaviour=reception)
    rehearsal.world.acts.save_contact(person, rehearsal.accounts[0])
    peers = [await client.get_input_entity("dear_one")]
    (needed,) = await client(functions.users.GetRequirementsToContactRequest(peers))
    assert isinstance(needed, types.RequirementToContactEmpty)
    await client.send_message("dear_one", "привет")


async def test_who_wants_premium_reads_whom_she_wrote_to(
    rehearsal: Rehearsal, client: TelegramClient
):
    person = rehearsal.world.person("vip_one", behaviour=Reception.PREMIUM_REQUIRED)
    rehearsal.world.acts.write(person, rehearsal.accounts[0], "вопрос")
    await client.send_message("vip_one", "ответ")


async def test_members_see_who_comes_and_goes(rehearsal: Rehearsal, client: TelegramClient):
    world, heard = rehearsal.world, asyncio.Queue()

    @client.on(events.ChatAction)
    async def take(event: object) -> None:
        heard.put_nowait((event.user_joined, event.user_left, event.user_id))

    person = world.person("walker")
    world.acts.join(person, world.chat_by_username(CLUB))
    assert await asyncio.wait_for(heard.get(), 30) == (True, False, person.id)
    world.acts.leave(person, world.chat_by_username(CLUB))
    assert await asyncio.wait_for(heard.get(), 30) == (False, True, person.id)


async def test_it_all_survives_a_restart(tmp_path: Path):
    world = demo_world(mix=CALM)
    async with running_rehearsal(world, state_dir=tmp_path) as rehearsal:
        me, club = rehearsal.accounts[0], world.chat_by_username(CLUB)
        renamed, gone = (world.people.by_username(n) for n in ("renamed_one", "gone_one"))
        world.acts.change_username(renamed, "later_name")
        world.acts.delete_account(gone)
        world.acts.block(renamed, me)
        world.story.ban(club, gone.id, me.id, frozenset({"view_messages"}))
        world.story.set_rights(club, rehearsal.accounts[1].id, None, me.id)
        link = world.story.make_link(club, me.id, "Осень", by_request=True)
        world.story.ask(club, renamed.id, link.hash)
        world.story.post(club, me.id, world.acts.write(renamed, me, "стоп").content)
        before = club.history.pts, club.history.last_id, len(club.log), me.mailbox.pts
    world = demo_world(mix=CALM)
    async with running_rehearsal(world, state_dir=tmp_path) as rehearsal:
        me, club = rehearsal.accounts[0], world.chat_by_username(CLUB)
        assert (club.history.pts, club.history.last_id, len(club.log), me.mailbox.pts) == before
        assert world.people.by_username("renamed_one") is None
        person = world.people.by_username("later_name")
        assert world.people.has_blocked(person, me.id)
        assert club.is_thrown_out(gone.id, world.now())
        assert not club.is_admin(rehearsal.accounts[1].id)
        assert club.requests[person.id].link == link.hash
        assert club.links[link.hash].by_request
        assert [letter.text for letter in me.mailbox.dialogue(person.id)] == ["стоп"]
