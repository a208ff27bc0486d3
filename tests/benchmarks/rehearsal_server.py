"""Measures the rehearsal server: ``python -m tests.benchmarks.rehearsal_server [ROUNDS]``.

The server runs in a process of its own, keeps its state on disk and writes its log; one plain
Telethon client asks it. Every figure is also given as a ratio to a reference of the same run: a
bare asyncio echo server in a process of its own, asked in the same way with as many bytes, and,
for memory, an interpreter that holds as many small objects. On a busy machine the processor's time
that an invitation takes of the server says more than how many there are in a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from telethon import TelegramClient, errors, functions
from telethon.crypto import rsa
from telethon.sessions import StringSession
from telethon.utils import get_input_channel, get_input_user

from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

ROOT = Path(__file__).parents[2]
API_ID, API_HASH = 12345, "0123456789abcdef0123456789abcdef"
INVITES = 4000
CLIENTS = 100
PEOPLE = 200_000
PACKET = 200
"""Bytes of one call of the echo server: about those of an encrypted invitation."""

NO_WAITING = """
[flood_waits]
share = 0.0
[limits]
on = false
"""

ECHO = """
import asyncio

class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(data)

async def main():
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print("listening on 127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""

OBJECTS = f"""
class Person:
    __slots__ = ("id", "username", "phone", "first_name", "last_name")

people = {{}}
for number in range({PEOPLE}):
    person = people[number] = Person()
    person.username = "rehearsed_%06d" % number
print("listening on 127.0.0.1:0", flush=True)
input()
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: the median of its rounds, what is asked for (None: nothing), a reference."""

    name: str
    unit: str
    values: Sequence[float]
    wanted: float | None
    references: Sequence[float]
    more_is_better: bool = True

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def ratio(self) -> float:
        return self.median / statistics.median(self.references)

    @property
    def holds(self) -> bool:
        if self.wanted is None:
            return True
        return self.median >= self.wanted if self.more_is_better else self.median <= self.wanted

    def __str__(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        wanted = "" if self.wanted is None else f"; wanted {sign} {self.wanted:g}"
        low, high = min(self.values), max(self.values)
        return (
            f"{self.name:<38} {self.median:8.5g} {self.unit:<4} ({low:.5g} to {high:.5g}"
            f"{wanted}){'' if self.holds else ' MISSED'}   "
            f"{self.ratio:.3g} of the reference's {statistics.median(self.references):.5g}"
        )


@dataclass(frozen=True, slots=True)
class Running:
    """A program that listens, and what it has said of itself."""

    port: int
    key: Path | None
    process: psutil.Process


@dataclass(frozen=True, slots=True)
class Round:
    """Calls a second, and milliseconds of the server's processor that each of them took."""

    speed: float
    cpu: float


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[Running]:
    """Start a program that says where it listens, and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        first = (await process.stdout.readline()).decode()
        key = None
        if "-m" in command:
            key = Path((await process.stdout.readline()).decode().strip().partition(": ")[2])
            rsa.add_key(key.read_text(), old=False)
        yield Running(int(first.rpartition(":")[2]), key, psutil.Process(process.pid))
    finally:
        process.terminate()
        await process.communicate()


@asynccontextmanager
async def serving(directory: Path, *options: str, size: int = 0) -> AsyncIterator[Running]:
    """Start the rehearsal server with a state of its own, in which nobody has to wait."""
    state, log, scenario = (directory / name for name in ("state", "log.jsonl", "scenario.toml"))
    scenario.write_text(f"[people]\nsize = {size}\n{NO_WAITING}", encoding="utf-8")
    command = ("-m", "invite_desktop.rehearsal", "--state", str(state), "--log", str(log))
    async with running(*command, "--scenario", str(scenario), *options) as server:
        yield server


def new_client(port: int, session: StringSession) -> TelegramClient:
    session.set_dc(2, "127.0.0.1", port)
    return TelegramClient(
        session, API_ID, API_HASH, flood_sleep_threshold=0, request_retries=1, retry_delay=0
    )


async def signed_in(port: int, number: int) -> TelegramClient:
    """Return a connected client, logged in as a test account."""
    client = new_client(port, StringSession())
    await client.connect()
    phone = f"+9996620{number:03d}"
    sent = await client.send_code_request(phone)
    await client.sign_in(phone, "22222", phone_code_hash=sent.phone_code_hash)
    return client


async def in_flight(
    server: Running, together: int, calls: Sequence[Callable[[], Awaitable[object]]]
) -> Round:
    """Make all calls, so many at a time, each when another has ended."""
    waiting = iter(calls)

    async def work() -> None:
        for call in waiting:
            await call()

    used, started = sum(server.process.cpu_times()[:2]), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(together)))
    passed, used = time.perf_counter() - started, sum(server.process.cpu_times()[:2]) - used
    return Round(len(calls) / passed, used / len(calls) * 1000)


async def measure_invites(together: int, rounds: int) -> list[Round]:
    """Return how fast invitations go."""
    with tempfile.TemporaryDirectory() as directory:
        async with serving(Path(directory)) as server:
            client = await signed_in(server.port, 1)
            club = get_input_channel(await client.get_input_entity("rehearsal_club"))
            measured = []
            for turn in range(rounds):
                users = []
                for number in range(INVITES // rounds):
                    with suppress(ValueError):
                        found = await client.get_input_entity(f"p{turn}_{number:05}")
                        users.append(get_input_user(found))
                calls = [_invitation(client, club, user) for user in users]
                measured.append(await in_flight(server, together, calls))
            await client.disconnect()
    return measured


def _invitation(
    client: TelegramClient, club: object, user: object
) -> Callable[[], Awaitable[object]]:
    async def invite() -> None:
        try:
            await client._sender.send(functions.channels.InviteToChannelRequest(club, [user]))
        except (errors.FloodError, errors.InputConstructorInvalidError):
            raise  # These would be cheap answers, and no invitations.
        except errors.RPCError:
            pass  # Her settings forbid it, and the like: an answer as good as any.

    return invite


async def measure_echo(together: int, rounds: int) -> list[Round]:
    """Return how fast packets come back from the echo server."""
    async with running("-c", ECHO) as server:
        measured = []
        for _ in range(rounds):
            streams = [
                await asyncio.open_connection("127.0.0.1", server.port) for _ in range(together)
            ]
            free = list(streams)

            async def echo(free: list = free) -> None:
                reader, writer = free.pop()
                writer.write(bytes(PACKET))
                await reader.readexactly(PACKET)
                free.append((reader, writer))

            measured.append(await in_flight(server, together, [echo] * INVITES))
            for _, writer in streams:
                writer.close()
                await writer.wait_closed()
    return measured


async def measure_connections(rounds: int) -> list[float]:
    """Return the seconds in which a hundred clients with ready sessions connect."""
    with tempfile.TemporaryDirectory() as directory:
        async with serving(Path(directory), "--accounts", str(CLIENTS)) as server:
            texts = []
            for number in range(1, CLIENTS + 1):
                client = await signed_in(server.port, number)
                texts.append(StringSession.save(client.session))
                await client.disconnect()
            times = []
            for _ in range(rounds):
                clients = [new_client(server.port, StringSession(text)) for text in texts]
                started = time.perf_counter()
                await asyncio.gather(*(client.connect() for client in clients))
                times.append(time.perf_counter() - started)
                await asyncio.gather(*(client.disconnect() for client in clients))
    return times


async def measure_bare_connections(rounds: int) -> list[float]:
    """Return the seconds in which a hundred bare connections each echo one packet."""
    async with running("-c", ECHO) as server:

        async def connect() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(bytes(PACKET))
            await reader.readexactly(PACKET)
            writer.close()

        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            await asyncio.gather(*(connect() for _ in range(CLIENTS)))
            times.append(time.perf_counter() - started)
    return times


async def measure_memory() -> tuple[float, float]:
    """Return the MB of a server with 200 000 people that is in use, and of the reference."""
    with tempfile.TemporaryDirectory() as directory:
        async with serving(Path(directory), size=PEOPLE) as server:
            client = await signed_in(server.port, 1)
            club = get_input_channel(await client.get_input_entity("rehearsal_club"))
            for number in range(200):
                with suppress(ValueError, errors.RPCError):
                    user = await client.get_input_entity(f"rehearsed_{number:06}")
                    await client(functions.channels.InviteToChannelRequest(club, [user]))
            size = server.process.memory_info().rss / 1e6
            await client.disconnect()
    async with running("-c", OBJECTS) as bare:
        return size, bare.process.memory_info().rss / 1e6


def measure_registration(rounds: int) -> list[float]:
    """Return the seconds of processor time in which the people of a list come into a world."""
    people = [
        ListedPerson(f"person_{number}", f"+7900{number:07}", None, "Имя", "Фамилия")
        for number in range(PEOPLE)
    ]
    return [_processor_time(partial(World().register, people)) for _ in range(rounds)]


def measure_bare_registration(rounds: int) -> list[float]:
    """Return the seconds of processor time in which as many records come into a dictionary."""
    names = [f"person_{number}" for number in range(PEOPLE)]

    def register() -> None:
        {hashlib.sha256(name.encode()).digest(): ListedPerson(name) for name in names}

    return [_processor_time(register) for _ in range(rounds)]


def _processor_time(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


async def measure(rounds: int) -> list[Figure]:
    """Measure everything."""
    figures = []
    for together, wanted in ((1, 1000), (100, 3000)):
        invites = await measure_invites(together, rounds)
        echoes = await measure_echo(together, rounds)
        name = f"invitations, {together} in flight"
        speeds, others = [one.speed for one in invites], [one.speed for one in echoes]
        figures.append(Figure(name, "/s", speeds, wanted, others))
        name = f"the server's processor, {together} in flight"
        used, others = [one.cpu for one in invites], [one.cpu for one in echoes]
        figures.append(Figure(name, "ms", used, None, others, more_is_better=False))
    figures.append(
        Figure(
            f"{CLIENTS} clients connected",
            "s",
            await measure_connections(rounds),
            1,
            await measure_bare_connections(rounds),
            more_is_better=False,
        )
    )
    figures.append(
        Figure(
            "list of 200 000 people registered",
            "s",
            measure_registration(rounds),
            4,
            measure_bare_registration(rounds),
            more_is_better=False,
        )
    )
    size, bare = await measure_memory()
    figures.append(Figure("world of 200 000 people", "MB", [size], 400, [bare], False))
    return figures


def main(given: Sequence[str]) -> int:
    """Print the figures; 1 if one of them misses what is wanted."""
    rounds = int(given[0]) if given else 5
    figures = asyncio.run(measure(rounds))
    sys.stdout.write("\n".join(map(str, figures)) + "\n")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
