"""What is kept. Every method is one transaction, done off the event loop's thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.audiences import OptOutSource, Origin
from invite_desktop.engine.ports.audiences import AudienceEditing
from invite_desktop.engine.ports.task_bin import BinStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account, Change, HealthEvent, HealthFact, Profile
    from invite_desktop.domain.audiences import Audience, Basis, FileReading, ImportReport
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.people import KeyKind, Person
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import (
        ChatRef,
        InviteTask,
        JournalEntry,
        NewTask,
        Priority,
        TaskSituation,
        TaskStatus,
    )
    from invite_desktop.engine.ports.files import NextFile, ReadRow
    from invite_desktop.engine.ports.ledger import AddressedTarget, Prospect, Target


@dataclass(frozen=True, slots=True)
class NewImport:
    """What is known of an import before its rows.

    ``fingerprint`` is a digest of the files and the options: the same again is the same audience.
    """

    audience_name: str
    basis: Basis
    source: str
    files: tuple[str, ...]
    fingerprint: str
    at: datetime
    origin: Origin = Origin.FILE
    readings: tuple[FileReading, ...] = ()


@dataclass(frozen=True, slots=True)
class AudienceUse:
    """How many people of an audience one task could use, and why not the others."""

    usable: int
    opted_out: int = 0
    already_contacted: int = 0
    refused_before: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """By what the usable people of an audience are reached, each counted once.

    ``known``: one of the accounts can address them already; the others need a look-up, and
    ``by_nothing`` are those whom no look-up finds.
    """

    known: int = 0
    by_username: int = 0
    by_phone: int = 0
    by_nothing: int = 0


@dataclass(frozen=True, slots=True)
class TargetFilter:
    """Which targets a page shows; empty sets and text mean: all."""

    states: frozenset[TargetState] = field(default_factory=frozenset)
    outcomes: frozenset[OutcomeCode] = field(default_factory=frozenset)
    text: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePart:
    """A part of an audience, and the place of its last person, behind which it goes on."""

    people: Sequence[Person]
    last: int


class AudienceStore(AudienceEditing, Protocol):
    """Audiences, their people and the do-not-contact list."""

    async def import_people(
        self,
        new: NewImport,
        rows: Iterable[ReadRow | NextFile],
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Store the rows as an audience, all or nothing.

        Rows are drawn in the store's own thread; ``progress`` gets the rows so far, from that
        thread. Raises KnownError with nothing stored when no row names anybody, and
        asyncio.CancelledError with nothing stored when ``cancelled`` answers True.
        """
        ...

    async def import_with(self, fingerprint: str) -> ImportReport | None:
        """Return the report of an earlier import of exactly this, if it was not undone."""
        ...

    async def imports(self) -> Sequence[ImportReport]:
        """Return the import history, newest first, without invalid rows."""
        ...

    async def import_report(self, import_id: int) -> ImportReport:
        """Return one import's report with its invalid rows."""
        ...

    async def audiences(self) -> Sequence[Audience]:
        """Return the saved audiences, newest first."""
        ...

    async def audience(self, audience_id: int) -> Audience:
        """Return one audience, a deleted one too. Raises KeyError."""
        ...

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        """Return a page of an audience, in the order of import."""
        ...

    async def people_after(self, audience_id: int, after: int, limit: int) -> PeoplePart:
        """Return the people of an audience behind a place, in order; from -1 on all."""
        ...

    async def reach(self, audience_id: int, chat_id: int | None, accounts: Sequence[int]) -> Reach:
        """Return by what these accounts would reach the people that ``use_of`` calls usable."""
        ...

    async def use_of(self, audience_id: int, chat_id: int | None) -> AudienceUse:
        """Return how usable an audience is for inviting to a chat, or for messages (None)."""
        ...

    async def do_not_contact(
        self,
        person_id: int,
        reason: str,
        at: datetime,
        source: OptOutSource = OptOutSource.UNKNOWN,
    ) -> None:
        """Put a person on the do-not-contact list, by all her keys."""
        ...


