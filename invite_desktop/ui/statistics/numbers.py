"""The engine's numbers as bars and tiles, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTime

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskKind, TaskStatus
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.tones import ACCOUNT_TONES, TARGET_TONES, TASK_TONES
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.bars import BarRow, bars
from invite_desktop.ui.widgets.column_chart import Point
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.views import BudgetUse, Overview, TaskStatistics

_STEPS_SHOWN = 48
"""Days or hours that a chart has room for."""


def tiles_of(counters: Counters) -> Sequence[tuple[str, str]]:
    """Return the seven headline numbers."""
    number = translator().number
    success = counters.success
    return (
        (number(counters.total), tr("People")),
        (number(counters.processed), tr("Processed")),
        (number(counters.done), tr("Invited or written to")),
        (number(counters.joined), tr("Joined")),
        (number(counters.left_alone), tr("Skipped or there already")),
        (number(counters.failed), tr("Failed")),
        ("–" if success is None else translator().percent(success), tr("Success")),
    )


def funnel(
    counters: Counters, kind: TaskKind | None, retention: Sequence[RetentionCount] = ()
) -> list[BarRow]:
    """Return the way from the whole list to those who came; None = tasks of both kinds."""
    parts = [
        ("total", tr("People"), counters.total, Tone.QUIET),
        ("processed", tr("Processed"), counters.processed, Tone.ACTIVE),
    ]
    if kind is not TaskKind.MESSAGE:
        parts.append(("invited", tr("Invited"), counters.accepted, Tone.GOOD))
        parts.append(("joined", tr("Joined"), counters.joined, Tone.GOOD))
        parts += [
            (f"stayed{of.days}", stayed_words(of.days), of.stayed, Tone.GOOD)
            for of in retention
            if of.share is not None
        ]
    if kind is not TaskKind.INVITE:
        parts.append(("sent", tr("Messages sent"), counters.sent, Tone.GOOD))
    if counters.uncertain:
        parts.append(("uncertain", tr("Uncertain"), counters.uncertain, Tone.CARE))
    return bars(parts, counters.total) if counters.total else []


def stayed_words(days: int) -> str:
    """Return what the number of those is called who were there after so many days."""
    return tr_n("Still there after {count} day", "Still there after {count} days", days)


def reasons(statistics: TaskStatistics) -> list[BarRow]:
    """Return why targets ended as they did, the most frequent first."""
    return bars(
        [
            (f"{state}/{code}", titled(code), count, TARGET_TONES[state])
            for state, code, count in statistics.reasons
        ],
        statistics.counters.total,
    )


def by_name(counts: Mapping[str, int]) -> list[BarRow]:
    """Return counts by a name, the greatest first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return bars([(name, name, count, Tone.ACTIVE) for name, count in ordered])


def in_time(counts: Mapping[str, int]) -> list[Point]:
    """Return counts by ISO date or by hour (``2026-03-01T09``) as points, the latest ones.

    Steps in which nothing happened are there too.
    """
    if not counts:
        return []
    step = timedelta(hours=1) if _is_hourly(counts) else timedelta(days=1)
    found = {datetime.fromisoformat(_whole(key)): count for key, count in counts.items()}
    first, last = min(found), max(found)
    first = max(first, last - step * (_STEPS_SHOWN - 1))
    steps = [first + step * number for number in range((last - first) // step + 1)]
    return [Point(_moment(moment, step), found.get(moment, 0)) for moment in steps]


def time_title(counts: Mapping[str, int]) -> str:
    """Return what the chart of such counts is called."""
    return tr("By hour") if _is_hourly(counts) else tr("By day")


def by_hour(counts: Mapping[int, int]) -> list[Point]:
    """Return counts by the hour of the day, all hours of it, none while there are none."""
    if not counts:
        return []
    return [Point(f"{hour:02}", counts.get(hour, 0)) for hour in range(24)]


def limits(overview: Overview) -> list[BarRow]:
    """Return what each account did today of what it may do."""
    return [
        _limit(use.account.profile.label, action, use.today[action])
        for use in overview.limits
        for action in (Action.INVITE, Action.MESSAGE)
    ]


def yields(overview: Overview) -> list[BarRow]:
    """Return what each audience brought, the best share first."""
    rows = [
        BarRow(
            str(row.audience_id),
            row.name,
            row.counters.done,
            row.counters.gained or 0.0,
            Tone.GOOD,
            tr(
                "{done} of {people}, {share}",
                done=row.counters.done,
                people=row.counters.processed,
                share=translator().percent(row.counters.gained or 0.0),
            ),
        )
        for row in overview.audiences
        if row.counters.processed
    ]
    return sorted(rows, key=lambda row: (-row.share, row.words))


def pace_words(statistics: TaskStatistics, now: datetime) -> str:
    """Return how fast a task is and when it is expected to end, nothing while it stands still."""
    words = []
    if statistics.task.status in ACTIVE_STATUSES:
        speed = round(statistics.speed_per_hour)
        words.append(tr_n("{count} person an hour", "{count} people an hour", speed))
    if statistics.expected_end is not None:
        shown = translator().moment(statistics.expected_end, now)
        words.append(tr("expected end {moment}", moment=shown))
    return "  ·  ".join(words)


def _limit(name: str, action: Action, use: BudgetUse) -> BarRow:
    share = use.done / max(use.allowed, 1)
    shown = tr("{done} of {allowed}", done=use.done, allowed=use.allowed)
    tone = Tone.CARE if use.done >= use.allowed else Tone.ACTIVE
    words = f"{name}: {named(action)}"
    return BarRow(f"{name}/{action}", words, use.done, min(share, 1.0), tone, shown)


def _is_hourly(counts: Mapping[str, int]) -> bool:
    return any("T" in step for step in counts)


def _whole(step: str) -> str:
    return f"{step}:00" if "T" in step else step


def _moment(moment: datetime, step: timedelta) -> str:
    if step < timedelta(days=1):
        return translator().locale.toString(QTime(moment.hour, 0), "HH:mm")
    return translator().day(moment.date(), year=False)


def task_states(overview: Overview) -> list[BarRow]:
    """Return how many tasks stand where."""
    return bars(
        [
            (status, titled(status), overview.tasks[status], TASK_TONES[status])
            for status in TaskStatus
            if overview.tasks.get(status)
        ]
    )


def account_states(overview: Overview) -> list[BarRow]:
    """Return how many accounts stand where."""
    return bars(
        [
            (state, titled(state), count, ACCOUNT_TONES[state])
            for state, count in sorted(overview.accounts.items())
            if count
        ]
    )
