"""Measures the engine: ``python -m tests.benchmarks.engine [PART …]``; without a part, all of them.

``speed``   invitations a second through one account, full sync on, no pace, beside a bare Telethon
            loop that makes the same four calls (look-up, membership, invitation, membership) and
            writes nothing down. Both ask the same server, a process of its own, in turns.
``growth``  tasks of many people through as many accounts in one process: memory, and the processor
            time of an action in the first and in the last tenth. ``growth=TASKS,PEOPLE``.
``claims``  the next person among a million: processor and wall time of a claim, also for an
            account that may look nobody up while whom it knows stands far behind.
``start``   a task for a million people, made and started: its time, the loop's longest pause, and
            how long another task's entry in the ledger had to wait meanwhile.

Other programs disturb wall time, so processor time stands beside it, and ratios are of one run.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil
from telethon import TelegramClient, errors, functions
from telethon.tl.types import InputPeerUser, InputUser
from telethon.utils import get_input_channel

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind
from invite_desktop.engine.clocks import SystemClock
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.ports.ledger import ANYBODY, ClaimWish
from invite_desktop.rehearsal.demo import CLUB_USERNAME
from invite_desktop.store.store import Store
from tests.benchmarks.engine_field import (
    add_audience,
    make_store,
    opened_field,
    serving_willing,
)
from tests.benchmarks.rehearsal_server import signed_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from invite_desktop.engine.events import Event
    from tests.benchmarks.engine_field import EngineField

LEAST_OF_BARE = 0.6
MOST_MEGABYTES, MOST_GROWTH = 300.0, 1.2
LONGEST_CLAIM, LONGEST_START, LONGEST_PAUSE = 0.002, 15.0, 0.05
LONGEST_WAIT = 0.1
"""Seconds that an entry in the ledger may wait while a big task is made, as for an import."""

TURNS, PEOPLE_A_TURN = 15, 60
TASKS, PEOPLE_A_TASK = 20, 10_000
MANY = 1_000_000
CLAIMS = 300
KNOWN_FROM = 15_000
"""So many people nobody may look up now stand before those whom the account knows."""

PROBE = 0.004


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in words, and whether it keeps its bound."""

    words: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.words}{'' if self.holds else '   MISSED'}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: people a second, and milliseconds of our processor time for each of them."""

    speed: float
    processor: float


# ---------------------------------------------------------------- speed


async def measure_speed(turns: int = TURNS, people: int = PEOPLE_A_TURN) -> Iterator[Figure]:
    """Let the bare loop and the engine invite in turns."""
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        log = ("--log", str(directory / "log.jsonl"))
        async with (
            serving_willing(directory, *log) as server,
            opened_field(directory, server, 1) as field,
        ):
            client = await signed_in(server.port, 2)
            club = get_input_channel(await client.get_input_entity(CLUB_USERNAME))
            for number in range(turns):
                names = [f"bare{number}_{person:05}" for person in range(people)]
                bare.append(
                    await _timed(lambda names=names: _invite_all(client, club, names), people)
                )
                ours.append(await _engine_turn(field, f"ours{number}", people))
            await client.disconnect()
    return _speed_figures(bare, ours)


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


async def _engine_turn(field: EngineField, prefix: str, people: int) -> Turn:
    audience = await asyncio.to_thread(add_audience, field.database, prefix, people)
    task = await field.task(audience)

    async def run() -> None:
        await field.engine.tasks.start(task.id)
        await field.engine.tasks.wait_until_idle(task.id)

    turn = await _timed(run, people)
    counters = (await field.engine.tasks.view(task.id)).counters
    assert counters.joined == people, counters
    return turn


async def _timed(work: Callable[[], Awaitable[None]], people: int) -> Turn:
    began, before = time.perf_counter(), time.process_time()
    await work()
    seconds, spent = time.perf_counter() - began, time.process_time() - before
    return Turn(people / seconds, spent * 1000 / people)


def _speed_figures(bare: Sequence[Turn], ours: Sequence[Turn]) -> Iterator[Figure]:
    ratio = median(one.speed for one in ours) / median(one.speed for one in bare)
    best = max(one.speed for one in ours) / max(one.speed for one in bare)
    yield Figure(
        f"invitations: {median(one.speed for one in ours):.0f}/s, bare "
        f"{median(one.speed for one in bare):.0f}/s; ratio of medians {ratio:.2f}, of the best "
        f"turns {best:.2f} (at least {LEAST_OF_BARE})",
        ratio >= LEAST_OF_BARE,
    )
    yield Figure(
        f"processor time of a person: {median(one.processor for one in ours):.2f} ms, bare "
        f"{median(one.processor for one in bare):.2f} ms",
        holds=True,
    )


# ---------------------------------------------------------------- growth


async def measure_growth(tasks: int = TASKS, people: int = PEOPLE_A_TASK) -> Iterator[Figure]:
    """Run many tasks to their end, and note the processor time at every tenth of the people."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with (
            serving_willing(directory, "--accounts", str(tasks)) as server,
            opened_field(directory, server, tasks) as field,
        ):
            ids = []
            for number in range(tasks):
                audience = await asyncio.to_thread(
                    add_audience, field.database, f"task{number}", people
                )
                ids.append((await field.task(audience)).id)
            marks = _Marks(tasks * people)
            field.engine.bus.subscribe(marks.hear)
            for task_id in ids:
                await field.engine.tasks.start(task_id)
            await asyncio.gather(*map(field.engine.tasks.wait_until_idle, ids))
            views = [await field.engine.tasks.view(task_id) for task_id in ids]
    assert sum(view.counters.joined for view in views) == tasks * people, views
    return _growth_figures(marks, tasks, people)


