"""The list of people who are never contacted."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow, OptOutSource
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.person_editing import any_key
from invite_desktop.engine.ports.audiences import NewOptOuts
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.engine.undivided import end_of
from invite_desktop.engine.views import ListImport, ListProgress

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.audiences import OptOut
    from invite_desktop.engine.setup import EngineSettings, Ports

_PAGE = 1_000
"""Entries that are read at once for a file."""

_SECONDS_BETWEEN_NEWS = 0.1


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

    async def entry_ids(self, text: str = "", *, ended: bool = False) -> array[int]:
        """Return the whole list as ids, newest first, or the entries that were lifted.

        Every word of the text must stand in the keys, the reason or the name of the person.
        """
        return await self._ports.audiences.opt_out_ids(text.strip(), ended=ended)

    async def entries_by_id(self, ids: Sequence[int], *, ended: bool = False) -> Sequence[OptOut]:
        """Return a page of those ids, in their order; what is gone meanwhile is left out."""
        return await self._ports.audiences.opt_outs_by_id(ids, ended=ended)

    async def everybody(self, text: str = "", *, ended: bool = False) -> AsyncIterator[OptOut]:
        """Yield the whole list, newest first, read a thousand at a time."""
        ids = await self.entry_ids(text, ended=ended)
        for first in range(0, len(ids), _PAGE):
            for entry in await self.entries_by_id(ids[first : first + _PAGE], ended=ended):
                yield entry

    async def add(self, text: str, reason: str) -> int:
        """Add people by hand, one key a line; return how many were not on the list yet.

        Raises KnownError, with nothing added, for a line that is no key.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            raise KnownError(
                message("Nobody is named here."),
                message("Write one username, link, phone number or Telegram ID a line."),
            )
        people = [self._key_of(line) for line in lines]
        return await self._add(people, self._new(reason, OptOutSource.HAND))

    async def add_person(self, person_id: int, reason: str) -> None:
        """Add a stored person by all her keys."""
        await self.add_people([person_id], reason)

    async def add_people(self, person_ids: Sequence[int], reason: str) -> None:
        """Add stored people by all their keys."""
        new = self._new(reason, OptOutSource.HAND)
        try:
            await self._ports.audiences.opt_out_people(person_ids, new)
        finally:
            self._bus.publish(AudiencesChanged())

    async def import_files(
        self,
        paths: Sequence[Path],
        reason: str,
        options: ReadOptions | None = None,
        progress: Callable[[ListProgress], None] | None = None,
    ) -> ListImport:
        """Add everybody whom files name. Raises KnownError, with nothing added.

        ``progress`` is called on the loop, ten times a second at most. Cancelling leaves nothing.
        """
        options = options or ReadOptions(region=self._region)
        news = _News(progress)
        left = threading.Event()
        try:
            people, invalid = await asyncio.to_thread(self._read, paths, options, left, news)
        except asyncio.CancelledError:
            left.set()
            raise
        read = len(people) + invalid
        new = self._new(reason, OptOutSource.FILE, ", ".join(path.name for path in paths))
        added = await self._add(people, new, lambda put: news.tell(ListProgress(read, put)))
        return ListImport(read, added, len(people) - added, invalid)

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

    async def list_again(self, entry: OptOut) -> None:
        """Take back that an entry was lifted: its person is on the list as before."""
        new = NewOptOuts(entry.reason, self._ports.clock.now(), entry.source, entry.file)
        if entry.person is not None:
            await self._ports.audiences.opt_out_people([entry.person.id], new)
            self._bus.publish(AudiencesChanged())
        else:
            await self._add([_one_key(kind, value) for kind, value in entry.keys], new)

    def _new(self, reason: str, source: OptOutSource, file: str = "") -> NewOptOuts:
        return NewOptOuts(reason.strip(), self._ports.clock.now(), source, file)

    async def _add(
        self,
        people: Sequence[PersonKeys],
        new: NewOptOuts,
        progress: Callable[[int], None] = lambda _put: None,
    ) -> int:
        cancelled = threading.Event()
        adding = asyncio.ensure_future(
            self._ports.audiences.opt_out_keys(people, new, progress, cancelled.is_set)
        )
        try:
            added = await asyncio.shield(adding)
        except asyncio.CancelledError:
            # The store's thread notices at its next piece, and takes back what it has added.
            cancelled.set()
            await end_of(adding)
            if not adding.cancelled():
                adding.exception()
            raise
        self._bus.publish(AudiencesChanged())
        return added

    def _key_of(self, line: str) -> PersonKeys:
        keys = any_key(line, self._ports.files, self._region)
        if keys is None:
            raise KnownError(
                message(
                    "“{text}” is not a username, a phone number or a Telegram ID.", text=line[:80]
                )
            )
        return keys

    def _read(
        self,
        paths: Sequence[Path],
        options: ReadOptions,
        left: threading.Event,
        news: _News,
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
                news.tell(ListProgress(len(people) + invalid))
        return people, invalid


class _News:
    """Tells the loop of progress in other threads, not too often."""

    def __init__(self, progress: Callable[[ListProgress], None] | None) -> None:
        self._progress = progress
        self._loop = asyncio.get_running_loop()
        self._last = 0.0

    def tell(self, how_far: ListProgress) -> None:
        """Pass on how far the import is, from any thread."""
        now = time.monotonic()
        if self._progress is not None and now - self._last >= _SECONDS_BETWEEN_NEWS:
            self._last = now
            self._loop.call_soon_threadsafe(self._progress, how_far)


def _one_key(kind: KeyKind, value: str) -> PersonKeys:
    match kind:
        case KeyKind.USERNAME:
            return PersonKeys(username=value)
        case KeyKind.PHONE:
            return PersonKeys(phone=value)
        case KeyKind.TELEGRAM_ID:
            return PersonKeys(telegram_id=int(value))
