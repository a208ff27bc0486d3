"""What screens and the command line show: ready-made values, with no way back to the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.domain.account_advice import advice_for
from invite_desktop.domain.accounts import Condition
from invite_desktop.domain.chats import Standing
from invite_desktop.domain.tasks import ChatRef
from invite_desktop.engine.ports.replies import NO_REPLIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account, AccountState, HealthEvent
    from invite_desktop.domain.attempts import Action
    from invite_desktop.domain.chats import ChatAddress, ChatInfo
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.pace import PaceDecision
    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.domain.shortening import Shortening
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask, TaskStatus
    from invite_desktop.engine.ports.replies import ReplyCounts


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """How many actions of one kind an account did in the last 24 hours, of how many allowed."""

    done: int
    allowed: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account as the Accounts tab shows it. ``busy_with`` names the task it works for.

    ``imports`` are the names of the audiences for which it reads lists from Telegram.

    ``next_actions`` say for each kind when it may come next, rests and budgets considered, and
    why not earlier. ``days_to_full_limits`` are the clean days until the daily limits are whole.
    ``photo`` is the profile photo as an image file, once a check has brought it.
    """

    account: Account
    state: AccountState
    busy_with: str | None
    today: Mapping[Action, BudgetUse]
    next_invite: PaceDecision
    condition: Condition = Condition.READY
    next_actions: Mapping[Action, PaceDecision] = field(default_factory=dict)
    trust: float = 1.0
    days_to_full_limits: int = 0
    last_trouble: HealthEvent | None = None
    no_network_since: datetime | None = None
    photo: bytes | None = field(default=None, repr=False)
    imports: tuple[str, ...] = ()

    @property
    def advice(self) -> Message | None:
        """Return what the user can do about the account's condition, None when nothing."""
        return advice_for(self.condition, self.account.note)


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """One account in the check of a chat; ``ready`` = admin with the right, and free to act.

    ``why`` says in words what keeps it from that, None when ready; ``until`` is when that ends.
    """

    account: Account
    standing: Standing
    ready: bool
    why: Message | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChatCheck:
    """The answer to "what is this link, and which accounts can invite there?".

    ``info`` is None when no account can see the chat.
    """

    address: ChatAddress
    info: ChatInfo | None
    accounts: Sequence[AccountStanding]
    problem: Message | None = None

    @property
    def ready(self) -> Sequence[AccountStanding]:
        """Return the accounts that can invite there now."""
        return [row for row in self.accounts if row.ready]

    @property
    def admins(self) -> Sequence[AccountStanding]:
        """Return the accounts with the right to invite, also those that rest."""
        return [row for row in self.accounts if row.standing is Standing.READY_ADMIN]

    def chat_ref(self) -> ChatRef | None:
        """Return the chat as a task keeps it, None when nobody can see it."""
        if self.info is None:
            return None
        return ChatRef(self.info.chat_id, self.info.title, self.info.kind, self.address)


@dataclass(frozen=True, slots=True)
class TaskView:
    """One row of the task list. ``speed_per_hour`` counts ends of targets in the last hour.

    ``replies`` is counted for the page of one task only.
    """

    task: InviteTask
    counters: Counters
    audience_name: str
    next_action_at: datetime | None = None
    expected_end: datetime | None = None
    speed_per_hour: float = 0.0
    replies: ReplyCounts = NO_REPLIES


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """The honest expectation before a start. ``days`` are days on which something is sent.

    ``a_day`` is what the accounts may do together on the first day, by the trust they have then;
    ``shorter`` are the changes that would save days.
    """

    people: int
    accounts_ready: int
    days: int
    done_at: datetime | None
    a_day: int = 0
    shorter: Sequence[Shortening] = ()


@dataclass(frozen=True, slots=True)
class TaskStatistics:
    """The numbers of one task; ``reasons`` is sorted, the most frequent first.

    ``by_account`` counts the people whom each account brought to an end. ``timeline`` counts
    contacting attempts by local hour (``2026-03-01T09``) while all of them lie within two days,
    else by ISO date. ``speed_per_hour`` and ``expected_end`` are those of the task's own page.
    """

    task: InviteTask
    counters: Counters
    reasons: Sequence[tuple[TargetState, OutcomeCode, int]]
    by_account: Mapping[str, int]
    timeline: Mapping[str, int]
    retention: Sequence[RetentionCount] = ()
    audience_name: str = ""
    speed_per_hour: float = 0.0
    expected_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountUse:
    """What one account did of its limits in the last 24 hours."""

    account: Account
    today: Mapping[Action, BudgetUse]


@dataclass(frozen=True, slots=True)
class AudienceYield:
    """How the people of one audience ended, over all tasks for it."""

    audience_id: int
    name: str
    counters: Counters


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers over all tasks.

    ``per_day`` counts contacting attempts by local ISO date, ``by_hour`` by the local hour of the
    day, 0 to 23. ``audiences``: the one that brought most first.
    """

    tasks: Mapping[TaskStatus, int]
    accounts: Mapping[AccountState, int]
    counters: Counters
    per_day: Mapping[str, int] = field(default_factory=dict)
    retention: Sequence[RetentionCount] = ()
    by_hour: Mapping[int, int] = field(default_factory=dict)
    limits: Sequence[AccountUse] = ()
    audiences: Sequence[AudienceYield] = ()


@dataclass(frozen=True, slots=True)
class AdministeredChat:
    """A chat whose members may be imported, through the account that administers it."""

    account: Account
    chat: ChatInfo


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """A person as the user typed her; an empty key means that she has none of this kind."""

    username: str = ""
    phone: str = ""
    telegram_id: str = ""
    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListImport:
    """What came of a file of people who must not be contacted; read = the sum of the others."""

    read: int
    added: int
    known: int
    invalid: int


@dataclass(frozen=True, slots=True)
class ListProgress:
    """How far the import of a do-not-contact list is: rows read, then people put on the list."""

    read: int
    put: int = 0
