"""Trouble on demand: scripted answers, lost connections, slow answers, the world's clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.scripts import Delay, Drop
from invite_desktop.rehearsal.server import RehearsalServer
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])


def invite(user: str = "willing_one"):
    return functions.channels.InviteToChannelRequest(CLUB, [user])


async def test_scripted_errors_come_in_their_order(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.script("channels.inviteToChannel", "PEER_FLOOD", None, "USER_KICKED")
    with pytest.raises(errors.PeerFloodError):
        await client(invite())
    await client(invite())
    with pytest.raises(errors.UserKickedError):
        await client(invite())
    await client(invite())


async def test_a_scripted_flood_wait_has_its_seconds(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.script(functions.channels.InviteToChannelRequest, "FLOOD_WAIT_30")
    with pytest.raises(errors.FloodWaitError) as caught:
        await client(invite())
    assert caught.value.seconds == 30


async def test_a_script_may_be_for_one_account(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    rehearsal.server.script("users.getUsers", "SESSION_REVOKED", account=rehearsal.accounts[1])
    await client(MYSELF)
    with pytest.raises(errors.SessionRevokedError):
        await second(MYSELF)


async def test_a_fixed_answer_can_be_scripted(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.script("help.getNearestDc", types.NearestDc("XX", 2, 2))
    assert (await client(functions.help.GetNearestDcRequest())).country == "XX"


@pytest.mark.parametrize("name", ["channels.noSuchMethod", "nonsense"])
def test_a_script_for_an_unknown_method_is_refused(name: str):
    scripts = demo_server().backend.scripts
    with pytest.raises((KeyError, AttributeError)):
        scripts.add(name, ("PEER_FLOOD",))


def demo_server():
    return RehearsalServer(demo_world())


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregisteredError),
        ("SESSION_REVOKED", errors.SessionRevokedError),
        ("USER_DEACTIVATED_BAN", errors.UserDeactivatedBanError),
        ("AUTH_KEY_DUPLICATED", errors.AuthKeyDuplicatedError),
        ("FROZEN_METHOD_INVALID", errors.FrozenMethodInvalidError),
        ("CHAT_WRITE_FORBIDDEN", errors.ForbiddenError),
        ("SOMETHING_NEW", errors.BadRequestError),
    ],
)
async def test_errors_have_the_codes_that_telethon_expects(
    rehearsal: Rehearsal, client: TelegramClient, name: str, error: type[Exception]
):
    rehearsal.server.script("users.getUsers", name)
    with pytest.raises(error):
        await client(MYSELF)


async def test_a_transport_error_ends_the_call(rehearsal: Rehearsal):
    async with rehearsal.client(rehearsal.accounts[0], auto_reconnect=False) as client:
        rehearsal.server.script("users.getUsers", -429)
        with pytest.raises((ConnectionError, errors.InvalidBufferError)):
            await asyncio.wait_for(client(MYSELF), 30)


@pytest.mark.parametrize(("when", "added"), [("before", False), ("after", True)])
async def test_a_connection_can_break_before_and_after_the_effect(
    rehearsal: Rehearsal, when: str, added: bool
):
    rehearsal.server.script("channels.inviteToChannel", Drop(when))
    async with rehearsal.client(rehearsal.accounts[0], auto_reconnect=False) as client:
        with pytest.raises(ConnectionError):
            await client(invite())
    members = {member.username for member in rehearsal.world.members(CLUB)}
    assert ("willing_one" in members) is added


async def test_an_answer_can_take_its_time(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.script("users.getUsers", Delay(0.2))
    started = time.monotonic()
    await client(MYSELF)
    assert time.monotonic() - started >= 0.19


async def test_every_answer_can_take_its_time(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.set_latency(0.1)
    started = time.monotonic()
    await client(MYSELF)
    assert time.monotonic() - started >= 0.09


async def test_calls_are_recorded_with_their_account(rehearsal: Rehearsal, client: TelegramClient):
    await client(MYSELF)
    call = rehearsal.server.calls[-1]
    assert call.account_id == rehearsal.accounts[0].id
    assert isinstance(call.request, functions.users.GetUsersRequest)


class TestClock:
    async def test_the_owners_clock_dates_everything(self):
        now = datetime(2031, 5, 1, 12, tzinfo=UTC)
        world = demo_world(mix=CALM, clock=lambda: now)
        async with (
            running_rehearsal(world) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            await client(invite())
            sent = await client.send_message("willing_one", "привет")
        (member,) = [m for m in world.members(CLUB) if m.username == "willing_one"]
        assert member.joined_at == sent.date == now

    async def announce(self, client: TelegramClient, moment: datetime, speed: float = 1.0):
        event = types.InputAppEvent(
            moment.timestamp(), "rehearsal.clock", 0, types.JsonNumber(speed)
        )
        return await client(functions.help.SaveAppLogRequest([event]))

    async def test_a_client_announces_its_clock(self, rehearsal: Rehearsal, client: TelegramClient):
        later = rehearsal.world.clock() + timedelta(days=3)
        assert await self.announce(client, later, 1000)
        first = rehearsal.world.clock()
        assert timedelta() <= first - later < timedelta(hours=1)
        await asyncio.sleep(0.02)
        assert rehearsal.world.clock() - first >= timedelta(seconds=15)

    async def test_the_clock_never_goes_back(self, rehearsal: Rehearsal, client: TelegramClient):
        now = rehearsal.world.clock()
        await self.announce(client, now - timedelta(days=1))
        assert rehearsal.world.clock() >= now

    async def test_other_events_of_the_log_are_ignored(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        event = types.InputAppEvent(9e9, "something", 0, types.JsonNull())
        assert await client(functions.help.SaveAppLogRequest([event]))
        assert rehearsal.world.clock() < datetime.now(UTC) + timedelta(days=1)

    async def test_the_owners_clock_is_not_changed_by_clients(self):
        now = datetime(2031, 5, 1, 12, tzinfo=UTC)
        world = demo_world(mix=CALM, clock=lambda: now)
        async with running_rehearsal(world) as rehearsal, rehearsal.client() as client:
            await self.announce(client, now + timedelta(days=1))
            assert world.clock() == now
