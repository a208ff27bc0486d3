"""Telegram's refusals of a log-in, in words with the next step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from telethon import errors

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, counted, message
from invite_desktop.telegram.outcome_table import WAITS, detail_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_API = (
    message("Telegram does not know this api_id and api_hash."),
    message("api_id and api_hash come from my.telegram.org, API development tools. Copy both."),
)
_PHONE_INVALID = (
    message("Telegram does not accept this phone number."),
    message("Write it with the country code, such as +7 900 123-45-67."),
)
_TOO_MANY_CODES = (
    message("Telegram has sent too many codes to this number."),
    message("Wait a day, then try again."),
)
_CODE_WRONG = (
    message("The code is wrong."),
    message("Type the newest code that Telegram sent."),
)
_CODE_EXPIRED = (
    message("The code has expired."),
    message("Ask for a new code."),
)
_PASSWORD_CHANGED = (
    message("The log-in took too long, or the password was changed meanwhile."),
    message("Type the password again."),
)
_NOBODY = (
    message("Nobody uses Telegram with this number."),
    message("Check the number. A new Telegram account is made in Telegram itself, not here."),
)
_BANNED = (
    message("Telegram has banned this number."),
    message("Write to recover@telegram.org if that is a mistake, or use another account."),
)
_BEGIN_AGAIN = (
    message("Telegram asks to begin the log-in again."),
    message("Ask for a new code."),
)

REFUSALS: Mapping[type[BaseException], tuple[Message, Message]] = {
    errors.ApiIdInvalidError: _API,
    errors.ConnectionApiIdInvalidError: _API,
    errors.ApiIdPublishedFloodError: (
        message("This api_id has been published somewhere, so Telegram has blocked it."),
        message("Make an api_id of your own at my.telegram.org, API development tools."),
    ),
    errors.PhoneNumberInvalidError: _PHONE_INVALID,
    errors.PhoneNumberBannedError: _BANNED,
    errors.UserDeactivatedBanError: _BANNED,
    errors.UserDeactivatedError: (
        message("This Telegram account has been deleted."),
        message("Use another account."),
    ),
    errors.PhoneNumberFloodError: _TOO_MANY_CODES,
    errors.PhonePasswordFloodError: (
        message("There were too many attempts to log in with this number."),
        message("Wait a day, then try again."),
    ),
    errors.PhoneNumberUnoccupiedError: _NOBODY,
    errors.PhoneNumberAppSignupForbiddenError: _NOBODY,
    errors.PhoneCodeInvalidError: _CODE_WRONG,
    errors.PhoneCodeEmptyError: _CODE_WRONG,
    errors.PhoneCodeExpiredError: _CODE_EXPIRED,
    errors.PhoneHashExpiredError: _CODE_EXPIRED,
    errors.PhoneCodeHashEmptyError: _CODE_EXPIRED,
    errors.PasswordHashInvalidError: (
        message("The two-step password is wrong."),
        message("Type the password that you set in Telegram: Settings, Privacy and Security."),
    ),
    errors.SrpIdInvalidError: _PASSWORD_CHANGED,
    errors.SrpPasswordChangedError: _PASSWORD_CHANGED,
    errors.AuthRestartError: _BEGIN_AGAIN,
    errors.SignInFailedError: _BEGIN_AGAIN,
    errors.AuthKeyUnregisteredError: _BEGIN_AGAIN,
    errors.AuthKeyNotFound: _BEGIN_AGAIN,
    errors.UpdateAppToLoginError: (
        message("Telegram wants a newer program for this log-in."),
        message("Update Invite Desktop and try again."),
    ),
}
"""What each refusal means and what to do about it."""


def login_refusal(error: BaseException) -> KnownError:
    """Return the words for one of KNOWN_TROUBLES that ended a step of a log-in."""
    if isinstance(error, WAITS):
        return _wait(error)
    if not isinstance(error, (errors.RPCError, errors.AuthKeyNotFound)):
        return KnownError(
            message("Telegram cannot be reached."),
            message("Check the internet connection and try again."),
        )
    words = REFUSALS.get(type(error))
    if words is not None:
        return KnownError(*words)
    return KnownError(
        message("Telegram refused the log-in ({code}).", code=detail_of(error)),
        message("Try again in a few minutes."),
    )


def nobody_uses_this_number() -> KnownError:
    """Return the words for a number without an account; making one is not offered."""
    return KnownError(*_NOBODY)


def _wait(error: BaseException) -> KnownError:
    minutes = math.ceil(int(getattr(error, "seconds", 0) or 0) / 60)
    return KnownError(
        message("Telegram wants a pause before the next attempt to log in."),
        counted("Try again in {count} minute.", "Try again in {count} minutes.", max(1, minutes)),
    )
