"""Audiences: named lists of people with their source, date and basis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from invite_desktop.domain.people import Person


class Basis(StrEnum):
    """Why the people of an audience may be contacted."""

    CUSTOMERS = "customers"
    CHAT_MEMBERS = "chat_members"
    WROTE_TO_ME = "wrote_to_me"
    TEAM = "team"
    UNKNOWN = "unknown"

    @property
    def allows_sending(self) -> bool:
        """Return whether invitations and messages may go to such an audience."""
        return self is not Basis.UNKNOWN


_WEAKEST_FIRST = (
    Basis.UNKNOWN,
    Basis.CHAT_MEMBERS,
    Basis.WROTE_TO_ME,
    Basis.CUSTOMERS,
    Basis.TEAM,
)
"""By what people did themselves: came into a chat, wrote, agreed, work together with the user."""


def weakest_basis(bases: Collection[Basis]) -> Basis:
    """Return the basis of people who come from audiences with these, in whatever order.

    Nobody gets a stronger one by being put together with others, least of all whom there is none
    for. Raises ValueError for no audience at all.
    """
    return min(bases, key=_WEAKEST_FIRST.index)


class Origin(StrEnum):
    """Where the people of an audience were taken from."""

    FILE = "file"
    CHAT = "chat"
    DIALOGS = "dialogs"
    CONTACTS = "contacts"
    AUDIENCE = "audience"
    TASK = "task"


class OptOutSource(StrEnum):
    """By what somebody came onto the do-not-contact list."""

    UNKNOWN = ""
    HAND = "hand"
    FILE = "file"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Audience:
    """A saved list of people. ``people`` counts them; ``source`` names the file or chat."""

    id: int
    name: str
    basis: Basis
    source: str
    created_at: datetime
    people: int = 0
    tags: tuple[str, ...] = ()
    origin: Origin = Origin.FILE


class RowProblem(StrEnum):
    """Why a row of a file cannot become a person, or lost a part of itself."""

    NO_KEY = "no_key"
    BAD_USERNAME = "bad_username"
    BAD_PHONE = "bad_phone"
    BAD_ID = "bad_id"
    CHAT_ID = "chat_id"
    TOO_LONG = "too_long"
    BAD_DATE = "bad_date"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """A row that named nobody. ``number`` counts records from 1 as a spreadsheet shows them."""

    number: int
    content: str
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class CellRemark:
    """A cell that could not be used as it stands, in a row that names somebody all the same.

    ``position`` counts columns from 0; ``name`` is the column's.
    """

    position: int
    name: str
    content: str
    problem: RowProblem


class RowKind(StrEnum):
    """The five ways in which a row of an import can end."""

    NEW = "new"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What stands behind a count of a report.

    ``number`` is the first row of ``file`` that spoke of her, and ``rows`` how many did.
    ``content`` shows a row without a stored person.
    """

    number: int
    file: str
    content: str = ""
    person: Person | None = None
    problem: RowProblem | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How the rows of one import ended; read = the sum of the five kinds.

    ``duplicate`` rows repeat a person of the same file, or one already stored with nothing new;
    ``updated`` rows added something to a stored person. The three ``by_`` counts tell the people
    of the import by their strongest key. ``remarks`` counts cells that could not be used as they
    stand, in rows that were.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    invalid: int = 0
    opted_out: int = 0
    by_username: int = 0
    by_phone: int = 0
    by_id: int = 0
    remarks: int = 0

    @property
    def adds_up(self) -> bool:
        """Return whether every row read is accounted for exactly once."""
        ended = self.new + self.updated + self.duplicate + self.invalid + self.opted_out
        return self.read == ended


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many rows one of several files had, and how many people it brought first."""

    file: str
    read: int
    new: int
    updated: int
    invalid: int


@dataclass(frozen=True, slots=True)
class FileReading:
    """How one file of an import was read; empty texts are what its format does not have.

    ``separator`` is the character between the cells, ``header_row`` the record that names the
    columns, 0 for none, ``region`` the ISO code for phones without a country code.
    """

    file: str
    format: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int = 0
    region: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did, as it is shown, kept in the history and saved.

    ``by_file`` is empty for an import of one file.
    """

    import_id: int
    audience: Audience
    files: tuple[str, ...]
    finished_at: datetime
    counts: ImportCounts
    invalid_rows: tuple[InvalidRow, ...] = ()
    origin: Origin = Origin.FILE
    undone_at: datetime | None = None
    by_file: tuple[FileCounts, ...] = ()
    readings: tuple[FileReading, ...] = ()
