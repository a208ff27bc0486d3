"""What the report over all tasks says: the whole, and one row a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import CONTACTING
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.reports import Bar, Meaning, Part
from invite_desktop.engine.ports.tables import Table
from invite_desktop.engine.report_words import count_facts, funnel, over_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from invite_desktop.engine.ports.reports import Chart
    from invite_desktop.engine.ports.tables import Cell
    from invite_desktop.engine.report_words import Wording
    from invite_desktop.engine.views import Overview, TaskView

TASK_WIDTHS = (20, 13, 13, 14, 12, 9, 14, 13, 12, 13, 13, 13, 9, 13, 13)
"""The room of the columns of tasks, in proportion."""

_STATUS_MEANINGS: Mapping[TaskStatus, Meaning] = {
    TaskStatus.PAUSED: Meaning.CARE,
    TaskStatus.COMPLETED: Meaning.GOOD,
    TaskStatus.FAILED: Meaning.BAD,
}
_ACCOUNT_MEANINGS: Mapping[AccountState, Meaning] = {
    AccountState.READY: Meaning.GOOD,
    AccountState.LIMITED: Meaning.CARE,
    AccountState.FROZEN: Meaning.BAD,
    AccountState.BANNED: Meaning.BAD,
    AccountState.LOGGED_OUT: Meaning.BAD,
}
_HOURS_OF_A_DAY = 24


def overall_parts(say: Wording, overview: Overview) -> Sequence[Part]:
    """Return the parts that stand before the tasks."""
    counts = count_facts(say, overview.counters, None, overview.retention)
    return (
        Part(say.show(message("Numbers")), counts),
        Part(say.show(message("How it went")), charts=_charts(say, overview)),
    )


def tasks_table(say: Wording, views: Sequence[TaskView]) -> Table:
    """Return the tasks with their numbers, newest first."""
    headers = (
        message("Task"),
        message("Kind"),
        message("Chat"),
        message("Audience"),
        message("Status"),
        message("People"),
        message("Processed"),
        message("Invited"),
        message("Joined"),
        message("Messages sent"),
        message("Skipped or there already"),
        message("Failed"),
        message("Success"),
        message("Created"),
        message("Finished"),
    )

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        for view in views:
            yield _task_cells(say, view)

    return Table(say.show(message("Tasks")), [say.show(header) for header in headers], rows())


def _task_cells(say: Wording, view: TaskView) -> Sequence[Cell]:
    task, counters = view.task, view.counters
    return [
        task.name,
        say.titled(task.kind),
        task.chat.title if task.chat else "",
        view.audience_name,
        say.titled(task.status),
        counters.total,
        counters.processed,
        counters.accepted,
        counters.joined,
        counters.sent,
        counters.left_alone,
        counters.failed,
        say.share(counters.success),
        task.created_at,
        task.finished_at,
    ]


def _charts(say: Wording, overview: Overview) -> Sequence[Chart]:
    states = [
        Bar(say.titled(status), overview.tasks[status], _STATUS_MEANINGS.get(status, Meaning.PLAIN))
        for status in TaskStatus
        if overview.tasks.get(status)
    ]
    hours = [Bar(f"{hour:02}:00", overview.by_hour.get(hour, 0)) for hour in range(_HOURS_OF_A_DAY)]
    title = message("From the lists to the chats")
    charts = (
        funnel(say, title, overview.counters, None, overview.retention),
        say.chart(message("Tasks by state"), states),
        over_time(say, overview.per_day),
        say.chart(message("By hour of the day"), hours if overview.by_hour else (), over_time=True),
        _accounts(say, overview),
        _limits(say, overview),
        _audiences(say, overview),
    )
    return [chart for chart in charts if chart.bars]


def _accounts(say: Wording, overview: Overview) -> Chart:
    bars = [
        Bar(say.titled(state), count, _ACCOUNT_MEANINGS.get(state, Meaning.PLAIN))
        for state, count in sorted(overview.accounts.items())
        if count
    ]
    return say.chart(message("Accounts by state"), bars)


def _limits(say: Wording, overview: Overview) -> Chart:
    bars = [
        Bar(
            f"{use.account.profile.label}: {say.show(words_for(action))}",
            use.today[action].done,
            note=say.show(message("of {allowed}", allowed=use.today[action].allowed)),
        )
        for use in overview.limits
        for action in sorted(CONTACTING)
        if use.today[action].done
    ]
    most = max((u.today[a].allowed for u in overview.limits for a in CONTACTING), default=None)
    return say.chart(message("Accounts against today's limits"), bars, most)


def _audiences(say: Wording, overview: Overview) -> Chart:
    bars = [
        Bar(row.name, row.counters.done, Meaning.GOOD, say.share(row.counters.gained))
        for row in overview.audiences
        if row.counters.processed
    ]
    return say.chart(message("Audiences by yield"), bars)
