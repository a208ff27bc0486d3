"""The ledger: one row a call to Telegram, written before the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.outcomes import OutcomeCode
    from invite_desktop.domain.people import PersonKeys


class Action(StrEnum):
    """The calls that cost a budget, and so stand in the ledger."""

    INVITE = "invite"
    MESSAGE = "message"
    LOOK_UP = "look_up"
    CONTACT_IMPORT = "contact_import"


CONTACTING = frozenset({Action.INVITE, Action.MESSAGE})
"""Actions that the person on the other side can notice; they keep the gap between actions."""

LOOKING_UP = frozenset({Action.LOOK_UP, Action.CONTACT_IMPORT})
"""Actions that only find a person; they keep a gap of their own."""


def look_up_of(keys: PersonKeys) -> Action | None:
    """Return the call that finds a person by her best key; None when no call does."""
    if keys.username:
        return Action.LOOK_UP
    return Action.CONTACT_IMPORT if keys.phone else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the ledger. ``outcome`` is None while the call is in flight.

    ``random_id`` is Telegram's own guard against sending one message twice; 0 when not a message.
    Times are UTC.
    """

    id: int
    task_id: int
    target_id: int
    person_id: int
    account_id: int
    action: Action
    started_at: datetime
    random_id: int = 0
    ended_at: datetime | None = None
    outcome: OutcomeCode | None = None
    detail: str = ""
