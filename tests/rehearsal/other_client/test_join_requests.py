"""Who asks to be let in, and the answers of the admins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel, listen

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


@pytest.fixture
async def link(client: Client) -> str:
    """A link by which one has to ask."""
    made = await client.create_chat_invite_link(CLUB, creates_join_request=True)
    return made.invite_link


async def follow(client: Client, link: str) -> None:
    request = functions.messages.ImportChatInvite(hash=link.rpartition("+")[2])
    with pytest.raises(errors.InviteRequestSent):
        await ask(client, request)


async def waiting(client: Client) -> list[int]:
    return [item.user.id async for item in client.get_chat_join_requests(CLUB)]


async def test_who_asks_waits_for_an_admin(client: Client, stranger: Client, link: str):
    await follow(stranger, link)
    assert await waiting(client) == [(await stranger.get_me()).id]


async def test_who_is_approved_is_in(
    rehearsal: Rehearsal, client: Client, stranger: Client, link: str
):
    await follow(stranger, link)
    (asker,) = await waiting(client)
    assert await client.approve_chat_join_request(CLUB, asker)
    assert asker in rehearsal.world.chat_by_username(CLUB).members
    (joined,) = [item async for item in client.get_chat_invite_link_joiners(CLUB, link)]
    assert joined.approved_by.id == rehearsal.accounts[0].id


async def test_who_is_turned_away_stays_outside(
    rehearsal: Rehearsal, client: Client, stranger: Client, link: str
):
    await follow(stranger, link)
    (asker,) = await waiting(client)
    assert await client.decline_chat_join_request(CLUB, asker)
    assert asker not in rehearsal.world.chat_by_username(CLUB).members
    with pytest.raises(errors.HideRequesterMissing):
        await client.approve_chat_join_request(CLUB, asker)


async def test_everybody_who_waits_is_let_in_at_once(
    rehearsal: Rehearsal, client: Client, link: str
):
    world = rehearsal.world
    for number in range(5):
        assert not world.acts.join_by_link(world.person(f"asker_{number}"), link)
    assert await client.approve_all_chat_join_requests(CLUB)
    assert await waiting(client) == []
    assert len([m for m in world.members(CLUB) if (m.username or "").startswith("asker")]) == 5


async def test_admins_hear_of_a_request_at_once(rehearsal: Rehearsal, client: Client, link: str):
    heard = await listen(client, types.UpdatePendingJoinRequests)
    person = rehearsal.world.person("asker")
    rehearsal.world.acts.join_by_link(person, link)
    update = await asyncio.wait_for(heard.get(), 30)
    assert (update.requests_pending, update.recent_requesters) == (1, [person.id])


async def test_a_public_group_may_want_to_be_asked(client: Client, stranger: Client):
    club = await channel(client, CLUB)
    await ask(client, functions.channels.ToggleJoinRequest(channel=club, enabled=True))
    request = functions.channels.JoinChannel(channel=await channel(stranger, CLUB))
    with pytest.raises(errors.InviteRequestSent):
        await ask(stranger, request)
    assert await waiting(client) == [(await stranger.get_me()).id]


async def test_who_may_not_invite_answers_nobody(second: Client):
    request = functions.messages.HideAllChatJoinRequests(
        peer=await second.resolve_peer("rehearsal_old_chat"), approved=True
    )
    with pytest.raises(errors.ChatAdminRequired):
        await ask(second, request)
