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
    from invite_desktop.domain.attempts import Action, Attempt
    from invite_desktop.domain.audiences import Audience, Basis, FileReading, ImportReport
    from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
    from invite_desktop.domain.pace import Flood, PaceHistory
    from invite_desktop.domain.people import KeyKind, Person
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import (
        InviteTask,
        JournalEntry,
        NewTask,
        Priority,
        TaskSituation,
        TaskStatus,
    )
    from invite_desktop.engine.ports.files import NextFile, ReadRow
    from invite_desktop.engine.ports.telegram import ChatPeer, UserPeer


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
class Target:
    """One person in one task, as the task's page shows her."""

    id: int
    task_id: int
    position: int
    person: Person
    state: TargetState
    outcome: OutcomeCode | None = None
    account_id: int | None = None
    changed_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A target that a runner works on now. ``random_id`` stays the target's own for ever.

    ``peer`` is how the claiming account addresses her, None before it has met her.
    """

    target_id: int
    task_id: int
    account_id: int
    person: Person
    random_id: int
    peer: UserPeer | None = None


@dataclass(frozen=True, slots=True)
class ClaimWish:
    """Whom an account should rather not be given while there is somebody better for it.

    ``without`` are the kinds of look-up that its pace does not allow now, the shortest wait first;
    ``others`` the accounts that work beside it, so that nobody whom they can address already costs
    it a look-up.
    """

    without: tuple[Action, ...] = ()
    others: frozenset[int] = frozenset()


ANYBODY = ClaimWish()
"""No wish: the next target in order."""


@dataclass(frozen=True, slots=True)
class AddressedTarget:
    """A target with the account that acted for it, and how that account addresses the person."""

    target_id: int
    state: TargetState
    account_id: int
    peer: UserPeer


@dataclass(frozen=True, slots=True)
class AddressableTarget:
    """A pending target whose person one account can address already."""

    target_id: int
    position: int
    peer: UserPeer


@dataclass(frozen=True, slots=True)
class Settlement:
    """A contacting attempt of which only the beginning is known, with its claim."""

    attempt: Attempt
    claim: Claim


@dataclass(frozen=True, slots=True)
class TargetFilter:
    """Which targets a page shows; empty sets and text mean: all."""

    states: frozenset[TargetState] = field(default_factory=frozenset)
    outcomes: frozenset[OutcomeCode] = field(default_factory=frozenset)
    text: str = ""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which attempts the execution log shows; None means: all."""

    task_id: int | None = None
    account_id: int | None = None
    person_id: int | None = None
    outcome: OutcomeCode | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One attempt with the names a person can read."""

    attempt: Attempt
    task_name: str
    person_label: str
    account_label: str


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

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        """Return a page of an audience, in the order of import."""
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

    async def recount(self, task_id: int) -> Counters:
        """Count the targets anew, to compare with the kept counters."""
        ...

    async def targets(
        self, task_id: int, wanted: TargetFilter, offset: int, limit: int
    ) -> Sequence[Target]:
        """Return a page of a task's targets, in order."""
        ...

    async def count_targets(self, task_id: int, wanted: TargetFilter) -> int:
        """Return how many targets of a task are wanted."""
        ...

    async def pending_by_key(self, task_id: int) -> Mapping[KeyKind, int]:
        """Return how many pending targets are known best by username, by phone, by id only."""
        ...

    async def target(self, target_id: int) -> Target:
        """Return one target. Raises KeyError when there is none."""
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


