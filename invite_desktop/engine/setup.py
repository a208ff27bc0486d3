"""What an engine is built from: its ports and its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.backups import NoBackups
from invite_desktop.engine.ports.restores import NeverRestored

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.ports.backups import BackupShelf
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.fetched_people import FetchedPeople
    from invite_desktop.engine.ports.files import PeopleFiles
    from invite_desktop.engine.ports.ledger import Ledger
    from invite_desktop.engine.ports.links import LinkStore
    from invite_desktop.engine.ports.login import LoginGateway
    from invite_desktop.engine.ports.proxy import ProxyGateway
    from invite_desktop.engine.ports.replies import ReplyStore
    from invite_desktop.engine.ports.reports import ReportFiles
    from invite_desktop.engine.ports.restores import RestoreStore
    from invite_desktop.engine.ports.retention import RetentionStore
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.storage import StorageCheck
    from invite_desktop.engine.ports.stores import AccountStore, AudienceStore, TaskStore
    from invite_desktop.engine.ports.tables import TableFiles
    from invite_desktop.engine.ports.telegram import TelegramGateway


@dataclass(frozen=True)
class Ports:
    """The world as one engine sees it.

    ``steady``: seconds of a clock that nobody can set; None where the program's clock is its own.
    """

    clock: Clock
    gateway: TelegramGateway
    logins: LoginGateway
    vault: SecretVault
    proxies: ProxyGateway
    files: PeopleFiles
    tables: TableFiles
    reports: ReportFiles
    audiences: AudienceStore
    fetches: FetchedPeople
    accounts: AccountStore
    tasks: TaskStore
    ledger: Ledger
    storage: StorageCheck
    replies: ReplyStore
    links: LinkStore
    retention: RetentionStore
    restores: RestoreStore = field(default_factory=NeverRestored)
    backups: BackupShelf = field(default_factory=NoBackups)
    steady: Callable[[], float] | None = None


@dataclass(frozen=True)
class EngineSettings:
    """How an engine behaves.

    ``continue_after_restart`` False pauses the tasks that were running when the program ended.
    ``pace_enabled`` False waits for nothing, for measurements only. ``seed`` varies the jitter of
    the pace; ``region`` is the ISO country code for phones without one. ``rehearsal``: nobody real
    is contacted, and reports say so.
    """

    continue_after_restart: bool = True
    pace_enabled: bool = True
    seed: int = 0
    region: str = "RU"
    rehearsal: bool = False
