"""The user's own Telegram accounts and the states they can be in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class AccountState(StrEnum):
    """What stands between an account and its next action; stored, except busy and no network."""

    READY = "ready"
    RESTING = "resting"
    LIMITED = "limited"
    FROZEN = "frozen"
    BANNED = "banned"
    LOGGED_OUT = "logged_out"
    SWITCHED_OFF = "switched_off"


RETURNING_STATES = frozenset({AccountState.RESTING, AccountState.LIMITED})
"""States that end by themselves when their time is over."""

LOST_STATES = frozenset({AccountState.FROZEN, AccountState.BANNED, AccountState.LOGGED_OUT})
"""States that only Telegram or a new log-in can end."""

BY_USER = "by_user"
"""The note of a rest that the user ordered; she alone may end it before its time."""


class Condition(StrEnum):
    """What the user sees of an account: its stored state, or what it does or lacks right now."""

    READY = "ready"
    BUSY = "busy"
    RESTING = "resting"
    LIMITED = "limited"
    FROZEN = "frozen"
    BANNED = "banned"
    LOGGED_OUT = "logged_out"
    SWITCHED_OFF = "switched_off"
    NO_NETWORK = "no_network"


class Actor(StrEnum):
    """Who changed the state of an account."""

    TELEGRAM = "telegram"
    USER = "user"
    PROGRAM = "program"


class HealthFact(StrEnum):
    """What an entry of an account's health history tells."""

    ADDED = "added"
    STATE = "state"
    TROUBLE = "trouble"
    NO_NETWORK = "no_network"
    NETWORK_BACK = "network_back"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Profile:
    """A Telegram user's public face. ``phone`` in E.164, empty when Telegram hides it."""

    telegram_id: int
    first_name: str
    last_name: str = ""
    username: str | None = None
    phone: str = ""

    @property
    def label(self) -> str:
        """Return the words by which an account is shown: its name, else a key."""
        name = f"{self.first_name} {self.last_name}".strip()
        return name or (f"@{self.username}" if self.username else self.phone)


@dataclass(frozen=True, slots=True)
class Account:
    """One logged-in account. ``until`` is the end of a resting or limited state, UTC.

    ``note`` keeps the code of the last trouble (an OutcomeCode's value), empty when all is well.
    """

    id: int
    profile: Profile
    state: AccountState
    added_at: datetime
    until: datetime | None = None
    note: str = ""

    def state_at(self, now: datetime) -> AccountState:
        """Return the state at a moment: a rest that is over is ready again."""
        over = self.until is not None and self.until <= now
        return AccountState.READY if self.state in RETURNING_STATES and over else self.state

    def is_ready(self, now: datetime) -> bool:
        """Return whether nothing but the pace keeps the account from acting."""
        return self.state_at(now) is AccountState.READY

    @property
    def rests_by_user(self) -> bool:
        """Return whether the rest under way, if any, is one that the user ordered."""
        return self.note == BY_USER


@dataclass(frozen=True, slots=True)
class HealthEvent:
    """One entry of an account's health history.

    ``state`` and ``until`` are those that began then, for a trouble those that it asked for and
    that something longer outlasts. ``note`` is an OutcomeCode's value, BY_USER or empty;
    ``detail`` the technical name of Telegram's answer. Times are UTC.
    """

    id: int
    account_id: int
    at: datetime
    fact: HealthFact
    state: AccountState
    by: Actor
    until: datetime | None = None
    note: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an account's state: to what, until when, why and by whom."""

    state: AccountState
    until: datetime | None = None
    note: str = ""
    by: Actor = Actor.PROGRAM
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """An account's time without Telegram: since when, the last try that failed, and how many."""

    since: datetime
    last_try: datetime
    tries: int = 1


def condition_of(state: AccountState, *, busy: bool = False, no_network: bool = False) -> Condition:
    """Return what to show of an account: what keeps it from acting comes before what it does."""
    if state is not AccountState.READY:
        return Condition(state.value)
    if no_network:
        return Condition.NO_NETWORK
    return Condition.BUSY if busy else Condition.READY
