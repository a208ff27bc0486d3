"""The outcome table, row by row: Telegram's own words through the real Telethon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from telethon.errors.rpcerrorlist import rpc_errors_dict, rpc_errors_re
from telethon.tl import functions

from invite_desktop.domain.attachments import AttachmentKind
from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.telegram import ChatPeer, Membership, UploadedFile
from invite_desktop.telegram.outcome_table import CLASSES, CODES

if TYPE_CHECKING:
    from tests.telegram.conftest import Scene

C = OutcomeCode

EITHER = {
    "FLOOD_WAIT_30": C.FLOOD_WAIT,
    "FLOOD_PREMIUM_WAIT_30": C.FLOOD_WAIT,
    "SLOWMODE_WAIT_30": C.FLOOD_WAIT,
    "PEER_FLOOD": C.PEER_FLOOD,
    "USER_RESTRICTED": C.PEER_FLOOD,
    "FROZEN_METHOD_INVALID": C.FROZEN,
    "FROZEN_PARTICIPANT_MISSING": C.FROZEN,
    "USER_PRIVACY_RESTRICTED": C.PRIVACY,
    "USER_BLOCKED": C.BLOCKED,
    "YOU_BLOCKED_USER": C.BLOCKED,
    "USER_IS_BLOCKED": C.BLOCKED,
    "USER_IS_BOT": C.BOT,
    "INPUT_USER_DEACTIVATED": C.DELETED_ACCOUNT,
    "USER_DELETED": C.DELETED_ACCOUNT,
    "USER_ID_INVALID": C.NOT_ADDRESSABLE,
    "USER_INVALID": C.NOT_ADDRESSABLE,
    "CONTACT_ID_INVALID": C.NOT_ADDRESSABLE,
    "PEER_ID_INVALID": C.NOT_ADDRESSABLE,
    "PREMIUM_ACCOUNT_REQUIRED": C.PREMIUM_NEEDED,
    "PRIVACY_PREMIUM_REQUIRED": C.PREMIUM_NEEDED,
    "AUTH_KEY_UNREGISTERED": C.LOGGED_OUT,
    "SESSION_REVOKED": C.LOGGED_OUT,
    "SESSION_EXPIRED": C.LOGGED_OUT,
    "AUTH_KEY_DUPLICATED": C.LOGGED_OUT,
    "AUTH_KEY_INVALID": C.LOGGED_OUT,
    "AUTH_KEY_PERM_EMPTY": C.LOGGED_OUT,
    "ACTIVE_USER_REQUIRED": C.LOGGED_OUT,
    "USER_DEACTIVATED": C.BANNED,
    "USER_DEACTIVATED_BAN": C.BANNED,
    "PHONE_NUMBER_BANNED": C.BANNED,
    "RPC_CALL_FAIL": C.UNCERTAIN,
    "INTERDC_2_CALL_ERROR": C.UNCERTAIN,
    "WORKER_BUSY_TOO_LONG_RETRY": C.UNCERTAIN,
    "MSG_WAIT_FAILED": C.UNCERTAIN,
    "TIMEOUT": C.UNCERTAIN,
    "SOMETHING_NEW": C.UNKNOWN_ERROR,
}
INVITES = EITHER | {
    "USER_NOT_MUTUAL_CONTACT": C.NOT_MUTUAL_CONTACT,
    "USER_CHANNELS_TOO_MUCH": C.TOO_MANY_CHATS,
    "USER_ALREADY_PARTICIPANT": C.ALREADY_MEMBER,
    "USER_KICKED": C.REMOVED_FROM_CHAT,
    "USER_BANNED_IN_CHANNEL": C.REMOVED_FROM_CHAT,
    "USER_BOT": C.BOT,
    "BOT_GROUPS_BLOCKED": C.BOT,
    "BOTS_TOO_MUCH": C.BOT,
    "CHAT_MEMBER_ADD_FAILED": C.ADD_FAILED,
    "CHAT_ADMIN_REQUIRED": C.NO_INVITE_RIGHT,
    "CHAT_ADMIN_INVITE_REQUIRED": C.NO_INVITE_RIGHT,
    "CHAT_WRITE_FORBIDDEN": C.NO_INVITE_RIGHT,
    "RIGHT_FORBIDDEN": C.NO_INVITE_RIGHT,
    "USERS_TOO_MUCH": C.LINK_ONLY,
    "CHANNEL_PRIVATE": C.CHAT_UNREACHABLE,
    "CHANNEL_INVALID": C.CHAT_UNREACHABLE,
    "CHAT_FORBIDDEN": C.CHAT_UNREACHABLE,
    "CHAT_ID_INVALID": C.CHAT_UNREACHABLE,
    "CHAT_INVALID": C.CHAT_UNREACHABLE,
    "CHAT_RESTRICTED": C.CHAT_UNREACHABLE,
    "CHAT_ID_EMPTY": C.CHAT_UNREACHABLE,
    "CHANNEL_BANNED": C.CHAT_UNREACHABLE,
    "CHANNEL_ID_INVALID": C.CHAT_UNREACHABLE,
    "CHANNEL_PARICIPANT_MISSING": C.CHAT_UNREACHABLE,
    "CHANNEL_PUBLIC_GROUP_NA": C.CHAT_UNREACHABLE,
    "CHAT_GUEST_SEND_FORBIDDEN": C.NO_INVITE_RIGHT,
    "CHAT_SEND_PLAIN_FORBIDDEN": C.NO_INVITE_RIGHT,
}
MESSAGES = EITHER | {
    "ALLOW_PAYMENT_REQUIRED_25": C.PAID_MESSAGES,
    "CHAT_WRITE_FORBIDDEN": C.MESSAGE_REFUSED,
    "CHAT_ADMIN_REQUIRED": C.MESSAGE_REFUSED,
    "CHAT_RESTRICTED": C.MESSAGE_REFUSED,
    "USER_BANNED_IN_CHANNEL": C.PEER_FLOOD,
    "RANDOM_ID_DUPLICATE": C.SENT,
    "MESSAGE_TOO_LONG": C.UNKNOWN_ERROR,
}
LOOK_UPS = {
    "USERNAME_NOT_OCCUPIED": C.NOT_FOUND,
    "USERNAME_INVALID": C.NOT_FOUND,
    "FLOOD_WAIT_30": C.FLOOD_WAIT,
    "FROZEN_METHOD_INVALID": C.FROZEN,
    "AUTH_KEY_UNREGISTERED": C.LOGGED_OUT,
    "RPC_CALL_FAIL": C.SERVER_TROUBLE,
    "TIMEOUT": C.SERVER_TROUBLE,
    "SOMETHING_NEW": C.UNKNOWN_ERROR,
}
FILES = {
    "FILE_REFERENCE_EMPTY": C.INTERRUPTED,
    "FILE_REFERENCE_EXPIRED": C.INTERRUPTED,
    "FILE_REFERENCE_INVALID": C.INTERRUPTED,
    "MEDIA_EMPTY": C.INTERRUPTED,
    "MEDIA_INVALID": C.FILE_UNUSABLE,
    "FILE_PARTS_INVALID": C.FILE_UNUSABLE,
    "IMAGE_PROCESS_FAILED": C.FILE_UNUSABLE,
    "PHOTO_EXT_INVALID": C.FILE_UNUSABLE,
    "PHOTO_INVALID": C.FILE_UNUSABLE,
    "PHOTO_INVALID_DIMENSIONS": C.FILE_UNUSABLE,
    "PHOTO_SAVE_FILE_INVALID": C.FILE_UNUSABLE,
    "PEER_FLOOD": C.PEER_FLOOD,
}
PHONES = {
    "PHONE_NOT_OCCUPIED": C.UNKNOWN_BY_PHONE,
    "PHONE_NUMBER_INVALID": C.UNKNOWN_BY_PHONE,
}
LINKS = {
    "INVITE_HASH_EMPTY": C.NOT_FOUND,
    "INVITE_HASH_EXPIRED": C.NOT_FOUND,
    "INVITE_HASH_INVALID": C.NOT_FOUND,
}
CLASSLESS = {
    "FILE_REFERENCE_0_EXPIRED": C.INTERRUPTED,
    "FROZEN_SOMETHING_ELSE": C.FROZEN,
    "CHANNEL_MONOFORUM_UNSUPPORTED": C.CHAT_UNREACHABLE,
    "MSG_WAIT_TIMEOUT": C.UNCERTAIN,
    "FLOOD_SOMETHING_ELSE": C.FLOOD_WAIT,
}
MEMBERSHIPS = {
    "USER_NOT_PARTICIPANT": Membership.NOT_A_MEMBER,
    "PARTICIPANT_ID_INVALID": C.NOT_ADDRESSABLE,
    "CHANNEL_PRIVATE": C.CHAT_UNREACHABLE,
    "CHAT_ADMIN_REQUIRED": C.NO_INVITE_RIGHT,
    "FLOOD_WAIT_30": C.FLOOD_WAIT,
    "RPC_CALL_FAIL": C.SERVER_TROUBLE,
}
EVERY = (INVITES, MESSAGES, LOOK_UPS, FILES, PHONES, LINKS, MEMBERSHIPS)


def check(outcome: object, error: str, expected: OutcomeCode) -> None:
    assert isinstance(outcome, Outcome)
    assert outcome.code is expected
    assert outcome.wait_seconds == (30 if expected is C.FLOOD_WAIT else 0)
    known = error.replace("_", "").lower().rstrip("30")
    assert outcome.detail == error or outcome.detail.lower().startswith(known[:6])


@pytest.mark.parametrize(("error", "expected"), INVITES.items())
async def test_an_invitation(scene: Scene, error: str, expected: OutcomeCode):
    request = functions.channels.InviteToChannelRequest
    scene.server.script(request, error)
    outcome = await scene.messenger.invite(scene.peer, scene.user)
    check(outcome, error, expected)
    assert sum(isinstance(call.request, request) for call in scene.server.calls) == 1
    assert scene.stage.times_contacted(scene.bobby) == 0


@pytest.mark.parametrize(("error", "expected"), INVITES.items())
async def test_an_invitation_to_a_basic_group(scene: Scene, error: str, expected: OutcomeCode):
    request = functions.messages.AddChatUserRequest
    scene.server.script(request, error)
    outcome = await scene.messenger.invite(ChatPeer(5, 0, ChatKind.BASIC_GROUP), scene.user)
    check(outcome, error, expected)
    assert sum(isinstance(call.request, request) for call in scene.server.calls) == 1


@pytest.mark.parametrize(("error", "expected"), MESSAGES.items())
async def test_a_message(scene: Scene, error: str, expected: OutcomeCode):
    request = functions.messages.SendMessageRequest
    scene.server.script(request, error)
    outcome = await scene.messenger.send_message(scene.user, "hello", 42)
    check(outcome, error, expected)
    assert sum(isinstance(call.request, request) for call in scene.server.calls) == 1


@pytest.mark.parametrize(("error", "expected"), LOOK_UPS.items())
async def test_a_look_up(scene: Scene, error: str, expected: OutcomeCode):
    scene.server.script(functions.contacts.ResolveUsernameRequest, error)
    check(await scene.messenger.look_up(PersonKeys("someone_else")), error, expected)


def test_every_error_that_the_table_names_is_tried_here():
    tried = {error for errors in EVERY for error in errors}
    listed = {error for error, meant in rpc_errors_dict.items() if meant in CLASSES}
    assert listed <= tried, listed - tried


def test_every_code_without_a_class_is_tried_here():
    tried = {error for errors in (*EVERY, CLASSLESS) for error in errors}
    classless = {e for e in tried if e not in rpc_errors_dict and not _has_class(e)}
    for pattern, _code in CODES:
        assert any(pattern.fullmatch(error) for error in classless), pattern.pattern


def _has_class(error: str) -> bool:
    return any(re.fullmatch(pattern, error) for pattern, _class in rpc_errors_re)


@pytest.mark.parametrize(("error", "expected"), CLASSLESS.items())
async def test_an_invitation_answered_in_words_that_telethon_does_not_know(
    scene: Scene, error: str, expected: OutcomeCode
):
    scene.server.script(functions.channels.InviteToChannelRequest, error)
    outcome = await scene.messenger.invite(scene.peer, scene.user)
    assert (outcome.code, outcome.detail, outcome.wait_seconds) == (expected, error, 0)


@pytest.mark.parametrize(("error", "expected"), FILES.items())
async def test_a_message_with_a_file(scene: Scene, error: str, expected: OutcomeCode):
    scene.server.script(functions.messages.SendMediaRequest, error)
    file = UploadedFile(AttachmentKind.PICTURE, 1, 2, b"reference")
    outcome = await scene.messenger.send_message(scene.user, "hello", 42, file=file)
    check(outcome, error, expected)


@pytest.mark.parametrize(("error", "expected"), PHONES.items())
async def test_a_look_up_by_phone(scene: Scene, error: str, expected: OutcomeCode):
    scene.server.script(functions.contacts.ImportContactsRequest, error)
    found = await scene.messenger.look_up(PersonKeys(phone="+79001234567"))
    check(found, error, expected)


@pytest.mark.parametrize(("error", "expected"), LINKS.items())
async def test_a_link_that_leads_nowhere(scene: Scene, error: str, expected: OutcomeCode):
    scene.server.script(functions.messages.CheckChatInviteRequest, error)
    address = parse_chat_address("https://t.me/+AbCdEfGhIjKlMnOp")
    check(await scene.messenger.see_chat(address), error, expected)


@pytest.mark.parametrize(("error", "expected"), MEMBERSHIPS.items())
async def test_a_question_about_membership(
    scene: Scene, error: str, expected: OutcomeCode | Membership
):
    scene.server.script(functions.channels.GetParticipantRequest, error)
    answer = await scene.messenger.membership(scene.peer, scene.user)
    assert (answer.code if isinstance(answer, Outcome) else answer) is expected


@pytest.mark.parametrize("transport_error", [-429, -404])
async def test_a_transport_error_leaves_a_contact_uncertain_or_ends_the_session(
    scene: Scene, transport_error: int
):
    scene.server.script(functions.channels.InviteToChannelRequest, transport_error)
    outcome = await scene.messenger.invite(scene.peer, scene.user)
    expected = {-429: C.UNCERTAIN, -404: C.LOGGED_OUT}[transport_error]
    assert outcome.code is expected
