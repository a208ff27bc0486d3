"""Audiences, imports, the do-not-contact list and the execution log as tables in files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import RowKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.tables import Table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import Audience, FileReading, ImportedRow, ImportReport
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.audiences import Audiences
    from invite_desktop.engine.do_not_contact import DoNotContactList
    from invite_desktop.engine.imports import Imports
    from invite_desktop.engine.ports.audiences import OptOut, PeopleQuery
    from invite_desktop.engine.ports.ledger import Ledger, LedgerFilter, LedgerRow, Prospect, Target
    from invite_desktop.engine.ports.tables import Cell, TableFiles

_PAGE = 500
"""Rows read at once; what is made of them holds the window up for some milliseconds."""

_MOST_COLUMNS = 200
"""Extra columns that a table gets; a hostile list could have thousands."""

_PERSON_HEADERS = (
    message("Username"),
    message("Phone"),
    message("Telegram ID"),
    message("Full name"),
    message("First name"),
    message("Last name"),
)


class Exports:
    """Writes tables; the format is that of the path's suffix, ``.xlsx`` or ``.csv``.

    Every method returns the number of rows, leaves nothing when cancelled, and raises KnownError
    when the file cannot be written.
    """

    def __init__(
        self,
        tables: TableFiles,
        audiences: Audiences,
        imports: Imports,
        do_not_contact: DoNotContactList,
        ledger: Ledger,
    ) -> None:
        self._tables = tables
        self._audiences = audiences
        self._imports = imports
        self._do_not_contact = do_not_contact
        self._ledger = ledger
        self._show: Callable[[Message], str] = str
        self._separator = ","

    def speak(self, show: Callable[[Message], str], separator: str = ",") -> None:
        """Write headers and words in the user's language, CSV with her spreadsheet's separator."""
        self._show = show
        self._separator = separator

    async def audience(self, audience_id: int, path: Path, query: PeopleQuery | None = None) -> int:
        """Save every person of an audience, in the wanted order, with all extra columns."""
        audience = await self._audience(audience_id)
        ids = await self._audiences.person_ids(audience_id, query)
        extras = await self._extras(audience_id)
        consent = message("Date of consent")
        tags = (message("Tags of the audience"),) if audience.tags else ()
        headers = [*self._headers(*_PERSON_HEADERS, consent), *extras, *self._headers(*tags)]

        async def rows() -> AsyncIterator[Sequence[Cell]]:
            end = [", ".join(audience.tags)] if audience.tags else []
            async for page in self._pages(ids):
                dates = await self._audiences.consent_dates(audience_id, [p.id for p in page])
                for person in page:
                    extra = [person.extra.get(name, "") for name in extras]
                    agreed = dates.get(person.id, person.extra.get("consent_date", ""))
                    yield [*_person_cells(person), agreed, *extra, *end]

        return await self._write(path, audience.name, headers, rows())

    async def import_rows(
        self, import_id: int, kinds: Collection[RowKind], path: Path, *, remarks: bool = False
    ) -> int:
        """Save the rows behind counts of an import's report, kind after kind, then remarks."""
        report = await self._imports.report(import_id)
        headers = self._headers(
            message("Result"),
            message("Row"),
            message("File"),
            message("Rows of this person"),
            message("Reason"),
            message("Content"),
            *_PERSON_HEADERS,
        )
        wanted = [kind for kind in RowKind if kind in kinds]
        return await self._write(
            path, report.audience.name, headers, self._imported(import_id, wanted, remarks=remarks)
        )

    async def import_report(self, import_id: int, path: Path) -> int:
        """Save an import's report: where it came from, its basis and its counts."""
        report = await self._imports.report(import_id)
        headers = self._headers(message("Import"), message("Value"))
        return await self._write(path, report.audience.name, headers, self._reported(report))

    async def do_not_contact(self, path: Path, *, text: str = "", ended: bool = False) -> int:
        """Save the do-not-contact list, or its lifted entries, as far as they hold a text."""
        lifted = (message("Lifted"), message("Reason for lifting")) if ended else ()
        headers = self._headers(
            message("Username"),
            message("Phone"),
            message("Telegram ID"),
            message("Name"),
            message("Reason"),
            message("Since"),
            *lifted,
        )

        async def rows() -> AsyncIterator[Sequence[Cell]]:
            async for entry in self._do_not_contact.everybody(text, ended=ended):
                yield _opt_out_cells(entry, ended=ended)

        return await self._write(path, self._show(message("Do not contact")), headers, rows())

    async def only_by_link(
        self, task_name: str, link: str, people: AsyncIterator[Target], path: Path
    ) -> int:
        """Save people whom only a link reaches, each with the reason and the link to send."""
        headers = self._headers(*_PERSON_HEADERS, message("Reason"), message("Link"))

        async def rows() -> AsyncIterator[Sequence[Cell]]:
            async for target in people:
                reason = self._show(words_for(target.outcome or OutcomeCode.LINK_ONLY))
                yield [*_person_cells(target.person), reason, link]

        return await self._write(path, task_name, headers, rows())

    async def prospects(self, task_name: str, people: AsyncIterator[Prospect], path: Path) -> int:
        """Save the people of a dry run, each with what would become of her."""
        headers = self._headers(*_PERSON_HEADERS, message("Dry run"))

        async def rows() -> AsyncIterator[Sequence[Cell]]:
            async for prospect in people:
                yield [*_person_cells(prospect.person), self._show(words_for(prospect.fate))]

        return await self._write(path, task_name, headers, rows())

    async def log(self, wanted: LedgerFilter, path: Path) -> int:
        """Save the calls of the execution log that are wanted, newest first.

        Calls that begin meanwhile are left out.
        """
        headers = self._headers(
            message("Began"),
            message("Ended"),
            message("Task"),
            message("Person"),
            message("Account"),
            message("Call"),
            message("Outcome"),
            message("Detail"),
        )
        title = self._show(message("Execution log"))
        return await self._write(path, title, headers, self._calls(wanted))

    # ------------------------------------------------------------ inside

    async def _write(
        self, path: Path, title: str, headers: Sequence[str], rows: AsyncIterator[Sequence[Cell]]
    ) -> int:
        return await self._tables.write(path, Table(title, headers, rows), self._separator)

    async def _audience(self, audience_id: int) -> Audience:
        for audience in await self._audiences.all():
            if audience.id == audience_id:
                return audience
        raise KnownError(message("This audience is no longer here."))

    async def _pages(self, ids: Sequence[int]) -> AsyncIterator[Sequence[Person]]:
        for first in range(0, len(ids), _PAGE):
            yield await self._audiences.people_by_id(ids[first : first + _PAGE])

    async def _extras(self, audience_id: int) -> Sequence[str]:
        """Return the names of the extra columns.

        A date of consent that could not be read stands in the column of such dates.
        """
        names = await self._audiences.extra_names(audience_id, _MOST_COLUMNS)
        return [name for name in names if name != "consent_date"]

    async def _calls(self, wanted: LedgerFilter) -> AsyncIterator[Sequence[Cell]]:
        while page := await self._ledger.rows(wanted, 0, _PAGE):
            for row in page:
                yield self._call_cells(row)
            wanted = replace(wanted, before=page[-1].attempt.id)

    def _call_cells(self, row: LedgerRow) -> Sequence[Cell]:
        call = row.attempt
        return [
            call.started_at,
            call.ended_at,
            row.task_name,
            row.person_label,
            row.account_label,
            self._show(words_for(call.action)),
            self._show(words_for(call.outcome) if call.outcome else message("In flight")),
            call.detail,
        ]

    async def _imported(
        self, import_id: int, kinds: Sequence[RowKind], *, remarks: bool
    ) -> AsyncIterator[Sequence[Cell]]:
        for kind in kinds:
            word, offset = self._show(words_for(kind)), 0
            while page := await self._imports.rows(import_id, kind, offset, _PAGE):
                for row in page:
                    yield self._row_cells(word, row)
                offset += len(page)
        word, offset = self._show(message("remark")), 0
        while remarks and (page := await self._imports.remarks(import_id, offset, _PAGE)):
            for row in page:
                yield self._row_cells(word, row)
            offset += len(page)

    def _row_cells(self, word: str, row: ImportedRow) -> Sequence[Cell]:
        reason = self._show(words_for(row.problem)) if row.problem else ""
        person = _person_cells(row.person) if row.person else [""] * len(_PERSON_HEADERS)
        return [word, row.number, row.file, row.rows, reason, row.content, *person]

    async def _reported(self, report: ImportReport) -> AsyncIterator[Sequence[Cell]]:
        counts, audience = report.counts, report.audience
        lines: tuple[tuple[Message, Cell], ...] = (
            (message("Audience"), audience.name),
            (message("Basis"), self._show(words_for(audience.basis))),
            (message("Source"), audience.source),
            (message("Files"), ", ".join(report.files)),
            (message("Imported"), report.finished_at),
            (message("Undone"), report.undone_at),
            (message("Rows read"), counts.read),
            (message("New"), counts.new),
            (message("Updated"), counts.updated),
            (message("Duplicates"), counts.duplicate),
            (message("Invalid"), counts.invalid),
            (message("Opted out"), counts.opted_out),
            (message("Remarks"), counts.remarks),
            (message("People known by username"), counts.by_username),
            (message("People known by phone only"), counts.by_phone),
            (message("People known by id only"), counts.by_id),
        )
        for name, value in lines:
            yield [self._show(name), value]
        for reading in report.readings:
            for name, value in _reading_lines(reading):
                yield [f"{reading.file}: {self._show(name)}", value]
        for of_file in report.by_file:
            words = message(
                "{read} rows, {new} new, {updated} updated, {invalid} invalid",
                read=of_file.read,
                new=of_file.new,
                updated=of_file.updated,
                invalid=of_file.invalid,
            )
            yield [of_file.file, self._show(words)]

    def _headers(self, *words: Message) -> Sequence[str]:
        return [self._show(word) for word in words]


