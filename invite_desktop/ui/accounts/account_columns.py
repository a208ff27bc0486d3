"""What the Accounts tab shows of each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.ui.accounts.names import full_name, masked_phone
from invite_desktop.ui.tones import ACCOUNT_TONES
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.views import AccountView


def account_columns(now: Callable[[], datetime]) -> Sequence[Column[AccountView]]:
    """Return the columns; ``now`` is the program's clock."""
    return (
        Column(lambda: tr("Account"), lambda view: full_name(view.account), 0),
        Column(lambda: tr("Username"), _username, 13),
        Column(lambda: tr("Phone"), lambda view: masked_phone(view.account.profile.phone), 12),
        Column(
            lambda: tr("State"),
            lambda view: state_words(view, now()),
            24,
            tone=lambda view: ACCOUNT_TONES[view.state],
            hint=lambda view: state_hint(view, now()),
        ),
        _budget(lambda: tr("Invitations today"), Action.INVITE),
        _budget(lambda: tr("Messages today"), Action.MESSAGE),
        Column(lambda: tr("Next invitation"), lambda view: _next(view, now()), 12, hint=_next_hint),
    )


def state_words(view: AccountView, now: datetime) -> str:
    """Return the state with its end, or with the task that keeps the account busy."""
    words = titled(view.state)
    until = view.account.until
    if view.state in (AccountState.RESTING, AccountState.LIMITED) and until is not None:
        moment = translator().moment(until, now)
        return tr("{state} until {moment}", state=words, moment=moment)
    if view.state is AccountState.READY and view.busy_with:
        return tr("Busy: {task}", task=view.busy_with)
    return words


def state_hint(view: AccountView, now: datetime) -> str:
    """Return the state with the last trouble in words."""
    note = view.account.note
    words = state_words(view, now)
    return f"{words}: {named(OutcomeCode(note))}" if note in set(OutcomeCode) else words


def _username(view: AccountView) -> str:
    username = view.account.profile.username
    return f"@{username}" if username else ""


def _budget(title: Callable[[], str], action: Action) -> Column[AccountView]:
    def words(view: AccountView) -> str:
        use = view.today.get(action)
        return tr("{done} of {allowed}", done=use.done, allowed=use.allowed) if use else ""

    def share(view: AccountView) -> float:
        use = view.today.get(action)
        return use.done / use.allowed if use and use.allowed else 0.0

    return Column(title, words, 13, sort=share, share=share)


def _next(view: AccountView, now: datetime) -> str:
    if view.state in (
        AccountState.BANNED,
        AccountState.FROZEN,
        AccountState.LOGGED_OUT,
        AccountState.SWITCHED_OFF,
    ):
        return "–"
    moment = max(view.next_invite.at, view.account.until or view.next_invite.at)
    return tr("Now") if moment <= now else translator().moment(moment, now)


def _next_hint(view: AccountView) -> str:
    return titled(view.next_invite.reason)
