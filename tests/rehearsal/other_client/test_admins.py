"""Administrators: separate rights, bans, restrictions, slow mode."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pyrogram import enums, errors
from pyrogram.types import ChatAdministratorRights, ChatPermissions

from invite_desktop.rehearsal.population import Behaviour
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import chats_of

if TYPE_CHECKING:
    from pyrogram import Client
    from pyrogram.types import ChatMember

    from invite_desktop.rehearsal.people import Person
    from tests.fakes.rehearsal import Rehearsal

INVITES = ChatAdministratorRights(can_manage_chat=False, can_invite_users=True)
BANS = ChatAdministratorRights(can_manage_chat=False, can_restrict_members=True)
NONE = ChatAdministratorRights(can_manage_chat=False)
SILENT = ChatPermissions(can_send_messages=False)


@pytest.fixture(autouse=True)
def member(rehearsal: Rehearsal) -> Person:
    """A plain member of the club."""
    person = rehearsal.world.person("plain_member", first_name="Ася")
    rehearsal.world.seat(rehearsal.world.chat_by_username(CLUB), person)
    return person


async def seen(client: Client) -> ChatMember:
    return await client.get_chat_member(CLUB, "plain_member")


def is_member(rehearsal: Rehearsal) -> bool:
    return "plain_member" in {found.username for found in rehearsal.world.members(CLUB)}


async def test_a_member_becomes_an_admin_with_the_rights_given(client: Client):
    await client.promote_chat_member(CLUB, "plain_member", INVITES)
    found = await seen(client)
    assert found.status is enums.ChatMemberStatus.ADMINISTRATOR
    assert (found.privileges.can_invite_users, found.privileges.can_restrict_members) == (
        True,
        False,
    )


async def test_an_admin_becomes_a_member_again(client: Client):
    await client.promote_chat_member(CLUB, "plain_member", INVITES)
    await client.promote_chat_member(CLUB, "plain_member", NONE)
    assert (await seen(client)).status is enums.ChatMemberStatus.MEMBER


async def test_who_may_not_add_admins_adds_none(second: Client):
    with pytest.raises(errors.ChatAdminRequired):
        await second.promote_chat_member(CLUB, "plain_member", INVITES)


async def test_an_admin_gives_only_rights_of_her_own(rehearsal: Rehearsal, second: Client):
    world = rehearsal.world
    rights = frozenset({"add_admins", "invite_users"})
    world.seat(world.chat_by_username(CLUB), rehearsal.accounts[1], rights)
    with pytest.raises(errors.RightForbidden):
        await second.promote_chat_member(CLUB, "plain_member", BANS)
    assert await second.promote_chat_member(CLUB, "plain_member", INVITES)


async def test_the_creator_cannot_be_demoted(client: Client):
    with pytest.raises(errors.UserCreator):
        await client.promote_chat_member(CLUB, "me", NONE)


async def test_an_admin_cannot_be_banned(second: Client):
    with pytest.raises(errors.UserAdminInvalid):
        await second.ban_chat_member("rehearsal_old_chat", "rehearsal_admin3")


async def test_who_is_banned_is_gone_and_cannot_be_added(rehearsal: Rehearsal, client: Client):
    await client.ban_chat_member(CLUB, "plain_member")
    assert not is_member(rehearsal)
    assert (await seen(client)).status is enums.ChatMemberStatus.BANNED
    with pytest.raises(errors.UserKicked):
        await client.add_chat_members(CLUB, "plain_member")


async def test_who_is_unbanned_can_be_added_again(rehearsal: Rehearsal, client: Client):
    await client.ban_chat_member(CLUB, "plain_member")
    await client.unban_chat_member(CLUB, "plain_member")
    await client.add_chat_members(CLUB, "plain_member")
    assert is_member(rehearsal)


async def test_a_lifted_ban_lets_in_whom_the_seed_keeps_out(rehearsal: Rehearsal, client: Client):
    person = rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
    await client.unban_chat_member(CLUB, "kicked_one")
    assert not rehearsal.world.is_removed(rehearsal.world.chat_by_username(CLUB), person)


async def test_a_ban_ends_in_the_worlds_time(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    end = datetime.fromtimestamp(world.now() + 3600, UTC)
    await client.ban_chat_member(CLUB, "plain_member", end)
    world.set_clock(world.now() + 3601, 1.0)
    await client.add_chat_members(CLUB, "plain_member")
    assert is_member(rehearsal)


async def test_who_is_restricted_stays_and_is_listed(rehearsal: Rehearsal, client: Client):
    await client.restrict_chat_member(CLUB, "plain_member", SILENT)
    assert is_member(rehearsal)
    found = client.get_chat_members(CLUB, filter=enums.ChatMembersFilter.RESTRICTED)
    assert [item.user.username async for item in found] == ["plain_member"]


async def test_who_is_restricted_writes_nothing(client: Client, second: Client):
    closed = (await chats_of(client))["Закрытый клуб"]
    chat = int(f"-100{closed.channel_id}")
    await client.restrict_chat_member(chat, "rehearsal_admin2", SILENT)
    assert await chats_of(second)
    with pytest.raises(errors.UserBannedInChannel):
        await second.send_message(chat, "привет")


async def test_slow_mode_lets_members_wait(rehearsal: Rehearsal, client: Client, second: Client):
    closed = (await chats_of(client))["Закрытый клуб"]
    chat = int(f"-100{closed.channel_id}")
    await client.set_slow_mode(chat, 60)
    assert await chats_of(second)
    await second.send_message(chat, "раз")
    with pytest.raises(errors.SlowmodeWait) as caught:
        await second.send_message(chat, "два")
    assert 50 <= caught.value.value <= 60
    rehearsal.world.set_clock(rehearsal.world.now() + 61, 1.0)
    assert await second.send_message(chat, "два")
