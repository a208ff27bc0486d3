"""Writing into chats; pictures and documents; formatting; changing and deleting messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from invite_desktop.rehearsal.population import Conduct, Reception
from invite_desktop.rehearsal.portraits import portrait
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

CLOSED = "Закрытый клуб"
PICTURE = portrait(7, side=16)


async def chat_named(client: TelegramClient, name: str):
    return {d.name: d.input_entity async for d in client.iter_dialogs()}[name]


async def upload(client: TelegramClient, data: bytes, name: str = "a.png"):
    return await client.upload_file(data, file_name=name)


async def test_members_write_into_a_group(client: TelegramClient, second: TelegramClient):
    heard: asyncio.Queue[str] = asyncio.Queue()
    await client.get_dialogs()

    @client.on(events.NewMessage(incoming=True))
    async def take(event: object) -> None:
        heard.put_nowait(event.raw_text)

    await second.send_message(await chat_named(second, CLOSED), "всем привет")
    assert await asyncio.wait_for(heard.get(), 30) == "всем привет"
    (message,) = await client.get_messages(await chat_named(client, CLOSED), limit=1)
    assert message.text == "всем привет"


async def test_a_random_id_is_remembered_in_chats_too(client: TelegramClient):
    request = functions.messages.SendMessageRequest(CLUB, "раз", random_id=9)
    await client(request)
    with pytest.raises(errors.RandomIdDuplicateError):
        await client(request)


async def test_a_basic_group_passes_on_what_is_written(
    client: TelegramClient, second: TelegramClient
):
    group = await chat_named(client, "Малая группа")
    await client.send_message(group, "собрание в пять")
    (message,) = await second.get_messages(await chat_named(second, "Малая группа"), limit=1)
    assert (message.text, message.out) == ("собрание в пять", False)


async def test_subscribers_do_not_write_into_a_channel(
    rehearsal: Rehearsal, second: TelegramClient
):
    with pytest.raises(errors.ChatAdminRequiredError):
        await second.send_message("rehearsal_channel", "привет")


async def test_strangers_do_not_write_into_a_group(rehearsal: Rehearsal):
    async with rehearsal.client(rehearsal.world.account("+79000000009", "Зоя")) as stranger:
        with pytest.raises(errors.ChatWriteForbiddenError):
            await stranger.send_message(CLUB, "привет")


async def test_who_is_restricted_writes_nothing(client: TelegramClient, second: TelegramClient):
    closed = await chat_named(client, CLOSED)
    await client.edit_permissions(closed, "rehearsal_admin2", send_messages=False)
    with pytest.raises(errors.UserBannedInChannelError):
        await second.send_message(await chat_named(second, CLOSED), "привет")


async def test_slow_mode_lets_members_wait(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    closed = await chat_named(client, CLOSED)
    await client(functions.channels.ToggleSlowModeRequest(closed, 60))
    mine = await chat_named(second, CLOSED)
    await second.send_message(mine, "раз")
    with pytest.raises(errors.SlowModeWaitError) as caught:
        await second.send_message(mine, "два")
    assert 50 <= caught.value.seconds <= 60
    rehearsal.world.set_clock(rehearsal.world.now() + 61, 1.0)
    second._flood_waited_requests.clear()
    await second.send_message(mine, "два")


async def test_formatting_and_addresses_are_kept(client: TelegramClient):
    sent = await client.send_message("some_person", "**важно** https://t.me/rehearsal_club")
    (kept,) = await client.get_messages("some_person")
    assert [type(item) for item in kept.entities] == [
        types.MessageEntityBold,
        types.MessageEntityUrl,
    ]
    assert kept.text == sent.text
    assert isinstance(kept.media, types.MessageMediaWebPage)


async def test_a_preview_can_be_left_out(client: TelegramClient):
    await client.send_message("some_person", "https://t.me/rehearsal_club", link_preview=False)
    assert (await client.get_messages("some_person"))[0].media is None


async def test_formatting_beyond_the_text_is_refused(client: TelegramClient):
    bold = [types.MessageEntityBold(0, 50)]
    with pytest.raises(errors.EntityBoundsInvalidError):
        await client.send_message("some_person", "коротко", formatting_entities=bold)


async def test_length_is_counted_as_telegram_counts_it(client: TelegramClient):
    with pytest.raises(errors.MessageTooLongError):
        await client.send_message("some_person", "😀" * 2049)
    await client.send_message("some_person", "😀" * 2048)


async def test_a_picture_arrives_as_it_was_sent(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    await client.send_file("rehearsal_admin2", await upload(client, PICTURE), caption="смотри")
    (message,) = await second.get_messages(rehearsal.accounts[0].username)
    assert (message.text, message.photo is not None) == ("смотри", True)
    assert await message.download_media(bytes) == PICTURE


async def test_a_document_arrives_as_it_was_sent(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    data = bytes(range(256)) * 600
    file = await upload(client, data, "список.bin")
    await client.send_file("rehearsal_admin2", file, force_document=True)
    (message,) = await second.get_messages(rehearsal.accounts[0].username)
    assert message.file.name == "список.bin"
    assert await message.download_media(bytes) == data


async def test_a_repeated_picture_is_sent_once(client: TelegramClient):
    for expected in (False, True):
        media = types.InputMediaUploadedPhoto(await upload(client, PICTURE))
        request = functions.messages.SendMediaRequest("some_person", media, "", random_id=4)
        if expected:
            with pytest.raises(errors.RandomIdDuplicateError):
                await client(request)
        else:
            await client(request)
    assert len(await client.get_messages("some_person", limit=5)) == 1


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (Reception.PREMIUM_REQUIRED, "PRIVACY_PREMIUM_REQUIRED"),
        (Reception.PAID, "ALLOW_PAYMENT_REQUIRED_10"),
        (Conduct(flood_seconds=60), "60"),
    ],
)
async def test_a_picture_is_refused_as_words_are_and_kept_nowhere(
    rehearsal: Rehearsal, client: TelegramClient, behaviour: Reception | Conduct, fault: str
):
    rehearsal.world.person("distant_one", behaviour=behaviour)
    media = types.InputMediaUploadedPhoto(await upload(client, PICTURE))
    request = functions.messages.SendMediaRequest("distant_one", media, "", random_id=4)
    with pytest.raises(errors.RPCError, match=fault):
        await client(request)
    assert rehearsal.world.attachments.find(1) is None


async def test_the_parts_of_another_accounts_file_are_nobodys(
    client: TelegramClient, second: TelegramClient
):
    file = await upload(client, PICTURE)
    with pytest.raises(errors.FilePart0MissingError):
        await second.send_file("some_person", file)
    assert await client.send_file("some_person", file)


async def test_what_is_no_picture_is_refused(client: TelegramClient):
    media = types.InputMediaUploadedPhoto(await upload(client, b"no picture at all"))
    with pytest.raises(errors.ImageProcessFailedError):
        await client(functions.messages.SendMediaRequest("some_person", media, "", random_id=4))


async def test_anothers_file_cannot_be_fetched(client: TelegramClient, second: TelegramClient):
    sent = await client.send_file("some_person", await upload(client, PICTURE))
    photo = sent.photo
    place = types.InputPhotoFileLocation(photo.id, photo.access_hash, photo.file_reference, "x")
    with pytest.raises(errors.LocationInvalidError):
        await second(functions.upload.GetFileRequest(place, 0, 4096))


async def test_an_own_message_can_be_changed_for_both(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    sent = await client.send_message("rehearsal_admin2", "было")
    changed = await client.edit_message("rehearsal_admin2", sent.id, "стало")
    assert changed.text == "стало"
    (message,) = await second.get_messages(rehearsal.accounts[0].username)
    assert (message.text, message.edit_date is not None) == ("стало", True)


async def test_only_own_and_recent_messages_can_be_changed(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    sent = await client.send_message("rehearsal_admin2", "было")
    (hers,) = await second.get_messages("rehearsal_admin1")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await second.edit_message("rehearsal_admin1", hers.id, "стало")
    with pytest.raises(errors.MessageNotModifiedError):
        await client.edit_message("rehearsal_admin2", sent.id, "было")
    rehearsal.world.set_clock(rehearsal.world.now() + 49 * 3600, 1.0)
    with pytest.raises(errors.MessageEditTimeExpiredError):
        await client.edit_message("rehearsal_admin2", sent.id, "стало")


@pytest.mark.parametrize(("revoke", "left"), [(True, 0), (False, 1)])
async def test_a_message_is_deleted_for_both_or_for_oneself(
    rehearsal: Rehearsal,
    client: TelegramClient,
    second: TelegramClient,
    revoke: bool,
    left: int,
):
    sent = await client.send_message("rehearsal_admin2", "привет")
    await client.delete_messages("rehearsal_admin2", [sent.id], revoke=revoke)
    assert await client.get_messages("rehearsal_admin2", limit=5) == []
    hers = await second.get_messages(rehearsal.accounts[0].username, limit=5)
    assert len(hers) == left


async def test_posts_are_changed_and_deleted(client: TelegramClient, second: TelegramClient):
    sent = await client.send_message(CLUB, "было")
    await client.edit_message(CLUB, sent.id, "стало")
    assert (await second.get_messages(CLUB, ids=sent.id)).text == "стало"
    with pytest.raises(errors.MessageDeleteForbiddenError):
        await second.delete_messages(CLUB, [sent.id])
    await client.delete_messages(CLUB, [sent.id])
    assert await second.get_messages(CLUB, ids=sent.id) is None


async def test_what_was_missed_in_a_channel_is_in_its_difference(
    client: TelegramClient, second: TelegramClient
):
    club = await second.get_input_entity(CLUB)
    before = (await second(functions.channels.GetFullChannelRequest(club))).full_chat.pts
    await client.send_message(CLUB, "раз")
    gone = await client.send_message(CLUB, "два")
    await client.delete_messages(CLUB, [gone.id])
    wanted = types.ChannelMessagesFilterEmpty()
    request = functions.updates.GetChannelDifferenceRequest(club, wanted, before, 100)
    missed = await second(request)
    assert [message.message for message in missed.new_messages] == ["раз"]
    assert missed.other_updates[0].messages == [gone.id]


async def test_reading_a_channel_clears_its_count(client: TelegramClient, second: TelegramClient):
    await client.send_message(CLUB, "раз")

    async def unread() -> int:
        return next(d.unread_count for d in await second.get_dialogs() if d.name[:4] == "Клуб")

    assert await unread() > 0
    await second.send_read_acknowledge(CLUB)
    assert await unread() == 0


class TestPhotos:
    async def test_a_profile_photo_can_be_downloaded(self, client: TelegramClient):
        assert (await client.get_me()).photo is not None
        data = await client.download_profile_photo("me", bytes)
        assert data.startswith(b"\x89PNG")

    async def test_all_photos_are_listed(self, client: TelegramClient):
        (photo,) = await client.get_profile_photos("me")
        assert (await client.download_media(photo, bytes)).startswith(b"\x89PNG")

    async def test_not_everybody_has_one(self, client: TelegramClient):
        people = [await client.get_entity(f"person_{number}") for number in range(30)]
        assert 0 < sum(person.photo is not None for person in people) < 30


class TestDialogues:
    async def test_a_pinned_dialogue_stands_first(self, client: TelegramClient):
        await client.send_message("some_person", "раз")
        await client.send_message("other_person", "два")
        peer = types.InputDialogPeer(await client.get_input_entity("some_person"))
        await client(functions.messages.ToggleDialogPinRequest(peer, pinned=True))
        dialogs = await client.get_dialogs()
        assert (dialogs[0].entity.username, dialogs[0].pinned) == ("some_person", True)

    async def test_the_archive_is_a_list_of_its_own(self, client: TelegramClient):
        await client.send_message("some_person", "раз")
        await client.edit_folder("some_person", 1)
        assert [d.entity.username for d in await client.get_dialogs(folder=1)] == ["some_person"]
        main = [d.entity for d in await client.get_dialogs(folder=0)]
        assert "some_person" not in {getattr(entity, "username", None) for entity in main}
