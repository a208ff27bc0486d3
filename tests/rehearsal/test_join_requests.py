"""Links from inside: limits, revocation, who came by them, who asks and who is let in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

export = functions.messages.ExportChatInviteRequest
edit = functions.messages.EditExportedChatInviteRequest
importers = functions.messages.GetChatInviteImportersRequest
answer = functions.messages.HideChatJoinRequestRequest
NOBODY = types.InputUserEmpty()


def join(link: str):
    return functions.messages.ImportChatInviteRequest(link.partition("+")[2])


@pytest.fixture
async def stranger(rehearsal: Rehearsal):
    async with rehearsal.client(rehearsal.world.account("+79000000009", "Зоя")) as connected:
        yield connected


async def test_a_revoked_link_leads_nowhere(client: TelegramClient, stranger: TelegramClient):
    made = await client(export(CLUB))
    changed = await client(edit(CLUB, made.link, revoked=True))
    assert changed.invite.revoked
    with pytest.raises(errors.InviteHashExpiredError):
        await stranger(join(made.link))


async def test_an_expired_link_leads_nowhere(
    rehearsal: Rehearsal, client: TelegramClient, stranger: TelegramClient
):
    world = rehearsal.world
    end = datetime.fromtimestamp(world.now() + 3600, UTC)
    made = await client(export(CLUB, expire_date=end))
    world.set_clock(world.now() + 3601, 1.0)
    with pytest.raises(errors.InviteHashExpiredError):
        await stranger(join(made.link))


async def test_title_and_limit_of_a_link_can_be_changed(client: TelegramClient):
    made = await client(export(CLUB, title="Осень"))
    await client(edit(CLUB, made.link, title="Зима", usage_limit=7))
    found = await client(functions.messages.GetExportedChatInviteRequest(CLUB, made.link))
    assert (found.invite.title, found.invite.usage_limit) == ("Зима", 7)


async def test_only_a_revoked_link_can_be_deleted(client: TelegramClient):
    made = await client(export(CLUB))
    delete = functions.messages.DeleteExportedChatInviteRequest(CLUB, made.link)
    with pytest.raises(errors.InviteRevokedMissingError):
        await client(delete)
    await client(edit(CLUB, made.link, revoked=True))
    assert await client(delete)
    with pytest.raises(errors.InviteHashExpiredError):
        await client(functions.messages.GetExportedChatInviteRequest(CLUB, made.link))


async def test_own_links_are_listed(client: TelegramClient, second: TelegramClient):
    mine = await client(export(CLUB, title="моя"))
    await second(export(CLUB, title="её"))
    listing = functions.messages.GetExportedChatInvitesRequest(CLUB, "me", 10)
    assert [invite.link for invite in (await client(listing)).invites] == [mine.link]


async def test_who_came_by_a_link_is_listed_in_pages(rehearsal: Rehearsal, client: TelegramClient):
    world = rehearsal.world
    made = await client(export(CLUB))
    for number in range(25):
        world.acts.join_by_link(world.person(f"walker_{number}"), made.link)
    seen: list[int] = []
    offset, after = None, NOBODY
    while page := (await client(importers(CLUB, offset, after, 10, link=made.link))).importers:
        seen += [item.user_id for item in page]
        offset, after = page[-1].date, await client.get_input_entity(page[-1].user_id)
    assert len(seen) == len(set(seen)) == 25


async def test_who_asks_waits_for_an_admin(
    rehearsal: Rehearsal, client: TelegramClient, stranger: TelegramClient
):
    made = await client(export(CLUB, request_needed=True))
    me = await stranger.get_me()
    with pytest.raises(errors.InviteRequestSentError):
        await stranger(join(made.link))
    waiting = await client(importers(CLUB, None, NOBODY, 10, requested=True))
    assert [(item.user_id, item.requested) for item in waiting.importers] == [(me.id, True)]
    await client(answer(CLUB, me.id, approved=True))
    assert me.id in rehearsal.world.chat_by_username(CLUB).members
    joined = await client(importers(CLUB, None, NOBODY, 10, link=made.link))
    assert joined.importers[0].approved_by == rehearsal.accounts[0].id


async def test_who_is_turned_away_stays_outside(
    rehearsal: Rehearsal, client: TelegramClient, stranger: TelegramClient
):
    made = await client(export(CLUB, request_needed=True))
    with pytest.raises(errors.InviteRequestSentError):
        await stranger(join(made.link))
    found = await client(importers(CLUB, None, NOBODY, 10, requested=True))
    await client(answer(CLUB, found.users[0], approved=False))
    assert found.users[0].id not in rehearsal.world.chat_by_username(CLUB).members
    with pytest.raises(errors.HideRequesterMissingError):
        await client(answer(CLUB, found.users[0], approved=True))


async def test_everybody_who_waits_is_let_in_at_once(rehearsal: Rehearsal, client: TelegramClient):
    world = rehearsal.world
    made = await client(export(CLUB, request_needed=True))
    for number in range(5):
        assert not world.acts.join_by_link(world.person(f"asker_{number}"), made.link)
    everybody = functions.messages.HideAllChatJoinRequestsRequest(CLUB, approved=True)
    await client(everybody)
    assert len([m for m in world.members(CLUB) if (m.username or "").startswith("asker")]) == 5


async def test_admins_hear_of_a_request_at_once(rehearsal: Rehearsal, client: TelegramClient):
    world = rehearsal.world
    made = await client(export(CLUB, request_needed=True))
    heard: asyncio.Queue[object] = asyncio.Queue()

    @client.on(events.Raw(types.UpdatePendingJoinRequests))
    async def take(update: object) -> None:
        heard.put_nowait(update)

    person = world.person("asker")
    world.acts.join_by_link(person, made.link)
    update = await asyncio.wait_for(heard.get(), 30)
    assert (update.requests_pending, update.recent_requesters) == (1, [person.id])


async def test_a_public_group_may_want_to_be_asked(
    rehearsal: Rehearsal, client: TelegramClient, stranger: TelegramClient
):
    await client(functions.channels.ToggleJoinRequestRequest(CLUB, enabled=True))
    with pytest.raises(errors.InviteRequestSentError):
        await stranger(functions.channels.JoinChannelRequest(CLUB))
    assert len(rehearsal.world.chat_by_username(CLUB).requests) == 1
