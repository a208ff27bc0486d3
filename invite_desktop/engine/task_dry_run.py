"""A task gone through from its first to its last person, without contacting anybody."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.fates import Fate
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.templates import letter_of
from invite_desktop.engine.ports.telegram import Requirement

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.chat_check import ChatChecks
    from invite_desktop.engine.exports import Exports
    from invite_desktop.engine.ports.ledger import Prospect
    from invite_desktop.engine.setup import Ports

PEOPLE_A_CALL = 100
MOST_CALLS = 50
"""So many questions (users.getRequirementsToContact) a dry run asks; the rest asks the task."""

_PAGE = 500
_SLICE = 50
"""So many texts are made before anybody else's turn comes: a few milliseconds."""

_FATES = {Requirement.PREMIUM: Fate.NEEDS_PREMIUM, Requirement.PAYMENT: Fate.NEEDS_PAYMENT}


@dataclass(frozen=True, slots=True)
class TaskDryRun:
    """What would become of everybody whom a task has not come to yet.

    ``asked``: about so many people Telegram told what it takes to write to them. ``found``: fates,
    by target id, that the store alone does not know.
    """

    task_id: int
    counts: Mapping[Fate, int]
    asked: int = 0
    accounts: tuple[int, ...] = ()
    found: Mapping[int, Fate] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """Return how many people stand to be contacted."""
        return sum(self.counts.values())


class TaskDryRuns:
    """Looks nobody up: what a dry run costs is at most some questions that nobody notices."""

    def __init__(
        self,
        ports: Ports,
        accounts: AccountStates,
        turns: AccountTurns,
        checks: ChatChecks,
        exports: Exports,
    ) -> None:
        self._ports = ports
        self._accounts = accounts
        self._turns = turns
        self._checks = checks
        self._exports = exports

    async def of_task(self, task_id: int) -> TaskDryRun:
        """Go through a task's people. Raises KnownError when its chat cannot be looked at."""
        task = await self._ports.tasks.task(task_id)
        run = _Run(task, self._ports, await self._able(task))
        async for page in self._pages(task_id, run.accounts):
            await run.take(page)
            if task.kind is TaskKind.MESSAGE:
                await self._ask(run, last=False)
        await self._ask(run, last=True)
        return run.result()

    async def save(self, run: TaskDryRun, path: Path) -> int:
        """Save everybody with what would become of them; return how many. Raises KnownError."""
        task = await self._ports.tasks.task(run.task_id)
        return await self._exports.prospects(task.name, self._everybody(run), path)

    async def _everybody(self, run: TaskDryRun) -> AsyncIterator[Prospect]:
        async for page in self._pages(run.task_id, run.accounts):
            for prospect in page:
                yield replace(prospect, fate=run.found.get(prospect.target_id, prospect.fate))

    async def _pages(
        self, task_id: int, accounts: Sequence[int]
    ) -> AsyncIterator[Sequence[Prospect]]:
        after = 0
        while page := await self._ports.tasks.prospects(task_id, accounts, after, _PAGE):
            yield page
            after = page[-1].position

    async def _able(self, task: InviteTask) -> tuple[int, ...]:
        """Return the accounts that could act for a task now."""
        now = self._ports.clock.now()
        ready = {account.id for account in self._accounts.all() if account.is_ready(now)}
        if task.chat is not None:
            check = await self._checks.check(str(task.chat.address))
            ready &= {row.account.id for row in check.ready}
        return tuple(sorted(ready))

    async def _ask(self, run: _Run, *, last: bool) -> None:
        """Ask what it takes to write to people, a hundred at once, or with the last the rest."""
        for account_id in run.accounts:
            while (some := run.to_ask(account_id, last=last)) and run.calls < MOST_CALLS:
                run.calls += 1
                answer = await self._requirements(account_id, some)
                if not isinstance(answer, Outcome):
                    run.told(some, answer)
                elif answer.is_about_account:
                    await self._accounts.suffer(account_id, answer)
                    run.leave(account_id)

    async def _requirements(
        self, account_id: int, people: Sequence[Prospect]
    ) -> Sequence[Requirement] | Outcome:
        async with self._turns.turn(account_id):
            messenger = await self._ports.gateway.open(account_id)
            if isinstance(messenger, Outcome):
                return messenger
            peers = [person.peer for person in people if person.peer is not None]
            return await messenger.requirements(peers)


class _Run:
    """What a dry run has found so far."""

    def __init__(self, task: InviteTask, ports: Ports, accounts: tuple[int, ...]) -> None:
        self._task = task
        self._ports = ports
        self._waiting: dict[int, list[Prospect]] = {account_id: [] for account_id in accounts}
        self._left: set[int] = set()
        self._counts: Counter[Fate] = Counter()
        self._found: dict[int, Fate] = {}
        self._asked = 0
        self.accounts = accounts
        self.calls = 0

    async def take(self, page: Sequence[Prospect]) -> None:
        """Count people, after their texts were tried."""
        for start in range(0, len(page), _SLICE):
            for prospect in page[start : start + _SLICE]:
                self._take_one(prospect)
            await asyncio.sleep(0)

    def to_ask(self, account_id: int, *, last: bool) -> list[Prospect]:
        """Return the next people to ask about, once there are enough for a call."""
        waiting = self._waiting[account_id]
        if account_id in self._left or (len(waiting) < PEOPLE_A_CALL and not last):
            return []
        some, self._waiting[account_id] = waiting[:PEOPLE_A_CALL], waiting[PEOPLE_A_CALL:]
        return some

    def told(self, people: Sequence[Prospect], answer: Sequence[Requirement]) -> None:
        """Take in what Telegram said about people."""
        self._asked += len(people)
        for prospect, requirement in zip(people, answer, strict=True):
            if (fate := _FATES.get(requirement)) is not None:
                self._change(prospect, fate)

    def leave(self, account_id: int) -> None:
        """Ask nothing more with an account that cannot answer now."""
        self._left.add(account_id)

    def result(self) -> TaskDryRun:
        """Return what was found."""
        counts = {fate: self._counts[fate] for fate in Fate if self._counts[fate]}
        return TaskDryRun(self._task.id, counts, self._asked, self.accounts, self._found)

    def _take_one(self, prospect: Prospect) -> None:
        self._counts[prospect.fate] += 1
        if self._task.kind is not TaskKind.MESSAGE:
            return
        try:
            letter_of(self._task, prospect.person)
        except KnownError:
            self._change(prospect, Fate.NO_TEXT)
            return
        if prospect.fate is Fate.AT_ONCE and prospect.account_id in self._waiting:
            self._waiting[prospect.account_id].append(prospect)

    def _change(self, prospect: Prospect, fate: Fate) -> None:
        self._counts[prospect.fate] -= 1
        self._counts[fate] += 1
        self._found[prospect.target_id] = fate
