"""The rows of the execution log: new ones come on top, older ones as one scrolls down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.tones import outcome_tone
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import ROOT, Column, Index
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.ledger import LedgerRow
    from invite_desktop.engine.statistics import Statistics
    from invite_desktop.ui.work import Work

PAGE = 200

TASK_COLUMN = 1
"""Superfluous while one task is shown."""

PERSON_COLUMN = 2
"""Superfluous while one person is shown."""

ACCOUNT_COLUMN = 3
"""Superfluous while one account is shown."""


def _outcome(row: LedgerRow) -> str:
    return tr("In flight") if row.attempt.outcome is None else titled(row.attempt.outcome)


def _outcome_hint(row: LedgerRow) -> str:
    detail = row.attempt.detail
    return f"{_outcome(row)} ({detail})" if detail else _outcome(row)


_COLUMNS: Sequence[Column[LedgerRow]] = (
    Column(
        lambda: tr("Time"),
        lambda row: translator().exact_moment(row.attempt.started_at),
        18,
        hint=lambda row: translator().moment(row.attempt.started_at),
    ),
    Column(lambda: tr("Task"), lambda row: row.task_name, 20),
    Column(lambda: tr("Person"), lambda row: row.person_label, 0, lines=2),
    Column(lambda: tr("Account"), lambda row: row.account_label, 13),
    Column(lambda: tr("Call"), lambda row: titled(row.attempt.action), 14),
    Column(
        lambda: tr("Outcome"),
        _outcome,
        38,
        tone=lambda row: outcome_tone(row.attempt.outcome),
        hint=_outcome_hint,
    ),
)


class LogModel(RowsModel["LedgerRow"]):
    """Asks for one page at a time; an attempt in flight changes in place when it ends."""

    def __init__(self, statistics: Statistics, work: Work) -> None:
        super().__init__(_COLUMNS, key=lambda row: row.attempt.id)
        self._statistics = statistics
        self._work = work
        self._wanted = LedgerFilter()
        self._more = False
        self._fetching = False

    def show_only(self, wanted: LedgerFilter) -> None:
        """Show other attempts altogether."""
        self._wanted = wanted
        self._more = False
        self.start_over(())

    async def refresh(self) -> None:
        """Fetch the newest page and put what is new on top."""
        wanted = self._wanted
        newest = await self._statistics.log(wanted, 0, PAGE)
        if wanted is not self._wanted:
            return
        known = {row.attempt.id for row in self.rows}
        fresh = [row for row in newest if row.attempt.id not in known]
        if len(fresh) == len(newest):
            self.start_over(newest)
            self._more = len(newest) == PAGE
            return
        self.prepend(fresh)
        for row in newest[len(fresh) :]:
            self.update_row(row)

    def canFetchMore(self, parent: Index = ROOT) -> bool:
        """Return whether older attempts may be there."""
        return not parent.isValid() and self._more and not self._fetching

    def fetchMore(self, parent: Index = ROOT) -> None:
        """Fetch the next older page."""
        if self.canFetchMore(parent):
            self._fetching = True
            self._work.start(self._fetch_older(self._wanted), "older log")

    async def _fetch_older(self, wanted: LedgerFilter) -> None:
        try:
            older = await self._statistics.log(wanted, self.rowCount(), PAGE)
        finally:
            self._fetching = False
        if wanted is self._wanted:
            known = {row.attempt.id for row in self.rows}
            self._more = len(older) == PAGE
            self.append([row for row in older if row.attempt.id not in known])
