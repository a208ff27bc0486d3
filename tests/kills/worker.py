"""The program at work in a process of its own, made by a fork, to be killed at any moment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from invite_desktop.app.paths import Profile
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import FINAL_STATUSES, NewTask, TaskKind, TaskStatus
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.engine.setup import EngineSettings
from invite_desktop.rehearsal.demo_accounts import CLUB_USERNAME, LOGIN_CODE, demo_phone
from invite_desktop.telegram import gateway, login_gateway, proxy_gateway
from invite_desktop.telegram.announced_clock import share_clock
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.server_address import ServerAddress

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.app.wiring import Opened
    from invite_desktop.engine.engine import Engine

SPEED = 2_000.0
"""Program seconds in a real one: a connection that broke is tried again after milliseconds."""

ACCOUNTS = 3
PATIENCE = 120.0
"""Real seconds within which a process has to say something."""

_HEAVY = (gateway, login_gateway, proxy_gateway)
"""The program loads them late; here they are loaded once, before the first fork."""

_TARGETS = 10_000
_AGAIN = 0.02


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is to do. ``later``: program seconds that passed since the last one ended.

    ``people`` says that it is to make the tasks; a half is invited, of the others every second
    person gets a message with the ``picture``.
    """

    profile: Path
    port: int
    key: Path
    sessions: dict[int, str] = field(default_factory=dict)
    people: int = 0
    picture: str = ""
    later: float = 0.0


class Worker:
    """One process. It begins when ``go`` is called, and tells what it comes to in JSON lines."""

    def __init__(self, order: Order, complaints: Path) -> None:
        self.told: list[dict[str, Any]] = []
        self.ended = False
        gate, self._gate = os.pipe()
        self._reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._gate)
            os.close(self._reader)
            _live(order, gate, writer, complaints)
        os.close(gate)
        os.close(writer)
        os.set_blocking(self._reader, False)
        self._rest = b""

    def go(self) -> None:
        """Let it begin."""
        os.close(self._gate)

    def kill(self) -> None:
        """End it without giving it a chance to say anything."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """Wait until it has ended."""
        if not self.ended:
            os.waitpid(self.pid, 0)
            self._end()

    def is_alive(self) -> bool:
        """Return whether it still works; take in what it said meanwhile."""
        self._listen()
        if not self.ended and os.waitpid(self.pid, os.WNOHANG)[0]:
            self._end()
        return not self.ended

    def said(self, *words: str) -> dict[str, Any] | None:
        """Return what it said first under one of the words, None before it has."""
        self._listen()
        return next((line for line in self.told if line["word"] in words), None)

    def has_refused(self) -> bool:
        """Return whether it has ended because the world did not let it work."""
        return not self.is_alive() and self.said("refused") is not None

    def until(self, *words: str) -> dict[str, Any]:
        """Wait until it has said one of the words. Raises AssertionError when it ends without."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.said(*words)) is None:
            alive = self.is_alive()
            assert alive or self.said(*words) is not None, f"it ended before {words}: {self.told}"
            assert time.monotonic() < deadline, f"no {words} for {PATIENCE} s: {self.told}"
            time.sleep(0.002)
        return found

    def _end(self) -> None:
        self._listen()
        self.ended = True
        os.close(self._reader)

    def _listen(self) -> None:
        if self.ended:
            return
        with suppress(BlockingIOError):
            while data := os.read(self._reader, 1 << 20):
                self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        self.told += [json.loads(line) for line in lines]


def _live(order: Order, gate: int, writer: int, complaints: Path) -> None:
    """Be the process, from its beginning to its end."""
    code = 1
    try:
        with complaints.open("a", encoding="utf-8") as sys.stderr:
            os.read(gate, 1)
            work = _Work(order, writer)
            try:
                asyncio.run(work.run())
                code = 0
            except KnownError as error:
                # The program says why it cannot go on, and a user opens it again later.
                work.refuse(error)
            except BaseException:  # noqa: BLE001 - nothing of it may reach the bench's own stack
                traceback.print_exc()
    finally:
        os._exit(code)


