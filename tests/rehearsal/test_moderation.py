"""Administrators: separate rights, bans, slow mode, migration, and the log of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.population import Behaviour
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


@pytest.fixture
def member(rehearsal: Rehearsal):
    world = rehearsal.world
    person = world.person("plain_member", first_name="Ася")
    world.seat(world.chat_by_username(CLUB), person)
    return person


def invite(*users: object):
    return functions.channels.InviteToChannelRequest(CLUB, users)


async def rights_of(client: TelegramClient, user: str):
    return await client.get_permissions(CLUB, user)


async def test_a_member_becomes_an_admin_with_the_rights_given(
    client: TelegramClient, member: object
):
    await client.edit_admin(CLUB, "plain_member", invite_users=True, title="Помощница")
    found = await rights_of(client, "plain_member")
    assert (found.is_admin, found.invite_users, found.ban_users) == (True, True, False)
    await client.edit_admin(CLUB, "plain_member", is_admin=False)
    assert not (await rights_of(client, "plain_member")).is_admin


async def test_who_may_not_add_admins_adds_none(second: TelegramClient, member: object):
    with pytest.raises(errors.ChatAdminRequiredError):
        await second.edit_admin(CLUB, "plain_member", invite_users=True)


async def test_an_admin_gives_only_rights_of_her_own(
    rehearsal: Rehearsal, second: TelegramClient, member: object
):
    world = rehearsal.world
    rights = frozenset({"add_admins", "invite_users"})
    world.seat(world.chat_by_username(CLUB), rehearsal.accounts[1], rights)
    with pytest.raises(errors.RightForbiddenError):
        await second.edit_admin(CLUB, "plain_member", ban_users=True)
    await second.edit_admin(CLUB, "plain_member", invite_users=True)


async def test_the_creator_cannot_be_demoted(client: TelegramClient):
    with pytest.raises(errors.UserCreatorError):
        await client.edit_admin(CLUB, "me", is_admin=False)


async def test_who_is_banned_is_gone_and_cannot_be_added(
    rehearsal: Rehearsal, client: TelegramClient, member: object
):
    await client.edit_permissions(CLUB, "plain_member", view_messages=False)
    assert "plain_member" not in {m.username for m in rehearsal.world.members(CLUB)}
    kicked = await client.get_participants(CLUB, filter=types.ChannelParticipantsKicked(""))
    assert [user.username for user in kicked] == ["plain_member"]
    with pytest.raises(errors.UserKickedError):
        await client(invite("plain_member"))


async def test_who_was_only_kicked_can_be_added_again(
    rehearsal: Rehearsal, client: TelegramClient, member: object
):
    await client.kick_participant(CLUB, "plain_member")
    assert "plain_member" not in {m.username for m in rehearsal.world.members(CLUB)}
    await client(invite("plain_member"))
    assert "plain_member" in {m.username for m in rehearsal.world.members(CLUB)}


async def test_a_ban_ends_in_the_worlds_time(
    rehearsal: Rehearsal, client: TelegramClient, member: object
):
    world = rehearsal.world
    await client.edit_permissions(CLUB, "plain_member", world.now() + 3600, view_messages=False)
    world.set_clock(world.now() + 3601, 1.0)
    await client(invite("plain_member"))


async def test_who_is_restricted_stays_and_is_listed(client: TelegramClient, member: object):
    await client.edit_permissions(CLUB, "plain_member", send_messages=False)
    banned = await client.get_participants(CLUB, filter=types.ChannelParticipantsBanned(""))
    assert [user.username for user in banned] == ["plain_member"]
    assert not (await rights_of(client, "plain_member")).has_left


async def test_an_admin_cannot_be_banned(second: TelegramClient, rehearsal: Rehearsal):
    old = "rehearsal_old_chat"
    with pytest.raises(errors.UserAdminInvalidError):
        await second.edit_permissions(old, "rehearsal_admin3", view_messages=False)


async def test_a_lifted_ban_lets_in_whom_the_seed_keeps_out(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
    await client.edit_permissions(CLUB, "kicked_one")
    await client(functions.channels.GetFullChannelRequest(CLUB))
    assert not rehearsal.world.is_removed(
        rehearsal.world.chat_by_username(CLUB), rehearsal.world.person("kicked_one")
    )


async def test_who_left_is_added_by_mutual_contacts_only(
    rehearsal: Rehearsal, client: TelegramClient, member: object
):
    world, me = rehearsal.world, rehearsal.accounts[0]
    world.acts.leave(member, world.chat_by_username(CLUB))
    with pytest.raises(errors.UserNotMutualContactError):
        await client(invite("plain_member"))
    world.acts.save_contact(member, me)
    await client(functions.contacts.AddContactRequest("plain_member", "Ася", "", ""))
    await client(invite("plain_member"))
    assert "plain_member" in {m.username for m in world.members(CLUB)}


class TestBasicGroup:
    @pytest.fixture
    def group(self, rehearsal: Rehearsal):
        return next(c for c in rehearsal.world.chats.values() if c.title == "Малая группа")

    async def test_somebody_is_taken_out(
        self, rehearsal: Rehearsal, client: TelegramClient, group: object
    ):
        await client(functions.messages.AddChatUserRequest(group.id, "willing_one", 0))
        await client(functions.messages.DeleteChatUserRequest(group.id, "willing_one"))
        assert "willing_one" not in {m.username for m in rehearsal.world.members(group)}

    async def test_members_take_nobody_out(self, second: TelegramClient, group: object):
        with pytest.raises(errors.ChatAdminRequiredError):
            await second(functions.messages.DeleteChatUserRequest(group.id, "rehearsal_admin3"))

    async def test_one_leaves(self, rehearsal: Rehearsal, second: TelegramClient, group: object):
        await second(functions.messages.DeleteChatUserRequest(group.id, "me"))
        assert rehearsal.accounts[1].id not in group.members

    async def test_it_becomes_a_supergroup(
        self, rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient, group: object
    ):
        answer = await client(functions.messages.MigrateChatRequest(group.id))
        became = next(c for c in answer.chats if isinstance(c, types.Channel))
        assert (became.title, became.megagroup) == ("Малая группа", True)
        (old,) = (await client(functions.messages.GetChatsRequest([group.id]))).chats
        assert (old.deactivated, old.migrated_to.channel_id) == (True, became.id)
        with pytest.raises(errors.ChatIdInvalidError):
            await client(functions.messages.AddChatUserRequest(group.id, "willing_one", 0))
        names = {dialog.id: dialog.name async for dialog in second.iter_dialogs()}
        assert list(names.values()).count("Малая группа") == 1


class TestAdminLog:
    async def test_invites_joins_bans_and_links_are_told(
        self, rehearsal: Rehearsal, client: TelegramClient, member: object
    ):
        world = rehearsal.world
        club = world.chat_by_username(CLUB)
        await client(invite("willing_one"))
        await client.edit_permissions(CLUB, "plain_member", view_messages=False)
        made = await client(functions.messages.ExportChatInviteRequest(CLUB, title="Осень"))
        world.acts.join_by_link(world.person("walker"), made.link)
        world.acts.leave(world.person("willing_one"), club)
        edit = functions.messages.EditExportedChatInviteRequest
        await client(edit(CLUB, made.link, revoked=True))
        told = [type(event.action).__name__ async for event in client.iter_admin_log(CLUB)]
        assert [name.removeprefix("ChannelAdminLogEventAction") for name in told] == [
            "ExportedInviteRevoke",
            "ParticipantLeave",
            "ParticipantJoinByInvite",
            "ParticipantToggleBan",
            "ParticipantInvite",
        ]

    @pytest.mark.parametrize(("wanted", "count"), [("invite", 1), ("ban", 1), ("promote", 0)])
    async def test_a_filter_lets_through_what_is_wanted(
        self, client: TelegramClient, member: object, wanted: str, count: int
    ):
        await client(invite("willing_one"))
        await client.edit_permissions(CLUB, "plain_member", view_messages=False)
        events = [event async for event in client.iter_admin_log(CLUB, **{wanted: True})]
        assert len(events) == count

    async def test_it_ends_after_two_days(self, rehearsal: Rehearsal, client: TelegramClient):
        await client(invite("willing_one"))
        rehearsal.world.set_clock(rehearsal.world.now() + 49 * 3600, 1.0)
        assert [event async for event in client.iter_admin_log(CLUB)] == []

    async def test_only_admins_read_it(self, rehearsal: Rehearsal):
        stranger = rehearsal.world.account("+79000000009", "Зоя")
        async with rehearsal.client(stranger) as client:
            with pytest.raises(errors.ChatAdminRequiredError):
                await client(functions.channels.GetAdminLogRequest(CLUB, "", 0, 0, 10))
