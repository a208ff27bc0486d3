"""How an attempt can end, and what each ending means for target, account and task.

The rules follow Telegram's documented errors; an adapter only has to name the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TargetState(StrEnum):
    """Where one person stands in one task."""

    PENDING = "pending"
    IN_WORK = "in_work"
    INVITED = "invited"
    JOINED = "joined"
    SENT = "sent"
    ALREADY_MEMBER = "already_member"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


OPEN_STATES = frozenset({TargetState.PENDING, TargetState.IN_WORK})
"""States in which a target still waits for its end."""


class AccountEffect(StrEnum):
    """What an outcome does to the account that acted."""

    NONE = "none"
    REST = "rest"
    LIMIT = "limit"
    FREEZE = "freeze"
    BAN = "ban"
    LOG_OUT = "log_out"
    LEAVE_CHAT = "leave_chat"
    BACK_OFF = "back_off"


class TaskEffect(StrEnum):
    """What an outcome does to the task."""

    GO_ON = "go_on"
    PAUSE = "pause"


class OutcomeCode(StrEnum):
    """Every way in which an attempt can end, in the product's words."""

    INVITED = "invited"
    JOINED = "joined"
    SENT = "sent"
    FOUND = "found"
    ALREADY_MEMBER = "already_member"
    PRIVACY = "privacy"
    PREMIUM_NEEDED = "premium_needed"
    NOT_MUTUAL_CONTACT = "not_mutual_contact"
    TOO_MANY_CHATS = "too_many_chats"
    REMOVED_FROM_CHAT = "removed_from_chat"
    BLOCKED = "blocked"
    BOT = "bot"
    DELETED_ACCOUNT = "deleted_account"
    PAID_MESSAGES = "paid_messages"
    OPTED_OUT = "opted_out"
    MYSELF = "myself"
    ALREADY_INVITED = "already_invited"
    NAME_LEADS_NOWHERE = "name_leads_nowhere"
    NOT_FOUND = "not_found"
    UNKNOWN_BY_PHONE = "unknown_by_phone"
    NOT_ADDRESSABLE = "not_addressable"
    NO_TEXT = "no_text"
    ADD_FAILED = "add_failed"
    MESSAGE_REFUSED = "message_refused"
    FLOOD_WAIT = "flood_wait"
    PEER_FLOOD = "peer_flood"
    FROZEN = "frozen"
    NO_INVITE_RIGHT = "no_invite_right"
    CHAT_UNREACHABLE = "chat_unreachable"
    LINK_ONLY = "link_only"
    FILE_UNUSABLE = "file_unusable"
    LOGGED_OUT = "logged_out"
    BANNED = "banned"
    NOT_CONNECTED = "not_connected"
    SERVER_TROUBLE = "server_trouble"
    LOOK_UPS_SPENT = "look_ups_spent"
    UNCERTAIN = "uncertain"
    INTERRUPTED = "interrupted"
    UNKNOWN_ERROR = "unknown_error"


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What follows from one outcome code; ``retryable`` failures may be tried again by hand."""

    target: TargetState
    account: AccountEffect = AccountEffect.NONE
    task: TaskEffect = TaskEffect.GO_ON
    retryable: bool = False


def _skipped() -> OutcomeRule:
    return OutcomeRule(TargetState.SKIPPED)


def _kept(
    account: AccountEffect = AccountEffect.NONE, task: TaskEffect = TaskEffect.GO_ON
) -> OutcomeRule:
    """Return the rule of a trouble that is not the target's: it goes back to pending."""
    return OutcomeRule(TargetState.PENDING, account, task)


