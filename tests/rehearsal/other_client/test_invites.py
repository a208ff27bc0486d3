"""Adding people: who comes in, who does not, and how that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.population import Behaviour, Conduct
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel, chats_of, user

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

CHANNEL = "rehearsal_channel"


async def invite(client: Client, *people: str, chat: str = CLUB) -> list[types.MissingInvitee]:
    """Add people; return those whom the answer calls missing."""
    request = functions.channels.InviteToChannel(
        channel=await channel(client, chat), users=[await user(client, name) for name in people]
    )
    return (await ask(client, request)).missing_invitees


def names(rehearsal: Rehearsal, chat: str = CLUB) -> set[str | None]:
    return {member.username for member in rehearsal.world.members(chat)}


async def test_a_willing_person_becomes_a_member(rehearsal: Rehearsal, client: Client):
    assert await invite(client, "willing_one") == []
    assert "willing_one" in names(rehearsal)


async def test_kurigrams_own_way_of_adding_works(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("private_one", behaviour=Behaviour.PRIVACY)
    (failed,) = await client.add_chat_members(CLUB, ["willing_one", "private_one"])
    assert failed.user_id == rehearsal.world.person("private_one").id
    assert "willing_one" in names(rehearsal)


async def test_the_members_know_who_invited_them(rehearsal: Rehearsal, client: Client):
    await invite(client, "willing_one")
    (member,) = [m for m in rehearsal.world.members(CLUB) if m.username == "willing_one"]
    assert member.inviter_id == rehearsal.accounts[0].id


@pytest.mark.parametrize(
    ("behaviour", "premium"), [(Behaviour.PRIVACY, False), (Behaviour.PREMIUM_WOULD_ALLOW, True)]
)
async def test_privacy_is_a_refusal_inside_a_success(
    rehearsal: Rehearsal, client: Client, behaviour: Behaviour, premium: bool
):
    person = rehearsal.world.person("private_one", behaviour=behaviour)
    (missing,) = await invite(client, "private_one")
    assert (missing.user_id, bool(missing.premium_would_allow_invite)) == (person.id, premium)
    assert "private_one" not in names(rehearsal)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Behaviour.PRIVACY_ERROR, errors.UserPrivacyRestricted),
        (Behaviour.NOT_MUTUAL_CONTACT, errors.UserNotMutualContact),
        (Behaviour.TOO_MANY_CHATS, errors.UserChannelsTooMuch),
        (Behaviour.KICKED, errors.UserKicked),
        (Behaviour.BOT, errors.BotGroupsBlocked),
        (Behaviour.DELETED, errors.InputUserDeactivated),
        (Behaviour.BLOCKED, errors.UserBlocked),
        (Behaviour.ADD_FAILED, errors.ChatMemberAddFailed),
    ],
)
async def test_a_refusal_by_error(
    rehearsal: Rehearsal, client: Client, behaviour: Behaviour, error: type[Exception]
):
    rehearsal.world.person("unwilling_one", behaviour=behaviour)
    with pytest.raises(error):
        await invite(client, "unwilling_one")
    assert "unwilling_one" not in names(rehearsal)


async def test_a_silent_no_add_is_accepted_and_changes_nothing(
    rehearsal: Rehearsal, client: Client
):
    rehearsal.world.person("silent_one", behaviour=Behaviour.SILENT_NO_ADD)
    assert await invite(client, "silent_one") == []
    assert "silent_one" not in names(rehearsal)


async def test_inviting_a_member_again_changes_nothing(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    before = rehearsal.world.members(CLUB)
    assert await invite(client, "regular") == []
    assert rehearsal.world.members(CLUB) == before


async def test_of_several_people_each_has_an_own_end(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("private_one", behaviour=Behaviour.PRIVACY)
    rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
    assert len(await invite(client, "willing_one", "private_one", "kicked_one")) == 2
    assert "willing_one" in names(rehearsal)


async def test_a_contact_of_hers_is_let_in_by_her_settings(rehearsal: Rehearsal, client: Client):
    person = rehearsal.world.person("private_one", behaviour=Behaviour.PRIVACY)
    rehearsal.world.acts.save_contact(person, rehearsal.accounts[0])
    assert await invite(client, "private_one") == []
    assert "private_one" in names(rehearsal)


async def test_who_has_blocked_the_account_is_out_of_its_reach(
    rehearsal: Rehearsal, client: Client, second: Client
):
    rehearsal.world.acts.block(rehearsal.world.person("some_person"), rehearsal.accounts[0])
    with pytest.raises(errors.UserBlocked):
        await invite(client, "some_person")
    assert await invite(second, "some_person") == []


async def test_who_left_is_added_by_mutual_contacts_only(rehearsal: Rehearsal, client: Client):
    world, me = rehearsal.world, rehearsal.accounts[0]
    await invite(client, "willing_one")
    person = world.person("willing_one")
    world.acts.leave(person, world.chat_by_username(CLUB))
    with pytest.raises(errors.UserNotMutualContact):
        await invite(client, "willing_one")
    world.acts.save_contact(person, me)
    await client.add_contact("willing_one", "Ася")
    await invite(client, "willing_one")
    assert "willing_one" in names(rehearsal)


async def test_a_hash_of_another_account_adds_nobody(client: Client, second: Client):
    request = functions.channels.InviteToChannel(
        channel=await channel(client, CLUB), users=[await user(second, "willing_one")]
    )
    with pytest.raises(errors.UserIdInvalid):
        await ask(client, request)


async def test_a_bare_id_adds_nobody(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person(telegram_id=77)
    request = functions.channels.InviteToChannel(
        channel=await channel(client, CLUB), users=[types.InputUser(user_id=77, access_hash=0)]
    )
    with pytest.raises(errors.UserIdInvalid):
        await ask(client, request)


@pytest.mark.parametrize("title", ["Закрытый клуб", "Старый чат"])
async def test_members_and_admins_without_the_right_cannot_add(second: Client, title: str):
    request = functions.channels.InviteToChannel(
        channel=(await chats_of(second))[title], users=[await user(second, "willing_one")]
    )
    with pytest.raises(errors.ChatAdminRequired):
        await ask(second, request)


async def test_strangers_cannot_add_to_a_public_group(stranger: Client):
    with pytest.raises(errors.ChatWriteForbidden):
        await invite(stranger, "willing_one")


async def test_a_channel_takes_only_two_hundred_by_hand(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    found = world.chat_by_username(CHANNEL)
    for number in range(199 - world.member_count(found)):
        world.seat(found, world.person(f"subscriber{number}"))
    assert await invite(client, "willing_one", chat=CHANNEL) == []
    with pytest.raises(errors.UsersTooMuch):
        await invite(client, "willing_two", chat=CHANNEL)


async def test_bots_cannot_be_added_to_channels(client: Client):
    with pytest.raises(errors.UserBot):
        await invite(client, "helper_bot", chat=CHANNEL)


class TestSeededWait:
    @pytest.fixture(autouse=True)
    def _costly(self, rehearsal: Rehearsal):
        """Somebody whom to contact first costs a minute."""
        rehearsal.world.person("costly", behaviour=Conduct(flood_seconds=60))

    async def test_the_first_contact_costs_a_wait(self, rehearsal: Rehearsal, client: Client):
        with pytest.raises(errors.FloodWait) as caught:
            await invite(client, "costly")
        assert caught.value.value == 60
        assert "costly" not in names(rehearsal)

    async def test_the_same_account_waits_with_everybody(self, client: Client):
        with pytest.raises(errors.FloodWait):
            await invite(client, "costly")
        with pytest.raises(errors.FloodWait) as caught:
            await invite(client, "willing_one")
        assert 50 <= caught.value.value <= 60

    async def test_another_account_does_not_wait(
        self, rehearsal: Rehearsal, client: Client, second: Client
    ):
        with pytest.raises(errors.FloodWait):
            await invite(client, "costly")
        await invite(second, "costly")
        assert "costly" in names(rehearsal)

    async def test_the_wait_ends_in_the_worlds_time(self, rehearsal: Rehearsal, client: Client):
        with pytest.raises(errors.FloodWait):
            await invite(client, "costly")
        rehearsal.world.set_clock(rehearsal.world.now() + 61, 1.0)
        await invite(client, "costly")
        assert "costly" in names(rehearsal)
