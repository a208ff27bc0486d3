"""Telegram's refusals of a log-in, in words with the next step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from telethon import errors

from invite_desktop.domain.messages import Message, message
from invite_desktop.engine.ports.login import LoginRefusedError, RefusalKind
from invite_desktop.telegram.outcome_table import WAITS, detail_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRY_LATER = message("Try again in a few minutes.")


class Refusal(NamedTuple):
    """What a refusal means, what to do about it, and what it concerns."""

    explanation: Message
    next_step: Message
    kind: RefusalKind


_API = Refusal(
    message("Telegram does not know this api_id and api_hash."),
    message("api_id and api_hash come from my.telegram.org, API development tools. Copy both."),
    RefusalKind.CREDENTIALS,
)
_PHONE_INVALID = Refusal(
    message("Telegram does not accept this phone number."),
    message("Write it with the country code, such as +7 900 123-45-67."),
    RefusalKind.PHONE,
)
_CODE_WRONG = Refusal(
    message("The code is wrong."),
    message("Type the newest code that Telegram sent."),
    RefusalKind.CODE,
)
_CODE_EXPIRED = Refusal(
    message("The code has expired."),
    message("Ask for a new code."),
    RefusalKind.CODE_EXPIRED,
)
_PASSWORD_CHANGED = Refusal(
    message("The log-in took too long, or the password was changed meanwhile."),
    message("Type the password again."),
    RefusalKind.PASSWORD,
)
_NOBODY = Refusal(
    message("Nobody uses Telegram with this number."),
    message("Check the number. A new Telegram account is made in Telegram itself, not here."),
    RefusalKind.PHONE,
)
_BANNED = Refusal(
    message("Telegram has banned this number."),
    message("Write to recover@telegram.org if that is a mistake, or use another account."),
    RefusalKind.PHONE,
)
_BEGIN_AGAIN = Refusal(
    message("Telegram asks to begin the log-in again."),
    message("Ask for a new code."),
    RefusalKind.BEGIN_AGAIN,
)
_QR_OLD = Refusal(
    message("The QR code was too old when it was scanned."),
    message("Scan the new one."),
    RefusalKind.OTHER,
)

REFUSALS: Mapping[type[BaseException], Refusal] = {
    errors.ApiIdInvalidError: _API,
    errors.ConnectionApiIdInvalidError: _API,
    errors.ApiIdPublishedFloodError: Refusal(
        message("This api_id has been published somewhere, so Telegram has blocked it."),
        message("Make an api_id of your own at my.telegram.org, API development tools."),
        RefusalKind.CREDENTIALS,
    ),
    errors.PhoneNumberInvalidError: _PHONE_INVALID,
    errors.PhoneNumberBannedError: _BANNED,
    errors.UserDeactivatedBanError: _BANNED,
    errors.UserDeactivatedError: Refusal(
        message("This Telegram account has been deleted."),
        message("Use another account."),
        RefusalKind.PHONE,
    ),
    errors.PhoneNumberFloodError: Refusal(
        message("Telegram has sent too many codes to this number."),
        message("Wait a day, then try again."),
        RefusalKind.WAIT,
    ),
    errors.PhonePasswordFloodError: Refusal(
        message("There were too many attempts to log in with this number."),
        message("Wait a day, then try again."),
        RefusalKind.WAIT,
    ),
    errors.PhonePasswordProtectedError: Refusal(
        message("Telegram wants this number to log in with its password first."),
        message("Log in with this number in Telegram first, then try again here."),
        RefusalKind.PHONE,
    ),
    errors.PhoneNumberUnoccupiedError: _NOBODY,
    errors.PhoneNumberAppSignupForbiddenError: _NOBODY,
    errors.SendCodeUnavailableError: Refusal(
        message("Telegram has no other way left to send the code."),
        message("Use the code that came last, or log in by QR code instead."),
        RefusalKind.OTHER,
    ),
    errors.PhoneCodeInvalidError: _CODE_WRONG,
    errors.PhoneCodeEmptyError: _CODE_WRONG,
    errors.PhoneCodeExpiredError: _CODE_EXPIRED,
    errors.PhoneHashExpiredError: _CODE_EXPIRED,
    errors.PhoneCodeHashEmptyError: _CODE_EXPIRED,
    errors.PasswordHashInvalidError: Refusal(
        message("The two-step password is wrong."),
        message("Type the password that you set in Telegram: Settings, Privacy and Security."),
        RefusalKind.PASSWORD,
    ),
    errors.PasswordEmptyError: _PASSWORD_CHANGED,
    errors.SrpIdInvalidError: _PASSWORD_CHANGED,
    errors.SrpPasswordChangedError: _PASSWORD_CHANGED,
    errors.AuthTokenExpiredError: _QR_OLD,
    errors.AuthTokenInvalidError: _QR_OLD,
    errors.AuthTokenInvalid2Error: _QR_OLD,
    errors.AuthTokenInvalidxError: _QR_OLD,
    errors.AuthRestartError: _BEGIN_AGAIN,
    errors.SignInFailedError: _BEGIN_AGAIN,
    errors.AuthKeyUnregisteredError: _BEGIN_AGAIN,
    errors.AuthKeyNotFound: _BEGIN_AGAIN,
    errors.UpdateAppToLoginError: Refusal(
        message("Telegram wants a newer program for this log-in."),
        message("Update Invite Desktop and try again."),
        RefusalKind.OTHER,
    ),
}
"""What each refusal means and what to do about it."""


def login_refusal(error: BaseException, *, through_proxy: bool = False) -> LoginRefusedError:
    """Return the words for one of KNOWN_TROUBLES that ended a step of a log-in."""
    if isinstance(error, WAITS):
        return _wait(error)
    if not isinstance(error, (errors.RPCError, errors.AuthKeyNotFound)):
        return _no_network(through_proxy=through_proxy)
    words = REFUSALS.get(type(error))
    if words is not None:
        return LoginRefusedError(*words)
    return LoginRefusedError(
        message("Telegram refused the log-in ({code}).", code=detail_of(error)),
        _TRY_LATER,
        RefusalKind.OTHER,
    )


def nobody_uses_this_number() -> LoginRefusedError:
    """Return the words for a number without an account; making one is not offered."""
    return LoginRefusedError(*_NOBODY)


def _no_network(*, through_proxy: bool) -> LoginRefusedError:
    if through_proxy:
        return LoginRefusedError(
            message("Telegram cannot be reached through the proxy."),
            message("Check the internet connection, and test the proxy: Accounts, Proxy."),
            RefusalKind.NETWORK,
        )
    return LoginRefusedError(
        message("Telegram cannot be reached."),
        message("Check the internet connection and try again."),
        RefusalKind.NETWORK,
    )


def _wait(error: BaseException) -> LoginRefusedError:
    until = datetime.now(UTC) + timedelta(seconds=int(getattr(error, "seconds", 0) or 0))
    return LoginRefusedError(
        message("Telegram wants a pause before the next attempt to log in."),
        message("Try again after {until}.", until=until),
        RefusalKind.WAIT,
        until,
    )
