"""When refusals are so many that a task stops by itself; every threshold stands here."""

from __future__ import annotations

from collections import deque

from invite_desktop.domain.outcomes import RULES, OutcomeCode, TargetState

REFUSAL_WINDOW = 30
"""The share of refusals is taken over so many invitations or messages, the latest ones."""

REFUSED_OF_WINDOW = 27
"""Nine of ten. A list with an ordinary half of refusals comes near this once in a million."""

FAILURES_IN_A_ROW = 5
"""So many "could not be added" one after another say that something else is wrong."""

OPT_OUTS_AT_LEAST = 5
OPT_OUT_SHARE = 0.05
"""So many of those who were contacted, and so large a share, stop a task."""

_SAYS_NOTHING = frozenset(
    {
        OutcomeCode.NOT_FOUND,
        OutcomeCode.UNKNOWN_BY_PHONE,
        OutcomeCode.NOT_ADDRESSABLE,
        OutcomeCode.NO_TEXT,
        OutcomeCode.BOT,
        OutcomeCode.DELETED_ACCOUNT,
        OutcomeCode.MYSELF,
        OutcomeCode.OPTED_OUT,
        OutcomeCode.ALREADY_INVITED,
    }
)
"""Endings of an old list, before anybody was asked: they are no refusals."""

_REFUSED = frozenset({TargetState.SKIPPED, TargetState.FAILED})
_ACCEPTED = frozenset({TargetState.INVITED, TargetState.JOINED, TargetState.SENT})


class RefusalBreaker:
    """Counts how the latest invitations or messages of one task ended, since it was started."""

    def __init__(self) -> None:
        self._refused: deque[bool] = deque(maxlen=REFUSAL_WINDOW)
        self._failures = 0

    def note(self, code: OutcomeCode) -> bool:
        """Take in one ending; return whether the task should stop now.

        Waits, lost connections and people who could not even be asked do not count.
        """
        state = RULES[code].target
        if code in _SAYS_NOTHING:
            return False
        if state in _REFUSED or state in _ACCEPTED:
            self._refused.append(state in _REFUSED)
            self._failures = self._failures + 1 if state is TargetState.FAILED else 0
        return sum(self._refused) >= REFUSED_OF_WINDOW or self._failures >= FAILURES_IN_A_ROW


def too_many_opt_outs(opted_out: int, contacted: int) -> bool:
    """Return whether so many of those contacted want no more that the task should stop."""
    return opted_out >= OPT_OUTS_AT_LEAST and opted_out >= contacted * OPT_OUT_SHARE
