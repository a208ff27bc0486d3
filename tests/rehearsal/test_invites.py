from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person
    from tests.fakes.rehearsal import Rehearsal


def invite(chat: object, *users: object):
    return functions.channels.InviteToChannelRequest(chat, users)


def names(rehearsal: Rehearsal, chat: Chat | str = CLUB):
    return {member.username for member in rehearsal.world.members(chat)}


async def test_a_willing_person_becomes_a_member(rehearsal: Rehearsal, client: TelegramClient):
    answer = await client(invite(CLUB, "willing_one"))
    assert answer.missing_invitees == []
    assert "willing_one" in names(rehearsal)


async def test_the_members_know_who_invited_them_and_when(
    rehearsal: Rehearsal, client: TelegramClient
):
    await client(invite(CLUB, "willing_one"))
    (member,) = [m for m in rehearsal.world.members(CLUB) if m.username == "willing_one"]
    assert member.inviter_id == rehearsal.accounts[0].id
    assert abs(member.joined_at.timestamp() - rehearsal.world.now()) < 5


@pytest.mark.parametrize(
    ("behaviour", "premium"), [(Behaviour.PRIVACY, False), (Behaviour.PREMIUM_WOULD_ALLOW, True)]
)
async def test_privacy_is_a_refusal_inside_a_success(
    rehearsal: Rehearsal, client: TelegramClient, behaviour: Behaviour, premium: bool
):
    person = rehearsal.world.person("private_one", behaviour=behaviour)
    answer = await client(invite(CLUB, "private_one"))
    (missing,) = answer.missing_invitees
    assert (missing.user_id, bool(missing.premium_would_allow_invite)) == (person.id, premium)
    assert "private_one" not in names(rehearsal)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Behaviour.PRIVACY_ERROR, errors.UserPrivacyRestrictedError),
        (Behaviour.NOT_MUTUAL_CONTACT, errors.UserNotMutualContactError),
        (Behaviour.TOO_MANY_CHATS, errors.UserChannelsTooMuchError),
        (Behaviour.KICKED, errors.UserKickedError),
        (Behaviour.BOT, errors.BotGroupsBlockedError),
        (Behaviour.DELETED, errors.InputUserDeactivatedError),
        (Behaviour.BLOCKED, errors.UserBlockedError),
    ],
)
async def test_a_refusal_by_error(
    rehearsal: Rehearsal, client: TelegramClient, behaviour: Behaviour, error: type[Exception]
):
    rehearsal.world.person("unwilling_one", behaviour=behaviour)
    with pytest.raises(error):
        await client(invite(CLUB, "unwilling_one"))
    assert "unwilling_one" not in names(rehearsal)


