"""Who is in a channel: one by one, in pages, by search and by filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import enums, errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.population import Behaviour
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel, chats_of, user

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

CHANNEL = "rehearsal_channel"
ADMINS = ["rehearsal_admin1", "rehearsal_admin2", "rehearsal_admin3"]
RECENT = types.ChannelParticipantsRecent()
KICKED = types.ChannelParticipantsKicked(q="")


async def participant(client: Client, whom: str, chat: str = CLUB) -> object:
    request = functions.channels.GetParticipant(
        channel=await channel(client, chat), participant=await client.resolve_peer(whom)
    )
    return (await ask(client, request)).participant


async def page(client: Client, wanted: object, chat: str = CLUB, known: int = 0) -> object:
    request = functions.channels.GetParticipants(
        channel=await channel(client, chat), filter=wanted, offset=0, limit=10, hash=known
    )
    return await ask(client, request)


async def names(client: Client, wanted: enums.ChatMembersFilter, query: str = "") -> list[str]:
    found = client.get_chat_members(CLUB, query, filter=wanted)
    return [member.user.username async for member in found]


class TestOne:
    async def test_the_creator_has_every_right(self, client: Client):
        found = await participant(client, "me")
        assert isinstance(found, types.ChannelParticipantCreator)

    async def test_an_admin_shows_her_rights(self, second: Client):
        found = await participant(second, "me")
        assert isinstance(found, types.ChannelParticipantAdmin)
        assert found.admin_rights.invite_users

    async def test_a_member_sees_herself_as_such(self, second: Client):
        closed = (await chats_of(second))["Закрытый клуб"]
        request = functions.channels.GetParticipant(
            channel=closed, participant=types.InputPeerSelf()
        )
        found = (await ask(second, request)).participant
        assert isinstance(found, types.ChannelParticipantSelf)

    async def test_somebody_added_is_a_participant(self, client: Client):
        await client.add_chat_members(CLUB, "willing_one")
        assert isinstance(await participant(client, "willing_one"), types.ChannelParticipant)

    async def test_a_regular_has_been_there_before(self, rehearsal: Rehearsal, client: Client):
        rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
        assert isinstance(await participant(client, "regular"), types.ChannelParticipant)

    async def test_who_is_not_in_it_is_not_a_participant(self, client: Client):
        with pytest.raises(errors.UserNotParticipant):
            await participant(client, "some_person")

    async def test_who_was_thrown_out_is_banned(self, rehearsal: Rehearsal, client: Client):
        rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
        found = await participant(client, "kicked_one")
        assert isinstance(found, types.ChannelParticipantBanned)
        assert found.banned_rights.view_messages

    async def test_a_hash_of_another_account_names_nobody(self, client: Client, second: Client):
        request = functions.channels.GetParticipant(
            channel=await channel(client, CLUB),
            participant=await second.resolve_peer("some_person"),
        )
        with pytest.raises(errors.ParticipantIdInvalid):
            await ask(client, request)

    async def test_only_admins_see_the_subscribers_of_a_channel(self, stranger: Client):
        with pytest.raises(errors.ChatAdminRequired):
            await participant(stranger, "some_person", CHANNEL)


class TestAll:
    async def test_they_come_in_pages(self, rehearsal: Rehearsal, client: Client):
        club = rehearsal.world.chat_by_username(CLUB)
        for number in range(450):
            rehearsal.world.seat(club, rehearsal.world.person(f"member{number}"))
        assert await client.get_chat_members_count(CLUB) == 453
        found = [member.user.id async for member in client.get_chat_members(CLUB)]
        assert len(found) == len(set(found)) == 453

    async def test_admins_can_be_listed_alone(self, client: Client):
        assert await names(client, enums.ChatMembersFilter.ADMINISTRATORS) == ADMINS

    async def test_bots_can_be_listed_alone(self, rehearsal: Rehearsal, client: Client):
        world = rehearsal.world
        world.seat(world.chat_by_username(CLUB), world.person("weather_bot"))
        assert await names(client, enums.ChatMembersFilter.BOTS) == ["weather_bot"]

    async def test_contacts_can_be_listed_alone(self, client: Client):
        await client.add_contact("rehearsal_admin2", "Ася")
        someone = await user(client, "rehearsal_admin2")
        found = await page(client, types.ChannelParticipantsContacts(q=""))
        assert [item.user_id for item in found.participants] == [someone.user_id]

    @pytest.mark.parametrize("text", ["анна", "ВОЛК", "Rehearsal_Admin1"])
    async def test_a_search_goes_through_names(self, client: Client, text: str):
        found = await names(client, enums.ChatMembersFilter.SEARCH, text)
        assert found == ["rehearsal_admin1"]

    async def test_a_page_names_who_promoted_the_admins_on_it(
        self, rehearsal: Rehearsal, client: Client
    ):
        found = await page(client, types.ChannelParticipantsSearch(q="Борис"))
        (admin,) = found.participants
        assert admin.promoted_by == rehearsal.accounts[0].id
        assert admin.promoted_by in {user.id for user in found.users}

    async def test_who_was_thrown_out_is_on_a_list_of_its_own(
        self, rehearsal: Rehearsal, client: Client
    ):
        world = rehearsal.world
        club, person = world.chat_by_username(CLUB), world.person("kicked_one")
        world.story.join(club, person.id)
        world.story.leave(club, person.id, removed_by=rehearsal.accounts[0].id)
        assert await names(client, enums.ChatMembersFilter.BANNED) == ["kicked_one"]
        assert "kicked_one" not in await names(client, enums.ChatMembersFilter.SEARCH)

    async def test_only_admins_see_who_was_thrown_out(self, stranger: Client):
        with pytest.raises(errors.ChatAdminRequired):
            await page(stranger, KICKED)

    async def test_only_admins_list_the_subscribers_of_a_channel(self, stranger: Client):
        with pytest.raises(errors.ChatAdminRequired):
            await page(stranger, RECENT, CHANNEL)

    async def test_an_unchanged_page_is_not_sent_again(self, client: Client):
        first = await page(client, RECENT)
        known = _digest([item.user_id for item in first.participants])
        again = await page(client, RECENT, known=known)
        assert isinstance(again, types.channels.ChannelParticipantsNotModified)


def _digest(numbers: list[int]) -> int:
    """The hash of a list, signed: core.telegram.org/api/offsets#hash-generation."""
    whole, digest = (1 << 64) - 1, 0
    for number in numbers:
        digest ^= digest >> 21
        digest ^= digest << 35 & whole
        digest ^= digest >> 4
        digest = digest + number & whole
    return digest - (1 << 64) if digest >> 63 else digest
