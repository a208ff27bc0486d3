"""What of the execution log is shown: account, outcome, time and text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.translations import DAY_FORMAT, tr, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account

_TYPING_PAUSE_MS = 300


class Span(Enum):
    """From when on calls are shown, in days that begin at midnight; None: whenever they were."""

    ALWAYS = None
    TODAY = 1
    WEEK = 7
    MONTH = 30
    PERIOD = 0


class LogFilter(QWidget):
    """Announces ``changed`` when something else is wanted; typing is waited for."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.account: Choice[Account | None] = Choice(_account_words, [None])
        self.outcome: Choice[OutcomeCode | None] = Choice(_outcome_words, [None, *OutcomeCode])
        self.span: Choice[Span] = Choice(_span_words, list(Span))
        self.first, self.last = QDateEdit(), QDateEdit()
        self.search = QLineEdit(clearButtonEnabled=True)
        self._timer = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._lay_out()
        self._connect()

    def wanted(self, task_id: int | None, now: datetime) -> LedgerFilter:
        """Return what is asked for, of one task or (None) of all."""
        since, until = self._bounds(now)
        account = self.account.chosen
        return LedgerFilter(
            task_id=task_id,
            account_id=account.id if account else None,
            outcome=self.outcome.chosen,
            since=since,
            until=until,
            text=self.search.text().strip(),
        )

    def offer_accounts(self, accounts: Sequence[Account]) -> None:
        """Offer accounts; the chosen one stays chosen."""
        if [each.id for each in self.account.values if each] != [each.id for each in accounts]:
            before = self.account.chosen
            chosen = next((each for each in accounts if before and each.id == before.id), None)
            self.account.set_values([None, *accounts], chosen)

    def show_everything(self) -> None:
        """Ask for all calls again."""
        self.search.clear()
        for choice in (self.account, self.outcome, self.span):
            choice.setCurrentIndex(0)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by person or answer"))
        self.search.setAccessibleName(tr("Search the calls"))
        self.account.setAccessibleName(tr("Account"))
        self.outcome.setAccessibleName(tr("Outcome"))
        self.span.setAccessibleName(tr("Time"))
        self.first.setAccessibleName(tr("First day"))
        self.last.setAccessibleName(tr("Last day"))
        for choice in (self.account, self.outcome, self.span):
            choice.retranslate()
        for edit in (self.first, self.last):
            edit.setLocale(translator().locale)
            edit.setDisplayFormat(DAY_FORMAT)

    def _bounds(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        span = self.span.chosen
        if span is Span.PERIOD:
            first, last = _python_date(self.first), _python_date(self.last)
            return _midnight(first), _midnight(last + timedelta(days=1))
        if span is Span.ALWAYS:
            return None, None
        return _midnight(now.astimezone().date() - timedelta(days=span.value - 1)), None

    def _span_chosen(self) -> None:
        period = self.span.chosen is Span.PERIOD
        self.first.setVisible(period)
        self.last.setVisible(period)
        self.changed.emit()

    def set_today(self, today: date) -> None:
        """Let the period end today and begin a week before, until the user chooses another."""
        for edit, day in ((self.first, today - timedelta(days=6)), (self.last, today)):
            edit.setDate(QDate(day.year, day.month, day.day))

    def _wait_for_more(self, _text: str) -> None:
        self._timer.start()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.changed)
        self.search.textChanged.connect(self._wait_for_more)
        self.account.currentIndexChanged.connect(self.changed)
        self.outcome.currentIndexChanged.connect(self.changed)
        self.span.currentIndexChanged.connect(self._span_chosen)
        for edit in (self.first, self.last):
            edit.setCalendarPopup(True)
            edit.dateChanged.connect(self.changed)

    def _lay_out(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        self.search.setMinimumWidth(letter * 22)
        self.account.setMaximumWidth(letter * 28)
        self.outcome.setMaximumWidth(letter * 38)
        parts = (self.search, self.account, self.outcome, self.span, self.first, self.last)
        self.setLayout(line(*parts))
        self.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.first.hide()
        self.last.hide()


def _python_date(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _account_words(account: Account | None) -> str:
    return tr("All accounts") if account is None else account.profile.label


def _outcome_words(code: OutcomeCode | None) -> str:
    return tr("All outcomes") if code is None else titled(code)


def _span_words(span: Span) -> str:
    return {
        Span.ALWAYS: tr("At any time"),
        Span.TODAY: tr("Today"),
        Span.WEEK: tr("Last 7 days"),
        Span.MONTH: tr("Last 30 days"),
        Span.PERIOD: tr("From day to day…"),
    }[span]
