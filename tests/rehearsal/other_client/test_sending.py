"""Writing to people: what is kept, what is refused, and what comes twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import enums, errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.population import Behaviour, Reception
from invite_desktop.rehearsal.portraits import portrait
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, chats_of, connected, user

if TYPE_CHECKING:
    from pathlib import Path

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


async def send(
    client: Client, whom: str, text: str = "Здравствуйте!", random_id: int = 1
) -> object:
    """What comes of sending a message with this random_id."""
    request = functions.messages.SendMessage(
        peer=await client.resolve_peer(whom), message=text, random_id=random_id
    )
    return await ask(client, request)


async def written(client: Client, whom: str) -> list[str]:
    """The texts of a dialogue, newest first."""
    return [message.text async for message in client.get_chat_history(whom)]


async def test_a_message_is_kept_in_the_dialogue(client: Client):
    sent = await client.send_message("some_person", "Здравствуйте!")
    (message,) = [item async for item in client.get_chat_history("some_person")]
    assert (message.id, message.text, message.outgoing) == (sent.id, "Здравствуйте!", True)


async def test_a_repeated_random_id_sends_nothing(client: Client):
    await send(client, "some_person")
    with pytest.raises(errors.RandomIdDuplicate):
        await send(client, "some_person")
    assert await written(client, "some_person") == ["Здравствуйте!"]


async def test_a_random_id_is_remembered_in_chats_too(client: Client):
    await send(client, CLUB)
    with pytest.raises(errors.RandomIdDuplicate):
        await send(client, CLUB)


async def test_a_random_id_is_remembered_whoever_it_was_for(client: Client):
    await send(client, "some_person")
    with pytest.raises(errors.RandomIdDuplicate):
        await send(client, "other_person")


async def test_a_random_id_belongs_to_its_account(client: Client, second: Client):
    assert await send(client, "some_person")
    assert await send(second, "some_person")


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        (Reception.PREMIUM_REQUIRED, errors.PrivacyPremiumRequired, None),
        (Reception.PAID, errors.AllowPaymentRequired, "10"),
        (Reception.BLOCKS_SENDER, errors.UserIsBlocked, None),
        (Behaviour.DELETED, errors.InputUserDeactivated, None),
    ],
)
async def test_who_cannot_be_written_to(
    rehearsal: Rehearsal,
    client: Client,
    behaviour: Behaviour | Reception,
    error: type[Exception],
    words: str | None,
):
    rehearsal.world.person("distant_one", behaviour=behaviour)
    with pytest.raises(error, match=words):
        await send(client, "distant_one")
    assert await written(client, "distant_one") == []


async def test_premium_accounts_may_write_to_who_wants_that(rehearsal: Rehearsal):
    rehearsal.world.person("vip_one", behaviour=Reception.PREMIUM_REQUIRED)
    rich = rehearsal.world.account("+79000000008", "Ида", premium=True)
    async with connected(rehearsal, rich) as client:
        assert await send(client, "vip_one")


async def test_what_it_takes_to_write_is_told_in_bulk(rehearsal: Rehearsal, client: Client):
    for name, reception in zip(("free_one", "vip_one", "dear_one"), Reception, strict=False):
        rehearsal.world.person(name, behaviour=reception)
    people = [await user(client, name) for name in ("free_one", "vip_one", "dear_one")]
    answer = await ask(client, functions.users.GetRequirementsToContact(id=people))
    assert [type(item) for item in answer] == [
        types.RequirementToContactEmpty,
        types.RequirementToContactPremium,
        types.RequirementToContactPaidMessages,
    ]
    assert answer[2].stars_amount == 10


async def test_who_has_blocked_the_account_gets_nothing(rehearsal: Rehearsal, client: Client):
    world = rehearsal.world
    person = world.person("some_person")
    world.acts.block(person, rehearsal.accounts[0])
    with pytest.raises(errors.UserIsBlocked):
        await send(client, "some_person")
    world.acts.unblock(person, rehearsal.accounts[0])
    assert await send(client, "some_person", random_id=2)


async def test_whom_the_account_has_blocked_gets_nothing(client: Client):
    await client.block_user("some_person")
    with pytest.raises(errors.YouBlockedUser):
        await send(client, "some_person")


@pytest.mark.parametrize(
    ("text", "error"),
    [("", errors.MessageEmpty), ("x" * 4097, errors.MessageTooLong)],
    ids=["empty", "long"],
)
async def test_texts_have_limits(client: Client, text: str, error: type[Exception]):
    with pytest.raises(error):
        await send(client, "some_person", text)


async def test_a_hash_of_another_account_is_no_peer(client: Client, second: Client):
    request = functions.messages.SendMessage(
        peer=await second.resolve_peer("some_person"), message="привет", random_id=1
    )
    with pytest.raises(errors.PeerIdInvalid):
        await ask(client, request)


async def test_a_note_to_oneself_is_kept_once(client: Client):
    await client.send_message("me", "проба")
    assert await written(client, "me") == ["проба"]


async def test_length_is_counted_as_telegram_counts_it(client: Client):
    with pytest.raises(errors.MessageTooLong):
        await send(client, "some_person", "😀" * 2049)
    assert await send(client, "some_person", "😀" * 2048)


@pytest.mark.parametrize("reception", [Reception.PREMIUM_REQUIRED, Reception.PAID])
async def test_her_contacts_write_freely(
    rehearsal: Rehearsal, client: Client, reception: Reception
):
    person = rehearsal.world.person("dear_one", behaviour=reception)
    rehearsal.world.acts.save_contact(person, rehearsal.accounts[0])
    for other in (Reception.PREMIUM_REQUIRED, Reception.PAID):
        rehearsal.world.person(f"{other}_one", behaviour=other)
    # Of short answers of one length kurigram believes that they are numbers.
    people = [await user(client, name) for name in ("dear_one", "premium_required_one", "paid_one")]
    needed, *_ = await ask(client, functions.users.GetRequirementsToContact(id=people))
    assert isinstance(needed, types.RequirementToContactEmpty)
    assert await send(client, "dear_one")


async def test_who_wants_premium_reads_whom_she_wrote_to(rehearsal: Rehearsal, client: Client):
    person = rehearsal.world.person("vip_one", behaviour=Reception.PREMIUM_REQUIRED)
    rehearsal.world.acts.write(person, rehearsal.accounts[0], "вопрос")
    assert await send(client, "vip_one", "ответ")


async def test_formatting_beyond_the_text_is_refused(client: Client):
    request = functions.messages.SendMessage(
        peer=await client.resolve_peer("some_person"),
        message="коротко",
        random_id=1,
        entities=[types.MessageEntityBold(offset=0, length=50)],
    )
    with pytest.raises(errors.EntityBoundsInvalid):
        await ask(client, request)


async def test_formatting_and_addresses_are_kept(client: Client):
    await client.send_message("some_person", "**важно** https://t.me/rehearsal_club")
    (kept,) = [item async for item in client.get_chat_history("some_person")]
    assert [item.type for item in kept.entities] == [
        enums.MessageEntityType.BOLD,
        enums.MessageEntityType.URL,
    ]


async def test_own_messages_can_be_changed_for_both(client: Client, second: Client):
    sent = await client.send_message("rehearsal_admin2", "было")
    assert (await client.edit_message_text("rehearsal_admin2", sent.id, "стало")).text == "стало"
    assert await written(second, "rehearsal_admin1") == ["стало"]


async def test_what_others_wrote_cannot_be_changed(client: Client, second: Client):
    await client.send_message("rehearsal_admin2", "было")
    (hers,) = [item async for item in second.get_chat_history("rehearsal_admin1")]
    with pytest.raises(errors.MessageAuthorRequired):
        await second.edit_message_text("rehearsal_admin1", hers.id, "стало")


async def test_only_what_differs_and_is_recent_can_be_changed(rehearsal: Rehearsal, client: Client):
    sent = await client.send_message("rehearsal_admin2", "было")
    with pytest.raises(errors.MessageNotModified):
        await client.edit_message_text("rehearsal_admin2", sent.id, "было")
    rehearsal.world.set_clock(rehearsal.world.now() + 49 * 3600, 1.0)
    with pytest.raises(errors.MessageEditTimeExpired):
        await client.edit_message_text("rehearsal_admin2", sent.id, "стало")


@pytest.mark.parametrize(("revoke", "left"), [(True, []), (False, ["привет"])])
async def test_a_message_is_deleted_for_both_or_for_oneself(
    client: Client, second: Client, revoke: bool, left: list[str]
):
    sent = await client.send_message("rehearsal_admin2", "привет")
    await client.delete_messages("rehearsal_admin2", sent.id, revoke=revoke)
    assert await written(client, "rehearsal_admin2") == []
    assert await written(second, "rehearsal_admin1") == left


async def test_a_document_arrives_as_it_was_sent(client: Client, second: Client, tmp_path: Path):
    data = bytes(range(256)) * 20
    (tmp_path / "список.bin").write_bytes(data)
    await client.send_document("rehearsal_admin2", tmp_path / "список.bin", caption="вот")
    (message,) = [item async for item in second.get_chat_history("rehearsal_admin1")]
    assert (message.caption, message.document.file_name) == ("вот", "список.bin")
    arrived = await second.download_media(message, in_memory=True)
    assert bytes(arrived.getbuffer()) == data


async def test_a_picture_arrives_as_it_was_sent(client: Client, second: Client, tmp_path: Path):
    picture = portrait(7, side=16)
    (tmp_path / "a.png").write_bytes(picture)
    await client.send_photo("rehearsal_admin2", tmp_path / "a.png", caption="смотри")
    (message,) = [item async for item in second.get_chat_history("rehearsal_admin1")]
    assert message.caption == "смотри"
    arrived = await second.download_media(message, in_memory=True)
    assert bytes(arrived.getbuffer()) == picture


async def test_what_is_no_picture_is_refused(client: Client, tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"no picture at all")
    with pytest.raises(errors.ImageProcessFailed):
        await client.send_photo("rehearsal_admin2", tmp_path / "a.png")


class TestChats:
    async def test_members_write_into_a_group(self, client: Client, second: Client):
        group = (await chats_of(client))["Малая группа"]
        assert await chats_of(second)
        await client.send_message(-group.chat_id, "собрание в пять")
        assert (await written(second, -group.chat_id))[0] == "собрание в пять"

    async def test_posts_are_changed_and_deleted(self, client: Client, second: Client):
        sent = await client.send_message(CLUB, "было")
        await client.edit_message_text(CLUB, sent.id, "стало")
        assert (await written(second, CLUB))[0] == "стало"
        with pytest.raises(errors.MessageDeleteForbidden):
            await second.delete_messages(CLUB, sent.id)
        await client.delete_messages(CLUB, sent.id)
        assert "стало" not in await written(second, CLUB)

    async def test_subscribers_do_not_write_into_a_channel(self, second: Client):
        with pytest.raises(errors.ChatAdminRequired):
            await send(second, "rehearsal_channel")

    async def test_strangers_do_not_write_into_a_group(self, stranger: Client):
        with pytest.raises(errors.ChatWriteForbidden):
            await send(stranger, CLUB)
