"""Chats: what each account sees of them, and how it comes in and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.population import Behaviour
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel, chats_of, user

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

CHANNEL, OLD_CHAT, CLOSED, GROUP = (
    "rehearsal_channel",
    "rehearsal_old_chat",
    "Закрытый клуб",
    "Малая группа",
)


async def seen(client: Client, name: str) -> types.Channel:
    request = functions.contacts.ResolveUsername(username=name)
    return (await ask(client, request)).chats[0]


async def full(client: Client, name: str) -> types.ChannelFull:
    request = functions.channels.GetFullChannel(channel=await channel(client, name))
    return (await ask(client, request)).full_chat


async def test_a_public_group_is_found_by_name(client: Client):
    chat = await seen(client, CLUB)
    assert (chat.title, chat.megagroup, chat.creator, chat.left) == (
        "Клуб репетиции",
        True,
        True,
        False,
    )


async def test_an_admin_sees_her_rights(second: Client):
    chat = await seen(second, CLUB)
    assert (chat.creator, chat.admin_rights.invite_users) == (False, True)


async def test_an_admin_without_the_right_sees_that(second: Client):
    rights = (await seen(second, OLD_CHAT)).admin_rights
    assert (rights.invite_users, rights.ban_users) == (False, True)


async def test_a_stranger_sees_a_public_group_from_outside(stranger: Client):
    chat = await seen(stranger, CLUB)
    assert (chat.left, chat.admin_rights) == (True, None)


async def test_a_channel_is_a_broadcast(client: Client):
    chat = await seen(client, CHANNEL)
    assert (chat.broadcast, chat.megagroup) == (True, False)


async def test_all_of_a_channel_counts_its_members(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    found = await full(client, CLUB)
    assert (found.participants_count, found.admins_count) == (4, 3)


async def test_a_stranger_is_not_told_of_the_admins(stranger: Client):
    found = await full(stranger, CLUB)
    assert (found.participants_count, found.admins_count, found.kicked_count) == (3, None, None)


async def test_a_hash_of_another_account_opens_no_channel(client: Client, second: Client):
    request = functions.channels.GetFullChannel(channel=await channel(second, CLUB))
    with pytest.raises(errors.ChannelInvalid):
        await ask(client, request)


async def test_a_private_group_is_closed_to_who_left_it(second: Client):
    closed = (await chats_of(second))[CLOSED]
    await ask(second, functions.channels.LeaveChannel(channel=closed))
    with pytest.raises(errors.ChannelPrivate):
        await ask(second, functions.channels.GetFullChannel(channel=closed))
    shown = await ask(second, functions.channels.GetChannels(id=[closed]))
    assert isinstance(shown.chats[0], types.ChannelForbidden)


async def test_a_public_group_can_be_joined_and_left(rehearsal: Rehearsal, stranger: Client):
    await stranger.join_chat(CLUB)
    assert "Зоя" in {member.name for member in rehearsal.world.members(CLUB)}
    await stranger.leave_chat(CLUB)
    assert "Зоя" not in {member.name for member in rehearsal.world.members(CLUB)}


async def test_who_was_thrown_out_does_not_come_back_by_herself(client: Client, stranger: Client):
    await stranger.join_chat(CLUB)
    await client.ban_chat_member(CLUB, "zoya_stranger")
    with pytest.raises(errors.ChannelPrivate):
        await stranger.join_chat(CLUB)


async def test_a_public_group_becomes_private(client: Client, stranger: Client):
    assert await channel(stranger, CLUB)
    assert await client.set_chat_username(CLUB, None)
    with pytest.raises(errors.ChannelPrivate):
        await full(stranger, CLUB)


async def test_a_group_takes_another_name(client: Client, stranger: Client):
    before = await channel(stranger, CLUB)
    await client.set_chat_username(CLUB, "renamed_club")
    assert (await channel(stranger, "renamed_club")).channel_id == before.channel_id
    assert (await seen(stranger, "renamed_club")).username == "renamed_club"


async def test_only_the_creator_names_a_group(second: Client):
    with pytest.raises(errors.ChatAdminRequired):
        await second.set_chat_username(CLUB, "renamed_club")


async def test_the_history_of_a_chat_tells_that_it_was_made(client: Client):
    request = functions.messages.GetHistory(
        peer=await client.resolve_peer(CLUB),
        offset_id=0,
        offset_date=0,
        add_offset=0,
        limit=10,
        max_id=0,
        min_id=0,
        hash=0,
    )
    (message,) = (await ask(client, request)).messages
    assert message.action.title == "Клуб репетиции"


class TestBasicGroup:
    @pytest.fixture
    async def group(self, client: Client) -> int:
        return (await chats_of(client))[GROUP].chat_id

    async def test_it_shows_its_members(self, client: Client, group: int):
        found = await ask(client, functions.messages.GetFullChat(chat_id=group))
        assert len(found.full_chat.participants.participants) == len(found.users) == 3
        (shown,) = (await ask(client, functions.messages.GetChats(id=[group]))).chats
        assert (shown.title, shown.creator, shown.participants_count) == (GROUP, True, 3)

    async def test_somebody_is_added(self, rehearsal: Rehearsal, client: Client, group: int):
        assert await client.add_chat_members(-group, "willing_one") == []
        assert "willing_one" in names(rehearsal)

    async def test_a_member_is_not_added_again(self, client: Client, group: int):
        await client.add_chat_members(-group, "willing_one")
        with pytest.raises(errors.UserAlreadyParticipant):
            await client.add_chat_members(-group, "willing_one")

    async def test_members_cannot_add(self, second: Client, group: int):
        assert GROUP in await chats_of(second)
        with pytest.raises(errors.ChatAdminRequired):
            await second.add_chat_members(-group, "willing_one")

    async def test_an_unknown_group_is_refused(self, client: Client):
        with pytest.raises(errors.ChatIdInvalid):
            await ask(client, functions.messages.GetFullChat(chat_id=123))

    async def test_it_takes_two_hundred(self, rehearsal: Rehearsal, client: Client, group: int):
        world = rehearsal.world
        for number in range(200 - len(world.chats[group].members)):
            world.seat(world.chats[group], world.person(f"member{number}"))
        with pytest.raises(errors.UsersTooMuch):
            await client.add_chat_members(-group, "willing_one")

    async def test_somebody_is_taken_out(self, rehearsal: Rehearsal, client: Client, group: int):
        await client.ban_chat_member(-group, "rehearsal_admin3")
        assert "rehearsal_admin3" not in names(rehearsal)

    async def test_members_take_nobody_out(self, second: Client, group: int):
        assert GROUP in await chats_of(second)
        with pytest.raises(errors.ChatAdminRequired):
            await second.ban_chat_member(-group, "rehearsal_admin3")

    async def test_one_leaves(self, rehearsal: Rehearsal, second: Client, group: int):
        assert GROUP in await chats_of(second)
        await second.leave_chat(-group)
        assert "rehearsal_admin2" not in names(rehearsal)

    async def test_the_creator_makes_admins(self, client: Client, second: Client, group: int):
        request = functions.messages.EditChatAdmin(
            chat_id=group, user_id=await user(client, "rehearsal_admin2"), is_admin=True
        )
        assert await ask(client, request)
        assert GROUP in await chats_of(second)
        assert await second.add_chat_members(-group, "willing_one") == []

    async def test_it_becomes_a_supergroup(self, client: Client, second: Client, group: int):
        answer = await ask(client, functions.messages.MigrateChat(chat_id=group))
        became = next(chat for chat in answer.chats if isinstance(chat, types.Channel))
        assert (became.title, became.megagroup) == (GROUP, True)
        (old,) = (await ask(client, functions.messages.GetChats(id=[group]))).chats
        assert (old.deactivated, old.migrated_to.channel_id) == (True, became.id)
        assert isinstance((await chats_of(second))[GROUP], types.InputPeerChannel)


def names(rehearsal: Rehearsal) -> set[str | None]:
    world = rehearsal.world
    group = next(chat for chat in world.chats.values() if chat.title == GROUP)
    return {member.username for member in world.members(group)}
