"""Backups: one a day by itself, or when the user wants one; put back at the next start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AttentionNeeded, BackupsChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.backups import Backup, BackupShelf

FIRST_LOOK = 5.0
"""Real seconds after the start, so that the window is there before the disk is busy."""

LOOK_EVERY = 3_600.0
"""Real seconds between looks whether a backup is due."""


class Backups:
    """The copies of the database."""

    def __init__(self, shelf: BackupShelf, bus: EventBus) -> None:
        self._shelf = shelf
        self._bus = bus

    async def all(self) -> Sequence[Backup]:
        """Return the backups, newest first."""
        return await self._shelf.all()

    async def make(self) -> Backup:
        """Make one now. Raises KnownError when the disk does not take it."""
        made = await self._shelf.make()
        self._bus.publish(BackupsChanged())
        return made

    async def put_back(self, name: str) -> None:
        """Let a backup take the place of the database when the program next starts.

        Sending is off then until ``Engine.restored.confirm``. Raises KnownError when the backup is
        damaged or comes from a newer version.
        """
        await self._shelf.put_back(name)

    async def run(self) -> None:
        """Make a backup whenever the newest is older than a day, until cancelled."""
        told = False
        await asyncio.sleep(FIRST_LOOK)
        while True:
            try:
                if await self._shelf.make_if_due() is not None:
                    self._bus.publish(BackupsChanged())
                told = False
            except KnownError as error:
                if not told:
                    self._tell(error)
                told = True
            await asyncio.sleep(LOOK_EVERY)

    def _tell(self, error: KnownError) -> None:
        self._bus.publish(
            AttentionNeeded(message("No backup could be made. {words}", words=error.explanation))
        )
