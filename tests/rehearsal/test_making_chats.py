"""Chats that a client makes, names and gives a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.rehearsal.portraits import portrait
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

GROUP_TITLE, PICTURE = "Новая группа", portrait(7)


async def make_group(client: TelegramClient, *people: str, title: str = GROUP_TITLE):
    users = [await client.get_input_entity(name) for name in people]
    return await client(functions.messages.CreateChatRequest(users, title))


async def make_channel(client: TelegramClient, title: str = "Канал", **more: object):
    answer = await client(functions.channels.CreateChannelRequest(title, "О нём", **more))
    return answer.chats[0]


class TestGroups:
    async def test_a_group_is_made_with_who_lets_herself_be_added(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        shy = rehearsal.world.person("shy_one", behaviour=Behaviour.PRIVACY)
        answer = await make_group(client, "willing_one", "shy_one")
        assert [missing.user_id for missing in answer.missing_invitees] == [shy.id]
        (group,) = answer.updates.chats
        assert (group.title, group.creator, group.participants_count) == (GROUP_TITLE, True, 2)
        names = {user.username for user in await client.get_participants(group)}
        assert names == {"willing_one", "rehearsal_admin1"}
        (told,) = await client.get_messages(group)
        assert isinstance(told.action, types.MessageActionChatCreate)
        assert len(told.action.users) == 2

    async def test_somebody_has_to_come(self, rehearsal: Rehearsal, client: TelegramClient):
        rehearsal.world.person("gone_one", behaviour=Behaviour.DELETED)
        with pytest.raises(errors.UsersTooFewError):
            await make_group(client)
        with pytest.raises(errors.InputUserDeactivatedError):
            await make_group(client, "gone_one")
        with pytest.raises(errors.ChatTitleEmptyError):
            await make_group(client, "willing_one", title=" ")

    async def test_the_others_see_it_at_once(
        self, rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
    ):
        await make_group(client, rehearsal.accounts[1].username)
        assert GROUP_TITLE in [dialog.title for dialog in await second.get_dialogs()]

    async def test_a_hash_of_another_account_is_refused(
        self, client: TelegramClient, second: TelegramClient
    ):
        foreign = await second.get_input_entity("willing_one")
        with pytest.raises(errors.UserIdInvalidError):
            await client(functions.messages.CreateChatRequest([foreign], GROUP_TITLE))


class TestChannels:
    @pytest.mark.parametrize(
        ("wish", "is_group"), [({"megagroup": True}, True), ({"broadcast": True}, False)]
    )
    async def test_a_supergroup_or_channel_is_made(
        self, client: TelegramClient, wish: dict[str, bool], is_group: bool
    ):
        made = await make_channel(client, **wish)
        assert (made.megagroup, made.creator, made.title) == (is_group, True, "Канал")
        full = await client(functions.channels.GetFullChannelRequest(made))
        assert (full.full_chat.about, full.full_chat.participants_count) == ("О нём", 1)
        (told,) = await client.get_messages(made)
        assert isinstance(told.action, types.MessageActionChannelCreate)

    async def test_people_are_added_to_it_as_to_any_other(self, client: TelegramClient):
        made = await make_channel(client, megagroup=True)
        await client(functions.channels.InviteToChannelRequest(made, ["willing_one"]))
        assert {u.username for u in await client.get_participants(made)} >= {"willing_one"}

    async def test_an_endless_description_is_refused(self, client: TelegramClient):
        with pytest.raises(errors.ChatAboutTooLongError):
            await client(functions.channels.CreateChannelRequest("Канал", "x" * 256))


class TestLooks:
    async def test_a_title_is_changed_and_told(self, client: TelegramClient):
        club = await client.get_input_entity(CLUB)
        await client(functions.channels.EditTitleRequest(club, "Другой клуб"))
        assert (await client.get_entity(CLUB)).title == "Другой клуб"
        (told,) = await client.get_messages(club)
        assert told.action.title == "Другой клуб"
        (logged,) = [event async for event in client.iter_admin_log(club)]
        assert (logged.action.prev_value, logged.action.new_value) == (
            "Клуб репетиции",
            "Другой клуб",
        )
        with pytest.raises(errors.ChatNotModifiedError):
            await client(functions.channels.EditTitleRequest(club, "Другой клуб"))

    async def test_who_may_not_change_the_info_does_not(self, second: TelegramClient):
        club = await second.get_input_entity(CLUB)
        with pytest.raises(errors.ChatAdminRequiredError):
            await second(functions.channels.EditTitleRequest(club, "Мой клуб"))
        with pytest.raises(errors.ChatAdminRequiredError):
            await second(functions.channels.EditPhotoRequest(club, types.InputChatPhotoEmpty()))

    @pytest.mark.parametrize("kind", ["supergroup", "basic group"])
    async def test_a_picture_is_seen_by_all_and_can_be_taken_away(
        self, rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient, kind: str
    ):
        other = rehearsal.accounts[1].username
        if kind == "supergroup":
            chat = await client.get_entity(CLUB)
            peer, request = chat, functions.channels.EditPhotoRequest
        else:
            chat = (await make_group(client, other)).updates.chats[0]
            peer, request = chat.id, functions.messages.EditChatPhotoRequest
        file = await client.upload_file(PICTURE, file_name="a.png")
        await client(request(peer, types.InputChatUploadedPhoto(file)))
        await second.get_dialogs()
        seen = await second.get_entity(chat.id if kind == "basic group" else CLUB)
        assert isinstance(seen.photo, types.ChatPhoto)
        assert await second.download_profile_photo(seen, bytes) == PICTURE
        (told,) = await client.get_messages(chat)
        assert isinstance(told.action, types.MessageActionChatEditPhoto)
        await client(request(peer, types.InputChatPhotoEmpty()))
        with pytest.raises(errors.ChatNotModifiedError):
            await client(request(peer, types.InputChatPhotoEmpty()))
        assert await second.download_profile_photo(await second.get_entity(chat.id), bytes) is None

    async def test_what_is_no_picture_is_refused(self, client: TelegramClient):
        club = await client.get_input_entity(CLUB)
        file = await client.upload_file(b"no picture", file_name="a.png")
        with pytest.raises(errors.ImageProcessFailedError):
            await client(
                functions.channels.EditPhotoRequest(club, types.InputChatUploadedPhoto(file))
            )
        foreign = types.InputChatPhoto(types.InputPhoto(1, 5, b""))
        with pytest.raises(errors.PhotoInvalidError):
            await client(functions.channels.EditPhotoRequest(club, foreign))


async def test_made_chats_titles_and_pictures_outlive_a_restart(tmp_path: Path):
    async with (
        running_rehearsal(state_dir=tmp_path) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        group = (await make_group(client, "willing_one")).updates.chats[0]
        channel = await make_channel(client, megagroup=True)
        await client(functions.channels.EditTitleRequest(channel, "Иначе"))
        file = await client.upload_file(PICTURE, file_name="a.png")
        await client(
            functions.channels.EditPhotoRequest(channel, types.InputChatUploadedPhoto(file))
        )
        await client(functions.messages.MigrateChatRequest(group.id))
        before = {(dialog.title, dialog.message.id) for dialog in await client.get_dialogs()}
    for _ in range(2):
        async with (
            running_rehearsal(state_dir=tmp_path) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            after = await client.get_dialogs()
            # In no order: those of one second are as they come.
            assert {(dialog.title, dialog.message.id) for dialog in after} == before
            chat = next(dialog.entity for dialog in after if dialog.title == "Иначе")
            assert await client.download_profile_photo(chat, bytes) == PICTURE
            full = await client(functions.channels.GetFullChannelRequest(chat))
            assert full.full_chat.about == "О нём"