class AccountStore(Protocol):
    """The user's accounts."""

    async def accounts(self) -> Sequence[Account]:
        """Return all accounts, oldest first."""
        ...

    async def add(self, profile: Profile, at: datetime) -> Account:
        """Store a new account as ready, or bring back the one with this Telegram id."""
        ...

    async def change_state(self, account_id: int, change: Change) -> Account:
        """Change the state of an account, and enter that into its health history."""
        ...

    async def note_health(self, account_id: int, fact: HealthFact, change: Change) -> None:
        """Enter something into the health history that changes no state."""
        ...

    async def health(self, account_id: int, offset: int, limit: int) -> Sequence[HealthEvent]:
        """Return a page of an account's health history, newest first."""
        ...

    async def last_troubles(self) -> Mapping[int, HealthEvent]:
        """Return the newest entry of each account that tells of a trouble, by account id."""
        ...

    async def ordered_rest(self, account_id: int, now: datetime) -> Change | None:
        """Return the longest rest in the health history that Telegram ordered and still lasts."""
        ...

    async def update_profile(self, account_id: int, profile: Profile) -> Account:
        """Store what Telegram now says of the account."""
        ...

    async def remove(self, account_id: int) -> None:
        """Hide an account that was logged out; its ledger stays."""
        ...


class TaskStore(BinStore, Protocol):
    """Tasks, their targets and their counters."""

    async def create(self, new: NewTask, name: str, at: datetime) -> InviteTask:
        """Store a ready task and its targets in one transaction.

        Raises KnownError when not one person of the audience can be used.
        """
        ...

    async def tasks(self) -> Sequence[InviteTask]:
        """Return all tasks but the deleted ones, newest first."""
        ...

    async def task(self, task_id: int) -> InviteTask:
        """Return one task, a deleted one too. Raises KeyError when there is none."""
        ...

    async def change_situation(
        self, task_id: int, before: TaskStatus, after: TaskSituation, at: datetime
    ) -> InviteTask | None:
        """Change the situation if the status still is ``before``; None when somebody was faster.

        None for a deleted task, too.
        A new status, reason or detail becomes a line of the journal in the same transaction.
        """
        ...

    async def keep_chat(self, task_id: int, chat: ChatRef) -> InviteTask:
        """Store how the chat of a task is called and reached now. Raises KeyError."""
        ...

    async def follow_chat(self, basic_group: int, became: ChatRef) -> None:
        """Let every task of a basic group that has become a supergroup be one of that.

        Whom they contacted there, and who refused, counts for it from then on.
        """
        ...

    async def change_schedule(self, task_id: int, schedule: Schedule) -> InviteTask:
        """Store when a task starts by itself and in which hours it acts. Raises KeyError."""
        ...

    async def change_priority(self, task_id: int, priority: Priority) -> InviteTask:
        """Store another priority of a task. Raises KeyError."""
        ...

    async def journal(self, task_id: int, offset: int, limit: int) -> Sequence[JournalEntry]:
        """Return a page of a task's journal, newest first."""
        ...

    async def counters(self, task_id: int) -> Counters:
        """Return the kept counters of a task."""
        ...

    async def all_counters(self) -> Mapping[int, Counters]:
        """Return the kept counters of every task, by task id; of the deleted ones, too."""
        ...

    async def counters_by_audience(self) -> Mapping[int, Counters]:
        """Return the kept counters of all tasks, deleted ones too, by the audience they are for."""
        ...

    async def recount(self, task_id: int) -> Counters:
        """Count the targets anew, to compare with the kept counters."""
        ...

    async def targets(
        self, task_id: int, wanted: TargetFilter, offset: int, limit: int
    ) -> Sequence[Target]:
        """Return a page of a task's targets, in order."""
        ...

    async def targets_after(self, task_id: int, position: int, limit: int) -> Sequence[Target]:
        """Return a task's targets behind a position, in order; for walking through all of them."""
        ...

    async def count_targets(self, task_id: int, wanted: TargetFilter) -> int:
        """Return how many targets of a task are wanted."""
        ...

    async def pending_by_key(self, task_id: int) -> Mapping[KeyKind, int]:
        """Return how many pending targets are known best by username, by phone, by id only.

        Whom an account has met needs no key, and does not count.
        """
        ...

    async def target(self, target_id: int) -> Target:
        """Return one target. Raises KeyError when there is none."""
        ...

    async def prospects(
        self, task_id: int, accounts: Sequence[int], after: int, limit: int
    ) -> Sequence[Prospect]:
        """Return pending targets behind a position, in order, with their fate with accounts."""
        ...

    async def addressed(self, task_id: int) -> Sequence[AddressedTarget]:
        """Return the targets somebody acted for and could address, to compare with Telegram."""
        ...

    async def reopen_retryable(self, task_id: int, at: datetime) -> int:
        """Put the targets whose outcome may be retried back to pending; return how many."""
        ...

    async def ends_by_account(self, task_id: int) -> Mapping[int, int]:
        """Return how many targets of a task each account brought to an end, by account id."""
        ...

    async def ended_since(self, task_id: int, since: datetime) -> int:
        """Return how many targets of a task have come to their end from a moment on."""
        ...
