"""Files of people as the engine sees them: a preview, then a stream of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.audiences import InvalidRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from invite_desktop.domain.audiences import CellRemark, RowProblem
    from invite_desktop.domain.people import PersonKeys


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file; None means: find it out.

    ``columns`` maps column positions from 0 to field names ("username", "phone", "telegram_id",
    "full_name", "first_name", "last_name", "email", "tags", "note", "consent_date", "extra", "").
    ``region`` is the ISO code for phones without a country code. ``header_row`` is the number of
    the record that names the columns, counted from 1; it overrules ``has_header``.
    """

    region: str = "RU"
    has_header: bool | None = None
    header_row: int | None = None
    sheet: str | None = None
    columns: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One file, or one sheet of it, with its own way of being read."""

    path: Path
    options: ReadOptions


@dataclass(slots=True)
class PersonRow:
    """A row that names a person. ``number`` counts records from 1, the header included.

    ``remarks`` tell which of its cells could not be used as they stand. Not frozen, because that
    would take three times as long, a million times.
    """

    number: int
    keys: PersonKeys
    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    consent_date: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[CellRemark, ...] = field(default=(), compare=False)


ReadRow = PersonRow | InvalidRow


@dataclass(frozen=True, slots=True)
class NextFile:
    """Says, among the rows of an import, from which of its files the following ones are."""

    position: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would become of a row. ``problem``: it names nobody; ``remarks``: some of its cells."""

    number: int
    problem: RowProblem | None = None
    remarks: Sequence[CellRemark] = ()


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file looks like before it is imported.

    ``fields`` has the guessed field name for each column, as in ``ReadOptions.columns``.
    ``header_row`` is the number of the record that names the columns, 0 when there is none in the
    table itself; ``sheet`` is the one of ``sheets`` that was read. ``judged`` has what would become
    of each of the rows; it is empty while no column can name a person.
    """

    path: Path
    format: str
    encoding: str
    has_header: bool
    header: Sequence[str]
    fields: Sequence[str]
    rows: Sequence[Sequence[str]]
    sheets: Sequence[str] = ()
    sheet: str = ""
    header_row: int = 0
    judged: Sequence[PreviewRow] = ()
    separator: str = ""


class PeopleFiles(Protocol):
    """Readers of every file format a marketer has. Both calls block: use a thread.

    Raise KnownError with a sentence for anything that cannot be read.
    """

    def preview(self, path: Path, options: ReadOptions, limit: int = 200) -> FilePreview:
        """Return the shape of a file and its first rows."""
        ...

    def read(self, path: Path, options: ReadOptions) -> Iterator[ReadRow]:
        """Yield every record that is not blank, in order."""
        ...

    def phone(self, text: str, region: str) -> str | None:
        """Return a phone in E.164, None when the text is no phone in this country's writing."""
        ...


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of files, drawn anew by each iteration; they can be sent to another process."""

    reader: PeopleFiles
    files: tuple[ImportFile, ...]

    def __iter__(self) -> Iterator[ReadRow | NextFile]:
        """Open the files one after the other and yield their rows. Blocks; raises KnownError."""
        for position, file in enumerate(self.files):
            yield NextFile(position)
            yield from self.reader.read(file.path, file.options)
