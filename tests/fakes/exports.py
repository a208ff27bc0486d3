"""Exports that write one line, and remember what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Collection
    from pathlib import Path

    from invite_desktop.domain.audiences import RowKind
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.ports.audiences import PeopleQuery
    from invite_desktop.engine.ports.ledger import LedgerFilter


class FakeExports:
    """Has Exports' face. ``refusal`` is raised by the next saving."""

    def __init__(self) -> None:
        self.saved: list[tuple[object, ...]] = []
        self.refusal: KnownError | None = None
        self.separator = ""

    def speak(self, show: Callable[[Message], str], separator: str = ",") -> None:
        self.separator = separator

    async def audience(self, audience_id: int, path: Path, query: PeopleQuery | None = None) -> int:
        return self._save("audience", path, audience_id, query)

    async def import_rows(
        self, import_id: int, kinds: Collection[RowKind], path: Path, *, remarks: bool = False
    ) -> int:
        return self._save("import_rows", path, import_id, frozenset(kinds), remarks)

    async def import_report(self, import_id: int, path: Path) -> int:
        return self._save("import_report", path, import_id)

    async def do_not_contact(self, path: Path, *, text: str = "", ended: bool = False) -> int:
        return self._save("do_not_contact", path, text, ended)

    async def log(self, wanted: LedgerFilter, path: Path) -> int:
        return self._save("log", path, wanted)

    def _save(self, *asked: object) -> int:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.saved.append(asked)
        _, path, *_ = asked
        path.write_text("saved", encoding="utf-8")
        return 1


class FakeReports:
    """Has Reports' face. ``refusal`` is raised by the next saving, ``gate`` holds it up."""

    def __init__(self) -> None:
        self.saved: list[tuple[int | None, Path]] = []
        self.refusal: KnownError | None = None
        self.gate: asyncio.Event | None = None
        self.language = ""

    def speak(self, show: Callable[[Message], str], separator: str, language: str) -> None:
        self.language = language

    async def task(self, task_id: int, path: Path) -> int:
        return await self._save(task_id, path)

    async def overall(self, path: Path) -> int:
        return await self._save(None, path)

    async def _save(self, task_id: int | None, path: Path) -> int:
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.saved.append((task_id, path))
        return 2
