"""What the report of one task says: its settings, its basis, its numbers, and everybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import CEILINGS, GAP
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskKind
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.reports import Bar, Meaning, Part
from invite_desktop.engine.ports.tables import Table
from invite_desktop.engine.report_words import MEANINGS, count_facts, funnel, over_time
from invite_desktop.engine.task_work import ACTION_OF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.people import Person
    from invite_desktop.domain.schedule import WorkingHours
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.ports.links import LinkCounts, TaskLink
    from invite_desktop.engine.ports.replies import ReplyCounts
    from invite_desktop.engine.ports.reports import Chart, Fact
    from invite_desktop.engine.ports.tables import Cell
    from invite_desktop.engine.report_words import Wording
    from invite_desktop.engine.views import TaskStatistics

PEOPLE_WIDTHS = (6, 20, 18, 13, 15, 13, 33, 17, 20)
"""The room of the columns of people, in proportion."""

_WEEKDAYS = (
    message("Mon"),
    message("Tue"),
    message("Wed"),
    message("Thu"),
    message("Fri"),
    message("Sat"),
    message("Sun"),
)


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Everything that is known of a task when its report is written.

    ``account_names`` are by account id; ``audience`` is None when nobody knows it any more.
    """

    statistics: TaskStatistics
    audience: Audience | None
    link: TaskLink | None
    joined_by_link: LinkCounts
    replies: ReplyCounts
    account_names: Mapping[int, str]

    @property
    def task(self) -> InviteTask:
        """Return the task itself."""
        return self.statistics.task


def task_parts(say: Wording, facts: TaskFacts) -> Sequence[Part]:
    """Return the parts that stand before the people."""
    return (
        Part(say.show(message("Settings")), _settings(say, facts)),
        Part(say.show(message("Basis")), _basis(say, facts.audience)),
        Part(say.show(message("Numbers")), _numbers(say, facts)),
        Part(say.show(message("How it went")), charts=_charts(say, facts.statistics)),
    )


def people_table(say: Wording, facts: TaskFacts, people: AsyncIterator[Target]) -> Table:
    """Return everybody of the task with outcome and reason, in the order of the task."""
    headers = (
        message("No."),
        message("Name"),
        message("Username"),
        message("Phone"),
        message("Telegram ID"),
        message("Status"),
        message("Reason"),
        message("Account"),
        message("Time"),
    )

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        states = {state: say.titled(state) for state in TargetState}
        reasons = {code: say.titled(code) for code in OutcomeCode}
        number = 0
        async for target in people:
            number += 1
            yield [
                number,
                *_keys(target.person),
                states[target.state],
                reasons[target.outcome] if target.outcome else "",
                _account(target.account_id, facts.account_names),
                target.changed_at,
            ]

    title = say.show(message("The people"))
    return Table(title, [say.show(header) for header in headers], rows())


def _keys(person: Person) -> Sequence[Cell]:
    """Return a person's name and keys; ids are texts, which a spreadsheet does not round."""
    keys = person.keys
    return [
        person.full_name or f"{person.first_name} {person.last_name}".strip(),
        keys.username or "",
        keys.phone or "",
        str(keys.telegram_id or ""),
    ]


def _account(account_id: int | None, names: Mapping[int, str]) -> str:
    return names.get(account_id, f"#{account_id}") if account_id else ""


def _settings(say: Wording, facts: TaskFacts) -> Sequence[Fact]:
    task = facts.task
    hours = task.schedule.hours
    chat = task.chat
    return say.facts(
        (message("Task"), task.name),
        (message("Kind"), say.titled(task.kind)),
        (message("Chat"), chat.title if chat else None),
        (message("Address of the chat"), str(chat.address) if chat else None),
        (message("Kind of chat"), say.titled(chat.kind) if chat else None),
        (message("Message"), task.text),
        (message("Attachment"), task.attachment.replace("\\", "/").rpartition("/")[2]),
        (message("Status"), say.titled(task.status)),
        (message("Why"), _why(say, task)),
        (message("Priority"), say.titled(task.priority)),
        (message("Created"), task.created_at),
        (message("Starts by itself"), task.schedule.start_at),
        (message("Started"), task.started_at),
        (message("Finished"), task.finished_at),
        (message("Took"), _lasted(say, task.started_at, task.finished_at)),
        (message("Expected end"), facts.statistics.expected_end),
        (message("Working hours"), _hours(say, hours) if hours else None),
        (message("Pace of each account"), _pace(say, task.kind)),
        (message("Accounts that took part"), ", ".join(facts.statistics.by_account)),
        (message("Invite link"), facts.link.address if facts.link else None),
    )


def _why(say: Wording, task: InviteTask) -> str:
    reason = task.situation.reason
    return say.titled(reason) if reason else ""


def _lasted(say: Wording, began: datetime | None, ended: datetime | None) -> str:
    if began is None or ended is None or ended - began < timedelta(minutes=1):
        return ""
    return say.written(ended - began)


def _hours(say: Wording, hours: WorkingHours) -> str:
    return say.show(
        message(
            "{days}, {begins} to {ends} ({zone})",
            days=", ".join(say.show(_WEEKDAYS[day]) for day in sorted(hours.weekdays)),
            begins=hours.begins.isoformat("minutes"),
            ends=hours.ends.isoformat("minutes"),
            zone=hours.zone,
        )
    )


def _pace(say: Wording, kind: TaskKind) -> str:
    ceiling = CEILINGS[ACTION_OF[kind]]
    return say.show(
        message(
            "at most {hour} an hour and {day} a day, {gap} s between two",
            hour=ceiling.per_hour,
            day=ceiling.per_day,
            gap=int(GAP.total_seconds()),
        )
    )


def _basis(say: Wording, audience: Audience | None) -> Sequence[Fact]:
    if audience is None:
        return ()
    return say.facts(
        (message("Audience"), audience.name),
        (message("Why these people may be contacted"), say.titled(audience.basis)),
        (message("Source"), audience.source),
        (message("Kind of source"), say.titled(audience.origin)),
        (message("Saved"), audience.created_at),
        (message("People in the audience now"), audience.people),
        (message("Tags of the audience"), ", ".join(audience.tags)),
    )


def _numbers(say: Wording, facts: TaskFacts) -> Sequence[Fact]:
    statistics, kind = facts.statistics, facts.task.kind
    more: list[tuple[Message, Cell]] = []
    if facts.task.status in ACTIVE_STATUSES:
        more.append((message("People in the last hour"), round(statistics.speed_per_hour)))
    if facts.link is not None:
        more.append((message("Came by the link"), facts.joined_by_link.came))
    if kind is TaskKind.MESSAGE:
        more.append((message("Answered"), facts.replies.replied))
        more.append((message("Answered that they want no messages"), facts.replies.opted_out))
    counts = count_facts(say, statistics.counters, kind, statistics.retention)
    return [*counts, *say.facts(*more)]


def _charts(say: Wording, statistics: TaskStatistics) -> Sequence[Chart]:
    counters, total = statistics.counters, statistics.counters.total
    title = message("From the list to the chat")
    reasons = [
        Bar(say.titled(code), count, MEANINGS[state], say.show(words_for(state)))
        for state, code, count in statistics.reasons
    ]
    shares = sorted(statistics.by_account.items(), key=lambda pair: (-pair[1], pair[0]))
    charts = (
        funnel(say, title, counters, statistics.task.kind, statistics.retention),
        say.chart(message("Reasons"), reasons, total),
        say.chart(message("By account"), [Bar(n, c, Meaning.PLAIN) for n, c in shares]),
        over_time(say, statistics.timeline),
    )
    return [chart for chart in charts if chart.bars]
