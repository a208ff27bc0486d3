"""Measures the check of a chat: ``python -m tests.benchmarks.chat_check [ROUNDS]``.

Ten accounts, every answer of the rehearsal server 50 ms late. *Cold* includes connecting all ten,
*warm* is another check by the same program, *bare* is one plain request of each of ten connected
clients at the same time: the least that asking everybody can cost.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.chats import ChatAddress, parse_chat_address
from tests.contracts.stages import RehearsalStage, calm_world
from tests.fakes.house import House
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from invite_desktop.engine.chat_check import ChatChecks

ACCOUNTS = 10
LATENCY = 0.05
CLUB = "@football_club"
ADDRESS: ChatAddress = parse_chat_address(CLUB)


@dataclass(frozen=True, slots=True)
class CheckTimes:
    """Seconds of each round."""

    cold: list[float]
    warm: list[float]
    bare: list[float]

    def __str__(self) -> str:
        lines = [f"{ACCOUNTS} accounts, {LATENCY * 1000:g} ms latency, seconds (median, worst):"]
        reference = median(self.bare)
        for name in ("cold", "warm", "bare"):
            values = getattr(self, name)
            lines.append(
                f"  {name}  {median(values):6.3f}  {max(values):6.3f}"
                f"   {median(values) / reference:5.2f} of bare"
            )
        return "\n".join(lines)


@asynccontextmanager
async def checking(
    directory: Path, accounts: int = ACCOUNTS
) -> AsyncIterator[tuple[ChatChecks, RehearsalStage]]:
    """The engine's check before a rehearsal server, with accounts that administer one club."""
    async with running_rehearsal(calm_world(), log_file=directory / "journal.jsonl") as rehearsal:
        stage = RehearsalStage(rehearsal, directory / "journal.jsonl")
        house = House(directory / "check.db")
        house.gateway = stage.gateway
        engine = house.build()
        club = None
        for number in range(1, accounts + 1):
            name = f"club_admin_{number}"
            owner = stage.account(number, name)
            await house.store.accounts.add(Profile(owner.user_id, name), house.clock.now())
            if club is None:
                club = stage.chat("Football", owner, username=CLUB.removeprefix("@"))
            else:
                stage.seat(club, owner, may_invite=True)
        await engine.load()
        yield engine.chat_checks, stage
        await house.close()
        assert not house.errors


async def measure(rounds: int) -> CheckTimes:
    """Measure so many rounds, each with a server and a database of its own."""
    times = CheckTimes([], [], [])
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="chat-check-") as directory:
            async with checking(Path(directory)) as (checks, stage):
                stage.server.set_latency(LATENCY)
                times.cold.append(await _timed(lambda: checks.recheck(ADDRESS)))
                times.warm.append(await _timed(lambda: checks.recheck(ADDRESS)))
                times.bare.append(await _bare(stage))
    return times


async def _bare(stage: RehearsalStage) -> float:
    async with AsyncExitStack() as clients:
        connected = [
            await clients.enter_async_context(stage.rehearsal.client(account))
            for account in stage.rehearsal.accounts
        ]

        async def ask_everybody() -> None:
            await asyncio.gather(*[c(GetUsersRequest([InputUserSelf()])) for c in connected])

        return await _timed(ask_everybody)


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
    sys.stdout.write(f"{found}\n")
