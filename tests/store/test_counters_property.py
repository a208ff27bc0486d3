from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import CONTACTING, Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.engine.ports.telegram import UserPeer
from tests.fakes.new_stores import open_store
from tests.store.setting import (
    account,
    counters_hold,
    imported,
    invite_task,
    later,
    message_task,
    people,
    person,
    select,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from invite_desktop.domain.attempts import Attempt
    from invite_desktop.engine.ports.ledger import Claim
    from invite_desktop.store.store import Store

STEPS = 250


class Chance:
    """Somebody who uses the store in every allowed way, and crashes now and then."""

    def __init__(self, store: Store, path: Path, seed: int) -> None:
        self.store, self.path, self.random = store, path, random.Random(seed)
        self.claims: list[Claim] = []
        self.flights: list[tuple[Claim, Attempt]] = []
        self.accounts: list[int] = []
        self.tasks: list[int] = []
        self.minutes = 0
        self.begun = 0

    async def prepare(self) -> None:
        audience = (await imported(self.store, people(12))).audience.id
        self.accounts = [(await account(self.store, number)).id for number in (701, 702)]
        self.tasks = [
            (await invite_task(self.store, audience)).id,
            (await invite_task(self.store, audience)).id,
            (await message_task(self.store, audience)).id,
        ]

    async def step(self) -> None:
        self.minutes += 1
        steps: list[Callable[[], Awaitable[None]]] = [
            *[self.claim, self.begin, self.finish] * 4,
            self.release,
            self.end,
            self.settle,
            self.reopen,
            self.fail,
            self.meet,
            self.opt_out,
            self.link_people,
            self.crash,
        ]
        await self.random.choice(steps)()

    async def claim(self) -> None:
        task, who = self.random.choice(self.tasks), self.random.choice(self.accounts)
        if claim := await self.store.ledger.claim(task, who, self.now):
            self.claims.append(claim)

    async def begin(self) -> None:
        if claim := self.take(self.claims):
            action = self.random.choice(list(Action))
            self.flights.append((claim, await self.store.ledger.begin(claim, action, self.now)))
            self.begun += 1

    async def finish(self) -> None:
        if flight := self.take(self.flights):
            claim, attempt = flight
            code = self.random.choice(list(OutcomeCode))
            if code is OutcomeCode.FOUND and attempt.action in CONTACTING:
                code = OutcomeCode.INVITED
            await self.store.ledger.finish(attempt, Outcome(code), self.now)
            if code is OutcomeCode.FOUND:
                self.claims.append(claim)

    async def release(self) -> None:
        if claim := self.take(self.claims):
            unable = self.random.random() < 0.5
            await self.store.ledger.release(claim, self.now, unable=unable)

    async def end(self) -> None:
        if claim := self.take(self.claims):
            await self.store.ledger.end_target(claim, Outcome(OutcomeCode.ALREADY_MEMBER), self.now)

    async def settle(self) -> None:
        codes = [OutcomeCode.JOINED, OutcomeCode.INTERRUPTED, OutcomeCode.UNCERTAIN]
        for claim in (await self.store.ledger.to_verify(self.random.choice(self.tasks)))[:1]:
            outcome = Outcome(self.random.choice(codes))
            await self.store.ledger.settle_target(claim.target_id, outcome, self.now)

    async def reopen(self) -> None:
        await self.store.tasks.reopen_retryable(self.random.choice(self.tasks), self.now)

    async def fail(self) -> None:
        await self.store.ledger.fail_unaddressable(
            self.random.choice(self.tasks), self.accounts, self.now
        )

    async def meet(self) -> None:
        if self.claims:
            claim = self.random.choice(self.claims)
            peer = UserPeer(self.random.randrange(1, 30), 1)
            await self.store.ledger.keep_peer(claim.account_id, claim.person.id, peer)

    async def opt_out(self) -> None:
        if self.random.random() < 0.2:
            number = self.random.randrange(1, 13)
            await self.store.audiences.do_not_contact(number, "stop", self.now)

    async def link_people(self) -> None:
        one, other = (self.random.randrange(1, 13) for _ in range(2))
        phone = f"+7900000000{self.random.randrange(3)}"
        rows = [person(1, f"person{one}", phone), person(2, f"person{other}", phone)]
        if self.random.random() < 0.3:
            with contextlib.suppress(KnownError):
                await imported(self.store, rows, f"link {self.minutes}")

    async def crash(self) -> None:
        if self.random.random() < 0.3:
            self.store.close()
            self.store = open_store(self.path)
            self.claims.clear()
            self.flights.clear()
            await self.store.ledger.release_stale_claims(self.now)
            for settlement in await self.store.ledger.unsettled():
                self.flights.append((settlement.claim, settlement.attempt))

    @property
    def now(self):
        return later(minutes=self.minutes)

    def take(self, things: list) -> object:
        return things.pop(self.random.randrange(len(things))) if things else None


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.long) for n in range(4, 20))]
)
async def test_counters_are_the_recount_whatever_happens(path: Path, seed: int):
    chance = Chance(open_store(path), path, seed)
    try:
        await chance.prepare()
        for _ in range(STEPS):
            await chance.step()
            assert await counters_hold(chance.store)
        await check_file(chance)
    finally:
        chance.store.close()


async def check_file(chance: Chance) -> None:
    store = chance.store
    assert await select(store, "SELECT count(*) FROM attempts") == [(chance.begun,)]
    assert await select(store, "PRAGMA foreign_key_check") == []
    assert await select(store, "PRAGMA integrity_check") == [("ok",)]
    in_work = await select(store, "SELECT count(*) FROM targets WHERE state = 'in_work'")
    assert in_work == [(len(chance.claims) + len(chance.flights),)]


async def test_runners_side_by_side_never_share_a_person(path: Path):
    store = open_store(path)
    audience = (await imported(store, people(40))).audience.id
    task = await invite_task(store, audience)
    accounts = [(await account(store, number)).id for number in range(701, 705)]

    async def run(account_id: int) -> None:
        while claim := await store.ledger.claim(task.id, account_id, later()):
            attempt = await store.ledger.begin(claim, Action.INVITE, later())
            await store.ledger.finish(attempt, Outcome(OutcomeCode.INVITED), later())

    await asyncio.gather(*map(run, accounts))
    targets = await store.tasks.targets(task.id, TargetFilter(), 0, 99)
    contacted = await select(store, "SELECT count(*), count(DISTINCT person_id) FROM attempts")
    store.close()
    assert {target.state for target in targets} == {TargetState.INVITED}
    assert contacted == [(40, 40)]
