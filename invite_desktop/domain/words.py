"""The words for every value that a person gets to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState, Actor, Condition, HealthFact
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis, OptOutSource, Origin, RowKind, RowProblem
from invite_desktop.domain.chats import ChatKind, Standing
from invite_desktop.domain.diagnosis import Area
from invite_desktop.domain.fates import Fate
from invite_desktop.domain.invitation_texts import InvitationText
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import PaceReason
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.tasks import Priority, TaskKind, TaskReason, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    from invite_desktop.domain.messages import Message


def words_for(member: Enum) -> Message:
    """Return what to call a value on screen. Raises KeyError for an enum nobody is shown."""
    return WORDS[type(member)][member]


# Kept apart by enum: members of different string enums with the same value are equal.
WORDS: Mapping[type[Enum], Mapping[Enum, Message]] = {
    TargetState: {
        TargetState.PENDING: message("waiting for their turn"),
        TargetState.IN_WORK: message("in work"),
        TargetState.INVITED: message("invited"),
        TargetState.JOINED: message("joined"),
        TargetState.SENT: message("sent"),
        TargetState.ALREADY_MEMBER: message("already a member"),
        TargetState.SKIPPED: message("left out"),
        TargetState.FAILED: message("failed"),
        TargetState.UNCERTAIN: message("uncertain"),
    },
    OutcomeCode: {
        OutcomeCode.INVITED: message("invited: Telegram accepted the invitation"),
        OutcomeCode.JOINED: message("joined: the membership was checked"),
        OutcomeCode.SENT: message("the message was sent"),
        OutcomeCode.FOUND: message("found on Telegram"),
        OutcomeCode.ALREADY_MEMBER: message("already in the chat"),
        OutcomeCode.PRIVACY: message("their privacy settings do not allow it"),
        OutcomeCode.PREMIUM_NEEDED: message("only Telegram Premium users can reach them"),
        OutcomeCode.NOT_MUTUAL_CONTACT: message("left the chat before, or is no mutual contact"),
        OutcomeCode.TOO_MANY_CHATS: message("is in too many chats"),
        OutcomeCode.REMOVED_FROM_CHAT: message("was removed from this chat"),
        OutcomeCode.BLOCKED: message("one of you has blocked the other"),
        OutcomeCode.BOT: message("is a bot"),
        OutcomeCode.DELETED_ACCOUNT: message("deleted their Telegram account"),
        OutcomeCode.PAID_MESSAGES: message("takes money for messages"),
        OutcomeCode.OPTED_OUT: message("does not want to be contacted"),
        OutcomeCode.MYSELF: message("is your own account"),
        OutcomeCode.ALREADY_INVITED: message("was contacted by another task already"),
        OutcomeCode.NAME_LEADS_NOWHERE: message("the username leads to nobody; the phone is next"),
        OutcomeCode.NOT_FOUND: message("nobody has this username"),
        OutcomeCode.UNKNOWN_BY_PHONE: message("Telegram does not find them by phone"),
        OutcomeCode.NOT_ADDRESSABLE: message("known by id only, and your accounts never met them"),
        OutcomeCode.NO_TEXT: message("the message needs something that is not known of them"),
        OutcomeCode.ADD_FAILED: message("Telegram could not add them"),
        OutcomeCode.MESSAGE_REFUSED: message("Telegram did not take the message"),
        OutcomeCode.FLOOD_WAIT: message("Telegram asked the account to wait"),
        OutcomeCode.PEER_FLOOD: message("Telegram limited the account for too many contacts"),
        OutcomeCode.FROZEN: message("Telegram has frozen the account"),
        OutcomeCode.NO_INVITE_RIGHT: message("the account may not invite to this chat"),
        OutcomeCode.CHAT_UNREACHABLE: message("the account cannot reach the chat"),
        OutcomeCode.FILE_UNUSABLE: message("the file of the message cannot be used"),
        OutcomeCode.LINK_ONLY: message("only a link brings more people to this chat"),
        OutcomeCode.LOGGED_OUT: message("the account was logged out"),
        OutcomeCode.BANNED: message("Telegram has banned the account"),
        OutcomeCode.NOT_CONNECTED: message("there was no connection to Telegram"),
        OutcomeCode.SERVER_TROUBLE: message("Telegram had trouble of its own"),
        OutcomeCode.LOOK_UPS_SPENT: message("has used up its look-ups of names for today"),
        OutcomeCode.UNCERTAIN: message("the connection broke; nobody knows whether it worked"),
        OutcomeCode.INTERRUPTED: message("was interrupted before it had effect"),
        OutcomeCode.UNKNOWN_ERROR: message("Telegram gave an answer this program does not know"),
    },
    AccountState: {
        AccountState.READY: message("ready"),
        AccountState.RESTING: message("resting"),
        AccountState.LIMITED: message("limited by Telegram"),
        AccountState.FROZEN: message("frozen by Telegram"),
        AccountState.BANNED: message("banned by Telegram"),
        AccountState.LOGGED_OUT: message("logged out"),
        AccountState.SWITCHED_OFF: message("switched off"),
    },
    Condition: {
        Condition.READY: message("ready"),
        Condition.BUSY: message("busy"),
        Condition.RESTING: message("resting"),
        Condition.LIMITED: message("limited"),
        Condition.FROZEN: message("frozen"),
        Condition.BANNED: message("banned"),
        Condition.LOGGED_OUT: message("logged out"),
        Condition.SWITCHED_OFF: message("switched off"),
        Condition.NO_NETWORK: message("no network"),
    },
    Actor: {
        Actor.TELEGRAM: message("Telegram"),
        Actor.USER: message("you"),
        Actor.PROGRAM: message("the program"),
    },
    HealthFact: {
        HealthFact.ADDED: message("logged in here"),
        HealthFact.STATE: message("changed its state"),
        HealthFact.TROUBLE: message("met a trouble"),
        HealthFact.NO_NETWORK: message("could not reach Telegram"),
        HealthFact.NETWORK_BACK: message("reached Telegram again"),
        HealthFact.REMOVED: message("was logged out and removed"),
    },
    TaskStatus: {
        TaskStatus.DRAFT: message("draft"),
        TaskStatus.READY: message("not started"),
        TaskStatus.RUNNING: message("running"),
        TaskStatus.WAITING: message("waiting"),
        TaskStatus.PAUSED: message("paused"),
        TaskStatus.COMPLETED: message("completed"),
        TaskStatus.CANCELLED: message("cancelled"),
        TaskStatus.FAILED: message("stopped"),
    },
    TaskReason: {
        TaskReason.NONE: message("nothing stands in the way"),
        TaskReason.BY_USER: message("paused by you"),
        TaskReason.INTERRUPTED: message("the program was closed while the task was running"),
        TaskReason.PACE: message("keeping the safe pace"),
        TaskReason.ACCOUNTS_RESTING: message("all accounts rest"),
        TaskReason.NO_NETWORK: message("no connection to Telegram"),
        TaskReason.PEER_FLOOD: message(
            "Telegram found that the account contacts too many people. "
            "Let it rest, and go on with fewer, better known people"
        ),
        TaskReason.UNKNOWN_ERROR: message("something unexpected happened"),
        TaskReason.FILE_UNUSABLE: message(
            "the file that goes with the message is gone, or Telegram does not take it"
        ),
        TaskReason.LINK_ONLY: message(
            "nobody can be added to this channel by hand any more; send people its link"
        ),
        TaskReason.NO_RIGHTS: message("no account has the right to invite to this chat"),
        TaskReason.NO_ACCOUNTS: message("no account can work: all are logged out or switched off"),
        TaskReason.CHAT_UNREACHABLE: message("no account can reach the chat"),
        TaskReason.TOO_MANY_REFUSALS: message(
            "nearly everybody refuses; check the list and the rights before you go on"
        ),
        TaskReason.TOO_MANY_OPT_OUTS: message(
            "too many people answered that they want no messages; "
            "look at the list and at the text before you go on"
        ),
        TaskReason.NOT_STARTED: message("could not be started"),
        TaskReason.WORKING_HOURS: message("outside of the working hours"),
        TaskReason.START_MISSED: message("missed its start: the program was not running then"),
        TaskReason.STORAGE: message("the data could not be written"),
        TaskReason.KEYRING: message("the system's keyring refused"),
        TaskReason.RESTORED: message("a backup was restored; sending is off until you confirm it"),
    },
    TaskKind: {
        TaskKind.INVITE: message("invitation to a chat"),
        TaskKind.MESSAGE: message("personal message"),
    },
    Priority: {
        Priority.LOW: message("low"),
        Priority.NORMAL: message("normal"),
        Priority.HIGH: message("high"),
    },
    Basis: {
        Basis.CUSTOMERS: message("customers or subscribers who agreed"),
        Basis.CHAT_MEMBERS: message("members of my chats"),
        Basis.WROTE_TO_ME: message("people who wrote to me"),
        Basis.TEAM: message("my team"),
        Basis.UNKNOWN: message("none, or I do not know"),
    },
    Origin: {
        Origin.FILE: message("file"),
        Origin.CHAT: message("members of a chat"),
        Origin.DIALOGS: message("dialogs of an account"),
        Origin.CONTACTS: message("contacts of an account"),
        Origin.AUDIENCE: message("other audiences"),
        Origin.TASK: message("people of a task"),
    },
    RowKind: {
        RowKind.NEW: message("new"),
        RowKind.UPDATED: message("updated"),
        RowKind.DUPLICATE: message("duplicate"),
        RowKind.INVALID: message("invalid"),
        RowKind.OPTED_OUT: message("opted out"),
    },
    RowProblem: {
        RowProblem.NO_KEY: message("no username, phone or id"),
        RowProblem.BAD_USERNAME: message("this cannot be a username"),
        RowProblem.BAD_PHONE: message("this cannot be a phone number"),
        RowProblem.BAD_ID: message("this cannot be a Telegram ID"),
        RowProblem.CHAT_ID: message("this is the id of a chat, not of a person"),
        RowProblem.TOO_LONG: message("a cell is too long"),
        RowProblem.BAD_DATE: message("this is not a date; kept as it is written"),
        RowProblem.SHORTENED: message("this cell is too long; its beginning was kept"),
    },
    OptOutSource: {
        OptOutSource.UNKNOWN: message("not recorded"),
        OptOutSource.HAND: message("by hand"),
        OptOutSource.FILE: message("from a file"),
        OptOutSource.MESSAGE: message("by their own message"),
    },
    ChatKind: {
        ChatKind.BASIC_GROUP: message("group"),
        ChatKind.SUPERGROUP: message("supergroup"),
        ChatKind.CHANNEL: message("channel"),
    },
    Standing: {
        Standing.READY_ADMIN: message("administrator with the right to invite"),
        Standing.ADMIN_WITHOUT_INVITE_RIGHT: message("administrator without the right to invite"),
        Standing.MEMBER: message("a member, but no administrator"),
        Standing.NOT_A_MEMBER: message("not in the chat"),
        Standing.UNKNOWN: message("could not be asked"),
    },
    InvitationText: {
        InvitationText.SHORT: message("short"),
        InvitationText.FRIENDLY: message("friendly"),
        InvitationText.COULD_NOT_ADD: message("for those who could not be added"),
    },
    PaceReason: {
        PaceReason.NOW: message("can act now"),
        PaceReason.GAP: message("keeps the gap between two actions"),
        PaceReason.HOUR: message("has used up this hour"),
        PaceReason.DAY: message("has used up today's limit"),
        PaceReason.REST: message("has to rest until then"),
    },
    Action: {
        Action.INVITE: message("invitation"),
        Action.MESSAGE: message("message"),
        Action.LOOK_UP: message("look-up by username"),
        Action.CONTACT_IMPORT: message("look-up by phone"),
    },
    Area: {
        Area.TASK: message("task"),
        Area.AUDIENCE: message("audience"),
        Area.DATA: message("quality of the list"),
        Area.ACCOUNTS: message("accounts"),
        Area.RIGHTS: message("rights in the chat"),
        Area.KEYRING: message("keyring"),
        Area.NETWORK: message("connection"),
        Area.LIMITS: message("limits"),
        Area.DISK: message("disk"),
    },
    Fate: {
        Fate.AT_ONCE: message("can be reached at once"),
        Fate.LOOK_UP_NAME: message("must be looked up by username first"),
        Fate.LOOK_UP_PHONE: message("must be looked up by phone first; Telegram answers few"),
        Fate.UNREACHABLE: message("cannot be reached: a bare id, and no account has met them"),
        Fate.OPTED_OUT: message("do not want to be contacted"),
        Fate.CONTACTED_BEFORE: message("were contacted for this chat before"),
        Fate.REFUSED_BEFORE: message("refused before, or could not be added"),
        Fate.NO_TEXT: message("the message cannot be made for them"),
        Fate.NEEDS_PREMIUM: message("only Premium accounts may write to them"),
        Fate.NEEDS_PAYMENT: message("want to be paid for a message"),
    },
    KeyKind: {
        KeyKind.USERNAME: message("username"),
        KeyKind.PHONE: message("phone number"),
        KeyKind.TELEGRAM_ID: message("Telegram ID"),
    },
}
"""Every value that screens, reports and the command line show, in English."""
