"""The list of people who are never contacted."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.person_editing import any_key
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.engine.views import ListImport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.audiences import OptOut
    from invite_desktop.engine.setup import EngineSettings, Ports


class DoNotContactList:
    """Who opted out, or was excluded by hand; only the user's own hand lifts an entry."""

    def __init__(self, ports: Ports, bus: EventBus, settings: EngineSettings) -> None:
        self._ports = ports
        self._bus = bus
        self._region = settings.region

    async def entries(
        self, text: str = "", offset: int = 0, limit: int = 200, *, ended: bool = False
    ) -> Sequence[OptOut]:
        """Return a page of the list, newest first, or of the entries that were lifted."""
        return await self._ports.audiences.opt_outs(text.strip(), offset, limit, ended=ended)

    async def count(self, text: str = "", *, ended: bool = False) -> int:
        """Return how many entries, or lifted entries, hold a text."""
        return await self._ports.audiences.count_opt_outs(text.strip(), ended=ended)

    async def add(self, text: str, reason: str) -> int:
        """Add people by hand, one key a line; return how many were not on the list yet.

        Raises KnownError, with nothing added, for a line that is no key.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            raise KnownError(message("Nobody is named here."))
        people = [self._key_of(line) for line in lines]
        return await self._add(people, reason)

    async def add_person(self, person_id: int, reason: str) -> None:
        """Add a stored person by all her keys."""
        await self._ports.audiences.do_not_contact(
            person_id, reason.strip(), self._ports.clock.now()
        )
        self._bus.publish(AudiencesChanged())

    async def import_files(
        self, paths: Sequence[Path], reason: str, options: ReadOptions | None = None
    ) -> ListImport:
        """Add everybody whom files name. Raises KnownError, with nothing added.

        Cancelling while the files are read leaves nothing.
        """
        options = options or ReadOptions(region=self._region)
        left = threading.Event()
        try:
            people, invalid = await asyncio.to_thread(self._read, paths, options, left)
        except asyncio.CancelledError:
            left.set()
            raise
        added = await self._add(people, reason) if people else 0
        return ListImport(len(people) + invalid, added, len(people) - added, invalid)

    async def contact_again(self, entry_id: int, reason: str) -> None:
        """Take an entry off the list; entry and reason stay in the history. Raises KnownError."""
        if not reason.strip():
            raise KnownError(
                message("Say why this person may be contacted again."),
                message("For example: asked for it by phone on 3 May."),
            )
        now = self._ports.clock.now()
        await self._ports.audiences.contact_again(entry_id, reason.strip(), now)
        self._bus.publish(AudiencesChanged())

    async def _add(self, people: Sequence[PersonKeys], reason: str) -> int:
        now = self._ports.clock.now()
        added = await self._ports.audiences.opt_out_keys(people, reason.strip(), now)
        self._bus.publish(AudiencesChanged())
        return added

    def _key_of(self, line: str) -> PersonKeys:
        keys = any_key(line, self._ports.files, self._region)
        if keys is None:
            raise KnownError(
                message(
                    "“{text}” is not a username, a phone number or a Telegram id.", text=line[:80]
                )
            )
        return keys

    def _read(
        self, paths: Sequence[Path], options: ReadOptions, left: threading.Event
    ) -> tuple[list[PersonKeys], int]:
        people: list[PersonKeys] = []
        invalid = 0
        for path in paths:
            for row in self._ports.files.read(path, options):
                if left.is_set():
                    return [], 0
                if isinstance(row, InvalidRow) or row.keys.strongest is None:
                    invalid += 1
                else:
                    people.append(row.keys)
        return people, invalid