RULES: dict[OutcomeCode, OutcomeRule] = {
    OutcomeCode.INVITED: OutcomeRule(TargetState.INVITED),
    OutcomeCode.JOINED: OutcomeRule(TargetState.JOINED),
    OutcomeCode.SENT: OutcomeRule(TargetState.SENT),
    OutcomeCode.FOUND: OutcomeRule(TargetState.IN_WORK),
    OutcomeCode.ALREADY_MEMBER: OutcomeRule(TargetState.ALREADY_MEMBER),
    OutcomeCode.PRIVACY: _skipped(),
    OutcomeCode.PREMIUM_NEEDED: _skipped(),
    OutcomeCode.NOT_MUTUAL_CONTACT: _skipped(),
    OutcomeCode.TOO_MANY_CHATS: _skipped(),
    OutcomeCode.REMOVED_FROM_CHAT: _skipped(),
    OutcomeCode.BLOCKED: _skipped(),
    OutcomeCode.BOT: _skipped(),
    OutcomeCode.DELETED_ACCOUNT: _skipped(),
    OutcomeCode.PAID_MESSAGES: _skipped(),
    OutcomeCode.OPTED_OUT: _skipped(),
    OutcomeCode.MYSELF: _skipped(),
    OutcomeCode.ALREADY_INVITED: _skipped(),
    OutcomeCode.NAME_LEADS_NOWHERE: _kept(),
    OutcomeCode.NOT_FOUND: OutcomeRule(TargetState.FAILED),
    OutcomeCode.UNKNOWN_BY_PHONE: OutcomeRule(TargetState.FAILED),
    OutcomeCode.NOT_ADDRESSABLE: OutcomeRule(TargetState.FAILED),
    OutcomeCode.NO_TEXT: OutcomeRule(TargetState.FAILED, retryable=True),
    OutcomeCode.ADD_FAILED: OutcomeRule(TargetState.FAILED, retryable=True),
    OutcomeCode.MESSAGE_REFUSED: OutcomeRule(TargetState.FAILED, retryable=True),
    OutcomeCode.FLOOD_WAIT: _kept(AccountEffect.REST),
    OutcomeCode.PEER_FLOOD: _kept(AccountEffect.LIMIT, TaskEffect.PAUSE),
    OutcomeCode.FROZEN: _kept(AccountEffect.FREEZE),
    OutcomeCode.NO_INVITE_RIGHT: _kept(AccountEffect.LEAVE_CHAT),
    OutcomeCode.CHAT_UNREACHABLE: _kept(AccountEffect.LEAVE_CHAT),
    OutcomeCode.LINK_ONLY: _kept(task=TaskEffect.PAUSE),
    OutcomeCode.FILE_UNUSABLE: _kept(task=TaskEffect.PAUSE),
    OutcomeCode.LOGGED_OUT: _kept(AccountEffect.LOG_OUT),
    OutcomeCode.BANNED: _kept(AccountEffect.BAN),
    OutcomeCode.NOT_CONNECTED: _kept(AccountEffect.BACK_OFF),
    OutcomeCode.SERVER_TROUBLE: _kept(AccountEffect.BACK_OFF),
    OutcomeCode.LOOK_UPS_SPENT: _kept(AccountEffect.BACK_OFF),
    OutcomeCode.UNCERTAIN: OutcomeRule(TargetState.UNCERTAIN, retryable=True),
    OutcomeCode.INTERRUPTED: _kept(),
    OutcomeCode.UNKNOWN_ERROR: _kept(task=TaskEffect.PAUSE),
}
"""The outcome table. NOT_CONNECTED = the request never left; UNCERTAIN = it may have had effect.

NAME_LEADS_NOWHERE = nobody reachable has her username (any more), and her phone is tried next.

NO_TEXT = her message cannot be made, because she has changed since the task was.
LOOK_UPS_SPENT is no answer of Telegram's: the account has used up its look-ups of a day.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one call to Telegram ended.

    ``wait_seconds`` is what Telegram asked for, without our margin. ``detail`` is the technical
    name of the answer (an error class or code) for the ledger; it holds nothing personal.
    """

    code: OutcomeCode
    wait_seconds: int = 0
    detail: str = ""

    @property
    def rule(self) -> OutcomeRule:
        """Return what follows from the outcome."""
        return RULES[self.code]

    @property
    def is_about_account(self) -> bool:
        """Return whether the account or its connection was the trouble, not what it asked for.

        The same question may get its answer later, or from another account.
        """
        return self.rule.account not in (AccountEffect.NONE, AccountEffect.LEAVE_CHAT)

    @property
    def stops_asking(self) -> bool:
        """Return whether it ends the asking itself: the account cannot ask, or nobody knows it."""
        return self.is_about_account or self.rule.task is TaskEffect.PAUSE
