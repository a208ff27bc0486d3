"""Invite links: what they show, whom they let in, how they end, and who came by them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.demo import CLOSED_CLUB_LINK
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, connected

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def behind(client: Client, link: str) -> object:
    """What a client is shown of the chat behind a link."""
    return await ask(client, functions.messages.CheckChatInvite(hash=link))


async def follow(client: Client, link: str) -> object:
    """Join by a link."""
    link = link.rpartition("+")[2]
    return await ask(client, functions.messages.ImportChatInvite(hash=link))


async def make(client: Client, **wishes: object) -> str:
    return (await client.create_chat_invite_link(CLUB, **wishes)).invite_link


async def link_of(client: Client, link: str) -> types.ChatInviteExported:
    request = functions.messages.GetExportedChatInvite(
        peer=await client.resolve_peer(CLUB), link=link
    )
    return (await ask(client, request)).invite


async def test_a_member_sees_the_chat_behind_a_link(client: Client):
    found = await behind(client, CLOSED_CLUB_LINK)
    assert isinstance(found, types.ChatInviteAlready)
    assert found.chat.title == "Закрытый клуб"


async def test_a_stranger_sees_an_outline(stranger: Client):
    found = await behind(stranger, CLOSED_CLUB_LINK)
    assert isinstance(found, types.ChatInvite)
    assert (found.title, found.participants_count) == ("Закрытый клуб", 3)


async def test_a_link_lets_in(rehearsal: Rehearsal, stranger: Client):
    joined = await stranger.join_chat(f"https://t.me/+{CLOSED_CLUB_LINK}")
    assert joined.chat.title == "Закрытый клуб"
    chats = rehearsal.world.chats.values()
    closed = next(chat for chat in chats if chat.title == joined.chat.title)
    assert "Зоя" in {member.name for member in rehearsal.world.members(closed)}


async def test_a_member_cannot_join_again(client: Client):
    with pytest.raises(errors.UserAlreadyParticipant):
        await follow(client, CLOSED_CLUB_LINK)


@pytest.mark.parametrize(
    ("link", "error"), [("nosuchlink", errors.InviteHashInvalid), ("", errors.InviteHashEmpty)]
)
async def test_a_wrong_link_leads_nowhere(client: Client, link: str, error: type[Exception]):
    with pytest.raises(error):
        await behind(client, link)


async def test_an_admin_makes_a_titled_link_that_works(second: Client, stranger: Client):
    made = await second.create_chat_invite_link(CLUB, "Осень")
    assert made.name == "Осень"
    assert made.invite_link.startswith("https://t.me/+")
    assert await follow(stranger, made.invite_link)


async def test_who_may_not_invite_makes_no_link(second: Client):
    with pytest.raises(errors.ChatAdminRequired):
        await second.create_chat_invite_link("rehearsal_old_chat")


async def test_a_link_is_used_up(rehearsal: Rehearsal, client: Client, stranger: Client):
    link = await make(client, member_limit=1)
    await follow(stranger, link)
    async with connected(rehearsal, rehearsal.world.account("+79000000008", "Ида")) as late:
        with pytest.raises(errors.InviteHashExpired):
            await follow(late, link)


async def test_a_revoked_link_leads_nowhere(client: Client, stranger: Client):
    link = await make(client)
    assert (await client.revoke_chat_invite_link(CLUB, link)).is_revoked
    with pytest.raises(errors.InviteHashExpired):
        await follow(stranger, link)


async def test_an_expired_link_leads_nowhere(
    rehearsal: Rehearsal, client: Client, stranger: Client
):
    world = rehearsal.world
    link = await make(client, expire_date=datetime.fromtimestamp(world.now() + 3600, UTC))
    world.set_clock(world.now() + 3601, 1.0)
    with pytest.raises(errors.InviteHashExpired):
        await follow(stranger, link)


async def test_title_and_limit_of_a_link_can_be_changed(client: Client):
    link = await make(client, name="Осень")
    await client.edit_chat_invite_link(CLUB, link, name="Зима", member_limit=7)
    found = await link_of(client, link)
    assert (found.title, found.usage_limit) == ("Зима", 7)


async def test_only_a_revoked_link_can_be_deleted(client: Client):
    link = await make(client)
    with pytest.raises(errors.InviteRevokedMissing):
        await client.delete_chat_invite_link(CLUB, link)
    await client.revoke_chat_invite_link(CLUB, link)
    assert await client.delete_chat_invite_link(CLUB, link)
    with pytest.raises(errors.InviteHashExpired):
        await link_of(client, link)


async def test_own_links_are_listed(client: Client, second: Client):
    mine = await make(client, name="моя")
    await make(second, name="её")
    found = client.get_chat_admin_invite_links(CLUB, "me")
    assert [item.invite_link async for item in found] == [mine]


async def test_the_creator_sees_who_has_links(client: Client, second: Client):
    await make(second)
    found = await client.get_chat_admins_with_invite_links(CLUB)
    assert [(item.admin.username, item.chat_invite_links_count) for item in found] == [
        ("rehearsal_admin2", 1)
    ]


async def test_who_came_by_a_link_is_listed_in_pages(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    link = await make(client)
    for number in range(125):
        world.acts.join_by_link(world.person(f"walker_{number}"), link)
    found = [item.user.id async for item in client.get_chat_invite_link_joiners(CLUB, link)]
    assert len(found) == len(set(found)) == 125
    assert (await link_of(client, link)).usage == 125
