"""People from Telegram without a Telegram."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Audience, Basis, ImportCounts, ImportReport, Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AudiencesChanged, ImportAdvanced, ImportWaiting
from invite_desktop.engine.ports.fetched_people import PeopleList, UnfinishedFetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.engine.views import AdministeredChat
    from tests.fakes.engine import FakeEngine


class FakeSources:
    """Has AudienceSources' face. ``gate`` holds an import after its first page."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.chats: list[AdministeredChat] = []
        self.asked = 0
        self.runs: list[tuple[object, ...]] = []
        self.cut_off: list[UnfinishedFetch] = []
        self.gate: asyncio.Event | None = None
        self.waits = False
        self.refusal: KnownError | None = None

    async def administered_chats(self) -> Sequence[AdministeredChat]:
        self.asked += 1
        return tuple(self.chats)

    def name_of(self, people: PeopleList) -> str:
        return f"Members of {people.chat.title}" if people.chat else people.origin.value

    async def import_members(
        self, account_id: int, chat: ChatInfo, basis: Basis, name: str = ""
    ) -> ImportReport:
        return await self._run(Origin.CHAT, account_id, basis, name, chat.chat_id)

    async def import_dialogs(self, account_id: int, basis: Basis, name: str = "") -> ImportReport:
        return await self._run(Origin.DIALOGS, account_id, basis, name)

    async def import_contacts(self, account_id: int, basis: Basis, name: str = "") -> ImportReport:
        return await self._run(Origin.CONTACTS, account_id, basis, name)

    async def unfinished(self) -> Sequence[UnfinishedFetch]:
        return tuple(self.cut_off)

    async def go_on(self, fetch_id: int) -> ImportReport:
        fetch = next(fetch for fetch in self.cut_off if fetch.id == fetch_id)
        self.cut_off.remove(fetch)
        return await self._run(fetch.of.origin, fetch.of.account_id, fetch.basis, fetch.name)

    async def drop(self, fetch_id: int) -> None:
        self.cut_off = [fetch for fetch in self.cut_off if fetch.id != fetch_id]

    def cut(self, name: str, people: int = 3_200) -> UnfinishedFetch:
        """Leave an import of dialogues behind that was cut off an hour ago."""
        at = self._engine.clock.now() - timedelta(hours=1)
        of = PeopleList(1, Origin.DIALOGS)
        number = len(self.cut_off) + 1
        self.cut_off.append(UnfinishedFetch(number, of, name, Basis.WROTE_TO_ME, people, "x", at))
        return self.cut_off[-1]

    async def _run(
        self, origin: Origin, account_id: int, basis: Basis, name: str, *more: object
    ) -> ImportReport:
        self._engine.bus.publish(ImportAdvanced(200))
        if self.waits:
            until = self._engine.clock.now() + timedelta(minutes=10)
            self._engine.bus.publish(ImportWaiting(until))
        if self.gate is not None:
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.cut(name or origin.value, 200)
                raise
        if self.refusal is not None:
            raise self.refusal
        self.runs.append((origin, account_id, basis, name, *more))
        now = self._engine.clock.now()
        audience = Audience(50, name or origin.value, basis, "", now, people=7, origin=origin)
        self._engine.audiences.rows.append(audience)
        self._engine.bus.publish(AudiencesChanged())
        number = len(self._engine.imports.reports) + 1
        counts = ImportCounts(read=7, new=7)
        report = ImportReport(number, audience, (), now, counts, origin=origin)
        self._engine.imports.reports.append(report)
        return report


def trouble() -> KnownError:
    """Return what is said when an account cannot go on."""
    return KnownError(message("The account could not read this list."), message("Go on later."))
