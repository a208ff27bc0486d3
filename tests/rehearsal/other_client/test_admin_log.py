"""The log of the admins: what it tells, to whom, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types
from pyrogram.types import ChatEventFilter

from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def told(client: Client, **wishes: object) -> list[object]:
    """The actions that kurigram's own reader of the log finds, newest first."""
    return [event.action async for event in client.get_chat_event_log(CLUB, **wishes)]


async def raw_log(client: Client) -> types.channels.AdminLogResults:
    request = functions.channels.GetAdminLog(
        channel=await channel(client, CLUB), q="", max_id=0, min_id=0, limit=100
    )
    return await ask(client, request)


async def test_invites_joins_bans_and_links_are_told(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    club = world.chat_by_username(CLUB)
    world.seat(club, world.person("plain_member"))
    await client.add_chat_members(CLUB, "willing_one")
    await client.ban_chat_member(CLUB, "plain_member")
    made = await client.create_chat_invite_link(CLUB, "Осень")
    world.acts.join_by_link(world.person("walker"), made.invite_link)
    world.acts.leave(world.person("willing_one"), club)
    await client.revoke_chat_invite_link(CLUB, made.invite_link)
    events = (await raw_log(client)).events
    assert [type(event.action) for event in events] == [
        types.ChannelAdminLogEventActionExportedInviteRevoke,
        types.ChannelAdminLogEventActionParticipantLeave,
        types.ChannelAdminLogEventActionParticipantJoinByInvite,
        types.ChannelAdminLogEventActionParticipantToggleBan,
        types.ChannelAdminLogEventActionParticipantInvite,
    ]
    assert len(await told(client)) == len(events)


async def test_a_request_that_was_granted_is_told(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    made = await client.create_chat_invite_link(CLUB, creates_join_request=True)
    world.acts.join_by_link(world.person("asker"), made.invite_link)
    await client.approve_all_chat_join_requests(CLUB)
    log = await raw_log(client)
    (event,) = log.events
    assert isinstance(event.action, types.ChannelAdminLogEventActionParticipantJoinByRequest)
    assert event.action.approved_by in {user.id for user in log.users}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (ChatEventFilter(new_members=True), 1),
        (ChatEventFilter(new_restrictions=True), 1),
        (ChatEventFilter(new_privileges=True), 0),
    ],
    ids=["members", "restrictions", "privileges"],
)
async def test_a_filter_lets_through_what_is_wanted(
    client: Client, wanted: ChatEventFilter, count: int
):
    await client.add_chat_members(CLUB, "willing_one")
    await client.ban_chat_member(CLUB, "willing_one")
    assert len(await told(client, filters=wanted)) == count


async def test_the_doings_of_one_admin_can_be_asked_for(client: Client, second: Client):
    await client.add_chat_members(CLUB, "willing_one")
    await second.add_chat_members(CLUB, "willing_two")
    assert len(await told(client, user_ids=["rehearsal_admin2"])) == 1
    assert len(await told(client)) == 2


async def test_it_ends_after_two_days(rehearsal: Rehearsal, client: Client):
    await client.add_chat_members(CLUB, "willing_one")
    rehearsal.world.set_clock(rehearsal.world.now() + 49 * 3600, 1.0)
    assert await told(client) == []


async def test_only_admins_read_it(stranger: Client):
    with pytest.raises(errors.ChatAdminRequired):
        await told(stranger)
