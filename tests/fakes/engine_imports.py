"""The imports and audiences of the fake engine."""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import (
    Audience,
    Basis,
    CellRemark,
    FileCounts,
    ImportCounts,
    ImportedRow,
    ImportReport,
    InvalidRow,
    RowKind,
    RowProblem,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import (
    AudiencesChanged,
    ImportAdvanced,
)
from invite_desktop.engine.ports.files import FilePreview, ImportFile, PreviewRow, ReadOptions
from invite_desktop.engine.ports.stores import AudienceUse, PeoplePart, Reach
from tests.fakes.specimens import NOW, a_person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.audiences import PeopleQuery
    from tests.fakes.engine import FakeEngine


def _judged(number: int, row: Sequence[str], fields: Sequence[str]) -> PreviewRow:
    cells = dict(zip(fields, row, strict=False))
    remarks = [
        CellRemark(fields.index("consent_date"), "", cells["consent_date"], RowProblem.BAD_DATE)
        for _ in (1,)
        if cells.get("consent_date", "1") in {"позже", "later"}
    ]
    pairs = zip(fields, row, strict=False)
    named = any(cell for field, cell in pairs if field in {"username", "phone"})
    return PreviewRow(number, None if named else RowProblem.NO_KEY, remarks)


class FakeImports:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.reports: list[ImportReport] = []
        self.runs: list[tuple[Sequence[Path], Basis, str, ReadOptions]] = []
        self.previews: list[ReadOptions] = []
        self.gate: asyncio.Event | None = None
        self.files: list[ImportFile] = []
        self.sources: list[str] = []
        self.refusal: KnownError | None = None

    async def preview(self, path: Path, options: ReadOptions | None = None) -> FilePreview:
        self.previews.append(options or ReadOptions())
        text = await asyncio.to_thread(path.read_text, encoding="utf-8")
        lines = text.splitlines()
        if not lines:
            raise KnownError(message("The file is empty."), message("Choose another file."))
        header = True if options is None or options.has_header is None else options.has_header
        if path.name.startswith("broken"):
            raise KnownError(message("“{name}” is broken.", name=path.name))
        cells = [line.split(";") for line in lines]
        guesses = {"ник": "username", "телефон": "phone", "имя": "full_name"}
        fields = [guesses.get(name.lower(), "extra") for name in cells[0]]
        if options and options.columns is not None:
            fields = [options.columns.get(place, "extra") for place in range(len(fields))]
        rows = cells[1:] if header else cells
        rows = rows[:200]
        sheets = ("May", "June", "Blank") if path.name.startswith("book") else ()
        sheet = (options and options.sheet) or "".join(sheets[:1])
        if sheet == "Blank":
            raise KnownError(message("The sheet is empty."))
        return FilePreview(
            path,
            "CSV",
            "UTF-8",
            header,
            cells[0] if header else [],
            fields,
            rows,
            sheets=sheets,
            sheet=sheet,
            header_row=1 if header else 0,
            judged=[_judged(number, row, fields) for number, row in enumerate(rows, 1 + header)]
            if {"username", "phone"} & set(fields)
            else [],
        )

    async def run(
        self,
        paths: Sequence[Path | ImportFile],
        basis: Basis,
        name: str = "",
        options: ReadOptions | None = None,
        source: str = "",
    ) -> ImportReport:
        self.files = [
            each if isinstance(each, ImportFile) else ImportFile(each, options or ReadOptions())
            for each in paths
        ]
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.sources.append(source)
        paths = [file.path for file in self.files]
        options = self.files[0].options
        self._engine.bus.publish(ImportAdvanced(40))
        if self.gate is not None:
            await self.gate.wait()
        self.runs.append((tuple(paths), basis, name, options or ReadOptions()))
        number = len(self.reports) + 1
        audience = Audience(
            100 + number, name or paths[0].stem, basis, paths[0].name, NOW, people=57
        )
        report = ImportReport(
            number,
            audience,
            tuple(path.name for path in paths),
            NOW,
            ImportCounts(
                read=66,
                new=52,
                updated=5,
                duplicate=4,
                invalid=4,
                opted_out=1,
                by_username=41,
                by_phone=14,
                by_id=2,
                remarks=1,
            ),
            (
                InvalidRow(7, "Ольга;;;", RowProblem.NO_KEY),
                InvalidRow(19, "Пётр;@a!;", RowProblem.BAD_USERNAME),
                InvalidRow(33, "Ирина;;12", RowProblem.BAD_PHONE),
                InvalidRow(51, "-1001234567890", RowProblem.CHAT_ID),
            ),
            by_file=tuple(FileCounts(path.name, 33, 26, 2, 2) for path in paths)
            if len(paths) > 1
            else (),
        )
        self.reports.append(report)
        self._engine.audiences.rows.append(audience)
        self._engine.bus.publish(AudiencesChanged())
        return report

    async def history(self) -> Sequence[ImportReport]:
        return [replace(report, invalid_rows=()) for report in reversed(self.reports)]

    async def rows(
        self, import_id: int, kind: RowKind, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        report = await self.report(import_id)
        if kind is RowKind.INVALID:
            found = [
                ImportedRow(row.number, (*report.files, "")[0], row.content, problem=row.problem)
                for row in report.invalid_rows
            ]
        elif kind is RowKind.DUPLICATE:
            found = [ImportedRow(9, (*report.files, "")[0], person=a_person(9), rows=4)]
        else:
            count = getattr(report.counts, kind.value)
            found = [
                ImportedRow(number, (*report.files, "")[0], person=a_person(number))
                for number in range(2, 2 + count)
            ]
        return found[offset : offset + limit]

    async def remarks(
        self, import_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        report = await self.report(import_id)
        found = [
            ImportedRow(3, (*report.files, "")[0], "Согласие: да", problem=RowProblem.BAD_DATE)
        ]
        return found[offset : offset + min(limit, report.counts.remarks)]

    async def undo(self, import_id: int) -> ImportReport:
        place = next(
            place for place, each in enumerate(self.reports) if each.import_id == import_id
        )
        self.reports[place] = replace(self.reports[place], undone_at=NOW)
        self._engine.bus.publish(AudiencesChanged())
        return self.reports[place]

    async def report(self, import_id: int) -> ImportReport:
        return next(report for report in self.reports if report.import_id == import_id)


class FakeAudiences:
    def __init__(self) -> None:
        self.rows: list[Audience] = []
        self.use = AudienceUse(52, opted_out=1, already_contacted=3, refused_before=1)

    async def all(self) -> Sequence[Audience]:
        return tuple(self.rows)

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        return [a_person(number) for number in range(offset, min(offset + limit, 57))]

    async def people_after(self, audience_id: int, after: int, limit: int) -> PeoplePart:
        people = [a_person(number) for number in range(after + 1, min(after + 1 + limit, 57))]
        return PeoplePart(people, after + len(people))

    async def person_ids(self, audience_id: int, query: PeopleQuery) -> array[int]:
        everybody = map(a_person, range(57))
        return array("q", [p.id for p in everybody if query.text.casefold() in p.label.casefold()])

    async def people_by_id(self, ids: Sequence[int]) -> Sequence[Person]:
        return [a_person(number) for number in ids]

    async def use_of(self, audience_id: int, chat: object) -> AudienceUse:
        return self.use

    async def reach_of(self, audience_id: int, chat: object, accounts: Sequence[int]) -> Reach:
        return Reach(by_username=self.use.usable)
