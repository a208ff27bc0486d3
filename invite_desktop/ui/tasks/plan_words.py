"""The honest expectation before a start: how long it takes, and what would make it shorter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.pace import CEILINGS
from invite_desktop.domain.shortening import ShorteningKind
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.translations import tr, tr_n, translator

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.forecast import Forecast
    from invite_desktop.domain.shortening import Shortening
    from invite_desktop.engine.views import TaskPlan


def plan_words(plan: TaskPlan | None, now: datetime, *, needs_chat: bool) -> str:
    """Return how long the task will take, or what is missing to tell."""
    if plan is None:
        return tr("Choose an audience, and the plan stands here.")
    people = tr_n("{count} person", "{count} people", plan.people)
    if needs_chat:
        return tr("{people}. Type the link to see the plan.", people=people)
    accounts = tr_n("{count} account ready", "{count} accounts ready", plan.accounts_ready)
    if not plan.accounts_ready or plan.done_at is None:
        return tr(
            "{people}, {accounts}: the task can be created, and started when an account is ready.",
            people=people,
            accounts=accounts,
        )
    return tr(
        "{people}, {accounts}: {expected}",
        people=people,
        accounts=accounts,
        expected=_expected(plan.days, plan.done_at, now),
    )


def shorter_words(plan: TaskPlan, kind: TaskKind, now: datetime) -> str:
    """Return what would make the task shorter, one change a line; empty when nothing would."""
    lines = [f"•  {_change_words(change, kind, now)}" for change in plan.shorter]
    return "\n".join((tr("What would make it shorter:"), *lines)) if lines else ""


def pace_words(plan: TaskPlan | None, kind: TaskKind) -> str:
    """Return the ceilings in force, which cannot be raised, and what they come to now."""
    if kind is TaskKind.MESSAGE:
        ceiling = CEILINGS[Action.MESSAGE]
        rule = tr(
            "Automatic: an account at most {hour} messages an hour and {day} a day, less while "
            "it is new.",
            hour=ceiling.per_hour,
            day=ceiling.per_day,
        )
    else:
        ceiling = CEILINGS[Action.INVITE]
        rule = tr(
            "Automatic: an account at most {hour} invitations an hour and {day} a day, less while "
            "it is new.",
            hour=ceiling.per_hour,
            day=ceiling.per_day,
        )
    if plan is None or not plan.accounts_ready:
        return rule
    accounts = tr_n("{count} account ready", "{count} accounts ready", plan.accounts_ready)
    return tr(
        "{rule} Now, {accounts}: {count} a day.", rule=rule, accounts=accounts, count=plan.a_day
    )


def _change_words(change: Shortening, kind: TaskKind, now: datetime) -> str:
    expected = _forecast_words(change.expected, now)
    hours = change.hours
    match change.kind:
        case ShorteningKind.ANOTHER_ACCOUNT if kind is TaskKind.MESSAGE:
            return tr("One more of your own accounts: {expected}", expected=expected)
        case ShorteningKind.ANOTHER_ACCOUNT:
            return tr(
                "Another account of yours as an admin here: {expected}",
                expected=expected,
            )
        case ShorteningKind.LONGER_HOURS if hours is not None:
            return tr(
                "Working hours from {begins} to {ends}: {expected}",
                begins=hours.begins.isoformat("minutes"),
                ends=hours.ends.isoformat("minutes"),
                expected=expected,
            )
        case ShorteningKind.EVERY_DAY:
            return tr("Working on every day of the week: {expected}", expected=expected)
        case ShorteningKind.FULL_TRUST if change.at is not None:
            return tr(
                "Starting {day}, with your accounts' full daily number: {expected}",
                day=_day(change.at, now),
                expected=expected,
            )
    raise ValueError(change)


def _forecast_words(expected: Forecast, now: datetime) -> str:
    if expected.done_at is None:
        return _days(expected.days)
    return _expected(expected.days, expected.done_at, now)


def _expected(days: int, done_at: datetime, now: datetime) -> str:
    return tr("{days}, done ≈ {day}", days=_days(days), day=_day(done_at, now))


def _days(days: int) -> str:
    return tr_n("about {count} working day", "about {count} working days", days)


def _day(moment: datetime, now: datetime) -> str:
    year = moment.year != now.year
    return translator().day(moment.astimezone().date(), year=year, whole=True)
