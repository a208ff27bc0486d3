"""What the Accounts tab shows of each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import HealthFact, condition_of
from invite_desktop.domain.attempts import Action
from invite_desktop.ui.accounts.account_words import (
    all_next_words,
    condition_hint,
    condition_words,
    event_words,
    next_words,
    trouble_words,
    trust_words,
)
from invite_desktop.ui.accounts.names import account_label, masked_phone
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.tones import CONDITION_TONES
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import HealthEvent
    from invite_desktop.engine.views import AccountView

_FULL = 0.999


def account_columns(now: Callable[[], datetime]) -> Sequence[Column[AccountView]]:
    """Return the columns; ``now`` is the program's clock."""
    return (
        Column(lambda: tr("Account"), _label, 32, hint=names),
        Column(
            lambda: tr("State"),
            lambda view: condition_words(view, now()),
            24,
            sort=lambda view: view.condition.value,
            tone=lambda view: CONDITION_TONES[view.condition],
            hint=lambda view: condition_hint(view, now()),
        ),
        _budget(lambda: tr("Invitations today"), Action.INVITE),
        _budget(lambda: tr("Messages today"), Action.MESSAGE),
        Column(
            lambda: tr("Next invitation"),
            lambda view: next_words(view, Action.INVITE, now()),
            18,
            sort=lambda view: view.next_invite.at,
            hint=lambda view: all_next_words(view, now()),
        ),
        Column(
            lambda: tr("Last trouble, and what to do"),
            lambda view: trouble_words(view, now()),
            0,
            lines=5,
        ),
    )


def names(view: AccountView) -> str:
    """Return name, username and the covered phone of an account."""
    profile = view.account.profile
    parts = [account_label(view.account)]
    if profile.username:
        parts.append(f"@{profile.username}")
    if profile.phone:
        parts.append(masked_phone(profile.phone))
    return "  ·  ".join(dict.fromkeys(parts))


def health_columns(now: Callable[[], datetime]) -> Sequence[Column[HealthEvent]]:
    """Return the columns of a health history; ``now`` is the program's clock."""
    return (
        Column(lambda: tr("Time"), lambda event: translator().exact_moment(event.at), 18),
        Column(
            lambda: tr("What happened"),
            lambda event: event_words(event, now()),
            0,
            tone=_event_tone,
            hint=lambda event: _with_detail(event_words(event, now()), event.detail),
        ),
        Column(lambda: tr("By whom"), lambda event: titled(event.by), 14),
    )


def _label(view: AccountView) -> str:
    name, username = account_label(view.account), view.account.profile.username
    return f"{name}  @{username}" if username and name != f"@{username}" else name


def _event_tone(event: HealthEvent) -> Tone:
    if event.fact in (HealthFact.NO_NETWORK, HealthFact.TROUBLE):
        return Tone.CARE
    return CONDITION_TONES[condition_of(event.state)]


def _with_detail(words: str, detail: str) -> str:
    return f"{words} ({detail})" if detail else words


def _budget(title: Callable[[], str], action: Action) -> Column[AccountView]:
    def words(view: AccountView) -> str:
        use = view.today.get(action)
        return tr("{done} of {allowed}", done=use.done, allowed=use.allowed) if use else ""

    def share(view: AccountView) -> float:
        use = view.today.get(action)
        return use.done / use.allowed if use and use.allowed else 0.0

    return Column(
        title,
        words,
        13,
        sort=share,
        share=share,
        tone=lambda view: Tone.CARE if share(view) > _FULL else Tone.ACTIVE,
        hint=trust_words,
    )