class _Marks:
    """The processor time, and the most memory, when each tenth of the people was done.

    Every person makes the same facts, so that facts can be counted in place of people.
    """

    def __init__(self, people: int) -> None:
        self._process = psutil.Process()
        self._tenth = people * _FACTS_A_PERSON // 10
        self._heard = 0
        self.spent = [time.process_time()]
        self.megabytes = [self._memory()]
        self.began = time.perf_counter()

    def hear(self, event: Event) -> None:
        if not isinstance(event, TargetChanged):
            return
        self._heard += 1
        if self._heard % self._tenth == 0:
            self.spent.append(time.process_time())
            self.megabytes.append(self._memory())

    def _memory(self) -> float:
        return float(self._process.memory_info().rss) / 1e6

    def tenth(self, number: int) -> float:
        """Return the seconds of processors that a tenth took; the first is 0."""
        return self.spent[number + 1] - self.spent[number]


_FACTS_A_PERSON = 4
"""Claimed, found, invited, joined."""


def _growth_figures(marks: _Marks, tasks: int, people: int) -> Iterator[Figure]:
    seconds = time.perf_counter() - marks.began
    first, last = (marks.tenth(number) * 10_000 / (tasks * people) for number in (0, 9))
    yield Figure(
        f"{tasks} tasks of {people} people: {tasks * people / seconds:.0f}/s, memory "
        f"{marks.megabytes[0]:.0f} MB before, {max(marks.megabytes):.0f} MB at the most "
        f"(under {MOST_MEGABYTES:.0f})",
        max(marks.megabytes) < MOST_MEGABYTES,
    )
    yield Figure(
        f"processor time of a person: first tenth {first:.2f} ms, last {last:.2f} ms, ratio "
        f"{last / first:.2f} (at most {MOST_GROWTH})",
        last <= first * MOST_GROWTH,
    )


# ---------------------------------------------------------------- claims


async def measure_claims(people: int = MANY) -> Iterator[Figure]:
    """Claim again and again, in order and with a wish."""
    with tempfile.TemporaryDirectory() as name:
        database = Path(name) / "store.db"
        store, audience = _store_with_people(database, people)
        try:
            account = await _account(store)
            task = await store.tasks.create(_to_club(audience), "Many", _now())
            plain = [await _claim_and_end(store, task.id, account, ANYBODY) for _ in range(CLAIMS)]
            _know(database, account, task.id, KNOWN_FROM)
            nobody = ClaimWish((Action.LOOK_UP, Action.CONTACT_IMPORT))
            wished = [await _claim_and_end(store, task.id, account, nobody) for _ in range(CLAIMS)]
        finally:
            store.close()
    return _claim_figures(plain, wished)


async def _claim_and_end(
    store: Store, task_id: int, account_id: int, wish: ClaimWish
) -> tuple[float, float]:
    """Return the seconds of a claim, and the processors' of them, and end the target."""
    began, before = time.perf_counter(), time.process_time()
    claim = await store.ledger.claim(task_id, account_id, _now(), wish)
    taken = time.perf_counter() - began, time.process_time() - before
    assert claim is not None
    assert (claim.peer is not None) == bool(wish.without), "another one was wished for"
    await store.ledger.end_target(claim, Outcome(OutcomeCode.DELETED_ACCOUNT), _now())
    return taken


def _claim_figures(
    plain: Sequence[tuple[float, float]], wished: Sequence[tuple[float, float]]
) -> Iterator[Figure]:
    for words, times in (
        (f"claim among {MANY:,}", plain),
        (f"claim of a known one behind {KNOWN_FROM:,} others", wished),
    ):
        wall, spent = (median(values) * 1000 for values in zip(*times, strict=True))
        yield Figure(
            f"{words}: median {wall:.2f} ms, processor {spent:.2f} ms, the first "
            f"{times[0][0] * 1000:.1f} ms (under {LONGEST_CLAIM * 1000:.0f})",
            spent < LONGEST_CLAIM * 1000,
        )


