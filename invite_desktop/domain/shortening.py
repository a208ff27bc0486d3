"""What would make a task take fewer days, within the same limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.forecast import Forecast, forecast
from invite_desktop.domain.pace import CEILINGS, DAY, HOUR, PaceHistory, clean_days_to_full_trust
from invite_desktop.domain.pace import trust as trust_at
from invite_desktop.domain.schedule import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from invite_desktop.domain.attempts import Action
    from invite_desktop.domain.schedule import Schedule, WorkingHours

_MOST_CLEAN_DAYS = 60
"""Further than this nobody plans; an account in trouble needs 28 clean days at the most."""

_MINUTES_OF_A_DAY = 24 * 60


class ShorteningKind(StrEnum):
    """What could be changed; nothing here goes round a limit."""

    ANOTHER_ACCOUNT = "another_account"
    LONGER_HOURS = "longer_hours"
    EVERY_DAY = "every_day"
    FULL_TRUST = "full_trust"


@dataclass(frozen=True, slots=True)
class Shortening:
    """One change, and what the same task would then take.

    ``hours`` are the working hours that it means; ``at`` is when the accounts may do their whole
    daily number (UTC), from which the forecast counts.
    """

    kind: ShorteningKind
    expected: Forecast
    hours: WorkingHours | None = None
    at: datetime | None = None


def shortenings(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    schedule: Schedule,
) -> Sequence[Shortening]:
    """Return the changes that each save at least a day, by the same forecast as the plan's.

    ``now`` is when the task would start. Without a ready account there is nothing to shorten.
    """
    if not histories:
        return ()
    usual = forecast(people, action, histories, now, schedule.hours)

    def saves(change: Shortening) -> bool:
        if change.expected.days < usual.days:
            return True
        ends, usually = change.expected.done_at, usual.done_at
        return ends is not None and usually is not None and usually - ends >= DAY

    found = (
        _another_account(people, action, histories, now, schedule.hours),
        *_other_hours(people, action, histories, now, schedule.hours),
        *_after_full_trust(people, action, histories, now, schedule.hours),
    )
    return [each for each in found if saves(each)]


def _another_account(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours | None,
) -> Shortening:
    # A further account of the user's begins as every new one does.
    more = [*histories, PaceHistory(now, {})]
    expected = forecast(people, action, more, now, hours)
    return Shortening(ShorteningKind.ANOTHER_ACCOUNT, expected)


def _other_hours(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours | None,
) -> Iterator[Shortening]:
    if hours is None:
        return
    if (longer := _longer(hours, action)) is not None:
        expected = forecast(people, action, histories, now, longer)
        yield Shortening(ShorteningKind.LONGER_HOURS, expected, longer)
    if hours.weekdays != EVERY_DAY:
        daily = replace(hours, weekdays=EVERY_DAY)
        expected = forecast(people, action, histories, now, daily)
        yield Shortening(ShorteningKind.EVERY_DAY, expected, daily)


def _after_full_trust(
    people: int,
    action: Action,
    histories: Sequence[PaceHistory],
    now: datetime,
    hours: WorkingHours | None,
) -> Iterator[Shortening]:
    at = full_trust_at(histories, now)
    if at is not None and at > now:
        expected = forecast(people, action, histories, at, hours)
        yield Shortening(ShorteningKind.FULL_TRUST, expected, hours, at)


def full_trust_at(histories: Sequence[PaceHistory], now: datetime) -> datetime | None:
    """Return from when on all accounts may do their whole daily number; None if not foreseen."""
    moments = [_full_trust_of(history, now) for history in histories]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def _full_trust_of(history: PaceHistory, now: datetime) -> datetime | None:
    left = clean_days_to_full_trust(history, now)
    if left == 0:
        return now
    ended = max(0, (now - history.added_at) // DAY)
    for days in range(left, _MOST_CLEAN_DAYS):  # a day that is spoilt already does not count
        moment = history.added_at + (ended + days) * DAY
        if moment > now and trust_at(history, moment) >= 1.0:
            return moment
    return None


def _longer(hours: WorkingHours, action: Action) -> WorkingHours | None:
    """Return the same days with the hours that a whole daily number needs, None if they have it."""
    ceiling = CEILINGS[action]
    if ceiling.per_hour is None:
        return None
    needed = -(-ceiling.per_day // ceiling.per_hour)
    if _length(hours) >= needed * HOUR:
        return None
    return replace(hours, ends=time((hours.begins.hour + needed) % 24, hours.begins.minute))


def _length(hours: WorkingHours) -> timedelta:
    """Return how long one day's hours are; equal times mean the whole day."""
    minutes = (hours.ends.hour - hours.begins.hour) * 60 + hours.ends.minute - hours.begins.minute
    return timedelta(minutes=minutes % _MINUTES_OF_A_DAY or _MINUTES_OF_A_DAY)
