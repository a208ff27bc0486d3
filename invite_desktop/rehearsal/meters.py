"""What an account has used up of what is tolerated, and what it is thought of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.rehearsal.limit_rules import LimitRules, ScoreRules, Vessel

_HOUR, _DAY = 3600.0, 86400.0
_MOST_DOUBLINGS = 6


@dataclass(slots=True)
class Level:
    """How full the vessel of an account and method is, and how often it has run over.

    ``at`` and ``struck_at`` are unix times of the world.
    """

    at: float
    amount: float = 0.0
    strikes: float = 0
    struck_at: float = 0.0

    def sink(self, now: float, vessel: Vessel) -> None:
        """Let the vessel empty until now."""
        hours = max(0.0, now - self.at) / _HOUR
        self.amount = max(0.0, self.amount - vessel.empties * hours)
        self.at = now

    def strike(self, now: float, vessel: Vessel, rules: LimitRules) -> int:
        """Take note that the vessel runs over, and return how many seconds that costs."""
        forgiven = int(max(0.0, now - self.struck_at) / rules.forgives)
        self.strikes = max(0, self.strikes - forgiven) + 1
        self.struck_at = now
        wait = vessel.first_wait * rules.growth ** min(self.strikes - 1, 64)
        return int(max(1, min(wait, rules.longest_wait)))

    def row(self) -> tuple[float, float, float, float]:
        """Return the values to keep, in the order of the fields."""
        return self.at, round(self.amount, 4), self.strikes, self.struck_at


@dataclass(slots=True)
class Standing:
    """The hidden score of an account.

    ``seen_at`` is its first contact, ``speed`` about how many it made in the last hour,
    ``limited_until`` the end of a PEER_FLOOD, of which it has had ``floods``.
    """

    at: float
    seen_at: float
    score: float = 0.0
    speed: float = 0.0
    limited_until: float = 0.0
    floods: float = 0

    def decay(self, now: float, rules: ScoreRules) -> None:
        """Let score and speed fall until now."""
        passed = max(0.0, now - self.at)
        self.score *= 0.5 ** (passed / rules.halves)
        self.speed *= max(0.0, 1 - passed / _HOUR)
        self.at = now

    def is_flooded(self, now: float, rules: ScoreRules) -> bool:
        """Return whether the account is limited, which begins when its score is too high."""
        if now >= self.limited_until and self.score > self.threshold(now, rules):
            self.limited_until = now + rules.rests * 2 ** min(self.floods, _MOST_DOUBLINGS)
            self.floods += 1
        return now < self.limited_until

    def threshold(self, now: float, rules: ScoreRules) -> float:
        """Return the score that is tolerated at the account's age."""
        age = min(1.0, max(0.0, now - self.seen_at) / (rules.of_age * _DAY))
        return rules.fresh + (rules.mature - rules.fresh) * age

    def row(self) -> tuple[float, float, float, float, float, float]:
        """Return the values to keep, in the order of the fields."""
        return (
            self.at,
            self.seen_at,
            round(self.score, 4),
            round(self.speed, 4),
            self.limited_until,
            self.floods,
        )
