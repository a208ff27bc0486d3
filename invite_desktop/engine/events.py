"""Facts that the engine announces, in the past tense; each screen decides what concerns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Event:
    """The root of all facts."""


@dataclass(frozen=True, slots=True)
class TaskChanged(Event):
    """A task was created, or its status or reason changed."""

    task_id: int


@dataclass(frozen=True, slots=True)
class TargetChanged(Event):
    """A target changed its state, and with it the counters of its task."""

    task_id: int
    target_id: int


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """An account was added or removed, or its state, budgets or occupation changed."""

    account_id: int


@dataclass(frozen=True, slots=True)
class AudiencesChanged(Event):
    """An audience was imported, changed or removed."""


@dataclass(frozen=True, slots=True)
class ImportAdvanced(Event):
    """An import under way has read so many rows."""

    rows: int


@dataclass(frozen=True, slots=True)
class ImportWaiting(Event):
    """An import from Telegram goes on at a moment that Telegram named."""

    until: datetime


@dataclass(frozen=True, slots=True)
class RepliesHeard(Event):
    """People have answered; the counts of replies may have changed."""


@dataclass(frozen=True, slots=True)
class BackupsChanged(Event):
    """A backup was made; older ones may be gone."""


@dataclass(frozen=True, slots=True)
class RestoreConfirmed(Event):
    """The user lets a restored database send again; what was sent since is known."""


@dataclass(frozen=True, slots=True)
class StartMissed(Event):
    """A task should have started by itself while the program was not running: ask the user."""

    task_id: int


@dataclass(frozen=True, slots=True)
class AttentionNeeded(Event):
    """Something stopped that only the user can set right."""

    message: Message
