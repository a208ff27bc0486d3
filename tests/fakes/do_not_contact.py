"""A do-not-contact list in memory."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.ports.audiences import OptOut
from invite_desktop.engine.views import ListImport, ListProgress

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.files import ReadOptions
    from tests.fakes.engine import FakeEngine


class FakeDoNotContact:
    """Has DoNotContactList's face. ``gate`` holds an import until it is set."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.present: list[OptOut] = []
        self.lifted: list[OptOut] = []
        self.asked: list[str] = []
        self.pages: list[int] = []
        self.imports: list[tuple[tuple[str, ...], str, str]] = []
        self.refusal: KnownError | None = None
        self.gate: asyncio.Event | None = None

    def put(self, username: str, reason: str = "stop", person: Person | None = None) -> OptOut:
        """Put somebody on the list without anybody hearing of it."""
        number = len(self.present) + len(self.lifted) + 1
        keys = ((KeyKind.USERNAME, username),)
        now = self._engine.clock.now()
        self.present.insert(0, OptOut(number, keys, person, reason, now, source=OptOutSource.HAND))
        return self.present[0]

    async def entry_ids(self, text: str = "", *, ended: bool = False) -> array[int]:
        self.asked.append(text)
        found = [e for e in self._side(ended=ended) if text in f"{e.keys} {e.reason} {e.person}"]
        return array("q", (entry.id for entry in found))

    async def entries_by_id(self, ids: Sequence[int], *, ended: bool = False) -> Sequence[OptOut]:
        self.pages.append(len(ids))
        known = {entry.id: entry for entry in self._side(ended=ended)}
        return [known[one] for one in ids if one in known]

    async def count(self, text: str = "", *, ended: bool = False) -> int:
        return len(await self.entry_ids(text, ended=ended))

    async def add(self, text: str, reason: str) -> int:
        lines = [line for line in text.splitlines() if line.strip()]
        if "???" in lines:
            raise KnownError(message("“{text}” is nobody.", text="???"))
        before = {entry.keys[0][1] for entry in self.present}
        new = [line for line in lines if line not in before]
        for line in new:
            self.put(line, reason)
        self._engine.bus.publish(AudiencesChanged())
        return len(new)

    async def import_files(
        self,
        paths: Sequence[Path],
        reason: str,
        options: ReadOptions | None = None,
        progress: Callable[[ListProgress], None] | None = None,
    ) -> ListImport:
        if self.refusal is not None:
            raise self.refusal
        if progress is not None:
            progress(ListProgress(40))
            progress(ListProgress(40, 10))
        if self.gate is not None:
            await self.gate.wait()
        self.imports.append(
            (tuple(path.name for path in paths), reason, options.region if options else "")
        )
        self._engine.bus.publish(AudiencesChanged())
        return ListImport(40, 30, 7, 3)

    async def contact_again(self, entry_id: int, reason: str) -> None:
        if not reason.strip():
            raise KnownError(message("Say why this person may be contacted again."))
        entry = next(entry for entry in self.present if entry.id == entry_id)
        self.present.remove(entry)
        now = self._engine.clock.now()
        self.lifted.insert(0, replace(entry, ended_at=now, ended_reason=reason))
        self._engine.bus.publish(AudiencesChanged())

    async def list_again(self, entry: OptOut) -> None:
        self.present.insert(0, replace(entry, id=len(self.present) + len(self.lifted) + 1))
        self._engine.bus.publish(AudiencesChanged())

    def _side(self, *, ended: bool) -> list[OptOut]:
        return self.lifted if ended else self.present
