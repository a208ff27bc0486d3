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