def _know(database: Path, account_id: int, task_id: int, first: int) -> None:
    """Let an account know everybody from a place of the task on."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO peers SELECT ?, person_id, person_id + 1000000000, 1 FROM targets "
            "WHERE task_id = ? AND position > ? AND position <= ?",
            (account_id, task_id, first, first + 10 * CLAIMS),
        )


# ---------------------------------------------------------------- start


async def measure_start(people: int = MANY) -> Iterator[Figure]:
    """Make and start a task for everybody while another one writes into the ledger."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with (
            serving_willing(directory) as server,
            opened_field(directory, server, 1) as field,
        ):
            many = await asyncio.to_thread(add_audience, field.database, "many", people)
            small = await asyncio.to_thread(add_audience, field.database, "other", 10_000)
            await field.engine.tasks.start((await field.task(small)).id)
            before_it, pauses, writes = _Pauses(), _Pauses(), _Waits(field)
            async with before_it.watching():
                await asyncio.sleep(3)
            alone, writes.longest, writes.facts = writes.longest, 0.0, 0
            began, before = time.perf_counter(), time.process_time()
            async with pauses.watching():
                task = await field.task(many)
                await field.engine.tasks.start(task.id)
            seconds, spent = time.perf_counter() - began, time.process_time() - before
            beside = writes.longest
            total = (await field.engine.tasks.view(task.id)).counters.total
    assert total == people, total
    return _start_figures(people, (seconds, spent), (before_it, pauses), (alone, beside), writes)


class _Pauses:
    """How much longer than asked for short sleeps on the loop took, in seconds."""

    def __init__(self) -> None:
        self.all: list[float] = []

    @contextlib.asynccontextmanager
    async def watching(self):
        """Watch the loop while the block runs."""
        probing = asyncio.ensure_future(self._probe())
        try:
            yield
        finally:
            probing.cancel()

    async def _probe(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PROBE)
            self.all.append(time.perf_counter() - began - PROBE)


class _Waits:
    """The longest silences between two facts of the task that runs beside."""

    def __init__(self, field: EngineField) -> None:
        self.longest, self._last, self.facts = 0.0, time.perf_counter(), 0
        field.engine.bus.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, TargetChanged):
            now = time.perf_counter()
            self.longest, self._last = max(self.longest, now - self._last), now
            self.facts += 1


def _start_figures(
    people: int,
    times: tuple[float, float],
    pauses: tuple[_Pauses, _Pauses],
    silences: tuple[float, float],
    writes: _Waits,
) -> Iterator[Figure]:
    seconds, spent = times
    yield Figure(
        f"task of {people:,} made and started: {seconds:.1f} s, {spent:.1f} s of processors "
        f"(under {LONGEST_START:.0f})",
        seconds < LONGEST_START,
    )
    alone, beside = (max(phase.all) * 1000 for phase in pauses)
    yield Figure(
        f"longest pause of the loop: {beside:.0f} ms, without the big task {alone:.0f} ms "
        f"(under {LONGEST_PAUSE * 1000:.0f})",
        beside < LONGEST_PAUSE * 1000,
    )
    yield Figure(
        f"another task beside it: {writes.facts} facts, the longest silence "
        f"{silences[1] * 1000:.0f} ms, without the big task {silences[0] * 1000:.0f} ms "
        f"(at most {LONGEST_WAIT * 1000:.0f} more)",
        bool(writes.facts) and silences[1] < silences[0] + LONGEST_WAIT,
    )


# ---------------------------------------------------------------- what they share


def _store_with_people(database: Path, people: int) -> tuple[Store, int]:
    make_store(database)
    audience = add_audience(database, "many", people)
    return Store.open(database), audience


async def _account(store: Store) -> int:
    return (await store.accounts.add(Profile(1, "Anna"), _now())).id


def _to_club(audience: int) -> NewTask:
    address = parse_chat_address(f"@{CLUB_USERNAME}")
    return NewTask(TaskKind.INVITE, audience, ChatRef(7, "Club", ChatKind.SUPERGROUP, address))


_now = SystemClock().now

PARTS = {
    "speed": measure_speed,
    "claims": measure_claims,
    "start": measure_start,
    "growth": measure_growth,
}


def main(parts: Sequence[str]) -> bool:
    """Print the figures of the parts; return whether all of them hold."""
    holds = True
    for part in parts or PARTS:
        name, _, sizes = part.partition("=")
        for figure in asyncio.run(PARTS[name](*map(int, filter(None, sizes.split(","))))):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            holds = holds and figure.holds
    return holds


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
