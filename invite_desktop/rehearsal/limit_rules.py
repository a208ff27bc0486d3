"""The figures of an account's limits, as the table ``[limits]`` of a scenario gives them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vessel:
    """How many calls are tolerated: it ``holds`` so many and ``empties`` by so many an hour.

    A call that runs over has to wait ``first_wait`` seconds, when it is the first one.
    """

    holds: float
    empties: float
    first_wait: int


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """What raises an account's hidden score, beside one point a contact, and when it is too high.

    ``refusal``, ``complaint`` and ``flood_wait`` are points; ``hurry`` points come for each contact
    beyond ``calm`` in about an hour; ``contact`` is the factor for people among the contacts. The
    score halves in ``halves`` seconds. The threshold grows from ``fresh`` to ``mature`` over
    ``of_age`` days; beyond it the account ``rests`` so many seconds, each time twice as long.
    """

    refusal: float
    complaint: float
    flood_wait: float
    hurry: float
    calm: float
    contact: float
    halves: float
    fresh: float
    mature: float
    of_age: float
    rests: float


@dataclass(frozen=True, slots=True)
class LimitRules:
    """All limits of an account.

    A repeated flood wait is ``growth`` times longer, up to ``longest_wait`` seconds; every
    ``forgives`` seconds without one take a repetition back.
    """

    growth: float
    longest_wait: int
    forgives: float
    invite: Vessel
    message: Vessel
    lookup_burst: Vessel
    lookup_day: Vessel
    imports: Vessel
    chats: Vessel
    score: ScoreRules
