"""What the Accounts tab says of an account, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import (
    BY_USER,
    LOST_STATES,
    RETURNING_STATES,
    AccountState,
    Actor,
    Condition,
    HealthFact,
)
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.pace import PaceReason
from invite_desktop.ui.translations import show, tr, tr_n, translator
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.domain.accounts import HealthEvent
    from invite_desktop.domain.pace import PaceDecision
    from invite_desktop.engine.views import AccountView

_NEVER = LOST_STATES | {AccountState.SWITCHED_OFF}


def condition_words(view: AccountView, now: datetime) -> str:
    """Return the condition with its end, or with the task that keeps the account busy."""
    words = titled(view.condition)
    until = view.account.until
    if view.condition in (Condition.RESTING, Condition.LIMITED) and until is not None:
        return tr("{state} until {moment}", state=words, moment=translator().moment(until, now))
    if view.condition is Condition.BUSY:
        return _business(view)
    if view.condition is Condition.NO_NETWORK and view.no_network_since is not None:
        since = translator().moment(view.no_network_since, now)
        return tr("{state} since {moment}", state=words, moment=since)
    return words


def _business(view: AccountView) -> str:
    """Return what keeps an account busy: a task, lists that it reads, or both by turns."""
    words = [tr("Busy: {task}", task=view.busy_with)] if view.busy_with else []
    words += [tr("Reads a list: {audience}", audience=name) for name in view.imports]
    return "; ".join(words)


def why(note: str) -> str:
    """Return the cause that an account's note names, "" when there is none."""
    if note == BY_USER:
        return tr("ordered by you")
    return named(OutcomeCode(note)) if note in set(OutcomeCode) else ""


def condition_hint(view: AccountView, now: datetime) -> str:
    """Return the condition with its cause and the next step."""
    parts = [condition_words(view, now)]
    concerned = view.condition not in (Condition.READY, Condition.BUSY, Condition.NO_NETWORK)
    if concerned and (cause := why(view.account.note)):
        parts[0] = f"{parts[0]}: {cause}"
    if view.advice is not None:
        parts.append(show(view.advice))
    return "\n".join(parts)


def trouble_words(view: AccountView, now: datetime) -> str:
    """Return the last trouble with its time, and what to do; "" when there never was one."""
    parts = []
    if (event := view.last_trouble) is not None:
        cause = why(event.note) or named(event.fact)
        moment = translator().moment(event.at, now)
        parts.append(tr("{moment}: {trouble}.", moment=moment, trouble=cause))
    if view.advice is not None:
        parts.append(show(view.advice))
    return " ".join(parts)


def next_words(view: AccountView, action: Action, now: datetime) -> str:
    """Return when an action may come next and what it waits for."""
    decision = view.next_actions.get(action)
    if decision is None or view.state in _NEVER:
        return "–"
    if view.condition is Condition.NO_NETWORK:
        return tr("when the network is back")
    if decision.reason is PaceReason.NOW or decision.at <= now:
        return tr("now")
    moment = translator().moment(decision.at, now)
    return tr("{moment}: {reason}", moment=moment, reason=_reason(decision))


def all_next_words(view: AccountView, now: datetime) -> str:
    """Return for every kind of action when it may come next, a line each."""
    return "\n".join(
        tr("{action}: {when}", action=titled(action), when=next_words(view, action, now))
        for action in Action
    )


def trust_words(view: AccountView) -> str:
    """Return how much of the daily limits the account may use, and when it is all of them."""
    use = view.today.get(Action.INVITE)
    today = tr("today {done} of {allowed}", done=use.done, allowed=use.allowed) if use else ""
    if not view.days_to_full_limits:
        return tr("Trust: {today}; the limits are full", today=today)
    return tr_n(
        "Trust: {today}; full limits in {count} clean day",
        "Trust: {today}; full limits in {count} clean days",
        view.days_to_full_limits,
        today=today,
    )


def event_words(event: HealthEvent, now: datetime) -> str:
    """Return an entry of the health history as a sentence."""
    if event.fact is HealthFact.TROUBLE:
        return _with_end(titled(HealthFact.TROUBLE), event, now)
    if event.fact is not HealthFact.STATE:
        return titled(event.fact)
    if event.state is AccountState.READY:
        over = tr("Ready again: the rest is over")
        return over if event.by is Actor.PROGRAM else tr("Ready again")
    return _with_end(titled(event.state), event, now)


def _with_end(words: str, event: HealthEvent, now: datetime) -> str:
    if event.until is not None and event.state in RETURNING_STATES:
        moment = translator().moment(event.until, now)
        words = tr("{state} until {moment}", state=words, moment=moment)
    cause = why(event.note)
    return tr("{what}: {why}", what=words, why=cause) if cause else words


def _reason(decision: PaceDecision) -> str:
    match decision.reason:
        case PaceReason.GAP:
            return tr("gap between two actions")
        case PaceReason.HOUR:
            return tr("hourly limit")
        case PaceReason.DAY:
            return tr("daily limit")
        case PaceReason.REST:
            return tr("rest")
    return tr("now")
