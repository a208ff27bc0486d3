"""Backups and a restore that a screen can show, without a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.backups import Backup
from invite_desktop.engine.restored import Settled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.forgotten_invitations import DoubtfulTask
    from invite_desktop.engine.ports.restores import Restore
    from invite_desktop.engine.restored import Decide


class FakeBackups:
    """Stands in for Backups: what a test puts there."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.there: list[Backup] = []
        self.put_back_names: list[str] = []
        self.refusal: KnownError | None = None

    async def all(self) -> Sequence[Backup]:
        return list(self.there)

    async def make(self) -> Backup:
        if self.refusal is not None:
            raise self.refusal
        made_at = self._now - timedelta(days=len(self.there))
        name = f"backup-{made_at:%Y%m%d-%H%M%S}.sqlite3"
        self.there.append(Backup(name, Path(name), made_at, 3_400_000))
        return self.there[-1]

    async def put_back(self, name: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.put_back_names.append(name)


class FakeRestored:
    """Stands in for RestoredGuard."""

    def __init__(self, restore: Restore | None = None) -> None:
        self.restore = restore
        self.refusal: KnownError | None = None
        self.doubtful: list[DoubtfulTask] = []

    async def unconfirmed(self) -> Restore | None:
        return self.restore

    async def confirm(self, decide: Decide) -> Settled:
        if self.refusal is not None:
            raise self.refusal
        left_out = self.doubtful if self.doubtful and not await decide(self.doubtful) else []
        self.restore = None
        return Settled(3, 2, 4, sum(task.people for task in left_out))
