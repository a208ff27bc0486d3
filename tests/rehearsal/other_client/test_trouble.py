"""Trouble on demand: scripted answers, lost connections, slow and doubled ones, wrong clocks."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types
from pyrogram.session.session import AuthKeyNotFound

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.scripts import Delay, Drop
from invite_desktop.rehearsal.troubles import Trouble, TroubleKind
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import (
    MYSELF,
    NEAREST,
    ask,
    ask_again,
    channel,
    connected,
    listen,
    running,
    user,
)

if TYPE_CHECKING:
    from pyrogram import Client
    from pyrogram.raw.core import TLObject

    from tests.fakes.rehearsal import Rehearsal

USERS, INVITE, SEND = "users.getUsers", "channels.inviteToChannel", "messages.sendMessage"


async def invitation(client: Client, whom: str = "willing_one") -> TLObject:
    return functions.channels.InviteToChannel(
        channel=await channel(client, CLUB), users=[await user(client, whom)]
    )


def members(rehearsal: Rehearsal) -> set[str | None]:
    return {member.username for member in rehearsal.world.members(CLUB)}


class TestScripts:
    async def test_scripted_errors_come_in_their_order(self, rehearsal: Rehearsal, client: Client):
        rehearsal.server.script(USERS, "PEER_FLOOD", None, "FLOOD_WAIT_30")
        with pytest.raises(errors.PeerFlood):
            await ask(client, MYSELF)
        assert await ask(client, MYSELF)
        with pytest.raises(errors.FloodWait) as caught:
            await ask(client, MYSELF)
        assert caught.value.value == 30
        assert await ask(client, MYSELF)

    async def test_a_script_may_be_for_one_account(
        self, rehearsal: Rehearsal, client: Client, second: Client
    ):
        rehearsal.server.script(USERS, "SESSION_REVOKED", account=rehearsal.accounts[1])
        assert await ask(client, MYSELF)
        with pytest.raises(errors.SessionRevoked):
            await ask(second, MYSELF)

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregistered),
            ("SESSION_REVOKED", errors.SessionRevoked),
            ("USER_DEACTIVATED_BAN", errors.UserDeactivatedBan),
            ("AUTH_KEY_DUPLICATED", errors.AuthKeyDuplicated),
            ("FROZEN_METHOD_INVALID", errors.FrozenMethodInvalid),
            ("CHAT_WRITE_FORBIDDEN", errors.ChatWriteForbidden),
            ("FLOOD_PREMIUM_WAIT_7", errors.FloodPremiumWait),
            ("SOMETHING_NEW", errors.BadRequest),
        ],
    )
    async def test_errors_have_the_codes_that_kurigram_expects(
        self, rehearsal: Rehearsal, client: Client, name: str, error: type[Exception]
    ):
        rehearsal.server.script(USERS, name)
        with pytest.raises(error):
            await ask(client, MYSELF)


class TestServerErrors:
    @pytest.mark.parametrize("name", ["INTERNAL", "RPC_CALL_FAIL", "TIMEOUT"])
    async def test_the_servers_own_errors(self, rehearsal: Rehearsal, client: Client, name: str):
        rehearsal.server.troubles.add(Trouble(TroubleKind.ERROR, USERS, 1.0, error=name))
        with pytest.raises(errors.InternalServerError):
            await ask(client, MYSELF)

    async def test_numbered_calls_fail_and_the_next_does_not(
        self, rehearsal: Rehearsal, client: Client
    ):
        rehearsal.server.troubles.add(Trouble(TroubleKind.ERROR, USERS, calls=(1, 2)))
        (me,) = await ask_again(client, MYSELF)
        assert me.is_self
        called = [call.request for call in rehearsal.server.calls]
        assert [type(request).__name__ for request in called].count("GetUsersRequest") == 3

    async def test_trouble_that_was_cleared_is_over(self, rehearsal: Rehearsal, client: Client):
        rehearsal.server.troubles.add(Trouble(TroubleKind.ERROR, USERS, 1.0))
        with pytest.raises(errors.InternalServerError):
            await ask(client, MYSELF)
        rehearsal.server.troubles.clear()
        assert await ask(client, MYSELF)

    async def test_too_many_packets_are_answered_by_the_transport(
        self, rehearsal: Rehearsal, client: Client, caplog: pytest.LogCaptureFixture
    ):
        rehearsal.server.troubles.add(Trouble(TroubleKind.TRANSPORT, USERS, calls=(1,), code=-429))
        assert await ask_again(client, MYSELF)
        assert "transport error: 429" in caplog.text

    async def test_an_unknown_key_is_reported_by_the_transport(
        self, rehearsal: Rehearsal, client: Client
    ):
        authorizations = rehearsal.server.backend.authorizations
        for key in authorizations.keys_of(rehearsal.accounts[0].id):
            authorizations.forget(key.id)
        session = client.session
        await session.send(MYSELF, wait_response=False)
        with pytest.raises(AuthKeyNotFound):
            await asyncio.wait_for(session.recv_task, 30)
        session.recv_task = None  # kurigram would raise the same once more when it disconnects


class TestConnections:
    async def test_a_connection_can_break_before_the_effect(
        self, rehearsal: Rehearsal, client: Client
    ):
        request = await invitation(client)
        rehearsal.server.script(INVITE, Drop("before"))
        with pytest.raises(TimeoutError):
            await ask(client, request, timeout=0.3)
        assert "willing_one" not in members(rehearsal)
        assert await ask_again(client, request)
        assert "willing_one" in members(rehearsal)

    async def test_a_connection_can_break_after_the_effect(
        self, rehearsal: Rehearsal, client: Client
    ):
        request = await invitation(client)
        rehearsal.server.script(INVITE, Drop("after"))
        answer = await ask(client, request)
        assert isinstance(answer, types.messages.InvitedUsers), "sent again on the new connection"
        assert "willing_one" in members(rehearsal)
        assert len([m for m in rehearsal.world.members(CLUB) if m.inviter_id]) == 1

    async def test_a_message_that_went_out_before_the_break_does_not_go_twice(
        self, rehearsal: Rehearsal, client: Client
    ):
        request = functions.messages.SendMessage(
            peer=await client.resolve_peer("some_person"), message="раз", random_id=7
        )
        rehearsal.server.script(SEND, Drop("after"))
        await ask(client, request)
        with pytest.raises(errors.RandomIdDuplicate):
            await ask(client, request)

    async def test_a_broken_connection_is_made_anew_with_the_same_login(
        self, rehearsal: Rehearsal, client: Client
    ):
        rehearsal.server.drop_connections()
        (me,) = await ask_again(client, MYSELF)
        assert me.is_self

    async def test_a_restart_keeps_the_state_and_the_port(
        self, rehearsal: Rehearsal, client: Client
    ):
        await ask(client, await invitation(client))
        port = rehearsal.port
        await rehearsal.server.restart()
        assert rehearsal.port == port
        assert await ask_again(client, await invitation(client, "willing_two"))
        assert {"willing_one", "willing_two"} <= members(rehearsal)


class TestSlowness:
    async def test_an_answer_can_take_its_time(self, rehearsal: Rehearsal, client: Client):
        rehearsal.server.script(USERS, Delay(0.2))
        assert await _seconds_of(ask(client, MYSELF)) >= 0.19

    async def test_the_calls_of_a_rule_can_take_their_time(
        self, rehearsal: Rehearsal, client: Client
    ):
        rule = Trouble(TroubleKind.LATENCY, USERS, calls=(2,), seconds=0.2)
        rehearsal.server.troubles.add(rule)
        assert await ask(client, MYSELF)
        assert await _seconds_of(ask(client, MYSELF)) >= 0.19

    async def test_every_answer_can_take_its_time(self, rehearsal: Rehearsal, client: Client):
        rehearsal.server.set_latency(0.1)
        for request in (MYSELF, NEAREST):
            assert await _seconds_of(ask(client, request)) >= 0.09

    async def test_a_slow_call_lets_others_pass(self, rehearsal: Rehearsal, client: Client):
        rehearsal.server.script(USERS, Delay(0.5))
        slow = asyncio.ensure_future(ask(client, MYSELF))
        await asyncio.sleep(0)
        assert await ask(client, NEAREST)
        assert not slow.done()
        assert await slow


async def _seconds_of(call: object) -> float:
    started = time.monotonic()
    await call
    return time.monotonic() - started


async def test_silent_no_adds(rehearsal: Rehearsal, client: Client):
    rehearsal.server.troubles.add(Trouble(TroubleKind.SILENT_NO_ADD, calls=(1,)))
    for name in ("willing_one", "willing_two"):
        assert (await ask(client, await invitation(client, name))).missing_invitees == []
    assert members(rehearsal) & {"willing_one", "willing_two"} == {"willing_two"}


async def test_updates_can_come_twice(rehearsal: Rehearsal, client: Client, second: Client):
    heard = await listen(second, types.UpdateNewMessage)
    rehearsal.server.troubles.add(Trouble(TroubleKind.DUPLICATE_UPDATE, rate=1.0))
    await client.send_message("rehearsal_admin2", "привет")
    one, two = [await asyncio.wait_for(heard.get(), 30) for _ in range(2)]
    assert (one.pts, one.message.id) == (two.pts, two.message.id)


async def test_updates_can_come_late(rehearsal: Rehearsal, client: Client, second: Client):
    heard = await listen(second, types.UpdateNewMessage)
    rehearsal.server.troubles.add(Trouble(TroubleKind.LATE_UPDATE, rate=1.0, seconds=0.2))
    await client.resolve_peer("rehearsal_admin2")
    started = time.monotonic()
    await client.send_message("rehearsal_admin2", "привет")
    await asyncio.wait_for(heard.get(), 30)
    assert time.monotonic() - started >= 0.19


class TestClocks:
    async def test_a_client_follows_a_clock_that_is_ahead(self, rehearsal: Rehearsal):
        rehearsal.server.troubles.add(Trouble(TroubleKind.CLOCK_SKEW, seconds=400.0))
        async with connected(rehearsal, rehearsal.accounts[0]) as client:
            assert await ask(client, MYSELF)
            assert client.server_time - time.time() == pytest.approx(400, abs=3)

    async def test_the_owners_clock_dates_everything(self):
        now = datetime(2031, 5, 1, 12, tzinfo=UTC)
        world = demo_world(mix=CALM, clock=lambda: now)
        async with (
            running(world) as rehearsal,
            connected(rehearsal, rehearsal.accounts[0]) as client,
        ):
            await ask(client, await invitation(client))
            sent = await client.send_message("willing_one", "привет")
        (member,) = [m for m in world.members(CLUB) if m.username == "willing_one"]
        assert member.joined_at == sent.date.astimezone(UTC) == now

    async def announce(self, client: Client, moment: datetime, speed: float = 1.0) -> None:
        event = types.InputAppEvent(
            time=moment.timestamp(),
            type="rehearsal.clock",
            peer=0,
            data=types.JsonNumber(value=speed),
        )
        assert await ask(client, functions.help.SaveAppLog(events=[event]))

    async def test_the_clock_never_goes_back(self, rehearsal: Rehearsal, client: Client):
        now = rehearsal.world.clock()
        await self.announce(client, now - timedelta(days=1))
        assert rehearsal.world.clock() >= now

    async def test_a_client_announces_its_clock(self, rehearsal: Rehearsal, client: Client):
        later = rehearsal.world.clock() + timedelta(days=3)
        await self.announce(client, later, 1000)
        first = rehearsal.world.clock()
        assert first - later < timedelta(hours=1)
        await asyncio.sleep(0.02)
        assert rehearsal.world.clock() - first >= timedelta(seconds=15)
