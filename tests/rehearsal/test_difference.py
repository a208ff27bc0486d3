"""Catching up: the numbers of pushed updates and what a difference holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

STATE = functions.updates.GetStateRequest()


def difference(pts: int, date: datetime | None = None, **limits: int):
    return functions.updates.GetDifferenceRequest(pts, date or datetime.now(UTC), 0, **limits)


async def _keep(arrived: asyncio.Queue[object], update: object):
    arrived.put_nowait(update)


async def test_pushed_messages_have_consecutive_numbers(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    arrived: asyncio.Queue[types.UpdateNewMessage] = asyncio.Queue()
    second.add_event_handler(
        lambda update: _keep(arrived, update), events.Raw(types.UpdateNewMessage)
    )
    before = (await second(STATE)).pts
    for text in ("раз", "два"):
        await client.send_message(rehearsal.accounts[1].username, text)
    updates = [await asyncio.wait_for(arrived.get(), 30) for _ in range(2)]
    assert [update.pts for update in updates] == [before + 1, before + 2]
    assert (await second(STATE)).pts == before + 2


async def test_a_sent_message_has_the_number_of_its_event(
    rehearsal: Rehearsal, client: TelegramClient
):
    before = (await client(STATE)).pts
    peer = await client.get_input_entity("some_person")
    sent = await client(functions.messages.SendMessageRequest(peer, "привет"))
    assert (sent.pts, sent.pts_count) == (before + 1, 1)


async def test_reading_is_an_event_for_the_other_programs(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    arrived: asyncio.Queue[types.UpdateReadHistoryInbox] = asyncio.Queue()
    await client.send_message(rehearsal.accounts[1].username, "привет")
    peer = await second.get_input_entity(rehearsal.accounts[0].username)
    before = await second(STATE)
    async with rehearsal.client(rehearsal.accounts[1]) as elsewhere:
        elsewhere.add_event_handler(
            lambda update: _keep(arrived, update), events.Raw(types.UpdateReadHistoryInbox)
        )
        affected = await second(functions.messages.ReadHistoryRequest(peer, 0))
        assert (affected.pts, affected.pts_count) == (before.pts + 1, 1)
        update = await asyncio.wait_for(arrived.get(), 30)
        assert (update.pts, update.still_unread_count) == (before.pts + 1, 0)
    missed = await second(difference(before.pts))
    assert [type(other) for other in missed.other_updates] == [types.UpdateReadHistoryInbox]
    again = await second(functions.messages.ReadHistoryRequest(peer, 0))
    assert (again.pts, again.pts_count) == (before.pts + 1, 0)


async def test_a_chat_that_one_was_added_to_is_in_the_difference(
    rehearsal: Rehearsal, client: TelegramClient
):
    newcomer = rehearsal.accounts[2]
    club = rehearsal.world.chat_by_username(CLUB)
    story, creator = rehearsal.world.story, rehearsal.accounts[0]
    story.leave(club, newcomer.id, removed_by=creator.id)
    story.ban(club, newcomer.id, creator.id, frozenset())
    async with rehearsal.client(newcomer) as third:
        state = await third(STATE)
        rehearsal.world.set_clock(rehearsal.world.now() + 5, 1.0)
        await client(functions.channels.InviteToChannelRequest(CLUB, [newcomer.username]))
        missed = await third(difference(state.pts, state.date))
        assert [update.channel_id for update in missed.other_updates] == [club.id]
        assert [chat.username for chat in missed.chats] == [CLUB]
        nothing = await third(difference(missed.state.pts, missed.state.date))
        assert isinstance(nothing, types.updates.DifferenceEmpty)


async def test_a_difference_is_cut_as_the_client_wishes(
    rehearsal: Rehearsal, client: TelegramClient
):
    one, two = rehearsal.accounts[:2]
    before = (await client(STATE)).pts
    for number in range(5):
        rehearsal.world.story.send(two, one, str(number))
    texts, pts = [], before
    for _ in range(3):
        part = await client(difference(pts, pts_limit=2))
        texts += [message.message for message in part.new_messages]
        last = isinstance(part, types.updates.Difference)
        pts = part.state.pts if last else part.intermediate_state.pts
    assert last
    assert texts == ["0", "1", "2", "3", "4"]
    assert pts == before + 5


async def test_a_difference_can_be_too_long(rehearsal: Rehearsal, client: TelegramClient):
    one, two = rehearsal.accounts[:2]
    before = (await client(STATE)).pts
    for number in range(5):
        rehearsal.world.story.send(two, one, str(number))
    answer = await client(difference(before, pts_total_limit=4))
    assert isinstance(answer, types.updates.DifferenceTooLong)
    assert answer.pts == before + 5


@pytest.mark.parametrize(
    ("pts", "date", "error"),
    [
        (0, datetime(2026, 1, 1, tzinfo=UTC), errors.PersistentTimestampEmptyError),
        (10**6, datetime(2026, 1, 1, tzinfo=UTC), errors.PersistentTimestampInvalidError),
        (1, None, errors.DateEmptyError),
    ],
)
async def test_impossible_states_are_refused(
    client: TelegramClient, pts: int, date: datetime | None, error: type[Exception]
):
    with pytest.raises(error):
        await client(functions.updates.GetDifferenceRequest(pts, date, 0))


async def test_numbers_outlive_a_restart(tmp_path: Path):
    async with running_rehearsal(state_dir=tmp_path) as rehearsal:
        one, two = rehearsal.accounts[:2]
        for text in ("раз", "два"):
            rehearsal.world.story.send(two, one, text)
        rehearsal.world.story.mark_read(one, two.id, 1)
        rehearsal.world.story.send(two, one, "три")
        rehearsal.world.story.mark_read(one, two.id, 3)
        before = one.mailbox.since(0)
    async with running_rehearsal(state_dir=tmp_path) as rehearsal:
        one = rehearsal.accounts[0]
        assert one.mailbox.since(0) == before
        async with rehearsal.client(one) as client:
            missed = await client(difference(1, datetime.now(UTC) - timedelta(days=1)))
            assert len(missed.new_messages) == 3
            assert [mark.max_id for mark in missed.other_updates] == [1, 3]


async def test_telethon_catches_up_by_itself(rehearsal: Rehearsal, client: TelegramClient):
    arrived: asyncio.Queue[object] = asyncio.Queue()
    other = rehearsal.accounts[1]
    async with rehearsal.client(other) as second:
        second.add_event_handler(lambda event: _keep(arrived, event), events.NewMessage())
        await second.get_me()
        await second.catch_up()
        rehearsal.world.story.send(rehearsal.accounts[0], other, "тихо")
        await second.catch_up()
        event = await asyncio.wait_for(arrived.get(), 30)
        assert event.raw_text == "тихо"
