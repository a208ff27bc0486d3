"""The outcome table, a row a line: what Telegram answers, and what follows from it.

Every row is played by one account and one person, so that "others go on, else …" means the second.
"""

from __future__ import annotations

from dataclasses import dataclass

from invite_desktop.domain.accounts import AccountState as A
from invite_desktop.domain.outcomes import OutcomeCode as C
from invite_desktop.domain.outcomes import TargetState as T
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.tasks import TaskReason as R
from invite_desktop.domain.tasks import TaskStatus as S
from invite_desktop.rehearsal.population import Behaviour, Reception

INVITE = "channels.inviteToChannel"
MESSAGE = "messages.sendMessage"
PICTURE = "messages.sendMedia"
NAME = "contacts.resolveUsername"
SEEN = "channels.getParticipant"

KINDS = {
    INVITE: TaskKind.INVITE,
    SEEN: TaskKind.INVITE,
    NAME: TaskKind.INVITE,
    MESSAGE: TaskKind.MESSAGE,
    PICTURE: TaskKind.MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of Telegram's to a method, and what becomes of person, account and task.

    ``answer`` is the error that the server is told to give, or how the person behaves;
    ``takes_time``: the end comes only when the account may act again.
    """

    method: str
    answer: str | Behaviour | Reception
    code: C
    target: T
    account: A = A.READY
    task: S = S.COMPLETED
    reason: R = R.NONE
    takes_time: bool = False

    def __str__(self) -> str:
        return f"{self.answer}-{self.method.rpartition('.')[2]}"


def _skipped(code: C, *answers: str | Behaviour) -> list[Row]:
    return [Row(INVITE, answer, code, T.SKIPPED) for answer in answers]


def _waits(code: C, account: A, reason: R, *answers: str) -> list[Row]:
    return [
        Row(method, answer, code, T.PENDING, account, S.WAITING, reason)
        for answer in answers
        for method in (INVITE, MESSAGE)
    ]


ROWS = [
    Row(INVITE, Behaviour.WILLING, C.INVITED, T.JOINED),
    Row(INVITE, Behaviour.SILENT_NO_ADD, C.INVITED, T.INVITED),
    Row(MESSAGE, Reception.FREE, C.SENT, T.SENT),
    Row(PICTURE, Reception.FREE, C.SENT, T.SENT),
    Row(MESSAGE, "RANDOM_ID_DUPLICATE", C.SENT, T.SENT),
    *_waits(C.FLOOD_WAIT, A.RESTING, R.ACCOUNTS_RESTING, "FLOOD_WAIT_30", "SLOWMODE_WAIT_30"),
    Row(NAME, "FLOOD_WAIT_30", C.FLOOD_WAIT, T.PENDING, A.RESTING, S.WAITING, R.ACCOUNTS_RESTING),
    *[
        Row(method, "PEER_FLOOD", C.PEER_FLOOD, T.PENDING, A.LIMITED, S.PAUSED, R.PEER_FLOOD)
        for method in (INVITE, MESSAGE)
    ],
    Row(
        MESSAGE,
        "USER_BANNED_IN_CHANNEL",
        C.PEER_FLOOD,
        T.PENDING,
        A.LIMITED,
        S.PAUSED,
        R.PEER_FLOOD,
    ),
    *_waits(C.FROZEN, A.FROZEN, R.NO_ACCOUNTS, "FROZEN_METHOD_INVALID"),
    *_skipped(C.PRIVACY, Behaviour.PRIVACY, "USER_PRIVACY_RESTRICTED"),
    *_skipped(C.PREMIUM_NEEDED, Behaviour.PREMIUM_WOULD_ALLOW),
    *_skipped(C.NOT_MUTUAL_CONTACT, "USER_NOT_MUTUAL_CONTACT"),
    *_skipped(C.TOO_MANY_CHATS, "USER_CHANNELS_TOO_MUCH"),
    Row(INVITE, "USER_ALREADY_PARTICIPANT", C.ALREADY_MEMBER, T.ALREADY_MEMBER),
    *_skipped(C.REMOVED_FROM_CHAT, "USER_KICKED", "USER_BANNED_IN_CHANNEL"),
    *_skipped(C.BLOCKED, "USER_BLOCKED", "YOU_BLOCKED_USER", "USER_IS_BLOCKED"),
    *_skipped(C.BOT, "USER_BOT", "BOT_GROUPS_BLOCKED", "BOTS_TOO_MUCH"),
    *_skipped(C.DELETED_ACCOUNT, "INPUT_USER_DEACTIVATED", "USER_DELETED"),
    Row(NAME, "USERNAME_NOT_OCCUPIED", C.NOT_FOUND, T.FAILED),
    Row(NAME, "USERNAME_INVALID", C.NOT_FOUND, T.FAILED),
    Row(INVITE, "USER_ID_INVALID", C.NOT_ADDRESSABLE, T.FAILED, takes_time=True),
    Row(MESSAGE, "PEER_ID_INVALID", C.NOT_ADDRESSABLE, T.FAILED, takes_time=True),
    Row(INVITE, "CHAT_MEMBER_ADD_FAILED", C.ADD_FAILED, T.FAILED),
    Row(MESSAGE, "CHAT_WRITE_FORBIDDEN", C.MESSAGE_REFUSED, T.FAILED),
    Row(MESSAGE, "PRIVACY_PREMIUM_REQUIRED", C.PREMIUM_NEEDED, T.SKIPPED),
    Row(MESSAGE, "ALLOW_PAYMENT_REQUIRED_25", C.PAID_MESSAGES, T.SKIPPED),
    *[
        Row(INVITE, answer, C.NO_INVITE_RIGHT, T.PENDING, A.READY, S.FAILED, R.NO_RIGHTS)
        for answer in (
            "CHAT_ADMIN_REQUIRED",
            "CHAT_ADMIN_INVITE_REQUIRED",
            "CHAT_WRITE_FORBIDDEN",
            "RIGHT_FORBIDDEN",
        )
    ],
    Row(INVITE, "USERS_TOO_MUCH", C.LINK_ONLY, T.PENDING, A.READY, S.PAUSED, R.LINK_ONLY),
    *[
        Row(INVITE, answer, C.CHAT_UNREACHABLE, T.PENDING, A.READY, S.FAILED, R.CHAT_UNREACHABLE)
        for answer in (
            "CHANNEL_PRIVATE",
            "CHANNEL_INVALID",
            "CHAT_FORBIDDEN",
            "CHAT_ID_INVALID",
            "CHAT_RESTRICTED",
        )
    ],
    *_waits(
        C.LOGGED_OUT,
        A.LOGGED_OUT,
        R.NO_ACCOUNTS,
        "AUTH_KEY_UNREGISTERED",
        "SESSION_REVOKED",
        "SESSION_EXPIRED",
        "AUTH_KEY_DUPLICATED",
    ),
    *_waits(
        C.BANNED,
        A.BANNED,
        R.NO_ACCOUNTS,
        "USER_DEACTIVATED",
        "USER_DEACTIVATED_BAN",
        "PHONE_NUMBER_BANNED",
    ),
    Row(NAME, "RPC_CALL_FAIL", C.SERVER_TROUBLE, T.PENDING, A.READY, S.WAITING, R.NO_NETWORK),
    Row(
        PICTURE,
        "FILE_REFERENCE_EXPIRED",
        C.INTERRUPTED,
        T.PENDING,
        A.READY,
        S.PAUSED,
        R.FILE_UNUSABLE,
    ),
    Row(
        PICTURE,
        "PHOTO_INVALID_DIMENSIONS",
        C.FILE_UNUSABLE,
        T.PENDING,
        A.READY,
        S.PAUSED,
        R.FILE_UNUSABLE,
    ),
    *[
        Row(method, "SOMETHING_NEW", C.UNKNOWN_ERROR, T.PENDING, A.READY, S.PAUSED, R.UNKNOWN_ERROR)
        for method in (INVITE, MESSAGE, NAME)
    ],
]
"""What ends with one call, or leaves things as they are until somebody or the time changes them."""
