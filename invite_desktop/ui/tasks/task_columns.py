"""What the task list shows of each task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskKind, TaskReason, TaskStatus
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.tones import TASK_TONES
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.views import TaskView


def task_columns(now: Callable[[], datetime]) -> Sequence[Column[TaskView]]:
    """Return the columns; ``now`` is the program's clock."""

    def moment(value: datetime | None) -> str:
        return "" if value is None else translator().moment(value, now())

    return (
        Column(lambda: tr("Task"), lambda view: view.task.name, 0),
        Column(lambda: tr("Kind"), _kind, 12),
        Column(lambda: tr("Chat"), _chat, 11),
        Column(
            lambda: tr("Status"),
            lambda view: titled(view.task.status),
            13,
            tone=lambda view: TASK_TONES[view.task.status],
            hint=situation_words,
        ),
        Column(
            lambda: tr("Progress"),
            lambda view: translator().percent(view.counters.progress),
            13,
            sort=lambda view: view.counters.progress,
            share=lambda view: view.counters.progress,
            tone=_progress_tone,
            hint=counts_words,
        ),
        Column(
            lambda: tr("People"),
            people_words,
            10,
            sort=lambda view: view.counters.total,
            hint=counts_words,
        ),
        Column(
            lambda: tr("Speed"),
            _speed_words,
            9,
            sort=lambda view: view.speed_per_hour,
            hint=lambda _: tr("People who came to their end in the last hour"),
        ),
        Column(
            lambda: tr("Next action"),
            lambda view: moment(next_moment(view)),
            13,
            sort=lambda view: str(next_moment(view) or ""),
        ),
        Column(
            lambda: tr("Expected end"),
            lambda view: moment(view.expected_end),
            13,
            sort=lambda view: str(view.expected_end or ""),
        ),
        Column(
            lambda: tr("Priority"),
            lambda view: titled(view.task.priority),
            10,
            sort=lambda view: int(view.task.priority),
        ),
        Column(
            lambda: tr("Created"),
            lambda view: moment(view.task.created_at),
            14,
            sort=lambda view: view.task.created_at.isoformat(),
        ),
    )


_EXPLAINED = frozenset({TaskStatus.READY, TaskStatus.WAITING, TaskStatus.PAUSED, TaskStatus.FAILED})
"""Statuses that a reason explains; others may still carry the reason of an earlier one."""

CREATED_COLUMN = 10
"""The position of the column by which the list is sorted at first."""

HIDDEN_FIRST = (6, 9, 1, 10, 8, 2, 7)
"""Positions of the columns that a narrow window does without, the least important first."""


def next_moment(view: TaskView) -> datetime | None:
    """Return when a task acts next, or starts by itself; None when that is nowhere written."""
    if view.task.status is TaskStatus.READY:
        return view.task.schedule.start_at
    if view.task.status not in ACTIVE_STATUSES:
        return None
    return view.next_action_at or view.task.situation.until


def people_words(view: TaskView) -> str:
    """Return how many of the people have an end."""
    return tr("{done} of {total}", done=view.counters.processed, total=view.counters.total)


def counts_words(view: TaskView) -> str:
    """Return the counters in one sentence."""
    counters = view.counters
    parts = [
        tr_n("{count} message sent", "{count} messages sent", counters.sent)
        if view.task.kind is TaskKind.MESSAGE
        else tr(
            "invited: {invited}, joined: {joined}",
            invited=counters.accepted,
            joined=counters.joined,
        ),
        tr("skipped or there already: {count}", count=counters.left_alone),
        tr("failed: {count}", count=counters.failed),
    ]
    if counters.uncertain:
        parts.append(tr("uncertain: {count}", count=counters.uncertain))
    return ", ".join(parts)


def situation_words(view: TaskView) -> str:
    """Return the status with its reason, as one sentence a person can act on."""
    situation = view.task.situation
    words = titled(situation.status)
    if situation.status not in _EXPLAINED:
        return words
    if situation.reason is not TaskReason.NONE:
        words = f"{words}: {named(situation.reason)}"
    return f"{words} ({situation.detail})" if situation.detail else words


def _speed_words(view: TaskView) -> str:
    if view.task.status not in ACTIVE_STATUSES:
        return ""
    return tr("{count} an hour", count=round(view.speed_per_hour))


def _kind(view: TaskView) -> str:
    return tr("Messages") if view.task.kind is TaskKind.MESSAGE else tr("Invitations")


def _chat(view: TaskView) -> str:
    return view.task.chat.title if view.task.chat else ""


def _progress_tone(view: TaskView) -> Tone:
    return Tone.GOOD if view.task.status is TaskStatus.COMPLETED else Tone.ACTIVE
