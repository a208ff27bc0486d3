"""Trouble by rules: for a share of the calls or for those of certain numbers, always seeded."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, types

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal.control import ControlDoor
from invite_desktop.rehearsal.troubles import Trouble, TroubleKind, Troubles
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.test_stand_alone import program

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])


def invite(user: str):
    return functions.channels.InviteToChannelRequest(CLUB, [user])


def members(rehearsal: Rehearsal):
    return {member.username for member in rehearsal.world.members(CLUB)}


class TestRules:
    def struck(self, troubles: Troubles, calls: int = 400, account: int = 1):
        return [troubles.take(MYSELF, account) for _ in range(calls)]

    def test_the_same_seed_and_calls_meet_the_same_trouble(self):
        rules = [
            Trouble(TroubleKind.ERROR, rate=0.1),
            Trouble(TroubleKind.DROP_AFTER, rate=0.1),
        ]
        one, again, other = (self.struck(Troubles(seed, rules)) for seed in (1, 1, 2))
        assert one == again
        assert one != other

    def test_a_rate_is_a_share_of_the_calls(self):
        struck = self.struck(Troubles(1, [Trouble(TroubleKind.ERROR, rate=0.2)]), 4000)
        assert sum(answer is not None for answer in struck) / 4000 == pytest.approx(0.2, abs=0.03)

    def test_numbered_calls_are_counted_for_each_account(self):
        troubles = Troubles(1, [Trouble(TroubleKind.ERROR, calls=(2,), error="TIMEOUT")])
        assert self.struck(troubles, 3, account=1) == [None, "TIMEOUT", None]
        assert self.struck(troubles, 3, account=2) == [None, "TIMEOUT", None]

    def test_a_rule_may_concern_one_method(self):
        troubles = Troubles(1, [Trouble(TroubleKind.ERROR, "help.getConfig", rate=1)])
        assert troubles.take(MYSELF, 1) is None
        assert troubles.take(functions.help.GetConfigRequest(), 1) == "INTERNAL"

    def test_cleared_trouble_is_over(self):
        troubles = Troubles(1, [Trouble(TroubleKind.CLOCK_SKEW, seconds=9)])
        troubles.add(Trouble(TroubleKind.ERROR, rate=1))
        troubles.clear()
        assert (self.struck(troubles, 1), troubles.clock_skew) == ([None], 0.0)


@pytest.mark.parametrize("name", ["INTERNAL", "RPC_CALL_FAIL", "TIMEOUT"])
async def test_the_servers_own_errors(rehearsal: Rehearsal, client: TelegramClient, name: str):
    rehearsal.server.troubles.add(Trouble(TroubleKind.ERROR, "users.getUsers", 1.0, error=name))
    with pytest.raises((errors.ServerError, errors.TimedOutError)):
        await client._sender.send(MYSELF)  # The client itself would wait and ask again.


@pytest.mark.parametrize("code", [-404, -429])
async def test_transport_errors(rehearsal: Rehearsal, code: int):
    async with rehearsal.client(rehearsal.accounts[0], auto_reconnect=False) as client:
        rehearsal.server.troubles.add(
            Trouble(TroubleKind.TRANSPORT, "users.getUsers", 1.0, code=code)
        )
        with pytest.raises((ConnectionError, errors.InvalidBufferError, errors.AuthKeyNotFound)):
            await asyncio.wait_for(client(MYSELF), 30)


@pytest.mark.parametrize(
    ("what", "added"), [(TroubleKind.DROP_BEFORE, False), (TroubleKind.DROP_AFTER, True)]
)
async def test_dropped_connections(rehearsal: Rehearsal, what: TroubleKind, added: bool):
    rehearsal.server.troubles.add(Trouble(what, "channels.inviteToChannel", calls=(1,)))
    async with rehearsal.client(rehearsal.accounts[0], auto_reconnect=False) as client:
        with pytest.raises(ConnectionError):
            await client(invite("willing_one"))
    assert ("willing_one" in members(rehearsal)) is added


async def test_latency(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.troubles.add(
        Trouble(TroubleKind.LATENCY, "users.getUsers", calls=(1,), seconds=0.2)
    )
    times = []
    for _ in range(2):
        started = time.monotonic()
        await client(MYSELF)
        times.append(time.monotonic() - started)
    assert times[0] >= 0.19
    assert times[1] < times[0]


async def test_silent_no_adds(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.troubles.add(Trouble(TroubleKind.SILENT_NO_ADD, calls=(1,)))
    first = await client(invite("willing_one"))
    second = await client(invite("willing_two"))
    assert first.missing_invitees == second.missing_invitees == []
    assert members(rehearsal) & {"willing_one", "willing_two"} == {"willing_two"}


@pytest.mark.parametrize(
    ("what", "copies", "late"),
    [(TroubleKind.DUPLICATE_UPDATE, 2, 0.0), (TroubleKind.LATE_UPDATE, 1, 0.3)],
)
async def test_updates_come_twice_or_late(
    rehearsal: Rehearsal,
    client: TelegramClient,
    second: TelegramClient,
    what: TroubleKind,
    copies: int,
    late: float,
):
    came = []
    second.add_event_handler(lambda update: _note(came, update), events.Raw(types.UpdateNewMessage))
    received = []
    handle = second._sender._updates_queue
    put = handle.put_nowait
    handle.put_nowait = lambda update: (received.append(time.monotonic()), put(update))
    await second(functions.updates.GetStateRequest())
    rehearsal.server.troubles.add(Trouble(what, rate=1.0, seconds=late))
    started = time.monotonic()
    await client.send_message("rehearsal_admin2", "привет")
    for _ in range(100):
        if len(received) >= copies and came:
            break
        await asyncio.sleep(0.02)
    assert len(received) == copies
    assert received[0] - started >= late
    assert len(came) == 1


async def _note(came: list, update: object):
    came.append(update)


@pytest.mark.parametrize("seconds", [-400.0, 400.0])
async def test_a_client_follows_a_skewed_clock(rehearsal: Rehearsal, seconds: float):
    rehearsal.server.troubles.add(Trouble(TroubleKind.CLOCK_SKEW, seconds=seconds))
    async with rehearsal.client(rehearsal.accounts[0]) as client:
        (me,) = await asyncio.wait_for(client(MYSELF), 30)
        assert me.id == rehearsal.accounts[0].id
        assert client._sender._state.time_offset == pytest.approx(seconds, abs=3)


async def test_a_restart_keeps_the_state_and_the_port(rehearsal: Rehearsal, client: TelegramClient):
    await client(invite("willing_one"))
    port = rehearsal.port
    await rehearsal.server.restart(0.05)
    assert rehearsal.port == port
    async with rehearsal.client(session=client.session) as again:
        await again(invite("willing_two"))
    assert {"willing_one", "willing_two"} <= members(rehearsal)


class Door:
    """A plain client of the control door."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    async def ask(self, command: str, **more: object):
        return await self.say(json.dumps({"token": self.token, "command": command, **more}))

    async def say(self, line: str):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = b""
        with suppress(ConnectionError):
            writer.write(line.encode() + b"\n")
            answer = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        return json.loads(answer) if answer else None


