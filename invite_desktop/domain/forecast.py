"""How long a task will take at the pace its accounts may keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.pace import CEILINGS, DAY, GAP, HOUR, JITTER, daily_budget, trust
from invite_desktop.domain.schedule import openings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from invite_desktop.domain.attempts import Action
    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.domain.schedule import WorkingHours


_FORESEEN_DAYS = 3_000
"""Beyond so many days of work no end is foreseen."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days on which something is sent, and the moment of the last action (UTC).

    Without accounts nothing is ever done: 0 days, no moment. Beyond some years no moment is named.
    """

    days: int
    done_at: datetime | None


def forecast(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours | None = None,
) -> Forecast:
    """Return how long the accounts need for so many people, if they start now.

    Counts in days of 24 hours from ``now``; each account's trust grows with its days, and what it
    did in the last 24 hours is taken off its first day. Refusals and flood waits are not foreseen.
    """
    if not histories or people <= 0:
        return Forecast(0, now if histories else None)
    if hours is not None:
        return _forecast_in_hours(people, action, histories, now, hours)
    left, day = people, 0
    while True:
        budgets = [_budget(action, history, now, day) for history in histories]
        if left <= sum(budgets):
            end = now + day * DAY + _time_for(action, left, budgets)
            return Forecast(day + 1, end)
        left -= sum(budgets)
        day += 1
        if all(_is_at_its_most(history, now, day) for history in histories):
            # From here on every day is the same, so that long lists cost no long loop.
            whole, left = divmod(left - 1, len(histories) * CEILINGS[action].per_day)
            day, left = day + whole, left + 1


def slowest(
    people: Mapping[Action, int],
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours | None = None,
) -> tuple[Action, Forecast]:
    """Return which of several kinds of actions takes longest, and its forecast.

    ``people``: for how many each kind is needed. People known by phone only wait for the look-ups
    of a day, of which there are fewer than invitations.
    """
    expected = {
        action: forecast(count, action, histories, now, hours) for action, count in people.items()
    }
    return max(expected.items(), key=lambda pair: (pair[1].done_at is None, pair[1].done_at or now))


def _forecast_in_hours(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours,
) -> Forecast:
    """Count each stretch of working time as one day."""
    left, days = people, 0
    for opening in openings(hours, now):
        begins = max(opening.begins, now)
        day = (begins - now) // DAY
        budgets = [
            min(_budget(action, history, now, day), _room(action, opening.ends - begins))
            for history in histories
        ]
        if left <= sum(budgets):
            return Forecast(days + 1, begins + _time_for(action, left, budgets))
        left -= sum(budgets)
        days += any(budgets)
        if days > _FORESEEN_DAYS:
            return Forecast(days, None)
    raise AssertionError("there is always a next opening")


def _room(action: Action, time: timedelta) -> int:
    """Return how many actions one account can begin in a stretch of time."""
    between = GAP + JITTER / 2
    per_hour = CEILINGS[action].per_hour
    if per_hour is None:
        return time // between
    whole, rest = divmod(time, HOUR)
    return whole * per_hour + min(per_hour, -(-rest // between))


def _budget(action: Action, history: PaceHistory, now: datetime, day: int) -> int:
    budget = daily_budget(action, trust(history, now + day * DAY))
    if day > 0:
        return budget
    done = sum(moment > now - DAY for moment in history.times_of(action))
    return max(0, budget - done)


def _is_at_its_most(history: PaceHistory, now: datetime, day: int) -> bool:
    return trust(history, now + day * DAY) >= 1.0


def _time_for(action: Action, people: int, budgets: Sequence[int]) -> timedelta:
    """Return the part of a day in which the accounts share the last people evenly."""
    active = sum(1 for budget in budgets if budget) or 1
    each = min(-(-people // active), max(budgets))
    per_hour = CEILINGS[action].per_hour
    between = GAP + JITTER / 2
    if per_hour is None:
        return each * between
    hours, rest = divmod(max(0, each - 1), per_hour)
    return hours * HOUR + (rest + 1) * between
