"""The one place where Telegram's errors become outcomes.

Errors with a class of their own are told apart by class (their ``message`` is generic); codes that
Telethon does not know arrive as plain base classes with the code in ``message``. Source: the error
lists of the methods used here, core.telegram.org/methods and Telethon 1.45's rpcerrorlist.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from telethon import errors

from invite_desktop.domain.attempts import CONTACTING, Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KNOWN_TROUBLES: tuple[type[BaseException], ...] = (
    errors.RPCError,
    errors.AuthKeyNotFound,
    errors.BadMessageError,
    errors.InvalidBufferError,
    errors.InvalidChecksumError,
    errors.SecurityError,
    errors.TypeNotFoundError,
    asyncio.IncompleteReadError,
    OSError,
    TimeoutError,
)
"""What Telegram or the way to it can raise; anything else is a bug."""


def _all_mean(
    code: OutcomeCode, classes: Iterable[type[BaseException]]
) -> dict[type[BaseException], OutcomeCode]:
    return dict.fromkeys(classes, code)


WAITS = (
    errors.FloodWaitError,
    errors.FloodPremiumWaitError,
    errors.FloodTestPhoneWaitError,
    errors.SlowModeWaitError,
)
"""Errors that say how many seconds to wait."""

CLASSES: Mapping[type[BaseException], OutcomeCode] = {
    **_all_mean(OutcomeCode.FLOOD_WAIT, WAITS),
    **_all_mean(OutcomeCode.PEER_FLOOD, (errors.PeerFloodError, errors.UserRestrictedError)),
    **_all_mean(
        OutcomeCode.FROZEN,
        (errors.FrozenMethodInvalidError, errors.FrozenParticipantMissingError),
    ),
    errors.UserPrivacyRestrictedError: OutcomeCode.PRIVACY,
    errors.PremiumAccountRequiredError: OutcomeCode.PREMIUM_NEEDED,
    errors.UserNotMutualContactError: OutcomeCode.NOT_MUTUAL_CONTACT,
    errors.UserChannelsTooMuchError: OutcomeCode.TOO_MANY_CHATS,
    errors.UserAlreadyParticipantError: OutcomeCode.ALREADY_MEMBER,
    **_all_mean(
        OutcomeCode.REMOVED_FROM_CHAT,
        (errors.UserKickedError, errors.UserBannedInChannelError),
    ),
    **_all_mean(
        OutcomeCode.BLOCKED,
        (errors.UserBlockedError, errors.UserIsBlockedError, errors.YouBlockedUserError),
    ),
    **_all_mean(
        OutcomeCode.BOT,
        (
            errors.BotGroupsBlockedError,
            errors.BotsTooMuchError,
            errors.UserBotError,
            errors.UserIsBotError,
        ),
    ),
    **_all_mean(
        OutcomeCode.DELETED_ACCOUNT,
        (errors.InputUserDeactivatedError, errors.UserDeletedError),
    ),
    **_all_mean(
        OutcomeCode.NOT_FOUND,
        (
            errors.InviteHashEmptyError,
            errors.InviteHashExpiredError,
            errors.InviteHashInvalidError,
            errors.UsernameInvalidError,
            errors.UsernameNotOccupiedError,
        ),
    ),
    **_all_mean(
        OutcomeCode.UNKNOWN_BY_PHONE,
        (errors.PhoneNotOccupiedError, errors.PhoneNumberInvalidError),
    ),
    **_all_mean(
        OutcomeCode.NOT_ADDRESSABLE,
        (
            errors.ContactIdInvalidError,
            errors.ParticipantIdInvalidError,
            errors.PeerIdInvalidError,
            errors.UserIdInvalidError,
            errors.UserInvalidError,
        ),
    ),
    **_all_mean(
        OutcomeCode.NO_INVITE_RIGHT,
        (
            errors.ChatAdminInviteRequiredError,
            errors.ChatAdminRequiredError,
            errors.ChatGuestSendForbiddenError,
            errors.ChatSendPlainForbiddenError,
            errors.ChatWriteForbiddenError,
            errors.RightForbiddenError,
        ),
    ),
    errors.UsersTooMuchError: OutcomeCode.LINK_ONLY,
    **_all_mean(
        OutcomeCode.FILE_UNUSABLE,
        (
            errors.FilePartsInvalidError,
            errors.ImageProcessFailedError,
            errors.MediaInvalidError,
            errors.PhotoExtInvalidError,
            errors.PhotoInvalidDimensionsError,
            errors.PhotoInvalidError,
            errors.PhotoSaveFileInvalidError,
        ),
    ),
    **_all_mean(
        OutcomeCode.INTERRUPTED,
        (
            errors.FileReferenceEmptyError,
            errors.FileReferenceExpiredError,
            errors.FileReferenceInvalidError,
            errors.MediaEmptyError,
        ),
    ),
    **_all_mean(
        OutcomeCode.CHAT_UNREACHABLE,
        (
            errors.ChannelBannedError,
            errors.ChannelIdInvalidError,
            errors.ChannelInvalidError,
            errors.ChannelParicipantMissingError,
            errors.ChannelPrivateError,
            errors.ChannelPublicGroupNaError,
            errors.ChatForbiddenError,
            errors.ChatIdEmptyError,
            errors.ChatIdInvalidError,
            errors.ChatInvalidError,
            errors.ChatRestrictedError,
            errors.UserNotParticipantError,
        ),
    ),
    **_all_mean(
        OutcomeCode.LOGGED_OUT,
        (
            errors.ActiveUserRequiredError,
            errors.AuthKeyDuplicatedError,
            errors.AuthKeyInvalidError,
            errors.AuthKeyNotFound,
            errors.AuthKeyPermEmptyError,
            errors.AuthKeyUnregisteredError,
            errors.SessionExpiredError,
            errors.SessionRevokedError,
        ),
    ),
    **_all_mean(
        OutcomeCode.BANNED,
        (
            errors.PhoneNumberBannedError,
            errors.UserDeactivatedBanError,
            errors.UserDeactivatedError,
        ),
    ),
    errors.RandomIdDuplicateError: OutcomeCode.SENT,
    **_all_mean(
        OutcomeCode.SERVER_TROUBLE,
        (
            errors.BadMessageError,
            errors.InvalidDCError,
            errors.MsgWaitFailedError,
            errors.ServerError,
            errors.TimedOutError,
            errors.TypeNotFoundError,
        ),
    ),
    **_all_mean(
        OutcomeCode.NOT_CONNECTED,
        (
            errors.InvalidBufferError,
            errors.InvalidChecksumError,
            errors.SecurityError,
            asyncio.IncompleteReadError,
            OSError,
            TimeoutError,
        ),
    ),
}
"""What each class means, a class without an entry what its nearest listed ancestor means."""

CODES: tuple[tuple[re.Pattern[str], OutcomeCode], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"FILE_REFERENCE_\w+", OutcomeCode.INTERRUPTED),
        (r"CHAT_MEMBER_ADD_FAILED", OutcomeCode.ADD_FAILED),
        (r"PRIVACY_PREMIUM_REQUIRED", OutcomeCode.PREMIUM_NEEDED),
        (r"ALLOW_PAYMENT_REQUIRED(_\d+)?|PAYMENT_REQUIRED", OutcomeCode.PAID_MESSAGES),
        (r"FROZEN_\w+", OutcomeCode.FROZEN),
        (r"CHANNEL_MONOFORUM_UNSUPPORTED", OutcomeCode.CHAT_UNREACHABLE),
        (r"MSG_WAIT_TIMEOUT", OutcomeCode.SERVER_TROUBLE),
        (r"FLOOD_\w+", OutcomeCode.FLOOD_WAIT),
    )
)
"""What the codes mean that Telethon has no class for."""

UNKNOWN_CODES: Mapping[type[BaseException], OutcomeCode] = {
    errors.UnauthorizedError: OutcomeCode.LOGGED_OUT,
    errors.FloodError: OutcomeCode.FLOOD_WAIT,
    errors.ServerError: OutcomeCode.SERVER_TROUBLE,
    errors.TimedOutError: OutcomeCode.SERVER_TROUBLE,
    errors.InvalidDCError: OutcomeCode.SERVER_TROUBLE,
}
"""What a code nobody has heard of means by its number alone (401, 420, 500, 503, 303)."""

_PLAIN = frozenset(
    {
        errors.RPCError,
        errors.AuthKeyError,
        errors.BadRequestError,
        errors.FloodError,
        errors.ForbiddenError,
        errors.InvalidDCError,
        errors.NotFoundError,
        errors.ServerError,
        errors.TimedOutError,
        errors.UnauthorizedError,
    }
)
_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")
_UNANSWERED = frozenset({OutcomeCode.NOT_CONNECTED, OutcomeCode.SERVER_TROUBLE})
_OF_THE_CHAT = frozenset({OutcomeCode.NO_INVITE_RIGHT, OutcomeCode.CHAT_UNREACHABLE})


def outcome_of(error: BaseException, action: Action | None = None) -> Outcome:
    """Return what one of KNOWN_TROUBLES means for an action, None for a call that only reads.

    A contacting call that ended without a clear answer is UNCERTAIN, whatever broke.
    """
    detail = detail_of(error)
    code = _plain_code(error, detail) if type(error) in _PLAIN else _class_code(error)
    return Outcome(_for_action(code, error, action), _seconds(error, code), detail)


def detail_of(error: BaseException) -> str:
    """Return the technical name of an error: its class, or its code when it has no own class."""
    if type(error) not in _PLAIN:
        return type(error).__name__
    text = str(getattr(error, "message", ""))
    if _CODE.fullmatch(text):
        return text
    return f"{type(error).__name__}_{abs(getattr(error, 'code', 0) or 0)}"


def missing_invitee_outcome(missing: Iterable[object]) -> Outcome | None:
    """Return the refusal inside a success (messages.InvitedUsers), None when all were added.

    No flag means privacy settings; ``premium_required_for_pm`` only concerns sending her the link.
    """
    for invitee in missing:
        if getattr(invitee, "premium_would_allow_invite", False):
            return Outcome(OutcomeCode.PREMIUM_NEEDED, detail="MissingInviteePremium")
        return Outcome(OutcomeCode.PRIVACY, detail="MissingInvitee")
    return None


def _class_code(error: BaseException) -> OutcomeCode:
    ancestors = (cls for cls in type(error).__mro__ if cls in CLASSES)
    found = next(ancestors, None)
    return OutcomeCode.UNKNOWN_ERROR if found is None else CLASSES[found]


def _plain_code(error: BaseException, detail: str) -> OutcomeCode:
    for pattern, code in CODES:
        if pattern.fullmatch(detail):
            return code
    return UNKNOWN_CODES.get(type(error), OutcomeCode.UNKNOWN_ERROR)


def _for_action(code: OutcomeCode, error: BaseException, action: Action | None) -> OutcomeCode:
    if action in CONTACTING and code in _UNANSWERED:
        return OutcomeCode.UNCERTAIN
    if action is Action.MESSAGE:
        if isinstance(error, errors.UserBannedInChannelError):
            # Said of the writer: a spam-limited account may not write outside its contacts.
            return OutcomeCode.PEER_FLOOD
        if code in _OF_THE_CHAT:
            return OutcomeCode.MESSAGE_REFUSED
    return code


def _seconds(error: BaseException, code: OutcomeCode) -> int:
    if code is not OutcomeCode.FLOOD_WAIT:
        return 0
    return int(getattr(error, "seconds", 0) or 0)
