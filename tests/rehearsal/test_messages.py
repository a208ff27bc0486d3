"""Private messages, dialogues, and catching up with what was missed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct, Reception
from tests.fakes.rehearsal import CLUB, running_rehearsal
from tests.rehearsal.raw_client import introduction, raw_client

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


def send(peer: object, text: str = "Здравствуйте!", random_id: int = 1):
    return functions.messages.SendMessageRequest(peer, text, random_id=random_id)


async def test_a_message_is_kept_in_the_dialogue(client: TelegramClient):
    sent = await client.send_message("some_person", "Здравствуйте!")
    (message,) = await client.get_messages("some_person")
    assert (message.id, message.text, message.out) == (sent.id, "Здравствуйте!", True)


async def test_a_repeated_random_id_sends_nothing(client: TelegramClient):
    await client(send("some_person"))
    with pytest.raises(errors.RandomIdDuplicateError):
        await client(send("some_person"))
    assert len(await client.get_messages("some_person", limit=10)) == 1


async def test_a_random_id_belongs_to_its_account(client: TelegramClient, second: TelegramClient):
    await client(send("some_person"))
    await second(send("some_person"))


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        (Reception.PREMIUM_REQUIRED, errors.ForbiddenError, "PRIVACY_PREMIUM_REQUIRED"),
        (Reception.PAID, errors.ForbiddenError, "ALLOW_PAYMENT_REQUIRED_10"),
        (Reception.BLOCKS_SENDER, errors.UserIsBlockedError, "blocked"),
        (Behaviour.DELETED, errors.InputUserDeactivatedError, "deleted"),
    ],
)
async def test_who_cannot_be_written_to(
    rehearsal: Rehearsal,
    client: TelegramClient,
    behaviour: Behaviour | Reception,
    error: type[Exception],
    words: str,
):
    rehearsal.world.person("distant_one", behaviour=behaviour)
    with pytest.raises(error, match=words):
        await client(send("distant_one"))
    assert await client.get_messages("distant_one", limit=1) == []


async def test_premium_accounts_may_write_to_who_wants_that(rehearsal: Rehearsal):
    rehearsal.world.person("vip_one", behaviour=Reception.PREMIUM_REQUIRED)
    rich = rehearsal.world.account("+79000000009", "Зоя", premium=True)
    async with rehearsal.client(rich) as client:
        await client(send("vip_one"))


async def test_who_offers_stars_needs_to_have_them(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("paid_one", behaviour=Conduct(reception=Reception.PAID, stars=10))
    peer = await client.get_input_entity("paid_one")
    for offered, fault in ((9, "ALLOW_PAYMENT_REQUIRED_10"), (10, "BALANCE_TOO_LOW")):
        with pytest.raises(errors.RPCError, match=fault):
            await client(functions.messages.SendMessageRequest(peer, "a", allow_paid_stars=offered))


async def test_a_client_older_than_paid_messages_is_told_no_price(rehearsal: Rehearsal):
    rehearsal.world.person("paid_one", behaviour=Conduct(reception=Reception.PAID, stars=10))
    async with raw_client(rehearsal, introduced=False) as client:
        await client.answer_to(client.send(introduction(199)))
        resolve = functions.contacts.ResolveUsernameRequest("paid_one")
        (user,) = (await client.answer_to(client.send(resolve))).users
        peer = types.InputPeerUser(user.id, user.access_hash)
        answer = await client.answer_to(
            client.send(functions.messages.SendMessageRequest(peer, "a", random_id=1))
        )
    assert (answer.error_code, answer.error_message) == (406, "ALLOW_PAYMENT_REQUIRED")


@pytest.mark.parametrize(
    ("text", "error"), [("", errors.MessageEmptyError), ("x" * 4097, errors.MessageTooLongError)]
)
async def test_texts_have_limits(client: TelegramClient, text: str, error: type[Exception]):
    with pytest.raises(error):
        await client(send("some_person", text))


async def test_a_hash_of_another_account_is_no_peer(client: TelegramClient, second: TelegramClient):
    peer = await second.get_input_entity("some_person")
    with pytest.raises(errors.PeerIdInvalidError):
        await client(send(peer))


async def test_a_message_reaches_the_other_account_at_once(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    arrived: asyncio.Queue[str] = asyncio.Queue()

    @second.on(events.NewMessage(incoming=True))
    async def take(event: object) -> object:
        arrived.put_nowait(event.raw_text)

    await client.send_message(rehearsal.accounts[1].username, "привет")
    assert await asyncio.wait_for(arrived.get(), 30) == "привет"


async def test_the_accounts_other_programs_see_what_it_sends(
    rehearsal: Rehearsal, client: TelegramClient
):
    arrived: asyncio.Queue[str] = asyncio.Queue()
    async with rehearsal.client(rehearsal.accounts[0]) as elsewhere:
        elsewhere.add_event_handler(
            lambda event: _put(arrived, event), events.NewMessage(outgoing=True)
        )
        await client.send_message("some_person", "привет")
        assert await asyncio.wait_for(arrived.get(), 30) == "привет"


async def test_what_was_missed_is_in_the_difference(rehearsal: Rehearsal, client: TelegramClient):
    other = rehearsal.accounts[1]
    async with rehearsal.client(other) as second:
        before = await second(functions.updates.GetStateRequest())
    await client.send_message(other.username, "раз")
    await client.send_message(other.username, "два")
    async with rehearsal.client(other) as second:
        request = functions.updates.GetDifferenceRequest(before.pts, before.date, before.qts)
        difference = await second(request)
        assert [message.message for message in difference.new_messages] == ["раз", "два"]
        after = difference.state
        request = functions.updates.GetDifferenceRequest(after.pts, after.date, after.qts)
        assert isinstance(await second(request), types.updates.DifferenceEmpty)


async def test_a_long_difference_comes_in_parts(rehearsal: Rehearsal, client: TelegramClient):
    one, two = rehearsal.accounts[:2]
    for number in range(1100):
        rehearsal.world.story.send(two, one, str(number))
    request = functions.updates.GetDifferenceRequest(1, datetime.now(UTC), 0)
    part = await client(request)
    assert isinstance(part, types.updates.DifferenceSlice)
    rest = await client(
        functions.updates.GetDifferenceRequest(part.intermediate_state.pts, datetime.now(UTC), 0)
    )
    texts = [message.message for message in (*part.new_messages, *rest.new_messages)]
    assert texts == [str(number) for number in range(1100)]


async def test_who_wants_no_updates_gets_none(rehearsal: Rehearsal, client: TelegramClient):
    other = rehearsal.accounts[1]
    async with rehearsal.client(other, receive_updates=False) as quiet:
        arrived: asyncio.Queue[str] = asyncio.Queue()
        quiet.add_event_handler(lambda event: _put(arrived, event), events.NewMessage())
        await client.send_message(other.username, "привет")
        assert (await quiet.get_messages(rehearsal.accounts[0].username))[0].text == "привет"
        assert arrived.empty()


async def test_an_event_handler_catches_up(rehearsal: Rehearsal, client: TelegramClient):
    other = rehearsal.accounts[1]
    session = rehearsal.session(other)
    async with rehearsal.client(session=session) as second:
        state = await second(functions.updates.GetStateRequest())
    await client.send_message(other.username, "пока вас не было")
    arrived: asyncio.Queue[str] = asyncio.Queue()
    session.set_update_state(0, types.updates.State(state.pts, state.qts, state.date, state.seq, 0))
    async with rehearsal.client(session=session, catch_up=True) as second:
        second.add_event_handler(lambda event: _put(arrived, event), events.NewMessage())
        assert await asyncio.wait_for(arrived.get(), 30) == "пока вас не было"


async def _put(queue: asyncio.Queue[str], event: object) -> object:
    queue.put_nowait(event.raw_text)


async def test_history_is_paged_backwards(client: TelegramClient):
    for number in range(5):
        await client.send_message("some_person", str(number))
    texts = [message.text async for message in client.iter_messages("some_person", limit=3)]
    assert texts == ["4", "3", "2"]
    everything = await client.get_messages("some_person", limit=None)
    assert [message.text for message in everything] == ["4", "3", "2", "1", "0"]


async def test_pages_lose_nothing_of_what_was_written_within_one_second(
    rehearsal: Rehearsal, client: TelegramClient
):
    world, me = rehearsal.world, rehearsal.accounts[0]
    person = world.person("some_person")
    for number in range(250):
        world.story.send(me, person, str(number))
    found = await client.get_messages("some_person", limit=None)
    assert [message.text for message in found] == [str(number) for number in range(249, -1, -1)]


async def test_a_search_can_be_of_some_time_only(rehearsal: Rehearsal, client: TelegramClient):
    await client.send_message("some_person", "текст раньше")
    rehearsal.world.set_clock(rehearsal.world.now() + 100, 1.0)
    middle = rehearsal.world.clock()
    rehearsal.world.set_clock(rehearsal.world.now() + 100, 1.0)
    await client.send_message("some_person", "текст позже")
    peer, nothing = await client.get_input_entity("some_person"), types.InputMessagesFilterEmpty()
    for dates, words in (((None, middle), "раньше"), ((middle, None), "позже")):
        request = functions.messages.SearchRequest(
            peer, "текст", nothing, *dates, 0, 0, limit=9, max_id=0, min_id=0, hash=0
        )
        assert [found.message for found in (await client(request)).messages] == [f"текст {words}"]


async def test_own_messages_can_be_searched(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    one, two = rehearsal.accounts[:2]
    await client.send_message(two.username, "мой текст")
    await second.send_message(one.username, "её текст")
    found = await client.get_messages(two.username, limit=None, search="ТЕКСТ", from_user="me")
    assert [message.text for message in found] == ["мой текст"]


async def test_messages_are_found_by_id(client: TelegramClient):
    sent = await client.send_message("some_person", "здесь")
    found = await client.get_messages(None, ids=[sent.id, 999])
    assert [message and message.text for message in found] == ["здесь", None]


async def test_reading_clears_the_unread_count(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    one, two = rehearsal.accounts[:2]
    await client.send_message(two.username, "привет")

    async def unread() -> int:
        return next(d.unread_count for d in await second.get_dialogs() if d.id == one.id)

    assert await unread() == 1
    assert await second.send_read_acknowledge(one.username)
    assert await unread() == 0


async def test_dialogues_are_paged_from_the_newest(rehearsal: Rehearsal, client: TelegramClient):
    for number in range(130):
        rehearsal.world.story.send(
            rehearsal.accounts[0], rehearsal.world.person(f"person{number}"), "привет"
        )
    dialogs = await client.get_dialogs()
    assert dialogs.total == 135
    assert len({dialog.id for dialog in dialogs}) == 135


async def test_some_dialogues_can_be_asked_for(client: TelegramClient):
    await client.send_message("some_person", "привет")
    peers = [types.InputDialogPeer(await client.get_input_entity(p)) for p in (CLUB, "some_person")]
    answer = await client(functions.messages.GetPeerDialogsRequest(peers))
    assert len(answer.dialogs) == 2


async def test_a_note_to_oneself_is_kept_once(client: TelegramClient):
    await client.send_message("me", "проба")
    assert [m.text for m in await client.get_messages("me", limit=10)] == ["проба"]


async def test_only_executed_messages_are_in_the_log(tmp_path: Path):
    world = demo_world(mix=CALM)
    log = tmp_path / "log.jsonl"
    person = world.person("some_person", phone="+79001112233")
    world.person("distant_one", behaviour=Reception.BLOCKS_SENDER)
    async with (
        running_rehearsal(world, log_file=log) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        await client(send("some_person", random_id=42))
        for request in (send("some_person", random_id=42), send("distant_one", random_id=43)):
            with pytest.raises(errors.RPCError):
                await client(request)
    (line,) = [json.loads(line) for line in log.read_text().splitlines()]
    del line["time"]
    assert line == {
        "method": "messages.sendMessage",
        "account": "+9996620001",
        "to": {"id": person.id, "username": "some_person", "phone": "+79001112233"},
        "random_id": 42,
        "text": "Здравствуйте!",
    }