class _Work:
    """The program: everything that the real one has, but a window and the pace."""

    def __init__(self, order: Order, writer: int) -> None:
        self._order = order
        self._writer = writer
        self._bugs: list[BaseException] = []
        self._pauses: Counter[str] = Counter()

    async def run(self) -> None:
        """Make the tasks, or go on with them to their end."""
        order = self._order
        vault = MemoryVault(ApiCredentials(1, "rehearsal"))
        for account_id, session in order.sessions.items():
            await vault.keep_session(account_id, session)
        clock = AcceleratedClock(SPEED)
        around = Surroundings(
            Profile(order.profile),
            vault,
            str,
            self._bugs.append,
            clock,
            self._server,
            EngineSettings(pace_enabled=False),
        )
        async with open_engine(around) as opened:
            if order.people:
                await self._prepare(opened, vault, order)
                return
            await self._set_clock(opened, clock)
            unsettled = await opened.engine._ports.ledger.unsettled()
            await opened.engine.start()
            self._say("started", unsettled=len(unsettled))
            await self._finish(opened.engine)
            self._say("ended", **await self._report(opened.engine))

    async def _server(self) -> ServerAddress:
        return ServerAddress("127.0.0.1", self._order.port, self._order.key)

    async def _prepare(self, opened: Opened, vault: MemoryVault, order: Order) -> None:
        engine = opened.engine
        sessions: dict[int, str] = {}
        for number in range(1, ACCOUNTS + 1):
            login = await engine.accounts.begin_login()
            await login.send_code(demo_phone(number))
            await login.submit_code(LOGIN_CODE)
            account = await engine.accounts.finish_login(login)
            sessions[account.id] = await vault.session(account.id) or ""
        numbers = range(order.people)
        half, most = order.people // 2, order.people * 3 // 4
        await self._add_task(engine, TaskKind.INVITE, numbers[:half])
        await self._add_task(engine, TaskKind.MESSAGE, numbers[half:most])
        await self._add_task(engine, TaskKind.MESSAGE, numbers[most:], order.picture)
        self._say("prepared", sessions=sessions)

    async def _add_task(
        self, engine: Engine, kind: TaskKind, numbers: range, picture: str = ""
    ) -> None:
        ports = engine._ports
        rows = [PersonRow(n, PersonKeys(f"guest_{n:05}")) for n in numbers]
        name = f"{kind} {numbers}"
        new = NewImport(name, Basis.CUSTOMERS, "t", ("t.csv",), name, engine.clock.now())
        report = await ports.audiences.import_people(new, rows, lambda _: None, lambda: False)
        chat = None
        if kind is TaskKind.INVITE:
            chat = (await engine.chat_checks.check(f"@{CLUB_USERNAME}")).chat_ref()
        text = "" if chat else "Hello!"
        new_task = NewTask(kind, report.audience.id, chat, text, attachment=picture)
        await engine.tasks.create(new_task)

    async def _set_clock(self, opened: Opened, clock: AcceleratedClock) -> None:
        """Go on after the ledger's last entry, and let the server's world do the same."""
        for row in await opened.engine.statistics.log(LedgerFilter(), 0, 1):
            clock.advance_to(row.attempt.ended_at or row.attempt.started_at)
        clock.anchor_shown += timedelta(seconds=self._order.later)
        for account_id in self._order.sessions:
            adapters = await opened.telegram.adapters()
            await share_clock(adapters.gateway, account_id, clock)
            return

    async def _finish(self, engine: Engine) -> None:
        tasks = [view.task.id for view in await engine.tasks.views()]
        await asyncio.gather(*(self._finish_task(engine, task_id) for task_id in tasks))

    async def _finish_task(self, engine: Engine, task_id: int) -> None:
        """Bring a task to its end, as a user does who wants that: resume whenever it paused."""
        while (task := (await engine.tasks.view(task_id)).task).status not in FINAL_STATUSES:
            with suppress(KnownError):
                if task.status is TaskStatus.READY:
                    await engine.tasks.start(task_id)
                elif task.status is TaskStatus.PAUSED:
                    self._note_pause(task.situation.reason)
                    await engine.tasks.resume(task_id)
            await asyncio.sleep(_AGAIN)

    def refuse(self, error: KnownError) -> None:
        """Say that the process ends because the world does not let it work."""
        self._say("refused", why=str(error))

    def _note_pause(self, reason: str) -> None:
        self._pauses[reason] += 1
        self._say("paused", reason=reason)

    async def _report(self, engine: Engine) -> dict[str, Any]:
        tasks = []
        for view in await engine.tasks.views():
            targets = await engine.tasks.targets(view.task.id, limit=_TARGETS)
            recount = await engine._ports.tasks.recount(view.task.id)
            audit = await engine.audit.of_task(view.task.id)
            tasks.append(
                {
                    "kind": view.task.kind,
                    "status": view.task.status,
                    "states": {t.person.keys.username: t.state for t in targets},
                    "counted_twice_the_same": view.counters == recount,
                    "total": view.counters.total,
                    "findings": [str(finding) for finding in audit.findings],
                }
            )
        return {"tasks": tasks, "bugs": [repr(bug) for bug in self._bugs], "pauses": self._pauses}

    def _say(self, word: str, **more: object) -> None:
        line = json.dumps({"word": word, **more}).encode() + b"\n"
        while line:
            line = line[os.write(self._writer, line) :]
