"""The real engine, store and Telethon before the rehearsal server, with faults between them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telethon.sessions import StringSession

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.engine import Engine, EngineSettings, Ports
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.importing.people_files import FilesOfPeople
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.reporting.report_files import FilesOfReports
from invite_desktop.reporting.table_files import FilesOfTables
from invite_desktop.telegram.client_factory import CallLimits, ClientFactory
from invite_desktop.telegram.gateway import TelethonGateway
from invite_desktop.telegram.login_gateway import TelethonLoginGateway
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.proxy_gateway import TelethonProxyGateway
from invite_desktop.telegram.server_address import ServerAddress
from invite_desktop.ui.printing.pdf_report import PdfReport
from tests.fakes.new_stores import open_store
from tests.fakes.rehearsal import API_HASH, API_ID, CLUB, Rehearsal, running_rehearsal
from tests.faults.relay import HOST, Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime, timedelta
    from pathlib import Path

    from invite_desktop.domain.attempts import Action
    from invite_desktop.domain.tasks import InviteTask, TaskSituation
    from invite_desktop.engine.events import Event

SPEED = 20_000.0
"""An hour takes 0.18 s, the gap between two invitations some milliseconds."""

STOPPED = 0.001

IMPATIENT = CallLimits(answer=1.0, connect=1.0, pause=0.02, ping=0.1, ping_after=0.05)


class FieldClock(AcceleratedClock):
    """The program's clock, which a test may set; sleepers notice at once, not after a nap."""

    def __init__(self, speed: float) -> None:
        super().__init__(speed)
        self._changed = asyncio.Event()

    def set_speed(self, speed: float) -> None:
        super().set_speed(speed)
        self._wake()

    def jump(self, by: timedelta) -> None:
        """Set the clock, as a user does, or as it is found after the laptop's sleep."""
        self.anchor_shown += by
        self._wake()

    def stop(self) -> None:
        """Let hardly any time pass, so that nothing new is due."""
        self.set_speed(STOPPED)

    def go(self) -> None:
        self.set_speed(SPEED)

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds() / self.speed) > 0:
            try:
                # wait_for of Python 3.11 swallows a cancellation that comes with its timeout.
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass
class Field:
    """What a test sees and breaks. ``world_clock`` is Telegram's, ``clock`` the program's."""

    path: Path
    rehearsal: Rehearsal
    relay: Relay
    clock: FieldClock
    vault: MemoryVault
    journal: Path
    errors: list[BaseException] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    # ------------------------------------------------------------ life

    async def open(self) -> None:
        """Start the engine on the store."""
        self.store = open_store(self.path, self.clock.now)
        address = ServerAddress(HOST, self.relay.port, self.rehearsal.key_path)
        factory = ClientFactory(address, limits=IMPATIENT)
        self.gateway = TelethonGateway(factory, self.vault)
        self.ports = Ports(
            clock=self.clock,
            gateway=self.gateway,
            logins=TelethonLoginGateway(ClientFactory(address), self.vault),
            vault=self.vault,
            proxies=TelethonProxyGateway(factory, self.vault),
            files=FilesOfPeople(),
            tables=FilesOfTables(),
            reports=FilesOfReports(PdfReport),
            audiences=self.store.audiences,
            fetches=self.store.fetches,
            accounts=self.store.accounts,
            tasks=self.store.tasks,
            ledger=self.store.ledger,
            storage=self.store.storage,
            replies=self.store.replies,
            restores=self.store.restores,
            links=self.store.links,
            retention=self.store.retention,
        )
        await self._sign_in()
        self.engine = Engine(self.ports, EngineSettings(), self.errors.append)
        self.engine.bus.subscribe(self._hear)
        await self.engine.start()

    async def close(self) -> None:
        """End the program in order."""
        await self.engine.stop()
        self.store.close()

    async def _sign_in(self) -> None:
        if self.accounts:
            return
        for account in self.rehearsal.accounts:
            profile = Profile(account.id, account.first_name, "", account.username, account.phone)
            stored = await self.ports.accounts.add(profile, self.clock.now())
            session = StringSession.save(self.rehearsal.session(account))
            await self.vault.keep_session(stored.id, session)
            self.accounts.append(stored.id)

    def hear_of_bug(self, _loop: object, context: dict[str, Any]) -> None:
        """Note what nobody waited for; in the program it would open the window for bugs."""
        self.errors.append(context.get("exception") or RuntimeError(context["message"]))

    def _hear(self, _event: Event) -> None:
        self._heard.set()

    # ------------------------------------------------------------ the work

    async def task(self, people: int, kind: TaskKind = TaskKind.INVITE) -> InviteTask:
        """Make a task for so many willing people, and start it."""
        names = [f"guest_{number:03}" for number in range(people)]
        for name in names:
            self.rehearsal.world.person(name)
        rows = [PersonRow(number, PersonKeys(name)) for number, name in enumerate(names, start=1)]
        new = NewImport("Guests", Basis.CUSTOMERS, "t", ("t.csv",), "t", self.clock.now())
        report = await self.ports.audiences.import_people(new, rows, lambda _: None, lambda: False)
        chat = None
        if kind is TaskKind.INVITE:
            chat = (await self.engine.chat_checks.check(f"@{CLUB}")).chat_ref()
        wanted = NewTask(kind, report.audience.id, chat, "Hello!" if chat is None else "")
        task = await self.engine.tasks.create(wanted)
        await self.engine.tasks.start(task.id)
        return task

    async def calm_after(self, task: InviteTask, ended: int) -> None:
        """Stop the clock as soon as so many targets have ended; nothing is under way then."""

        async def enough() -> bool:
            return (await self.engine.tasks.view(task.id)).counters.processed >= ended

        await self.until(enough)
        self.clock.stop()
        await self.until(self._is_quiet)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until an asynchronous question is answered yes; asked anew after every event."""
        while True:
            self._heard.clear()
            if await holds():
                return
            try:
                await asyncio.wait_for(self._heard.wait(), 0.02)
            except TimeoutError:
                continue

    async def _is_quiet(self) -> bool:
        before = len(self.rehearsal.server.calls)
        await asyncio.sleep(0.03)
        return before == len(self.rehearsal.server.calls)

    async def pass_time(self, time: timedelta) -> None:
        """Let so much of the program's time go by."""
        await self.clock.sleep_until(self.clock.now() + time)

    async def end_of(self, task: InviteTask) -> TaskSituation:
        """Wait until a task no longer runs."""
        async with asyncio.timeout(60):
            await self.engine.tasks.wait_until_idle(task.id)
        return await self.situation(task)

    async def situation(self, task: InviteTask) -> TaskSituation:
        return (await self.ports.tasks.task(task.id)).situation

    # ------------------------------------------------------------ the truth

    def executed(self) -> list[dict[str, object]]:
        """Everything that the server did, by its own log."""
        self.rehearsal.server.backend.journal.flush()
        return [json.loads(line) for line in self.journal.read_text("utf-8").splitlines()]

    def contacts(self) -> Counter[int]:
        """How often each person was invited or written to, by the server's own log."""
        found: Counter[int] = Counter()
        for entry in self.executed():
            if entry["method"] in {"messages.sendMessage", "messages.sendMedia"}:
                found[entry["to"]["id"]] += 1  # type: ignore[index]
            found.update(user["id"] for user in entry.get("users", ()))  # type: ignore[attr-defined,index]
        return found

    async def times_of(self, action: Action) -> list[datetime]:
        """When calls of one kind began, by the program's clock, in the order of the ledger."""
        rows = await self.ports.ledger.rows(LedgerFilter(), 0, 10_000)
        attempts = [row.attempt for row in reversed(rows)]
        return [attempt.started_at for attempt in attempts if attempt.action is action]

    async def nobody_is_lost(self, task: InviteTask, uncertain: int = 0) -> None:
        """Everybody was contacted exactly once, but for so many who were when the fault struck.

        Nothing failed, and ledger, counters and the server's own log agree.
        """
        assert not self.errors
        done = {TaskKind.INVITE: TargetState.JOINED, TaskKind.MESSAGE: TargetState.SENT}[task.kind]
        states = Counter(t.state for t in await self.engine.tasks.targets(task.id, limit=1_000))
        assert states[TargetState.UNCERTAIN] <= uncertain, states
        assert set(states) <= {done, TargetState.UNCERTAIN}, states
        contacts = self.contacts()
        assert max(contacts.values()) == 1, contacts
        assert states[done] <= len(contacts) <= states.total()
        counters = await self.ports.tasks.counters(task.id)
        assert counters == await self.ports.tasks.recount(task.id)
        assert await self.engine.statistics.audit(task.id) is None


@asynccontextmanager
async def opened_field(directory: Path, accounts: int = 1) -> AsyncIterator[Field]:
    """Everything started; the engine's bugs fail the test through ``nobody_is_lost``."""
    clock = FieldClock(SPEED)
    world_clock = AcceleratedClock(SPEED, clock.anchor_real, clock.anchor_shown)
    world = demo_world(accounts, mix=CALM, births=False, clock=world_clock.now)
    journal = directory / "journal.jsonl"
    async with AsyncExitStack() as stack:
        rehearsal = await stack.enter_async_context(
            running_rehearsal(world, state_dir=directory / "server", log_file=journal)
        )
        relay = await stack.enter_async_context(Relay(rehearsal.port))
        vault = MemoryVault(ApiCredentials(API_ID, API_HASH))
        opened = Field(directory / "test.db", rehearsal, relay, clock, vault, journal)
        asyncio.get_running_loop().set_exception_handler(opened.hear_of_bug)
        await opened.open()
        try:
            yield opened
        finally:
            clock.go()
            await opened.close()
