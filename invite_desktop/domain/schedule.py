"""When a task may act: from a start time on, and within working hours of some time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))

MISSED_AFTER = timedelta(minutes=10)
"""A start that is late by more was missed: the program was closed, or the laptop asleep."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The part of the week in which a task acts.

    ``weekdays`` count from Monday, 0; ``begins`` and ``ends`` are wall clock time in ``zone`` (an
    IANA name). Hours that end no later than they begin go on past midnight and belong to the day on
    which they begin; equal times mean all day. Raises KnownError for no day or an unknown zone.
    """

    weekdays: frozenset[int] = WORKDAYS
    begins: time = time(9)
    ends: time = time(18)
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise KnownError(message("Choose at least one day of the week."))
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise KnownError(
                message("The time zone “{zone}” is not known here.", zone=self.zone),
                message("Choose one of the list."),
            ) from unknown


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a task starts by itself (UTC; None: only by hand), and its hours (None: all day)."""

    start_at: datetime | None = None
    hours: WorkingHours | None = None


ANY_TIME = Schedule()
"""Started by hand, at work day and night."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of working time, UTC; ``ends`` is no longer in it."""

    begins: datetime
    ends: datetime


def openings(hours: WorkingHours, moment: datetime) -> Iterator[Opening]:
    """Return the stretches of working time that are not over at a moment, in order, for ever."""
    zone = ZoneInfo(hours.zone)
    day = moment.astimezone(zone).date() - _DAY
    while True:
        if day.weekday() in hours.weekdays:
            last = day if hours.ends > hours.begins else day + _DAY
            # When clocks are set back an hour comes twice: begin with the first, end with the last.
            begins = datetime.combine(day, hours.begins, zone).astimezone(UTC)
            ends = datetime.combine(last, hours.ends, zone).replace(fold=1).astimezone(UTC)
            if moment < ends and begins < ends:
                yield Opening(begins, ends)
        day += _DAY


def next_open(hours: WorkingHours | None, moment: datetime) -> datetime:
    """Return the moment itself when it lies in working time, else when that begins again."""
    if hours is None:
        return moment
    return max(moment, next(openings(hours, moment)).begins)


def is_missed(start_at: datetime, now: datetime) -> bool:
    """Return whether a start is so late that the user has to be asked."""
    return now - start_at > MISSED_AFTER
