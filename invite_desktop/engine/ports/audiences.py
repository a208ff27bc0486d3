"""Working with saved audiences, with one person, and with the do-not-contact list."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.audiences import OptOutSource

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.audiences import (
        Audience,
        Basis,
        ImportedRow,
        ImportReport,
        Origin,
        RowKind,
    )
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.people import KeyKind, Person, PersonKeys
    from invite_desktop.engine.ports.telegram import UserPeer


class PeopleSort(StrEnum):
    """The orders in which an audience can be shown."""

    POSITION = "position"
    NAME = "name"
    USERNAME = "username"
    PHONE = "phone"
    TELEGRAM_ID = "telegram_id"


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Which people of an audience, in which order; an empty text means: all.

    The text is looked for in names, keys and extra columns, without case in any alphabet.
    """

    text: str = ""
    sort: PeopleSort = PeopleSort.POSITION
    descending: bool = False


@dataclass(frozen=True, slots=True)
class NewAudience:
    """What is known of an audience that is made of stored people."""

    name: str
    basis: Basis
    source: str
    origin: Origin
    at: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """People taken out of an audience, for putting them back where they were."""

    audience_id: int
    places: tuple[tuple[int, int, int, str | None], ...] = field(repr=False)

    @property
    def count(self) -> int:
        """Return how many people were taken out."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Split:
    """People who moved into a new audience, for moving them back."""

    audience: Audience
    removed: Removed


@dataclass(frozen=True, slots=True)
class PersonFields:
    """What an edit makes of a person; the keys are already checked."""

    keys: PersonKeys
    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonSource:
    """One import that spoke of a person; ``number`` is the first such row of ``file``."""

    import_id: int
    audience_id: int
    audience_name: str
    origin: Origin
    source: str
    at: datetime
    file: str
    number: int
    rows: int
    kind: RowKind


@dataclass(frozen=True, slots=True)
class PersonInTask:
    """Where a person stands in one task."""

    task_id: int
    task_name: str
    target_id: int
    state: TargetState
    outcome: OutcomeCode | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewOptOuts:
    """Why, when and by what people come onto the do-not-contact list; ``file`` names the files."""

    reason: str
    at: datetime
    source: OptOutSource = OptOutSource.UNKNOWN
    file: str = ""


@dataclass(frozen=True, slots=True)
class OptOut:
    """An entry of the do-not-contact list; ``ended_at`` is when it was lifted by hand."""

    id: int
    keys: tuple[tuple[KeyKind, str], ...]
    person: Person | None
    reason: str
    at: datetime
    ended_at: datetime | None = None
    ended_reason: str = ""
    source: OptOutSource = OptOutSource.UNKNOWN
    file: str = ""


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """Everything that is kept of a person besides her ledger."""

    person: Person
    other_keys: tuple[tuple[KeyKind, str], ...] = ()
    sources: Sequence[PersonSource] = ()
    tasks: Sequence[PersonInTask] = ()
    opt_outs: Sequence[OptOut] = ()


class AudienceEditing(Protocol):
    """What the user does with audiences after their import."""

    async def undo_import(self, import_id: int, at: datetime) -> ImportReport:
        """Take an import back; what the ledger knows stays. Raises KeyError."""
        ...

    async def import_rows(
        self, import_id: int, kind: RowKind, offset: int, limit: int
    ) -> Sequence[ImportedRow]:
        """Return a page of what stands behind one count of a report, in the order of rows."""
        ...

    async def import_remarks(
        self, import_id: int, offset: int, limit: int
    ) -> Sequence[ImportedRow]:
        """Return a page of the cells that an import could not use as they stand, in their order."""
        ...

    async def consent_dates(self, audience_id: int, ids: Sequence[int]) -> Mapping[int, str]:
        """Return the ISO dates on which people of an audience agreed, as far as they are known."""
        ...

    async def extra_names(self, audience_id: int, most: int) -> Sequence[str]:
        """Return the names of an audience's extra columns as its people bring them."""
        ...

    async def audience_names(self) -> Mapping[int, str]:
        """Return the name of every audience by its id, deleted ones too."""
        ...

    async def person_ids(self, audience_id: int, query: PeopleQuery) -> array[int]:
        """Return the ids of an audience's people in the wanted order; a search has 10 000."""
        ...

    async def people_by_id(self, ids: Sequence[int]) -> Sequence[Person]:
        """Return people in the order of the ids; who is gone is left out."""
        ...

    async def rename_audience(self, audience_id: int, name: str) -> Audience:
        """Give an audience another name. Raises KeyError."""
        ...

    async def tag_audience(self, audience_id: int, tags: Sequence[str]) -> Audience:
        """Replace the tags of an audience. Raises KeyError."""
        ...

    async def change_basis(self, audience_id: int, basis: Basis) -> Audience:
        """Change why the people of an audience may be contacted. Raises KeyError."""
        ...

    async def delete_audience(self, audience_id: int) -> None:
        """Hide an audience; its people, tasks and ledger stay."""
        ...

    async def restore_audience(self, audience_id: int) -> Audience:
        """Bring a deleted audience back. Raises KeyError."""
        ...

    async def make_audience(self, new: NewAudience, people: Sequence[int]) -> Audience:
        """Make an audience of stored people, in this order; nobody sees it half filled."""
        ...

    async def remove_people(self, audience_id: int, people: Sequence[int]) -> Removed:
        """Take people out of an audience."""
        ...

    async def put_back(self, removed: Removed) -> None:
        """Put people back who were taken out, as far as they still exist."""
        ...

    async def split_audience(
        self, audience_id: int, new: NewAudience, people: Sequence[int]
    ) -> Split:
        """Move people into a new audience, wholly or not at all."""
        ...

    async def unsplit_audience(self, split: Split) -> None:
        """Move people back, as far as they still exist, and hide the new audience, in one step."""
        ...

    async def people_of_task(
        self,
        task_id: int,
        states: Collection[TargetState],
        outcomes: Collection[OutcomeCode],
    ) -> array[int]:
        """Return the people whose targets ended so, in the task's order; empty means: all."""
        ...

    async def people_met(self, person_id: int, keys: PersonKeys) -> Sequence[Person]:
        """Return the other stored people who have one of these keys."""
        ...

    async def edit_person(self, person_id: int, fields: PersonFields) -> Person:
        """Change a person, and make one person of all whom she meets. Raises KeyError."""
        ...

    async def person_detail(self, person_id: int) -> PersonDetail:
        """Return what is kept of a person. Raises KeyError."""
        ...

    async def opt_outs(
        self, text: str, offset: int, limit: int, *, ended: bool
    ) -> Sequence[OptOut]:
        """Return a page of the do-not-contact list, newest first, or of its lifted entries."""
        ...

    async def count_opt_outs(self, text: str, *, ended: bool) -> int:
        """Return how many entries of the do-not-contact list hold a text."""
        ...

    async def opt_out_ids(self, text: str, *, ended: bool) -> array[int]:
        """Return the do-not-contact list, newest first, or its lifted entries, as ids.

        The text is looked for in keys, reasons and the names of people, without case.
        """
        ...

    async def opt_outs_by_id(self, ids: Sequence[int], *, ended: bool) -> Sequence[OptOut]:
        """Return entries in the order of the ids; who is gone is left out."""
        ...

    async def opt_out_keys(
        self,
        people: Sequence[PersonKeys],
        new: NewOptOuts,
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> int:
        """Put whole people on the do-not-contact list; return how many were not on it yet.

        ``progress`` gets the people so far, from the store's thread. Raises
        asyncio.CancelledError with nothing added when ``cancelled`` answers True.
        """
        ...

    async def opt_out_people(self, person_ids: Sequence[int], new: NewOptOuts) -> None:
        """Put stored people on the do-not-contact list by all their keys, an entry each."""
        ...

    async def contact_again(self, entry_id: int, reason: str, at: datetime) -> None:
        """Lift an entry of the do-not-contact list, and remember that. Raises KeyError."""
        ...

    async def keep_met(self, account_id: int, peers: Sequence[UserPeer]) -> None:
        """Remember how an account addresses the stored people with these Telegram ids."""
        ...
