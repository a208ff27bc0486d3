"""What people do of themselves: read, answer, leave; drawn from the seed.

The shares stand in scenario files; resources/rehearsal/default_scenario.toml says what each of them
is and where it comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

LEAVING_DAYS = (1, 7, 30)
"""Days after joining within which the shares of ``Habits.leaving`` have left."""

_DAY = 24 * 3600
_SOONEST_LEAVING = 3600
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What people write in one language: that they want no more messages, and anything else."""

    opt_outs: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """How many people do what, and when; times are seconds of the world, shortest and longest.

    ``answering``: of those who get a message; ``opting_out``: of those who answer; ``reading``: of
    those who do not. ``leaving``: of those who join, how many have left after ``LEAVING_DAYS``.
    """

    answering: float = 0.0
    opting_out: float = 0.0
    reading: float = 0.0
    answer_after: tuple[int, int] = (1, 1)
    read_after: tuple[int, int] = (1, 1)
    russian: Phrases = Phrases(("стоп",), ("Здравствуйте!",))
    english: Phrases = Phrases(("stop",), ("Hello!",))
    leaving: tuple[float, float, float] = (0.0, 0.0, 0.0)


QUIET = Habits()
"""Nobody does anything of herself."""


class Reaction(NamedTuple):
    """What comes of a message after so many seconds; ``text`` empty: it is only read."""

    after: int
    text: str = ""
    opt_out: bool = False


def reaction(habits: Habits, dice: tuple[float, ...], name: str) -> Reaction | None:
    """Return what somebody of this name does with a message; None: nothing.

    ``dice``: four numbers from 0 to below 1.
    """
    first, when, what, which = dice
    if first < habits.answering:
        phrases = habits.russian if _RUSSIAN.search(name) else habits.english
        opt_out = what < habits.opting_out
        texts = phrases.opt_outs if opt_out else phrases.others
        text = texts[int(which * len(texts))]
        return Reaction(_moment(habits.answer_after, when), text, opt_out)
    if what < habits.reading:
        return Reaction(_moment(habits.read_after, when))
    return None


def departure(habits: Habits, first: float, when: float) -> int | None:
    """Return after how many seconds somebody leaves a chat; None: she stays.

    Both numbers are from 0 to below 1.
    """
    begin = _SOONEST_LEAVING
    for share, days in zip(habits.leaving, LEAVING_DAYS, strict=True):
        end = days * _DAY
        if first < share:
            return begin + int(when * (end - begin))
        begin = end
    return None


def _moment(bounds: tuple[int, int], share: float) -> int:
    """Return a time between two; early ones are likelier: its logarithm is evenly spread."""
    shortest, longest = bounds
    return int(shortest * (longest / shortest) ** share)
