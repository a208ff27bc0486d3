"""Copies of the database: kept beside it, and put back when the program starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy. ``made_at`` is real time, UTC, also in a rehearsal; ``size`` in bytes."""

    name: str
    path: Path
    made_at: datetime
    size: int


class BackupShelf(Protocol):
    """The copies of one database. Raises KnownError for the world's faults."""

    async def all(self) -> Sequence[Backup]:
        """Return the copies, newest first."""
        ...

    async def make(self) -> Backup:
        """Copy the database as it is now, check the copy, and drop those that are not kept."""
        ...

    async def make_if_due(self) -> Backup | None:
        """Do the same if the newest copy is older than a day; None when it is not."""
        ...

    async def put_back(self, name: str) -> None:
        """Check a copy and let it take the place of the database when the program next starts."""
        ...


class NoBackups:
    """The BackupShelf of a database that nobody wants copies of."""

    async def all(self) -> Sequence[Backup]:
        """Return nothing."""
        return ()

    async def make(self) -> Backup:
        """Raise KeyError."""
        raise KeyError

    async def make_if_due(self) -> Backup | None:
        """Return None."""
        return None

    async def put_back(self, name: str) -> None:
        """Raise KeyError."""
        raise KeyError(name)
