"""What every report has in common: its language, and charts of counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import Message, counted, message
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.reports import Bar, Chart, Fact, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from enum import Enum

    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.ports.tables import Cell

MEANINGS: Mapping[TargetState, Meaning] = {
    TargetState.PENDING: Meaning.QUIET,
    TargetState.IN_WORK: Meaning.PLAIN,
    TargetState.INVITED: Meaning.GOOD,
    TargetState.JOINED: Meaning.GOOD,
    TargetState.SENT: Meaning.GOOD,
    TargetState.ALREADY_MEMBER: Meaning.QUIET,
    TargetState.SKIPPED: Meaning.CARE,
    TargetState.FAILED: Meaning.BAD,
    TargetState.UNCERTAIN: Meaning.CARE,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The user's language: ``show`` puts a message, with all its values, into it.

    ``separator`` is what her spreadsheet expects between the cells of a CSV file.
    """

    show: Callable[[Message], str] = str
    language: str = "en"
    separator: str = ","

    def written(self, value: object) -> str:
        """Return a value as a person writes it, nothing for None."""
        return "" if value is None else self.show(Message("{value}", {"value": value}))

    def titled(self, member: Enum) -> str:
        """Return what to call a value that stands by itself, with a capital."""
        words = self.show(words_for(member))
        return words[:1].upper() + words[1:]

    def facts(self, *pairs: tuple[Message, Cell]) -> Sequence[Fact]:
        """Return named values without those that say nothing."""
        return [Fact(self.show(name), value) for name, value in pairs if value not in (None, "")]

    def share(self, share: float | None) -> str:
        """Return a share of 1 as a whole percentage, a dash while there is none."""
        return "–" if share is None else self.show(message("{share}%", share=round(share * 100)))

    def chart(
        self,
        title: Message,
        bars: Sequence[Bar],
        whole: int | None = None,
        *,
        over_time: bool = False,
    ) -> Chart:
        """Return a chart of people."""
        what, people = self.show(message("What")), self.show(message("People"))
        return Chart(self.show(title), what, people, bars, over_time, whole)


def count_facts(
    say: Wording,
    counters: Counters,
    kind: TaskKind | None,
    retention: Sequence[RetentionCount] = (),
) -> Sequence[Fact]:
    """Return the numbers as the domain defines them; no kind means tasks of both kinds."""
    facts: list[tuple[Message, Cell]] = [
        (message("People"), counters.total),
        (message("Waiting for their turn"), counters.pending),
        (message("In work"), counters.in_work),
        (message("Processed"), counters.processed),
        (message("Progress"), say.share(counters.progress)),
    ]
    if kind is not TaskKind.MESSAGE:
        facts += [
            (message("Invited"), counters.accepted),
            (message("Joined"), counters.joined),
            (message("Already members"), counters.already_member),
        ]
        facts += [(stayed_words(of.days), of.stayed) for of in retention if of.share is not None]
    if kind is not TaskKind.INVITE:
        facts.append((message("Messages sent"), counters.sent))
    facts += [
        (message("Skipped"), counters.skipped),
        (message("Failed"), counters.failed),
        (message("Uncertain"), counters.uncertain),
        (message("Success"), say.share(counters.success)),
    ]
    return say.facts(*facts)


def funnel(
    say: Wording,
    title: Message,
    counters: Counters,
    kind: TaskKind | None,
    retention: Sequence[RetentionCount] = (),
) -> Chart:
    """Return the way from the whole list to those who came."""
    bars = [
        (message("People"), counters.total, Meaning.QUIET),
        (message("Processed"), counters.processed, Meaning.PLAIN),
    ]
    if kind is not TaskKind.MESSAGE:
        bars.append((message("Invited"), counters.accepted, Meaning.GOOD))
        bars.append((message("Joined"), counters.joined, Meaning.GOOD))
        bars += [
            (stayed_words(of.days), of.stayed, Meaning.GOOD)
            for of in retention
            if of.share is not None
        ]
    if kind is not TaskKind.INVITE:
        bars.append((message("Messages sent"), counters.sent, Meaning.GOOD))
    if counters.uncertain:
        bars.append((message("Uncertain"), counters.uncertain, Meaning.CARE))
    return say.chart(title, [Bar(say.show(w), n, m) for w, n, m in bars], counters.total)


def stayed_words(days: int) -> Message:
    """Return what the number of those is called who were there after so many days."""
    return counted("Still there after {count} day", "Still there after {count} days", days)


def over_time(say: Wording, counts: Mapping[str, int]) -> Chart:
    """Return contacts by day, or by hour where the steps are hours (``2026-03-01T09``)."""
    bars = [Bar(_moment(say, step), count) for step, count in counts.items()]
    hourly = any("T" in step for step in counts)
    title = message("By hour") if hourly else message("By day")
    return say.chart(title, bars, over_time=True)


def _moment(say: Wording, step: str) -> str:
    if "T" in step:
        return say.written(datetime.fromisoformat(f"{step}:00").astimezone())
    return say.written(date.fromisoformat(step))
