"""Introduces the parts to each other: the only place that knows them all."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.app.late_telegram import LateTelegram
from invite_desktop.engine.clock_watch import steady_seconds
from invite_desktop.engine.clocks import SystemClock
from invite_desktop.engine.engine import Engine
from invite_desktop.engine.setup import EngineSettings, Ports
from invite_desktop.importing.people_files import FilesOfPeople
from invite_desktop.reporting.report_files import FilesOfReports
from invite_desktop.reporting.table_files import FilesOfTables
from invite_desktop.store.backup import SqliteBackups, finish_restore, now
from invite_desktop.store.store import Store
from invite_desktop.telegram.server_address import ServerAddress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.clocks import AcceleratedClock
    from invite_desktop.engine.ports.reports import Report
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.ui.printing.pdf_report import PdfReport


async def telegrams_own() -> None:
    """Name no server: the accounts talk to Telegram's own."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between a window, a script, a rehearsal and a test.

    ``find_server`` answers with the server in Telegram's place once there is one, None for
    Telegram's own. ``namer`` puts the names of new tasks into the user's language; ``on_error``
    gets every bug.
    """

    profile: Profile
    vault: SecretVault
    namer: Callable[[Message], str]
    on_error: Callable[[BaseException], None]
    clock: AcceleratedClock = field(default_factory=SystemClock)
    find_server: Callable[[], Awaitable[ServerAddress | None]] = telegrams_own
    settings: EngineSettings = field(default_factory=EngineSettings)


def _open_pdf(path: Path, report: Report) -> PdfReport:
    """Begin a PDF file. Qt is needed for it alone, where there is no window."""
    from invite_desktop.ui.printing.pdf_report import PdfReport  # noqa: PLC0415 - see above

    return PdfReport(path, report)


def server_asked_for(arguments: Arguments) -> ServerAddress | None:
    """Return the server of the command line, None for Telegram's own."""
    if arguments.server is None or arguments.server_key is None:
        return None
    host, port = arguments.server
    return ServerAddress(host, port, arguments.server_key)


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine, and what will talk to Telegram behind it."""

    engine: Engine
    telegram: LateTelegram


@asynccontextmanager
async def open_engine(around: Surroundings) -> AsyncIterator[Opened]:
    """Open the store and build an engine on it; stop and close both at the end.

    The engine is not started, so that a rehearsal can sign its accounts in before. A clock that
    stands before the ledger's last entry moves on to it.
    """
    finish_restore(around.profile.database, around.profile.backups, now())
    store = Store.open(around.profile.database, around.clock.now)
    try:
        telegram = LateTelegram(around.find_server, around.vault)
        ports = Ports(
            clock=around.clock,
            gateway=telegram.gateway,
            logins=telegram.logins,
            vault=around.vault,
            proxies=telegram.proxies,
            files=FilesOfPeople(),
            tables=FilesOfTables(),
            reports=FilesOfReports(_open_pdf),
            audiences=store.audiences,
            fetches=store.fetches,
            accounts=store.accounts,
            tasks=store.tasks,
            ledger=store.ledger,
            storage=store.storage,
            replies=store.replies,
            restores=store.restores,
            links=store.links,
            backups=SqliteBackups(around.profile.database, around.profile.backups),
            retention=store.retention,
            steady=steady_seconds if isinstance(around.clock, SystemClock) else None,
        )
        engine = Engine(ports, around.settings, around.on_error, around.namer)
        await engine.load()
        try:
            yield Opened(engine, telegram)
        finally:
            await engine.stop()
    finally:
        store.close()
