"""An engine on the real store, before the little Telegram, on a clock that tests own."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef, NewTask, Priority, TaskKind
from invite_desktop.engine.engine import Engine, EngineSettings, Ports
from invite_desktop.engine.ports.files import FilePreview, PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.reporting.report_files import FilesOfReports
from invite_desktop.reporting.table_files import FilesOfTables
from invite_desktop.ui.printing.pdf_report import PdfReport
from tests.fakes.clock import FakeClock
from tests.fakes.new_stores import open_store
from tests.fakes.proxies import FakeProxies
from tests.fakes.telegram import FakeGateway, FakeLoginGateway, FakeTelegram
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.attempts import Attempt
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.tasks import InviteTask, TaskSituation
    from invite_desktop.engine.events import Event
    from invite_desktop.engine.ports.files import ReadOptions, ReadRow
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.store.store import Store
    from tests.fakes.telegram import FakeChat, FakeMessenger, FakePerson

CREDENTIALS = ApiCredentials(12345, "0123456789abcdef0123456789abcdef")


@dataclass
class FakeFiles:
    """Implements PeopleFiles: the rows that a test gives, whatever the path."""

    rows: dict[str, Sequence[ReadRow]] = field(default_factory=dict)

    def preview(self, path: Path, options: ReadOptions, limit: int = 200) -> FilePreview:
        del options, limit
        return FilePreview(path, "CSV", "UTF-8", True, [], [], [])

    def read(self, path: Path, options: ReadOptions) -> Iterator[ReadRow]:
        del options
        yield from self.rows[path.name]

    def phone(self, text: str, region: str) -> str | None:
        del region
        return text if text.startswith("+") and text[1:].isdigit() else None


class House:
    """The engine's surroundings. They outlive an engine, as disk and Telegram outlive a crash."""

    def __init__(self, path: Path, **settings: bool) -> None:
        self.path = path
        self.settings = EngineSettings(**settings)
        self.clock = FakeClock()
        self.telegram = FakeTelegram(self.clock)
        self.vault = FakeVault(CREDENTIALS)
        self.gateway = FakeGateway(self.telegram, self.vault)
        self.files = FakeFiles()
        self._imports = itertools.count()
        self.steady: Callable[[], float] | None = None
        self.errors: list[BaseException] = []
        self.events: list[Event] = []
        self.store: Store
        self.engine: Engine
        self.ports: Ports

    # ------------------------------------------------------------ life

    def build(self) -> Engine:
        """Open the store and build an engine on it, not yet started."""
        self.store = open_store(self.path, self.clock.now)
        watch = self.clock.watch
        self.ports = Ports(
            clock=self.clock,
            gateway=self.gateway,
            logins=FakeLoginGateway(self.telegram, self.vault),
            vault=self.vault,
            proxies=FakeProxies(self.vault),
            files=self.files,
            tables=FilesOfTables(),
            reports=FilesOfReports(PdfReport),
            audiences=watch(self.store.audiences),
            fetches=watch(self.store.fetches),
            accounts=watch(self.store.accounts),
            tasks=watch(self.store.tasks),
            ledger=watch(self.store.ledger),
            storage=watch(self.store.storage),
            replies=watch(self.store.replies),
            restores=watch(self.store.restores),
            links=watch(self.store.links),
            retention=watch(self.store.retention),
            steady=self.steady,
        )
        self.engine = Engine(self.ports, self.settings, self.errors.append)
        self.engine.bus.subscribe(self.events.append)
        return self.engine

    async def open(self) -> Engine:
        """Build and start an engine."""
        engine = self.build()
        await engine.start()
        return engine

    async def close(self) -> None:
        """End the program as the user does."""
        await self.engine.stop()
        self.store.close()

    async def crash(self) -> None:
        """End the program as a power cut does: nothing more is done, not even in ``finally``."""
        self.engine._supervisor._started = False
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for port in (self.ports.tasks, self.ports.ledger, self.ports.accounts):
            vars(port)["_port"] = _PulledOut()
        while others:
            # Whoever clears up behind a cancellation asks the store, and is cancelled again.
            for other in others:
                other.cancel()
            await settle(5)
            others = [other for other in others if not other.done()]
        self.store.close()
        for messenger in self.gateway.messengers.values():
            messenger._holds.clear()
        self.events.clear()

    # ------------------------------------------------------------ the world

    async def add_account(self, name: str = "anna") -> Account:
        """Add an account that is logged in."""
        person = self.telegram.add_person(
            f"{name}_owner", phone=f"+7900{len(self.telegram.people):07}"
        )
        account = await self.ports.accounts.add(person.profile, self.clock.now())
        self.gateway.log_in(account.id, person)
        await self.engine._states.load()
        self.engine._supervisor._account_changed(account.id)
        return account

    def me(self, account: Account) -> FakePerson:
        """Return the person behind an account."""
        return self.telegram.people[account.profile.telegram_id]

    def messenger(self, account: Account) -> FakeMessenger:
        """Return an account's connection."""
        return self.gateway.messengers[account.id]

    def add_chat(self, *admins: Account, title: str = "Football", **fields: object) -> FakeChat:
        """Add a chat with a username; the accounts administer it."""
        fields.setdefault("username", title.lower().replace(" ", "_"))
        return self.telegram.add_chat(title, [self.me(a) for a in admins], **fields)

    def people(self, count: int, prefix: str = "guest", **fields: object) -> list[FakePerson]:
        """Add people to Telegram who have usernames."""
        return [self.telegram.add_person(f"{prefix}_{i:04}", **fields) for i in range(count)]

    async def audience(
        self, people: Sequence[FakePerson | PersonRow], basis: Basis = Basis.CUSTOMERS
    ) -> int:
        """Import an audience of people who are on Telegram, by username, else phone."""
        rows = [
            person
            if isinstance(person, PersonRow)
            else PersonRow(
                number,
                PersonKeys(person.username, None if person.username else person.phone),
                first_name=person.first_name,
            )
            for number, person in enumerate(people, start=1)
        ]
        fingerprint = f"test-{next(self._imports)}"
        new = NewImport("Guests", basis, "test", ("test.csv",), fingerprint, self.clock.now())
        report = await self.ports.audiences.import_people(
            new, rows, lambda _rows: None, lambda: False
        )
        return report.audience.id

    async def invite_task(
        self,
        chat: FakeChat,
        people: Sequence[FakePerson | PersonRow],
        priority: Priority = Priority.NORMAL,
    ) -> InviteTask:
        """Make a task that is ready to start."""
        address = parse_chat_address(f"@{chat.username}")
        reference = ChatRef(chat.chat_id, chat.title, chat.kind, address)
        audience = await self.audience(people)
        new = NewTask(TaskKind.INVITE, audience, reference, priority=priority)
        return await self.engine.tasks.create(new)

    async def message_task(
        self, people: Sequence[FakePerson | PersonRow], text: str = "Hello {{ first_name }}!"
    ) -> InviteTask:
        """Make a message task that is ready to start."""
        audience = await self.audience(people)
        return await self.engine.tasks.create(NewTask(TaskKind.MESSAGE, audience, text=text))

    async def run(self, task: InviteTask) -> TaskSituation:
        """Start a task and wait until it no longer runs."""
        await self.engine.tasks.start(task.id)
        return await self.idle(task)

    async def idle(self, task: InviteTask) -> TaskSituation:
        """Wait until a task no longer runs; return where it stands."""
        await self.engine.tasks.wait_until_idle(task.id)
        return await self.situation(task)

    # ------------------------------------------------------------ questions

    def next_event(self, kind: type[Event]) -> asyncio.Future[Event]:
        """Return what the next fact of a kind will be, for tests that wait until it is told."""
        coming: asyncio.Future[Event] = asyncio.get_running_loop().create_future()

        def hear(event: Event) -> None:
            if isinstance(event, kind) and not coming.done():
                coming.set_result(event)

        self.engine.bus.subscribe(hear)
        return coming

    async def situation(self, task: InviteTask) -> TaskSituation:
        return (await self.ports.tasks.task(task.id)).situation

    async def targets(self, task: InviteTask) -> list[Target]:
        return list(await self.engine.tasks.targets(task.id, limit=100_000))

    async def states(self, task: InviteTask) -> list[TargetState]:
        return [target.state for target in await self.targets(task)]

    async def outcomes(self, task: InviteTask) -> list[OutcomeCode | None]:
        return [target.outcome for target in await self.targets(task)]

    async def attempts(self, *actions: Action) -> list[Attempt]:
        """Return the ledger, oldest first."""
        rows = await self.ports.ledger.rows(LedgerFilter(), 0, 100_000)
        wanted = actions or tuple(Action)
        return [row.attempt for row in reversed(rows) if row.attempt.action in wanted]

    async def agrees(self, task: InviteTask) -> bool:
        return await self.engine.statistics.audit(task.id) is None


class _PulledOut:
    """A store after the power cut: nothing is ever done by it again."""

    def __getattr__(self, name: str) -> object:
        async def never(*_args: object, **_kwargs: object) -> None:
            await asyncio.get_running_loop().create_future()

        return never


async def settle(rounds: int = 20) -> None:
    """Let everything that can go on without time passing go on."""
    for _ in range(rounds):
        await asyncio.sleep(0)
