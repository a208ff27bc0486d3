"""The numbers, each as the domain defines it."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import message
from invite_desktop.domain.statistics import Counters
from invite_desktop.engine.account_pace import budgets_today
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.views import AccountUse, AudienceYield, Overview, TaskStatistics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.ports.ledger import LedgerRow
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_views import TaskViews

_EVERYTHING = LedgerFilter()

_DAY, _HOUR = slice(10), slice(11, 13)
"""Where the day and the hour stand in the name of an hour."""

_HOURLY_DAYS = 2
"""A task that contacted people on so many days at most is shown hour by hour."""


class Statistics:
    """Questions about what was done, answered by the store."""

    def __init__(self, ports: Ports, accounts: AccountStates, pace: Pace, shown: TaskViews) -> None:
        self._ports = ports
        self._accounts = accounts
        self._pace = pace
        self._shown = shown

    async def of_task(self, task_id: int) -> TaskStatistics:
        """Return the numbers of one task."""
        view = await self._shown.one(task_id)
        return TaskStatistics(
            task=view.task,
            counters=view.counters,
            reasons=_reasons(view.counters),
            by_account=self._named(await self._ports.tasks.ends_by_account(task_id)),
            timeline=await self._timeline(task_id),
            retention=await self._ports.retention.counts(task_id),
            audience_name=view.audience_name,
            speed_per_hour=view.speed_per_hour,
            expected_end=view.expected_end,
        )

    async def overview(self) -> Overview:
        """Return the numbers over all tasks; what deleted ones have done counts on."""
        now = self._ports.clock.now()
        per_hour = _per_hour(await self._ports.ledger.contacts_in_time(None))
        total: Counter[tuple[TargetState, OutcomeCode | None]] = Counter()
        for counters in (await self._ports.tasks.all_counters()).values():
            total.update(counters.by_reason)
        return Overview(
            tasks=Counter(task.status for task in await self._ports.tasks.tasks()),
            accounts=Counter(account.state_at(now) for account in self._accounts.all()),
            counters=Counters(total),
            per_day=_shortened(per_hour, _DAY),
            retention=await self._ports.retention.counts(None),
            by_hour={int(hour): count for hour, count in _shortened(per_hour, _HOUR).items()},
            limits=await self._limits(),
            audiences=await self._audiences(),
        )

    async def log(
        self, wanted: LedgerFilter = _EVERYTHING, offset: int = 0, limit: int = 200
    ) -> Sequence[LedgerRow]:
        """Return a page of the execution log, newest first."""
        return await self._ports.ledger.rows(wanted, offset, limit)

    async def count_log(self, wanted: LedgerFilter = _EVERYTHING) -> int:
        """Return how many calls of the execution log are wanted."""
        return await self._ports.ledger.count_rows(wanted)

    async def audit(self, task_id: int) -> Message | None:
        """Compare the kept counters with a recount: None when they agree, else a sentence."""
        kept = await self._ports.tasks.counters(task_id)
        counted = await self._ports.tasks.recount(task_id)
        if kept == counted:
            return None
        return message(
            "The counters say {kept} of {total} people are done, a recount says {counted}.",
            kept=kept.processed,
            total=counted.total,
            counted=counted.processed,
        )

    async def _timeline(self, task_id: int) -> Mapping[str, int]:
        per_hour = _per_hour(await self._ports.ledger.contacts_in_time(task_id))
        per_day = _shortened(per_hour, _DAY)
        return per_day if len(per_day) > _HOURLY_DAYS else per_hour

    async def _limits(self) -> Sequence[AccountUse]:
        now = self._ports.clock.now()
        return [
            AccountUse(account, budgets_today(await self._pace.history(account.id), now))
            for account in self._accounts.all()
        ]

    async def _audiences(self) -> Sequence[AudienceYield]:
        names = await self._ports.audiences.audience_names()
        found = [
            AudienceYield(audience_id, names.get(audience_id, ""), counters)
            for audience_id, counters in (await self._ports.tasks.counters_by_audience()).items()
        ]
        return sorted(found, key=lambda row: (-row.counters.done, row.name))

    def _named(self, by_account: Mapping[int, int]) -> Mapping[str, int]:
        """Return the numbers by the names of accounts; accounts of one name add up."""
        named: Counter[str] = Counter()
        for account_id, count in by_account.items():
            account = self._accounts.find(account_id)
            named[account.profile.label if account else f"#{account_id}"] += count
        return named


def _per_hour(contacts: Mapping[datetime, int]) -> Mapping[str, int]:
    """Add contacts up by the hours (``2026-03-01T09``) of a clock on the wall, in order."""
    counted: Counter[tuple[int, int, int, int]] = Counter()
    for moment, count in contacts.items():
        # Done while the window waits: datetime itself would take four times as long.
        counted[time.localtime(moment.timestamp())[:4]] += count
    return {f"{y}-{m:02}-{d:02}T{h:02}": count for (y, m, d, h), count in counted.items()}


def _shortened(per_hour: Mapping[str, int], part: slice) -> Mapping[str, int]:
    """Add hours up that have a part of their name in common: the day, or the hour of the day."""
    counted: Counter[str] = Counter()
    for hour, count in per_hour.items():
        counted[hour[part]] += count
    return counted


def _reasons(counters: Counters) -> Sequence[tuple[TargetState, OutcomeCode, int]]:
    found = [
        (state, code, count)
        for (state, code), count in counters.by_reason.items()
        if code is not None and count
    ]
    return sorted(found, key=lambda row: (-row[2], row[1].value))
