"""Chats: what each account sees of them, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.demo import CLOSED_CLUB_LINK
from invite_desktop.rehearsal.population import Behaviour
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


participant = functions.channels.GetParticipantRequest


def chat_titled(rehearsal: Rehearsal, title: str):
    return next(chat for chat in rehearsal.world.chats.values() if chat.title == title)


@pytest.fixture
async def stranger(rehearsal: Rehearsal):
    async with rehearsal.client(rehearsal.world.account("+79000000009", "Зоя")) as connected:
        yield connected


@pytest.fixture
async def closed(client: TelegramClient):
    """The closed club as its creator addresses it."""
    chats = {dialog.name: dialog.input_entity async for dialog in client.iter_dialogs()}
    return chats["Закрытый клуб"]


async def test_a_public_group_is_found_by_name(client: TelegramClient):
    chat = await client.get_entity(CLUB)
    assert (chat.title, chat.megagroup, chat.creator, chat.left) == (
        "Клуб репетиции",
        True,
        True,
        False,
    )


async def test_an_admin_sees_her_rights(second: TelegramClient):
    chat = await second.get_entity(CLUB)
    assert (chat.creator, chat.admin_rights.invite_users) == (False, True)


async def test_an_admin_without_the_right_sees_that(second: TelegramClient):
    rights = (await second.get_entity("rehearsal_old_chat")).admin_rights
    assert (rights.invite_users, rights.ban_users) == (False, True)


async def test_a_stranger_sees_a_public_group_from_outside(stranger: TelegramClient):
    chat = await stranger.get_entity(CLUB)
    assert (chat.left, chat.admin_rights) == (True, None)


async def test_a_channel_is_a_broadcast(client: TelegramClient):
    chat = await client.get_entity("rehearsal_channel")
    assert (chat.broadcast, chat.megagroup) == (True, False)


async def test_all_of_a_channel_counts_its_members(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    full = await client(functions.channels.GetFullChannelRequest(CLUB))
    assert (full.full_chat.participants_count, full.full_chat.admins_count) == (4, 3)


async def test_a_hash_of_another_account_opens_no_channel(
    client: TelegramClient, second: TelegramClient
):
    peer = await second.get_input_entity(CLUB)
    with pytest.raises(errors.ChannelInvalidError):
        await client(functions.channels.GetFullChannelRequest(peer))


async def test_a_private_group_is_closed_to_who_left_it(second: TelegramClient):
    chats = {dialog.name: dialog.input_entity async for dialog in second.iter_dialogs()}
    await second(functions.channels.LeaveChannelRequest(chats["Закрытый клуб"]))
    with pytest.raises(errors.ChannelPrivateError):
        await second(functions.channels.GetFullChannelRequest(chats["Закрытый клуб"]))
    seen = await second(functions.channels.GetChannelsRequest([chats["Закрытый клуб"]]))
    assert isinstance(seen.chats[0], types.ChannelForbidden)


async def test_a_basic_group_shows_its_members(rehearsal: Rehearsal, client: TelegramClient):
    group = chat_titled(rehearsal, "Малая группа")
    full = await client(functions.messages.GetFullChatRequest(group.id))
    assert len(full.full_chat.participants.participants) == len(full.users) == 3
    (shown,) = (await client(functions.messages.GetChatsRequest([group.id]))).chats
    assert (shown.title, shown.creator, shown.participants_count) == ("Малая группа", True, 3)


class TestParticipant:
    async def test_the_creator_has_every_right(self, client: TelegramClient):
        found = (await client(participant(CLUB, "me"))).participant
        assert isinstance(found, types.ChannelParticipantCreator)

    async def test_an_admin_shows_her_rights(self, second: TelegramClient):
        found = (await second(participant(CLUB, "me"))).participant
        assert isinstance(found, types.ChannelParticipantAdmin)
        assert found.admin_rights.invite_users

    async def test_a_member_sees_herself_as_such(self, second: TelegramClient):
        chats = {dialog.name: dialog.input_entity async for dialog in second.iter_dialogs()}
        found = (await second(participant(chats["Закрытый клуб"], "me"))).participant
        assert isinstance(found, types.ChannelParticipantSelf)

    async def test_somebody_added_is_a_participant(self, client: TelegramClient):
        await client(functions.channels.InviteToChannelRequest(CLUB, ["willing_one"]))
        found = (await client(participant(CLUB, "willing_one"))).participant
        assert isinstance(found, types.ChannelParticipant)

    async def test_a_regular_has_been_there_before(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
        found = (await client(participant(CLUB, "regular"))).participant
        assert isinstance(found, types.ChannelParticipant)

    async def test_who_is_not_in_it_is_not_a_participant(self, client: TelegramClient):
        with pytest.raises(errors.UserNotParticipantError):
            await client(participant(CLUB, "some_person"))

    async def test_who_was_thrown_out_is_banned(self, rehearsal: Rehearsal, client: TelegramClient):
        rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
        found = (await client(participant(CLUB, "kicked_one"))).participant
        assert isinstance(found, types.ChannelParticipantBanned)
        assert found.banned_rights.view_messages

    async def test_a_hash_of_another_account_names_nobody(
        self, client: TelegramClient, second: TelegramClient
    ):
        peer = await second.get_input_entity("some_person")
        with pytest.raises(errors.ParticipantIdInvalidError):
            await client(participant(CLUB, peer))

    async def test_only_admins_see_the_subscribers_of_a_channel(self, stranger: TelegramClient):
        with pytest.raises(errors.ChatAdminRequiredError):
            await stranger(participant("rehearsal_channel", "some_person"))


class TestParticipants:
    async def test_telethon_pages_through_all_of_them(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        club = rehearsal.world.chat_by_username(CLUB)
        for number in range(450):
            rehearsal.world.seat(club, rehearsal.world.person(f"member{number}"))
        found = await client.get_participants(CLUB)
        assert found.total == 453
        assert len({user.id for user in found}) == 453

    async def test_admins_can_be_listed_alone(self, client: TelegramClient):
        found = await client.get_participants(CLUB, filter=types.ChannelParticipantsAdmins())
        assert [user.username for user in found] == [
            "rehearsal_admin1",
            "rehearsal_admin2",
            "rehearsal_admin3",
        ]

    async def test_bots_can_be_listed_alone(self, rehearsal: Rehearsal, client: TelegramClient):
        world = rehearsal.world
        world.seat(world.chat_by_username(CLUB), world.person("weather_bot"))
        found = await client.get_participants(CLUB, filter=types.ChannelParticipantsBots())
        assert [user.username for user in found] == ["weather_bot"]

    @pytest.mark.parametrize("text", ["анна", "ВОЛК", "Rehearsal_Admin1"])
    async def test_a_search_goes_through_names(self, client: TelegramClient, text: str):
        found = await client.get_participants(CLUB, search=text)
        assert [user.username for user in found] == ["rehearsal_admin1"]

    async def test_who_was_thrown_out_is_on_a_list_of_its_own(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        world = rehearsal.world
        club, person = world.chat_by_username(CLUB), world.person("kicked_one")
        world.story.join(club, person.id)
        world.story.leave(club, person.id, removed_by=rehearsal.accounts[0].id)
        found = await client.get_participants(CLUB, filter=types.ChannelParticipantsKicked(""))
        assert [user.username for user in found] == ["kicked_one"]
        with pytest.raises(errors.UserKickedError):
            await client(functions.channels.InviteToChannelRequest(CLUB, ["kicked_one"]))

    async def test_only_admins_see_who_was_thrown_out(self, stranger: TelegramClient):
        kicked = types.ChannelParticipantsKicked("")
        with pytest.raises(errors.ChatAdminRequiredError):
            await stranger(functions.channels.GetParticipantsRequest(CLUB, kicked, 0, 10, 0))

    async def test_an_unchanged_page_is_not_sent_again(self, client: TelegramClient):
        def page(known: int) -> object:
            recent = types.ChannelParticipantsRecent()
            return functions.channels.GetParticipantsRequest(CLUB, recent, 0, 10, known)

        first = await client(page(0))
        assert first.count == 3
        digest = 0
        for user in first.users:  # core.telegram.org/api/offsets#hash-generation
            digest = _mixed(digest) + user.id & 0xFFFFFFFFFFFFFFFF
        signed = digest - (1 << 64) if digest >> 63 else digest
        again = await client(page(signed))
        assert isinstance(again, types.channels.ChannelParticipantsNotModified)

    async def test_only_admins_list_the_subscribers_of_a_channel(self, stranger: TelegramClient):
        with pytest.raises(errors.ChatAdminRequiredError):
            await stranger.get_participants("rehearsal_channel")

    async def test_members_of_a_basic_group_are_listed(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        group = chat_titled(rehearsal, "Малая группа")
        assert len(await client.get_participants(types.PeerChat(group.id))) == 3


def _mixed(value: int) -> object:
    value ^= value >> 21
    value = (value ^ value << 35) & 0xFFFFFFFFFFFFFFFF
    return value ^ value >> 4


class TestLinks:
    async def test_a_member_sees_the_chat_behind_a_link(self, client: TelegramClient):
        found = await client(functions.messages.CheckChatInviteRequest(CLOSED_CLUB_LINK))
        assert isinstance(found, types.ChatInviteAlready)
        assert found.chat.title == "Закрытый клуб"

    async def test_a_stranger_sees_an_outline(self, stranger: TelegramClient):
        found = await stranger(functions.messages.CheckChatInviteRequest(CLOSED_CLUB_LINK))
        assert isinstance(found, types.ChatInvite)
        assert (found.title, found.participants_count) == ("Закрытый клуб", 3)

    async def test_a_link_lets_in(self, rehearsal: Rehearsal, stranger: TelegramClient):
        answer = await stranger(functions.messages.ImportChatInviteRequest(CLOSED_CLUB_LINK))
        assert answer.updates.chats[0].title == "Закрытый клуб"
        members = rehearsal.world.members(chat_titled(rehearsal, "Закрытый клуб"))
        assert "Зоя" in {member.name for member in members}

    async def test_a_member_cannot_join_again(self, client: TelegramClient):
        with pytest.raises(errors.UserAlreadyParticipantError):
            await client(functions.messages.ImportChatInviteRequest(CLOSED_CLUB_LINK))

    @pytest.mark.parametrize(
        ("text", "error"),
        [("nosuchlink", errors.InviteHashInvalidError), ("", errors.InviteHashEmptyError)],
    )
    async def test_a_wrong_link_leads_nowhere(
        self, client: TelegramClient, text: str, error: type[Exception]
    ):
        with pytest.raises(error):
            await client(functions.messages.CheckChatInviteRequest(text))

    async def test_an_admin_makes_a_titled_link_that_works(
        self, second: TelegramClient, stranger: TelegramClient
    ):
        made = await second(functions.messages.ExportChatInviteRequest(CLUB, title="Осень"))
        assert made.title == "Осень"
        assert made.link.startswith("https://t.me/+")
        await stranger(functions.messages.ImportChatInviteRequest(made.link.partition("+")[2]))

    async def test_a_link_is_used_up(
        self, rehearsal: Rehearsal, client: TelegramClient, stranger: TelegramClient
    ):
        made = await client(functions.messages.ExportChatInviteRequest(CLUB, usage_limit=1))
        link = made.link.partition("+")[2]
        await stranger(functions.messages.ImportChatInviteRequest(link))
        other = rehearsal.world.account("+79000000008", "Ида")
        async with rehearsal.client(other) as late:
            with pytest.raises(errors.InviteHashExpiredError):
                await late(functions.messages.ImportChatInviteRequest(link))

    async def test_who_may_not_invite_makes_no_link(self, second: TelegramClient):
        with pytest.raises(errors.ChatAdminRequiredError):
            await second(functions.messages.ExportChatInviteRequest("rehearsal_old_chat"))

    async def test_a_public_group_can_be_joined_and_left(
        self, rehearsal: Rehearsal, stranger: TelegramClient
    ):
        await stranger(functions.channels.JoinChannelRequest(CLUB))
        assert "Зоя" in {member.name for member in rehearsal.world.members(CLUB)}
        await stranger(functions.channels.LeaveChannelRequest(CLUB))
        assert "Зоя" not in {member.name for member in rehearsal.world.members(CLUB)}
