"""The server is killed at any moment: what it knows then is what its clients were told."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types
from telethon.sessions import StringSession

from tests.fakes.rehearsal import CLUB
from tests.fakes.willing import WILLING
from tests.rehearsal.test_stand_alone import client, program

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

SAMPLE = 40
HANDS = 8
"""Requests in flight at the moment of a kill."""


@dataclass
class Told:
    """What a client was told that has happened: people added, and random ids of messages."""

    added: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


async def work(one: TelegramClient, told: Told, name: str):
    """Add people and write to them until the server is gone; note what it has confirmed."""
    for number in range(10_000):
        user = await one.get_input_entity(f"{name}_{number}")
        random_id = random.getrandbits(62)
        await one(functions.channels.InviteToChannelRequest(CLUB, [user]))
        told.added.append(user.user_id)
        await one(functions.messages.SendMessageRequest(user, "привет", random_id=random_id))
        told.sent.append(random_id)


async def check(one: TelegramClient, told: Told):
    """Find nothing missing that was told, and nothing that is there by half."""
    club = await one.get_input_entity(CLUB)
    members = {user.id async for user in one.iter_participants(CLUB)} - {1_000_001, *range(999)}
    posts = await one.get_messages(CLUB, limit=None)
    added = [
        user
        for post in posts
        if isinstance(post.action, types.MessageActionChatAddUser)
        for user in post.action.users
    ]
    logged = [event.action.participant.user_id async for event in one.iter_admin_log(CLUB)]
    assert sorted(added) == sorted(logged) == sorted(set(added)) == sorted(members & set(added))
    assert set(told.added) <= set(added)
    full = await one(functions.channels.GetFullChannelRequest(club))
    assert full.full_chat.participants_count == len(added) + 3
    for random_id in random.sample(told.sent, min(len(told.sent), SAMPLE)):
        # Not through the client, which would wait and try again.
        again = functions.messages.SendMessageRequest(
            types.InputPeerSelf(), "!", random_id=random_id
        )
        with pytest.raises(errors.RandomIdDuplicateError):
            await one._sender.send(again)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.long)])
async def test_after_a_kill_the_server_knows_what_it_has_told(tmp_path: Path, rounds: int):
    scenario, told, dice = tmp_path / "scenario.toml", Told(), random.Random(7)
    scenario.write_text(WILLING, encoding="utf-8")
    options = "--limits", "off", "--scenario", str(scenario)
    session = StringSession()
    for number in range(rounds):
        async with (
            program(tmp_path, *options) as running,
            client(running.port, session) as one,
        ):
            if not number:
                await one.start("+9996620001", code_callback=lambda: "22222")
            await check(one, told)
            hands = [asyncio.ensure_future(work(one, told, f"k{number}x{i}")) for i in range(HANDS)]
            await asyncio.sleep(dice.uniform(0.02, 0.5))
            await running.kill()
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)
    async with program(tmp_path, *options) as running, client(running.port, session) as one:
        await check(one, told)
    assert len(told.added) > rounds
