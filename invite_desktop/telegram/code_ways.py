"""The ways in which Telegram sends login codes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl.types import auth

from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.login import CodeSent, LoginRefusedError, RefusalKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invite_desktop.domain.messages import Message

_IN_TELEGRAM = message("to Telegram on your other devices")
_BY_SMS = message("by text message")
_BY_CALL = message("by a phone call")
_BY_MISSED_CALL = message("by a call that rings off: the code is the end of the calling number")
_BY_FRAGMENT = message("to fragment.com, for an anonymous number")

CODE_WAYS: Mapping[type[object], Message] = {
    auth.SentCodeTypeApp: _IN_TELEGRAM,
    auth.SentCodeTypeSms: _BY_SMS,
    auth.SentCodeTypeFirebaseSms: _BY_SMS,
    auth.SentCodeTypeSmsWord: _BY_SMS,
    auth.SentCodeTypeSmsPhrase: _BY_SMS,
    auth.SentCodeTypeCall: _BY_CALL,
    auth.SentCodeTypeFlashCall: _BY_MISSED_CALL,
    auth.SentCodeTypeMissedCall: _BY_MISSED_CALL,
    auth.SentCodeTypeEmailCode: message("to the e-mail address of the account"),
    auth.SentCodeTypeFragmentSms: _BY_FRAGMENT,
}
"""Where each kind of code arrives; the rest are refusals."""

NEXT_WAYS: Mapping[type[object], Message] = {
    auth.CodeTypeSms: _BY_SMS,
    auth.CodeTypeCall: _BY_CALL,
    auth.CodeTypeFlashCall: _BY_MISSED_CALL,
    auth.CodeTypeMissedCall: _BY_MISSED_CALL,
    auth.CodeTypeFragmentSms: _BY_FRAGMENT,
}
"""How a code comes when it is asked for again."""

_IN_LETTERS = (auth.SentCodeTypeSmsWord, auth.SentCodeTypeSmsPhrase)


def code_sent(phone: str, answer: Any) -> CodeSent:  # noqa: ANN401 - auth.SentCode or its relatives
    """Return what an auth.SentCode says. Raises LoginRefusedError for what is not offered here."""
    kind = getattr(answer, "type", None)
    where = CODE_WAYS.get(type(kind))
    if where is None:
        raise LoginRefusedError(
            message("Telegram wants something for this log-in that is only offered in its app."),
            message("Log in with this number in Telegram first, then try again here."),
            RefusalKind.PHONE,
        )
    return CodeSent(
        phone,
        where,
        digits=int(getattr(kind, "length", 0) or 0),
        next_way=NEXT_WAYS.get(type(answer.next_type)),
        resend_after=float(answer.timeout or 0),
        is_word=isinstance(kind, _IN_LETTERS),
    )
