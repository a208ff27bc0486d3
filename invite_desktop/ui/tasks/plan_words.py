"""The honest expectation before a start, as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.translations import tr, tr_n, translator

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.engine.views import TaskPlan


def plan_words(plan: TaskPlan | None, now: datetime, *, needs_chat: bool) -> str:
    """Return how long the task will take, or what is missing to tell."""
    if plan is None:
        return tr("Choose an audience, and the plan stands here.")
    people = tr_n("{count} person", "{count} people", plan.people)
    if needs_chat:
        return tr("{people}. Type the link, and the plan stands here.", people=people)
    accounts = tr_n("{count} account ready", "{count} accounts ready", plan.accounts_ready)
    if not plan.accounts_ready or plan.done_at is None:
        return tr(
            "{people}, {accounts}: the task can be created, and started when an account is ready.",
            people=people,
            accounts=accounts,
        )
    days = tr_n("about {count} working day", "about {count} working days", plan.days)
    done = translator().day(plan.done_at.astimezone().date(), year=plan.done_at.year != now.year)
    return tr(
        "{people}, {accounts}: {days}, done ≈ {day}",
        people=people,
        accounts=accounts,
        days=days,
        day=done,
    )