async def test_an_error_that_telethon_has_no_class_for(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.world.person("unwilling_one", behaviour=Behaviour.ADD_FAILED)
    with pytest.raises(errors.BadRequestError, match="CHAT_MEMBER_ADD_FAILED"):
        await client(invite(CLUB, "unwilling_one"))


async def test_a_silent_no_add_is_accepted_and_changes_nothing(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.world.person("silent_one", behaviour=Behaviour.SILENT_NO_ADD)
    answer = await client(invite(CLUB, "silent_one"))
    assert answer.missing_invitees == []
    assert "silent_one" not in names(rehearsal)


async def test_inviting_a_member_again_changes_nothing(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    before = rehearsal.world.members(CLUB)
    assert (await client(invite(CLUB, "regular"))).missing_invitees == []
    assert rehearsal.world.members(CLUB) == before


async def test_of_several_people_each_has_an_own_end(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("private_one", behaviour=Behaviour.PRIVACY)
    rehearsal.world.person("kicked_one", behaviour=Behaviour.KICKED)
    answer = await client(invite(CLUB, "willing_one", "private_one", "kicked_one"))
    assert len(answer.missing_invitees) == 2
    assert names(rehearsal) >= {"willing_one"}


async def test_a_hash_of_another_account_adds_nobody(
    client: TelegramClient, second: TelegramClient
):
    peer = await second.get_input_entity("willing_one")
    user = types.InputUser(peer.user_id, peer.access_hash)
    with pytest.raises(errors.UserIdInvalidError):
        await client(invite(CLUB, user))


async def test_a_bare_id_adds_nobody(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person(telegram_id=77)
    with pytest.raises(errors.UserIdInvalidError):
        await client(invite(CLUB, types.InputUser(77, 0)))


@pytest.mark.parametrize("chat", ["Закрытый клуб", "Старый чат"])
async def test_members_and_admins_without_the_right_cannot_add(second: TelegramClient, chat: str):
    found = {dialog.name: dialog.input_entity async for dialog in second.iter_dialogs()}
    with pytest.raises(errors.ChatAdminRequiredError):
        await second(invite(found[chat], "willing_one"))


async def test_strangers_cannot_add_to_a_public_group(rehearsal: Rehearsal):
    stranger = rehearsal.world.account("+79000000009", "Зоя")
    async with rehearsal.client(stranger) as client:
        with pytest.raises(errors.ChatWriteForbiddenError):
            await client(invite(CLUB, "willing_one"))


async def test_a_channel_takes_only_two_hundred_by_hand(
    rehearsal: Rehearsal, client: TelegramClient
):
    world = rehearsal.world
    channel = world.chat_by_username("rehearsal_channel")
    for number in range(200 - world.member_count(channel)):
        world.seat(channel, world.person(f"subscriber{number}"))
    with pytest.raises(errors.UsersTooMuchError):
        await client(invite("rehearsal_channel", "willing_one"))


async def test_bots_cannot_be_added_to_channels(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("helper", behaviour=Behaviour.BOT)
    with pytest.raises(errors.UserBotError):
        await client(invite("rehearsal_channel", "helper"))


class TestBasicGroup:
    @pytest.fixture
    def group(self, rehearsal: Rehearsal):
        return next(c for c in rehearsal.world.chats.values() if c.title == "Малая группа")

    async def test_somebody_is_added(
        self, rehearsal: Rehearsal, client: TelegramClient, group: Chat
    ):
        answer = await client(functions.messages.AddChatUserRequest(group.id, "willing_one", 0))
        assert answer.missing_invitees == []
        assert "willing_one" in names(rehearsal, group)

    async def test_a_member_is_not_added_again(self, client: TelegramClient, group: Chat):
        request = functions.messages.AddChatUserRequest(group.id, "willing_one", 0)
        await client(request)
        with pytest.raises(errors.UserAlreadyParticipantError):
            await client(request)

    async def test_members_cannot_add(self, second: TelegramClient, group: Chat):
        with pytest.raises(errors.ChatAdminRequiredError):
            await second(functions.messages.AddChatUserRequest(group.id, "willing_one", 0))

    async def test_an_unknown_group_is_refused(self, client: TelegramClient):
        with pytest.raises(errors.ChatIdInvalidError):
            await client(functions.messages.AddChatUserRequest(123, "willing_one", 0))


class TestFloodWait:
    @pytest.fixture
    def person(self, rehearsal: Rehearsal):
        return rehearsal.world.person("costly", behaviour=Conduct(flood_seconds=60))

    async def test_the_first_contact_costs_a_wait(
        self, rehearsal: Rehearsal, client: TelegramClient, person: Person
    ):
        with pytest.raises(errors.FloodWaitError) as caught:
            await client(invite(CLUB, person.username))
        assert caught.value.seconds == 60
        assert "costly" not in names(rehearsal)

    async def test_the_same_account_waits_with_everybody(
        self, rehearsal: Rehearsal, client: TelegramClient, person: Person
    ):
        with pytest.raises(errors.FloodWaitError):
            await client(invite(CLUB, person.username))
        client._flood_waited_requests.clear()
        calls = len(rehearsal.server.calls)
        with pytest.raises(errors.FloodWaitError) as caught:
            await client(invite(CLUB, "willing_one"))
        assert 50 <= caught.value.seconds <= 60
        assert len(rehearsal.server.calls) > calls, "the server was not asked"

    async def test_another_account_does_not_wait(
        self, rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient, person: Person
    ):
        with pytest.raises(errors.FloodWaitError):
            await client(invite(CLUB, person.username))
        await second(invite(CLUB, person.username))
        assert "costly" in names(rehearsal)

    async def test_the_wait_ends_in_the_worlds_time(
        self, rehearsal: Rehearsal, client: TelegramClient, person: Person
    ):
        with pytest.raises(errors.FloodWaitError):
            await client(invite(CLUB, person.username))
        client._flood_waited_requests.clear()
        rehearsal.world.set_clock(rehearsal.world.now() + 61, 1.0)
        await client(invite(CLUB, person.username))
        assert "costly" in names(rehearsal)


async def test_every_executed_invite_is_in_the_log(tmp_path: Path):
    world = demo_world(mix=CALM)
    log = tmp_path / "log.jsonl"
    world.person("private_one", phone="+79001112233", behaviour=Behaviour.PRIVACY)
    world.person("kicked_one", behaviour=Behaviour.KICKED)
    async with (
        running_rehearsal(world, log_file=log) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        await client(invite(CLUB, "willing_one"))
        await client(invite(CLUB, "private_one"))
        with pytest.raises(errors.UserKickedError):
            await client(invite(CLUB, "kicked_one"))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["method"] for line in lines} == {"channels.inviteToChannel"}
    assert {line["account"] for line in lines} == {"+9996620001"}
    assert {line["chat"]["username"] for line in lines} == {CLUB}
    results = [
        (user["username"], user["phone"], user["result"])
        for line in lines
        for user in line["users"]
    ]
    assert results == [
        ("willing_one", None, "added"),
        ("private_one", "+79001112233", "missing:privacy"),
    ]
