"""Each number of the product, defined once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import OPEN_STATES, OutcomeCode, TargetState

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Counters:
    """How many targets of a task (or of several) stand where, by state and reason.

    The reason is the outcome code that ended the target, None for open targets.
    """

    by_reason: Mapping[tuple[TargetState, OutcomeCode | None], int]

    def count(self, state: TargetState) -> int:
        """Return the targets in one state."""
        return sum(n for (where, _), n in self.by_reason.items() if where is state)

    @property
    def total(self) -> int:
        """Return all targets."""
        return sum(self.by_reason.values())

    @property
    def pending(self) -> int:
        """Return the targets nobody has begun."""
        return self.count(TargetState.PENDING)

    @property
    def in_work(self) -> int:
        """Return the targets claimed by a runner now."""
        return self.count(TargetState.IN_WORK)

    @property
    def processed(self) -> int:
        """Return the targets that have an end: total - pending - in work."""
        return self.total - sum(self.count(state) for state in OPEN_STATES)

    @property
    def accepted(self) -> int:
        """Return the invitations that Telegram accepted, verified or not ("invited")."""
        return self.count(TargetState.INVITED) + self.joined

    @property
    def joined(self) -> int:
        """Return the invited people whose membership was verified."""
        return self.count(TargetState.JOINED)

    @property
    def sent(self) -> int:
        """Return the messages that Telegram accepted."""
        return self.count(TargetState.SENT)

    @property
    def already_member(self) -> int:
        """Return the people who were in the chat before."""
        return self.count(TargetState.ALREADY_MEMBER)

    @property
    def skipped(self) -> int:
        """Return the people left out by a rule of Telegram's or ours."""
        return self.count(TargetState.SKIPPED)

    @property
    def left_alone(self) -> int:
        """Return the people for whom nothing was to be done: skipped, or in the chat before."""
        return self.skipped + self.already_member

    @property
    def failed(self) -> int:
        """Return the people for whom it did not work."""
        return self.count(TargetState.FAILED)

    @property
    def uncertain(self) -> int:
        """Return the people of whom nobody can know whether it worked."""
        return self.count(TargetState.UNCERTAIN)

    @property
    def progress(self) -> float:
        """Return processed / total, 0 to 1; 0 for a task without targets."""
        return self.processed / self.total if self.total else 0.0

    @property
    def done(self) -> int:
        """Return what Telegram accepted: invitations and messages."""
        return self.accepted + self.sent

    @property
    def success(self) -> float | None:
        """Return done / (done + failed), where done = accepted or sent; None before any."""
        tried = self.done + self.failed
        return self.done / tried if tried else None

    @property
    def gained(self) -> float | None:
        """Return done / processed: what share of the people it worked for; None before any."""
        return self.done / self.processed if self.processed else None
