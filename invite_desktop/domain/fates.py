"""What would become of a person if a task went on now, found out without contacting anybody."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """The first thing that would happen to somebody who stands to be contacted."""

    AT_ONCE = "at_once"
    LOOK_UP_NAME = "look_up_name"
    LOOK_UP_PHONE = "look_up_phone"
    UNREACHABLE = "unreachable"
    OPTED_OUT = "opted_out"
    CONTACTED_BEFORE = "contacted_before"
    REFUSED_BEFORE = "refused_before"
    NO_TEXT = "no_text"
    NEEDS_PREMIUM = "needs_premium"
    NEEDS_PAYMENT = "needs_payment"


WORKED_ON = frozenset({Fate.AT_ONCE, Fate.LOOK_UP_NAME, Fate.LOOK_UP_PHONE})
"""Fates of people for whom the task would do something; the others are left out, or fail."""
