"""Which colour says what: one table for the states of tasks, people and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState, Condition
from invite_desktop.domain.outcomes import RULES, TargetState
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invite_desktop.domain.outcomes import OutcomeCode

TASK_TONES: Mapping[TaskStatus, Tone] = {
    TaskStatus.DRAFT: Tone.QUIET,
    TaskStatus.READY: Tone.QUIET,
    TaskStatus.RUNNING: Tone.ACTIVE,
    TaskStatus.WAITING: Tone.ACTIVE,
    TaskStatus.PAUSED: Tone.CARE,
    TaskStatus.COMPLETED: Tone.GOOD,
    TaskStatus.CANCELLED: Tone.QUIET,
    TaskStatus.FAILED: Tone.BAD,
}

TARGET_TONES: Mapping[TargetState, Tone] = {
    TargetState.PENDING: Tone.QUIET,
    TargetState.IN_WORK: Tone.ACTIVE,
    TargetState.INVITED: Tone.GOOD,
    TargetState.JOINED: Tone.GOOD,
    TargetState.SENT: Tone.GOOD,
    TargetState.ALREADY_MEMBER: Tone.QUIET,
    TargetState.SKIPPED: Tone.CARE,
    TargetState.FAILED: Tone.BAD,
    TargetState.UNCERTAIN: Tone.CARE,
}

ACCOUNT_TONES: Mapping[AccountState, Tone] = {
    AccountState.READY: Tone.GOOD,
    AccountState.RESTING: Tone.ACTIVE,
    AccountState.LIMITED: Tone.CARE,
    AccountState.FROZEN: Tone.BAD,
    AccountState.BANNED: Tone.BAD,
    AccountState.LOGGED_OUT: Tone.BAD,
    AccountState.SWITCHED_OFF: Tone.QUIET,
}

CONDITION_TONES: Mapping[Condition, Tone] = {
    Condition.READY: Tone.GOOD,
    Condition.BUSY: Tone.ACTIVE,
    Condition.RESTING: Tone.CARE,
    Condition.LIMITED: Tone.BAD,
    Condition.FROZEN: Tone.BAD,
    Condition.BANNED: Tone.BAD,
    Condition.LOGGED_OUT: Tone.BAD,
    Condition.SWITCHED_OFF: Tone.QUIET,
    Condition.NO_NETWORK: Tone.CARE,
}


def outcome_tone(outcome: OutcomeCode | None) -> Tone:
    """Return the tone of an attempt's end: that of the state it gives the target."""
    if outcome is None:
        return Tone.ACTIVE
    state = RULES[outcome].target
    return Tone.CARE if state is TargetState.PENDING else TARGET_TONES[state]
