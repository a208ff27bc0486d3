"""Is a task running, waiting, or at its end? Decided from what its accounts wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES, AccountState
from invite_desktop.domain.tasks import TaskMove, TaskReason
from invite_desktop.engine.task_work import Outlook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.engine.task_work import TaskWork

SHORT_WAIT = timedelta(minutes=2)
"""A wait up to this long is part of running: the gap between two actions is no news."""

LIVE_STATES = RETURNING_STATES | {AccountState.READY}
"""States in which an account acts, or will by itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The move that a task's accounts call for."""

    move: TaskMove
    reason: TaskReason = TaskReason.NONE
    until: datetime | None = None


def candidates(work: TaskWork, accounts: Sequence[Account], now: datetime) -> list[Account]:
    """Return the accounts that act in a task, or may turn out to, now or after a rest."""
    return [
        account
        for account in accounts
        if work.may_act(account.id) is not False and account.state_at(now) in LIVE_STATES
    ]


def judge(work: TaskWork, accounts: Sequence[Account], now: datetime) -> Verdict:
    """Return where a task stands that still has targets."""
    live = candidates(work, accounts, now)
    if not live:
        possible = [a for a in accounts if work.may_act(a.id) is not False]
        if possible or not accounts:
            return Verdict(TaskMove.WAIT, TaskReason.NO_ACCOUNTS)
        return Verdict(TaskMove.FAIL, work.why_nobody_may())
    busy = [account for account in live if account.id not in work.exhausted]
    first = min((_outlook(work, account, now) for account in busy or live), key=lambda o: o.at)
    without_network = first.reason is TaskReason.NO_NETWORK and first.at > now
    if not busy and not without_network:
        # What is left was begun by accounts that cannot say how it ended.
        return Verdict(TaskMove.WAIT, TaskReason.NO_ACCOUNTS)
    if first.at - now > SHORT_WAIT or without_network:
        return Verdict(TaskMove.WAIT, first.reason, first.at)
    return Verdict(TaskMove.WAKE)


def _outlook(work: TaskWork, account: Account, now: datetime) -> Outlook:
    if account.state_at(now) is not AccountState.READY and account.until is not None:
        return Outlook(account.until, TaskReason.ACCOUNTS_RESTING)
    return work.outlooks.get(account.id) or Outlook(now)
