"""Catching up: the numbers of pushed updates and what a difference holds."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types
from pyrogram.storage import UpdateState

from invite_desktop.rehearsal.methods import updates
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import (
    ask,
    channel,
    connected,
    listen,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

STATE = functions.updates.GetState()


def difference(pts: int, date: int | None = None, **limits: int) -> functions.updates.GetDifference:
    return functions.updates.GetDifference(
        pts=pts, date=int(time.time()) if date is None else date, qts=0, **limits
    )


def write_to_first(rehearsal: Rehearsal, *texts: str) -> None:
    """Let the second account write to the first, as from elsewhere."""
    one, two = rehearsal.accounts[:2]
    for text in texts:
        rehearsal.world.story.send(two, one, text)


async def test_pushed_messages_have_consecutive_numbers(client: Client, second: Client):
    before = (await ask(second, STATE)).pts
    heard = await listen(second, types.UpdateNewMessage)
    for text in ("раз", "два"):
        await client.send_message("rehearsal_admin2", text)
    pushed = [await asyncio.wait_for(heard.get(), 30) for _ in range(2)]
    assert [update.pts for update in pushed] == [before + 1, before + 2]
    assert (await ask(second, STATE)).pts == before + 2


async def test_a_sent_message_has_the_number_of_its_event(client: Client):
    before = (await ask(client, STATE)).pts
    request = functions.messages.SendMessage(
        peer=await client.resolve_peer("some_person"), message="привет", random_id=1
    )
    sent = await ask(client, request)
    assert (sent.pts, sent.pts_count) == (before + 1, 1)


async def test_reading_counts_once(rehearsal: Rehearsal, client: Client):
    write_to_first(rehearsal, "привет")
    before = (await ask(client, STATE)).pts
    request = functions.messages.ReadHistory(
        peer=await client.resolve_peer("rehearsal_admin2"), max_id=0
    )
    affected = [await ask(client, request) for _ in range(2)]
    assert [(item.pts, item.pts_count) for item in affected] == [(before + 1, 1), (before + 1, 0)]
    missed = await ask(client, difference(before))
    assert [type(update) for update in missed.other_updates] == [types.UpdateReadHistoryInbox]


async def test_what_was_missed_is_in_the_difference(rehearsal: Rehearsal, client: Client):
    before = await ask(client, STATE)
    write_to_first(rehearsal, "раз", "два")
    missed = await ask(client, difference(before.pts, before.date))
    assert [message.message for message in missed.new_messages] == ["раз", "два"]
    authors = {message.from_id.user_id for message in missed.new_messages}
    assert authors <= {user.id for user in missed.users}
    after = await ask(client, difference(missed.state.pts, missed.state.date))
    assert isinstance(after, types.updates.DifferenceEmpty)


async def test_a_chat_that_one_was_added_to_is_in_the_difference(
    rehearsal: Rehearsal, client: Client, stranger: Client
):
    state = await ask(stranger, STATE)
    rehearsal.world.set_clock(rehearsal.world.now() + 5, 1.0)
    await client.add_chat_members(CLUB, "zoya_stranger")
    missed = await ask(stranger, difference(state.pts, state.date))
    assert [chat.username for chat in missed.chats] == [CLUB]
    assert [update.channel_id for update in missed.other_updates] == [missed.chats[0].id]


async def test_a_difference_is_cut_as_the_client_wishes(rehearsal: Rehearsal, client: Client):
    pts = (await ask(client, STATE)).pts
    write_to_first(rehearsal, "0", "1", "2", "3", "4")
    texts = []
    for expected in (
        types.updates.DifferenceSlice,
        types.updates.DifferenceSlice,
        types.updates.Difference,
    ):
        part = await ask(client, difference(pts, pts_limit=2))
        assert isinstance(part, expected)
        texts += [message.message for message in part.new_messages]
        pts = getattr(part, "intermediate_state", getattr(part, "state", None)).pts
    assert texts == ["0", "1", "2", "3", "4"]


async def test_a_long_difference_comes_in_parts(
    rehearsal: Rehearsal, client: Client, monkeypatch: pytest.MonkeyPatch
):
    # A thousand at once, as the server gives them, would take kurigram's own cipher ten seconds.
    monkeypatch.setattr(updates, "_PART", 3)
    write_to_first(rehearsal, "0", "1", "2", "3", "4")
    part = await ask(client, difference(1))
    assert isinstance(part, types.updates.DifferenceSlice)
    rest = await ask(client, difference(part.intermediate_state.pts))
    texts = [message.message for message in (*part.new_messages, *rest.new_messages)]
    assert texts == ["0", "1", "2", "3", "4"]


async def test_a_difference_can_be_too_long(rehearsal: Rehearsal, client: Client):
    before = (await ask(client, STATE)).pts
    write_to_first(rehearsal, "0", "1", "2", "3", "4")
    answer = await ask(client, difference(before, pts_total_limit=4))
    assert isinstance(answer, types.updates.DifferenceTooLong)
    assert answer.pts == before + 5


@pytest.mark.parametrize(
    ("pts", "date", "error"),
    [
        (0, None, errors.PersistentTimestampEmpty),
        (10**6, None, errors.PersistentTimestampInvalid),
        (1, 0, errors.DateEmpty),
    ],
)
async def test_impossible_states_are_refused(
    client: Client, pts: int, date: int | None, error: type[Exception]
):
    with pytest.raises(error):
        await ask(client, difference(pts, date))


async def test_kurigram_recovers_what_it_has_missed(rehearsal: Rehearsal):
    account = rehearsal.accounts[0]
    async with connected(rehearsal, account) as client:
        state = await ask(client, STATE)
    write_to_first(rehearsal, "пока вас не было")
    async with connected(rehearsal, account) as client:
        heard = await listen(client, types.UpdateNewMessage)
        await client.storage.set_update_state(UpdateState(0, state.pts, 0, state.date, 0))
        assert await client.recover_gaps() == (1, 0)
        update = await asyncio.wait_for(heard.get(), 30)
        assert update.message.message == "пока вас не было"


async def test_what_was_missed_in_a_channel_is_in_its_difference(client: Client, second: Client):
    club = await channel(second, CLUB)
    full = await ask(second, functions.channels.GetFullChannel(channel=club))
    await client.send_message(CLUB, "раз")
    gone = await client.send_message(CLUB, "два")
    await client.delete_messages(CLUB, gone.id)
    request = functions.updates.GetChannelDifference(
        channel=club,
        filter=types.ChannelMessagesFilterEmpty(),
        pts=full.full_chat.pts,
        limit=100,
    )
    missed = await ask(second, request)
    assert [message.message for message in missed.new_messages] == ["раз"]
    assert missed.other_updates[0].messages == [gone.id]


async def test_numbers_outlive_a_restart(tmp_path: Path):
    async with running(state_dir=tmp_path) as rehearsal:
        write_to_first(rehearsal, "раз", "два", "три")
    async with (
        running(state_dir=tmp_path) as rehearsal,
        connected(rehearsal, rehearsal.accounts[0]) as client,
    ):
        missed = await ask(client, difference(1))
        assert [message.message for message in missed.new_messages] == ["раз", "два", "три"]
