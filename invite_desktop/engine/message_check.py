"""A message tried on everybody before it is sent to anybody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.templates import (
    MAX_MESSAGE_UNITS,
    personal_message,
    unknown_variables,
    variables_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.stores import AudienceStore

MOST_FAILURES = 1000
"""So many of the people are named for whom a message cannot be made; all are counted."""

_PART = 500
"""So many people are tried by a thread before it lets the others have their turn."""


@dataclass(frozen=True, slots=True)
class TextFailure:
    """Somebody for whom the message cannot be made, and why."""

    person: Person
    trouble: KnownError


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """How a message turns out for the people of an audience.

    ``longest`` is the longest of the texts that can be made, in UTF-16 code units; ``unknown`` are
    the variables that nobody has.
    """

    people: int
    longest: int = 0
    failing: int = 0
    failures: Sequence[TextFailure] = ()
    unknown: Sequence[str] = ()

    @property
    def refusal(self) -> KnownError | None:
        """Return why the message may not be sent like this, None when it may."""
        if self.unknown:
            return KnownError(
                message(
                    "The people of this audience have no {variables}.",
                    variables=", ".join(self.unknown),
                ),
                message("Use the name of a column of the file, as it is written there."),
            )
        if not self.failures:
            return None
        first = self.failures[0].trouble
        return KnownError(
            counted(
                "For {count} person the message cannot be made: {trouble}",
                "For {count} people the message cannot be made: {trouble}",
                self.failing,
                trouble=first.explanation,
            ),
            first.next_step,
        )


@dataclass(slots=True)
class _Trial:
    """What has been found out so far."""

    text: str
    limit: int
    unknown: frozenset[str]
    people: int = 0
    longest: int = 0
    failing: int = 0
    failures: list[TextFailure] = field(default_factory=list)

    def take(self, people: Sequence[Person]) -> None:
        self.people += len(people)
        self.unknown &= unknown_variables(self.text, people)
        for person in people:
            try:
                made = personal_message(self.text, person, self.limit)
            except KnownError as error:
                self.failing += 1
                if len(self.failures) < MOST_FAILURES:
                    self.failures.append(TextFailure(person, error))
            else:
                self.longest = max(self.longest, made.units)

    def result(self) -> MessageCheck:
        unknown = tuple(sorted(self.unknown)) if self.people else ()
        return MessageCheck(self.people, self.longest, self.failing, self.failures, unknown)


async def check_text(
    audiences: AudienceStore, audience_id: int, text: str, limit: int = MAX_MESSAGE_UNITS
) -> MessageCheck:
    """Try a text, the line on how to stop included, on everybody of an audience.

    ``limit`` is the longest text allowed, in UTF-16 code units. Goes part by part in a thread, so
    that it can be cancelled and keeps nothing else waiting. Raises KnownError for a text that is
    not well written.
    """
    trial = _Trial(text, limit, frozenset(variables_of(text)))
    part = await audiences.people_after(audience_id, -1, _PART)
    while part.people:
        await asyncio.to_thread(trial.take, part.people)
        part = await audiences.people_after(audience_id, part.last, _PART)
    return trial.result()
