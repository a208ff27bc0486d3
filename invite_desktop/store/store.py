"""The whole store: one file, and the ports over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invite_desktop.store.account_repository import AccountRepository
from invite_desktop.store.audience_repository import AudienceRepository
from invite_desktop.store.database import Database
from invite_desktop.store.fetched_people import FetchedPeopleRepository
from invite_desktop.store.ledger import SqliteLedger
from invite_desktop.store.link_repository import LinkRepository
from invite_desktop.store.reply_repository import ReplyRepository
from invite_desktop.store.restores import RestoreRepository
from invite_desktop.store.retention_repository import RetentionRepository
from invite_desktop.store.storage_check import DiskOfDatabase
from invite_desktop.store.task_repository import TaskRepository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def system_time() -> datetime:
    """Return the present moment, UTC and aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """The engine's ports over one open database file."""

    database: Database
    audiences: AudienceRepository
    fetches: FetchedPeopleRepository
    accounts: AccountRepository
    tasks: TaskRepository
    ledger: SqliteLedger
    storage: DiskOfDatabase
    replies: ReplyRepository
    restores: RestoreRepository
    links: LinkRepository
    retention: RetentionRepository

    @classmethod
    def open(cls, path: Path, now: Callable[[], datetime] = system_time) -> Store:
        """Open or create the file and bring it to the newest schema. Blocks.

        ``now`` is the program's clock; it dates the health history of accounts. Raises KnownError.
        """
        database = Database.open(path)
        return cls(
            database,
            AudienceRepository(database),
            FetchedPeopleRepository(database),
            AccountRepository(database, now),
            TaskRepository(database),
            SqliteLedger(database),
            DiskOfDatabase(database, path),
            ReplyRepository(database),
            RestoreRepository(database),
            LinkRepository(database),
            RetentionRepository(database),
        )

    def close(self) -> None:
        """Finish everything that was asked for and close the file. Blocks."""
        self.audiences.close()
        self.tasks.close()
        self.database.close()