def _reading_lines(reading: FileReading) -> Sequence[tuple[Message, Cell]]:
    """Return how a file was read, as far as its format has that."""
    lines = (
        (message("Format"), reading.format),
        (message("Encoding"), reading.encoding),
        (message("Separator"), {"\t": "Tab"}.get(reading.separator, reading.separator)),
        (message("Sheet"), reading.sheet),
        (message("Row with the names of the columns"), reading.header_row or "-"),
        (message("Country of phones without a code"), reading.region),
    )
    return [(name, value) for name, value in lines if value]


def _person_cells(person: Person) -> Sequence[Cell]:
    keys = person.keys
    return [
        keys.username or "",
        keys.phone or "",
        str(keys.telegram_id or ""),
        person.full_name,
        person.first_name,
        person.last_name,
    ]


def _opt_out_cells(entry: OptOut, *, ended: bool) -> Sequence[Cell]:
    keys = [
        ", ".join(text for kind, text in entry.keys if kind is wanted)
        for wanted in (KeyKind.USERNAME, KeyKind.PHONE, KeyKind.TELEGRAM_ID)
    ]
    lifted: Sequence[Cell] = (entry.ended_at, entry.ended_reason) if ended else ()
    name = entry.person.full_name if entry.person else ""
    return [*keys, name, entry.reason, entry.at, *lifted]
