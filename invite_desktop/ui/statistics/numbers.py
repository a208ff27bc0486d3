"""The engine's numbers as bars and tiles, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.tones import ACCOUNT_TONES, TARGET_TONES, TASK_TONES
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.bars import BarRow, bars
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.views import Overview, TaskStatistics

_DAYS_SHOWN = 60


def tiles_of(counters: Counters) -> Sequence[tuple[str, str]]:
    """Return the seven headline numbers."""
    number = translator().number
    success = counters.success
    return (
        (number(counters.total), tr("People")),
        (number(counters.processed), tr("Processed")),
        (number(counters.accepted + counters.sent), tr("Invited or written to")),
        (number(counters.joined), tr("Joined")),
        (number(counters.skipped + counters.already_member), tr("Skipped")),
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


def per_day(counts: Mapping[str, int]) -> list[BarRow]:
    """Return counts by ISO date, the latest first."""
    ordered = sorted(counts.items(), reverse=True)[:_DAYS_SHOWN]
    day = translator().day
    return bars([(key, day(date.fromisoformat(key)), n, Tone.ACTIVE) for key, n in ordered])


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
