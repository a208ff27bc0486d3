"""When one account may act next, from what the ledger says it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.clock_jumps import in_real_time
from invite_desktop.domain.pace import (
    CEILINGS,
    DAY,
    PaceDecision,
    PaceReason,
    daily_budget,
    next_allowed,
    next_free_look_up,
    trust,
)
from invite_desktop.engine.clock_watch import ClockWatch
from invite_desktop.engine.views import BudgetUse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.attempts import Attempt
    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Ledger
    from invite_desktop.engine.setup import EngineSettings

_SEED_STEP = 1_000_003


class Pace:
    """Asks the ledger and decides by the rules of the domain.

    What an account at work did is remembered, because the ledger would be asked before each action.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        settings: EngineSettings,
        watch: ClockWatch | None = None,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._settings = settings
        self._watch = watch or ClockWatch(clock)
        self._jumps_known = 0
        self._not_before: datetime | None = None
        self._remembered: dict[int, PaceHistory] = {}
        self._asked: dict[int, object] = {}

    def not_before(self, moment: datetime) -> None:
        """Let nobody be contacted before a moment, whatever the ledger allows."""
        self._not_before = moment

    async def history(self, account_id: int) -> PaceHistory:
        """Return what an account did, by the clock as it goes now."""
        jumps = self._watch.jumps
        now = self._clock.now() - sum((jump.by for jump in jumps), timedelta())
        return in_real_time(await self._ledger.pace_history(account_id, now), jumps)

    async def history_at_work(self, account_id: int) -> PaceHistory:
        """Return what an account did, without asking the ledger as long as that is remembered.

        Whoever begins an attempt has to ``note`` it, whoever writes a flood wait to ``forget``.
        """
        self._look_at_the_clock()
        if (remembered := self._remembered.get(account_id)) is not None:
            return remembered
        question = self._asked[account_id] = object()
        history = await self.history(account_id)
        if self._asked.get(account_id) is question:
            self._remembered[account_id] = history
        return history

    def remembered(self, account_id: int) -> PaceHistory | None:
        """Return what an account did as far as that is remembered, without asking the ledger."""
        self._look_at_the_clock()
        return self._remembered.get(account_id)

    def note(self, attempt: Attempt) -> None:
        """Remember an attempt that has just begun."""
        history = self._remembered.get(attempt.account_id)
        if history is not None:
            history = with_action(history, attempt.action, attempt.started_at)
            self._remembered[attempt.account_id] = history

    def forget(self, account_id: int) -> None:
        """Ask the ledger anew the next time."""
        self._remembered.pop(account_id, None)
        self._asked.pop(account_id, None)

    def _look_at_the_clock(self) -> None:
        """Forget everything remembered when the clock was set: it was by the old one."""
        if (known := len(self._watch.jumps)) != self._jumps_known:
            self._jumps_known = known
            self._remembered.clear()
            self._asked.clear()

    def decide(self, account_id: int, action: Action, history: PaceHistory) -> PaceDecision:
        """Return when an account with this history may do an action."""
        now = self._clock.now()
        if not self._settings.pace_enabled:
            return PaceDecision(now, PaceReason.NOW)
        seed = account_id + self._settings.seed * _SEED_STEP
        decision = next_allowed(action, history, now, seed)
        if self._not_before is None or self._not_before <= decision.at:
            return decision
        return PaceDecision(self._not_before, PaceReason.DAY)

    async def next_allowed(self, account_id: int, action: Action) -> PaceDecision:
        """Return when an account may do an action."""
        return self.decide(account_id, action, await self.history(account_id))

    async def next_free_look_up(self, account_id: int) -> datetime:
        """Return when an account may do a look-up that belongs to no target."""
        now = self._clock.now()
        if not self._settings.pace_enabled:
            return now
        return next_free_look_up(await self.history(account_id), now)

    def next_actions(self, account: Account, history: PaceHistory) -> Mapping[Action, PaceDecision]:
        """Return when each kind of action may come next: after the rest, and within the budget.

        An account that only its user or Telegram can bring back is asked about all the same: the
        answer is then that of its budgets.
        """
        rest = account.until if account.state in RETURNING_STATES else None
        return {
            action: _after_rest(self.decide(account.id, action, history), rest) for action in Action
        }


def with_action(history: PaceHistory, action: Action, at: datetime) -> PaceHistory:
    """Return a history with one more action; of each kind only as many as the pace looks at."""
    times = sorted((*history.actions.get(action, ()), at))
    newest = times[-CEILINGS[action].per_day :]
    return replace(history, actions={**history.actions, action: newest})


def _after_rest(decision: PaceDecision, rest: datetime | None) -> PaceDecision:
    if rest is None or rest <= decision.at:
        return decision
    return PaceDecision(rest, PaceReason.REST)


def budgets_today(history: PaceHistory, now: datetime) -> Mapping[Action, BudgetUse]:
    """Return how many actions of each kind were done in the last 24 hours, of how many allowed."""
    level = trust(history, now)
    return {
        action: BudgetUse(
            sum(moment > now - DAY for moment in history.times_of(action)),
            daily_budget(action, level),
        )
        for action in Action
    }
