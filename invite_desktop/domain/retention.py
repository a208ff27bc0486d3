"""Who is still in the chat some days after she joined: one definition for every screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RETENTION: Mapping[int, timedelta] = {
    1: timedelta(days=1),
    7: timedelta(days=2),
    30: timedelta(days=7),
}
"""After so many days it is looked, and how late a look still tells who had left by then."""

GIVE_UP_AFTER = timedelta(days=30)
"""What could not be looked at for so long stays unknown."""

LISTED_AT_ONCE = 200
MOST_LISTED = 10_000
"""Telegram lists so many participants of a chat, in pages (channels.getParticipants)."""


class Stay(StrEnum):
    """What a look some days after the joining showed."""

    STAYED = "stayed"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RetentionCount:
    """How many of those who joined were there after so many days; ``coming``: not yet looked."""

    days: int
    stayed: int = 0
    left: int = 0
    unknown: int = 0
    coming: int = 0

    @property
    def share(self) -> float | None:
        """Return stayed / (stayed + left), None before anybody is known."""
        known = self.stayed + self.left
        return self.stayed / known if known else None


def stay_of(days: int, late: timedelta, *, present: bool) -> Stay:
    """Return what a look tells that came so late after its day.

    Who is there now was there then. Who is gone may have left since, if the look came too late.
    """
    if present:
        return Stay.STAYED
    return Stay.LEFT if late <= RETENTION[days] else Stay.UNKNOWN


def is_list_cheaper(people: int, members: int) -> bool:
    """Return whether reading the list of members takes fewer calls than asking for each person.

    Only where Telegram lists everybody; who is missing there is asked for by herself all the same.
    """
    return members <= MOST_LISTED and math.ceil(members / LISTED_AT_ONCE) < people
