"""Where a log-in stands and what may come next: the whole machine in one table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.login import RefusalKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class LoginState(StrEnum):
    """What a log-in waits for."""

    OPENING = "opening"
    CREDENTIALS = "credentials"
    PHONE = "phone"
    CODE = "code"
    QR = "qr"
    PASSWORD = "password"  # noqa: S105 - the name of a state, not a secret
    STORING = "storing"
    DONE = "done"
    LEFT = "left"


class LoginEvent(StrEnum):
    """What happened to a log-in."""

    CREDENTIALS_NEEDED = "credentials_needed"
    CREDENTIALS_KNOWN = "credentials_known"
    CODE_SENT = "code_sent"
    QR_SHOWN = "qr_shown"
    PASSWORD_ASKED = "password_asked"  # noqa: S105 - the name of an event, not a secret
    LET_IN = "let_in"
    STORED = "stored"
    BEGUN_AGAIN = "begun_again"
    ABANDONED = "abandoned"


_S, _E = LoginState, LoginEvent

TRANSITIONS: Mapping[tuple[LoginState, LoginEvent], LoginState] = {
    (_S.OPENING, _E.CREDENTIALS_NEEDED): _S.CREDENTIALS,
    (_S.OPENING, _E.CREDENTIALS_KNOWN): _S.PHONE,
    (_S.CREDENTIALS, _E.CREDENTIALS_KNOWN): _S.PHONE,
    (_S.PHONE, _E.CREDENTIALS_NEEDED): _S.CREDENTIALS,
    (_S.PHONE, _E.CODE_SENT): _S.CODE,
    (_S.PHONE, _E.QR_SHOWN): _S.QR,
    (_S.CODE, _E.CODE_SENT): _S.CODE,
    (_S.CODE, _E.PASSWORD_ASKED): _S.PASSWORD,
    (_S.CODE, _E.LET_IN): _S.STORING,
    (_S.CODE, _E.BEGUN_AGAIN): _S.PHONE,
    (_S.CODE, _E.CREDENTIALS_NEEDED): _S.CREDENTIALS,
    (_S.QR, _E.QR_SHOWN): _S.QR,
    (_S.QR, _E.PASSWORD_ASKED): _S.PASSWORD,
    (_S.QR, _E.LET_IN): _S.STORING,
    (_S.QR, _E.BEGUN_AGAIN): _S.PHONE,
    (_S.QR, _E.CREDENTIALS_NEEDED): _S.CREDENTIALS,
    (_S.PASSWORD, _E.LET_IN): _S.STORING,
    (_S.PASSWORD, _E.BEGUN_AGAIN): _S.PHONE,
    (_S.STORING, _E.STORED): _S.DONE,
    (_S.STORING, _E.BEGUN_AGAIN): _S.PHONE,
    **{(state, _E.ABANDONED): _S.LEFT for state in LoginState if state not in {_S.DONE, _S.LEFT}},
}
"""Every way from one state to the next; what is not here cannot happen."""

_AFTER_REFUSAL: Mapping[RefusalKind, LoginEvent] = {
    RefusalKind.CREDENTIALS: _E.CREDENTIALS_NEEDED,
    RefusalKind.PHONE: _E.BEGUN_AGAIN,
    RefusalKind.BEGIN_AGAIN: _E.BEGUN_AGAIN,
}

WITH_A_LOGIN = frozenset({_S.CODE, _S.QR, _S.PASSWORD, _S.STORING})
"""States in which something is under way at Telegram that has to be taken back on leaving."""


def after(state: LoginState, event: LoginEvent) -> LoginState:
    """Return the state that an event leads to. Raises ValueError for what cannot happen."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ValueError(f"{event} while {state}") from None


def after_refusal(state: LoginState, kind: RefusalKind) -> LoginEvent | None:
    """Return what a refusal does to a log-in, None when the same step may be tried again."""
    event = _AFTER_REFUSAL.get(kind)
    return event if event is not None and (state, event) in TRANSITIONS else None
