"""The port StorageCheck on the database file and its disk."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    from pathlib import Path

    from peewee import SqliteDatabase

    from invite_desktop.store.database import Database


class DiskOfDatabase:
    """Looks at one database file."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._folder = path.parent

    async def free_bytes(self) -> int:
        """Return how much room the disk of the data has left."""
        usage = await asyncio.to_thread(shutil.disk_usage, self._folder)
        return usage.free

    async def try_writing(self) -> None:
        """Write something durably that changes nothing. Raises KnownError when that fails."""
        await self._database.write(_write_the_same)


def _write_the_same(database: SqliteDatabase) -> None:
    connection_of(database).execute("UPDATE people_search_state SET last_person = last_person")