class TestControlDoor:
    @pytest.fixture
    async def door(self, rehearsal: Rehearsal):
        async with ControlDoor(rehearsal.server) as opened:
            yield Door(opened.port, opened.token_path.read_text())

    async def test_trouble_is_made_and_ended(
        self, rehearsal: Rehearsal, client: TelegramClient, door: Door
    ):
        rule = {"what": "error", "method": "users.getUsers", "rate": 1, "error": "INTERNAL"}
        assert await door.ask("trouble", add=rule) == {"ok": True, "troubles": ["error"]}
        with pytest.raises(errors.ServerError):
            await client._sender.send(MYSELF)
        assert await door.ask("clear") == {"ok": True, "troubles": []}
        await client(MYSELF)

    async def test_it_tells_the_state(self, rehearsal: Rehearsal, door: Door):
        status = await door.ask("status")
        assert status["chats"][CLUB] == 3
        assert status["accounts"] == 3

    async def test_latency_drops_and_restarts(
        self, rehearsal: Rehearsal, client: TelegramClient, door: Door
    ):
        assert (await door.ask("latency", seconds=0.1))["ok"]
        assert rehearsal.server.hub.latency == 0.1
        assert (await door.ask("drop"))["ok"]
        assert rehearsal.server.hub.clients == set()
        assert (await door.ask("restart", seconds=0.01))["ok"]
        async with rehearsal.client(session=client.session) as again:
            await again(MYSELF)

    @pytest.mark.parametrize(
        "line",
        ["", "[]", "{", "null", '{"token": "x", "command": "drop"}', '{"command": "status"}', "é"],
    )
    async def test_nobody_is_heard_without_the_token(
        self, rehearsal: Rehearsal, client: TelegramClient, door: Door, line: str
    ):
        assert (await door.say(line))["ok"] is False
        await client(MYSELF)

    @pytest.mark.parametrize(
        ("command", "more"),
        [
            ("nonsense", {}),
            ("latency", {"seconds": -1}),
            ("latency", {"seconds": "x"}),
            ("restart", {"seconds": 1e9}),
            ("trouble", {}),
            ("trouble", {"add": {"what": "plague"}}),
            ("trouble", {"add": [1]}),
            ("trouble", {"add": {"what": "error", "rate": 1, "nonsense": 2}}),
        ],
    )
    async def test_nonsense_is_refused(self, door: Door, command: str, more: dict):
        assert (await door.ask(command, **more))["ok"] is False
        assert (await door.ask("troubles"))["troubles"] == []

    async def test_a_line_without_an_end_is_hung_up_on(self, door: Door):
        assert await door.say("x" * 200_000) is None
        assert (await door.ask("troubles"))["ok"]

    async def test_the_token_is_its_owners_and_goes_with_the_door(self, rehearsal: Rehearsal):
        async with ControlDoor(rehearsal.server) as door:
            if os.name == "posix":
                assert door.token_path.stat().st_mode & 0o077 == 0
        assert not door.token_path.exists()
        with pytest.raises(KnownError, match="Port"):
            async with ControlDoor(rehearsal.server, rehearsal.port):
                pass

    async def test_the_stand_alone_server_has_one(self, tmp_path: Path):
        async with program(tmp_path, "--control", "0") as running:
            line = (await running.process.stdout.readline()).decode().split()
            port, token = int(line[1].rpartition(":")[2]), line[3]
            text = (tmp_path / "state" / "control_token").read_text()
            assert token == str(tmp_path / "state" / "control_token")
            assert (await Door(port, text).ask("status"))["people"] == 3
            running.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(running.process.wait(), 30) == 0