class Ledger(Protocol):
    """The record of every call. The attempt is durable before the call is made."""

    async def claim(
        self, task_id: int, account_id: int, at: datetime, wish: ClaimWish = ANYBODY
    ) -> Claim | None:
        """Take the pending target that suits an account best, else the next one in order.

        In the same transaction, targets that may no longer be contacted (opted out; invited to
        or refused for this chat by another task) end as skipped. Targets this account was found
        unable to address are passed over. None when nothing is left for this account.
        """
        ...

    async def release(self, claim: Claim, at: datetime, *, unable: bool = False) -> None:
        """Put a claimed target back to pending; ``unable``: never offer it to this account."""
        ...

    async def begin(self, claim: Claim, action: Action, at: datetime) -> Attempt:
        """Write the attempt, durably, before its call."""
        ...

    async def begin_contact(self, claim: Claim, action: Action, at: datetime) -> Attempt | Outcome:
        """Write the attempt as ``begin`` does, unless the person may not be contacted any more.

        A look-up may have shown that she is somebody who opted out, or whom a task has contacted
        under another name. Her target has ended then, with the outcome that is returned.
        """
        ...

    async def finish(
        self, attempt: Attempt, outcome: Outcome, at: datetime, found: UserPeer | None = None
    ) -> None:
        """Write the outcome of a call, the target's state by its rule, and the counters.

        ``found`` is how the account addresses the person, when a look-up has just said it.
        """
        ...

    async def end_target(
        self, claim: Claim, outcome: Outcome, at: datetime, by: int | None = None
    ) -> None:
        """End a claimed target without a call (already a member, for instance).

        ``by`` is the account that brought the end, None for the one that claimed it.
        """
        ...

    async def settle_target(self, target_id: int, outcome: Outcome, at: datetime) -> None:
        """Correct an INVITED or UNCERTAIN target after a later check (JOINED for instance)."""
        ...

    async def to_verify(self, task_id: int) -> Sequence[Claim]:
        """Return the targets INVITED or UNCERTAIN, with the peer of the account that acted."""
        ...

    async def fail_unaddressable(self, task_id: int, accounts: Sequence[int], at: datetime) -> int:
        """End the pending targets that none of the accounts can address; return how many."""
        ...

    async def addressable(
        self, task_id: int, account_id: int, after: int, limit: int
    ) -> Sequence[AddressableTarget]:
        """Return pending targets that an account can address, in order, from behind a position."""
        ...

    async def end_pending(self, endings: Mapping[int, Outcome], at: datetime) -> Sequence[int]:
        """End targets, by id, that are still pending, without a call; return which did."""
        ...

    async def unsettled(self) -> Sequence[Settlement]:
        """Return the contacting attempts left in flight by a crash, oldest first."""
        ...

    async def release_stale_claims(self, at: datetime) -> int:
        """Put back to pending every claimed target without a contacting attempt in flight.

        For the start of the program. Look-ups left in flight end as INTERRUPTED. Return how many
        targets were put back.
        """
        ...

    async def keep_peer(self, account_id: int, person_id: int, peer: UserPeer) -> None:
        """Remember how an account addresses a person."""
        ...

    async def begin_call(self, account_id: int, action: Action, at: datetime) -> int:
        """Write a call that belongs to no target, durably, before it is made; return its id."""
        ...

    async def finish_call(self, call_id: int, outcome: Outcome, at: datetime) -> None:
        """Write how a call that belongs to no target ended."""
        ...

    async def named_chat(self, account_id: int, username: str) -> ChatPeer | None:
        """Return the chat to which a name led this account, None before it was resolved."""
        ...

    async def keep_named_chat(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        """Remember to which chat a name leads, or (None) that it must be resolved anew."""
        ...

    async def pace_history(self, account_id: int, now: datetime) -> PaceHistory:
        """Return what the pace needs to know of an account; of each action only the newest."""
        ...

    async def floods(self, account_id: int) -> Sequence[Flood]:
        """Return every flood wait and PEER_FLOOD that Telegram answered, oldest first."""
        ...

    async def ended_since_resumed(self, task_id: int, limit: int) -> Sequence[Outcome]:
        """Return how the task's newest calls ended since the user last set it going, in order."""
        ...

    async def rows(self, wanted: LedgerFilter, offset: int, limit: int) -> Sequence[LedgerRow]:
        """Return a page of the execution log, newest first."""
        ...

    async def contacts_per_day(self, task_id: int | None) -> Mapping[str, int]:
        """Return the contacting attempts begun on each day, of one task or (None) of all.

        Days are ISO dates in UTC, in order; days without an attempt are left out.
        """
        ...
