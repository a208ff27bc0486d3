"""When an account may act next: pure functions over what the ledger says it did.

Telegram's limits are secret, dynamic and personal; these ceilings are ours, and hard.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import CONTACTING, LOOKING_UP, Action

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

GAP = timedelta(seconds=45)
"""The least time between two contacting actions of one account, and between two look-ups."""

JITTER = timedelta(seconds=30)
"""The most that is added to the gap by chance, so that actions do not tick like a clock."""

FLOOD_MARGIN = timedelta(seconds=300)
"""What a resting account adds to the wait that Telegram asked for."""

LONG_FLOOD_WAIT = timedelta(hours=1)
"""From this length on a flood wait halves the account's trust."""

PEER_FLOOD_REST = timedelta(hours=24)
"""The rest after a first PEER_FLOOD; each further one doubles it."""

STARTING_TRUST = 0.3
CLEAN_DAYS_TO_FULL_TRUST = 14
LEAST_TRUST = 0.05
_GROWTH = (1 - STARTING_TRUST) / CLEAN_DAYS_TO_FULL_TRUST


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most actions of one kind in any hour and any day; None = only the day counts."""

    per_hour: int | None
    per_day: int


CEILINGS: Mapping[Action, Ceiling] = {
    Action.INVITE: Ceiling(per_hour=5, per_day=50),
    Action.MESSAGE: Ceiling(per_hour=10, per_day=40),
    Action.LOOK_UP: Ceiling(per_hour=None, per_day=180),
    Action.CONTACT_IMPORT: Ceiling(per_hour=None, per_day=15),
}


class PaceReason(StrEnum):
    """What makes the account wait."""

    NOW = "now"
    GAP = "gap"
    HOUR = "hour"
    DAY = "day"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class PaceDecision:
    """The first moment at which an action is allowed, and what it waits for."""

    at: datetime
    reason: PaceReason


@dataclass(frozen=True, slots=True)
class PaceHistory:
    """What the ledger knows of one account: start times of its actions in the last day, UTC.

    Of each action the newest ones suffice, as many as its ceiling of a day. ``troubles`` are the
    times of its long flood waits and PEER_FLOODs since it was added, ``waits`` those of its
    shorter flood waits: they halve nothing, but the day on which one comes is not clean.
    ``free_look_ups`` belong to no target, and to no work on a list: they cost the budget of a day,
    but nothing keeps a gap to them.
    """

    added_at: datetime
    actions: Mapping[Action, Sequence[datetime]]
    troubles: Sequence[datetime] = ()
    waits: Sequence[datetime] = ()
    free_look_ups: Sequence[datetime] = ()

    def times_of(self, action: Action) -> Sequence[datetime]:
        """Return the start times of everything that costs the budget of an action."""
        times = self.actions.get(action, ())
        return (*times, *self.free_look_ups) if action is Action.LOOK_UP else times


@dataclass(frozen=True, slots=True)
class Flood:
    """A flood wait (``wait`` = what Telegram asked for) or a PEER_FLOOD (None) in the ledger."""

    at: datetime
    wait: timedelta | None = None


def trust(history: PaceHistory, now: datetime) -> float:
    """Return how much of the daily ceilings the account may use, 0.05 to 1.

    It starts at 0.3, grows evenly to 1 over 14 clean days, and every trouble halves it. The days
    are counted from the hour in which the account was added; one with a flood wait is not clean.
    """
    level, clean_days = _since_last_trouble(history, now)
    return _grown(level, clean_days)


def clean_days_to_full_trust(history: PaceHistory, now: datetime) -> int:
    """Return after how many more clean days the account may use the whole daily ceilings."""
    level, clean_days = _since_last_trouble(history, now)
    return max(0, math.ceil(round((1 - level) / _GROWTH, 6)) - clean_days)


def daily_budget(action: Action, level: float) -> int:
    """Return how many actions a day the account may do at a level of trust; at least one."""
    share = level if action in CONTACTING else 1.0
    # Fourteen additions of a fraction fall short of 1 by a hair, which must not cost an action.
    return max(1, math.floor(round(CEILINGS[action].per_day * share, 6)))


def next_allowed(action: Action, history: PaceHistory, now: datetime, seed: int) -> PaceDecision:
    """Return when the account may do the action next.

    Entries later than ``now`` (a clock set back) count as done just now, so no window can be
    cheated by the clock. The jitter is drawn from ``seed`` and the last action's time.
    """
    decision = PaceDecision(now, PaceReason.NOW)
    ceiling = CEILINGS[action]
    done = sorted(min(t, now) for t in history.times_of(action))
    windows = [(DAY, daily_budget(action, trust(history, now)), PaceReason.DAY)]
    if ceiling.per_hour is not None:
        windows.append((HOUR, ceiling.per_hour, PaceReason.HOUR))
    for window, most, reason in windows:
        if len(done) >= most:
            decision = _later(decision, PaceDecision(done[-most] + window, reason))
    if (last := _last_of_its_kind(action, history, now)) is not None:
        gap = GAP + JITTER * random.Random(f"{seed}:{last.timestamp()}").random()
        decision = _later(decision, PaceDecision(last + gap, PaceReason.GAP))
    return decision


def next_free_look_up(history: PaceHistory, now: datetime) -> datetime:
    """Return when the account may do a look-up that belongs to no target.

    Such a look-up is one that somebody waits for, and it keeps no gap. It leaves the day's last one
    to a task, which may have decided on it without having written it yet.
    """
    most = daily_budget(Action.LOOK_UP, trust(history, now)) - 1
    done = sorted(min(t, now) for t in history.times_of(Action.LOOK_UP))
    return max(now, done[-most] + DAY) if len(done) >= most else now


def peer_flood_rest(earlier: int) -> timedelta:
    """Return the rest after a PEER_FLOOD when there were ``earlier`` ones; at most 32 days."""
    doubled: int = 2 ** min(earlier, 5)
    return PEER_FLOOD_REST * doubled


def ordered_rest(floods: Sequence[Flood], now: datetime) -> tuple[datetime, Flood] | None:
    """Return until when Telegram's flood answers make an account rest, and because of which.

    ``floods`` are all of an account's, in any order; None when no rest is left.
    """
    ends: list[tuple[datetime, Flood]] = []
    limits = 0
    for flood in sorted(floods, key=lambda each: each.at):
        if flood.wait is None:
            ends.append((flood.at + peer_flood_rest(limits), flood))
            limits += 1
        else:
            ends.append((flood.at + flood.wait + FLOOD_MARGIN, flood))
    latest = max(ends, key=lambda end: end[0], default=None)
    return latest if latest is not None and latest[0] > now else None


def _since_last_trouble(history: PaceHistory, now: datetime) -> tuple[float, int]:
    """Return the trust right after the last trouble, and how many clean days ended since."""
    troubles = sorted(at for at in history.troubles if at <= now)
    waits = [at for at in history.waits if at <= now]
    spoilt = {(at - history.added_at) // DAY for at in (*troubles, *waits)}
    level, counted = STARTING_TRUST, 0
    for at in troubles:
        clean = _clean_days(history.added_at, at, spoilt)
        level = max(LEAST_TRUST, _grown(level, clean - counted) / 2)
        counted = clean
    return level, _clean_days(history.added_at, now, spoilt) - counted


def _clean_days(added_at: datetime, moment: datetime, spoilt: Collection[int]) -> int:
    """Return how many whole days without a flood wait have ended up to a moment."""
    ended = max(0, (moment - added_at) // DAY)
    return ended - sum(0 <= day < ended for day in spoilt)


def _grown(level: float, clean_days: int) -> float:
    return min(1.0, level + _GROWTH * clean_days)


def _last_of_its_kind(action: Action, history: PaceHistory, now: datetime) -> datetime | None:
    """Return the last contact for a contact, the last look-up for a look-up.

    Look-ups keep the gap among themselves, because bursts of them are punished for hours; a
    look-up and the invitation that follows it need none between them.
    """
    kinds = CONTACTING if action in CONTACTING else LOOKING_UP
    times = [min(t, now) for kind in kinds for t in history.actions.get(kind, ())]
    return max(times, default=None)


def _later(one: PaceDecision, other: PaceDecision) -> PaceDecision:
    return other if other.at > one.at else one
