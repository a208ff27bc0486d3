"""Invitations a second through one account, beside a bare Telethon loop that makes the same calls.

The bare loop looks a person up, asks whether she is a member, invites her and asks again, as the
engine does; it writes nothing down. Both ask the same server, a process of its own, in turns of as
many people, each with no other connection open than its own. Every request is counted.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unittest.mock import patch

from telethon import TelegramClient, errors, functions
from telethon.network.mtprotosender import MTProtoSender
from telethon.tl.types import InputPeerUser, InputUser
from telethon.utils import get_input_channel

from invite_desktop.rehearsal.demo import CLUB_USERNAME
from tests.benchmarks.engine_field import add_audience, opened_field, serving_willing
from tests.benchmarks.engine_figures import Figure
from tests.benchmarks.rehearsal_server import signed_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from tests.benchmarks.engine_field import EngineField
    from tests.benchmarks.rehearsal_server import Running

LEAST_OF_BARE = 0.6
TURNS, PEOPLE_A_TURN = 15, 200
CALLS = (
    "ResolveUsernameRequest",
    "GetParticipantRequest",
    "InviteToChannelRequest",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """People a second; milliseconds of our processor time and of the server's for each of them."""

    speed: float
    ours: float
    servers: float


@dataclass
class Side:
    """One of the two, and what its turns came to."""

    turns: list[Turn] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    async def turn(self, server: Running, people: int, work: Callable[[], Awaitable[None]]) -> None:
        """Let it invite so many people."""
        with _counting(self.calls):
            began, before = time.perf_counter(), time.process_time()
            servers = sum(server.process.cpu_times()[:2])
            await work()
            seconds, spent = time.perf_counter() - began, time.process_time() - before
            servers = sum(server.process.cpu_times()[:2]) - servers
        self.turns.append(Turn(people / seconds, spent * 1000 / people, servers * 1000 / people))

    def middle(self, name: str) -> float:
        """Return the median of its turns."""
        return median(getattr(turn, name) for turn in self.turns)

    def best(self) -> float:
        """Return the speed of its fastest turn."""
        return max(turn.speed for turn in self.turns)


async def measure_speed(turns: int = TURNS, people: int = PEOPLE_A_TURN) -> Iterator[Figure]:
    """Let the bare loop and the engine invite in turns."""
    bare, engine = Side(), Side()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        log = ("--log", str(directory / "log.jsonl"))
        async with (
            serving_willing(directory, *log) as server,
            opened_field(directory, server, 1) as ground,
        ):
            client = await signed_in(server.port, 2)
            club = get_input_channel(await client.get_input_entity(CLUB_USERNAME))
            for number in range(turns):
                await ground.disconnect()
                names = [f"bare{number}_{person:05}" for person in range(people)]
                await client.connect()
                await bare.turn(
                    server, people, lambda names=names: _invite_all(client, club, names)
                )
                await client.disconnect()
                await engine.turn(
                    server, people, await _engine_turn(ground, f"ours{number}", people)
                )
    return _figures(bare, engine, turns * people)


async def _invite_all(client: TelegramClient, club: object, names: Sequence[str]) -> None:
    for name in names:
        answer = await client(functions.contacts.ResolveUsernameRequest(name))
        user = answer.users[0]
        member = functions.channels.GetParticipantRequest(
            club, InputPeerUser(user.id, user.access_hash)
        )
        with contextlib.suppress(errors.UserNotParticipantError):
            await client(member)
        invited = InputUser(user.id, user.access_hash)
        await client(functions.channels.InviteToChannelRequest(club, [invited]))
        await client(member)


async def _engine_turn(
    ground: EngineField, prefix: str, people: int
) -> Callable[[], Awaitable[None]]:
    """Return what invites the people of a task that is made now."""
    audience = add_audience(ground.database, prefix, people)
    task = await ground.task(audience)

    async def run() -> None:
        await ground.engine.tasks.start(task.id)
        await ground.engine.tasks.wait_until_idle(task.id)
        counters = (await ground.engine.tasks.view(task.id)).counters
        assert counters.joined == people, counters

    return run


@contextlib.contextmanager
def _counting(calls: Counter[str]) -> Iterator[None]:
    """Count what is sent while the block runs."""
    send = MTProtoSender.send

    def counted(sender: MTProtoSender, request: object, ordered: bool = False) -> object:
        calls[type(request).__name__] += 1
        return send(sender, request, ordered)

    with patch.object(MTProtoSender, "send", counted):
        yield


def _figures(bare: Side, engine: Side, people: int) -> Iterator[Figure]:
    ratio = engine.middle("speed") / bare.middle("speed")
    yield Figure(
        f"invitations: {engine.middle('speed'):.0f}/s, bare {bare.middle('speed'):.0f}/s; ratio of "
        f"medians {ratio:.2f}, of the best turns {engine.best() / bare.best():.2f} "
        f"(at least {LEAST_OF_BARE})",
        ratio >= LEAST_OF_BARE,
    )
    yield Figure(
        f"processor time of a person: {engine.middle('ours'):.2f} ms and the server's "
        f"{engine.middle('servers'):.2f} ms; bare {bare.middle('ours'):.2f} ms and "
        f"{bare.middle('servers'):.2f} ms",
        holds=True,
    )
    same = all(bare.calls[name] <= engine.calls[name] for name in CALLS)
    yield Figure(
        f"calls a person: {_calls(engine, people)}; bare {_calls(bare, people)}", holds=same
    )


def _calls(side: Side, people: int) -> str:
    words = [f"{side.calls[name] / people:.2f} {name.removesuffix('Request')}" for name in CALLS]
    others = sum(side.calls.values()) - sum(side.calls[name] for name in CALLS)
    return f"{', '.join(words)}, {others / people:.2f} others"
