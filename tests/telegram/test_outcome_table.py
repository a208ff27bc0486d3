"""What each of Telegram's errors means, without a network."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon import errors
from telethon.tl.functions import PingRequest
from telethon.tl.types import MissingInvitee

from invite_desktop.domain.attempts import CONTACTING, Action
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.telegram.outcome_table import (
    CLASSES,
    KNOWN_TROUBLES,
    detail_of,
    missing_invitee_outcome,
    outcome_of,
)

REQUEST = PingRequest(1)
EVERY_ACTION = (None, *Action)


def refusal(text: str, code: int = 400) -> Exception:
    """Return the error that Telethon makes of Telegram's answer."""
    answer = type("RpcError", (), {"error_message": text, "error_code": code})
    return errors.rpc_message_to_error(answer, REQUEST)


@pytest.mark.parametrize("action", EVERY_ACTION)
@pytest.mark.parametrize(
    ("text", "seconds"),
    [("FLOOD_WAIT_30", 30), ("FLOOD_PREMIUM_WAIT_7", 7), ("SLOWMODE_WAIT_61", 61)],
)
def test_a_wait_carries_telegrams_seconds(text: str, seconds: int, action: Action | None):
    outcome = outcome_of(refusal(text, 420), action)
    assert (outcome.code, outcome.wait_seconds) == (OutcomeCode.FLOOD_WAIT, seconds)


def test_a_class_of_its_own_is_named_in_the_detail():
    outcome = outcome_of(refusal("USER_PRIVACY_RESTRICTED", 403), Action.INVITE)
    assert outcome.detail == "UserPrivacyRestrictedError"


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("CHAT_MEMBER_ADD_FAILED", 400, OutcomeCode.ADD_FAILED),
        ("PRIVACY_PREMIUM_REQUIRED", 403, OutcomeCode.PREMIUM_NEEDED),
        ("ALLOW_PAYMENT_REQUIRED_25", 403, OutcomeCode.PAID_MESSAGES),
        ("FROZEN_SOMETHING_NEW", 420, OutcomeCode.FROZEN),
        ("SOMETHING_NEW", 400, OutcomeCode.UNKNOWN_ERROR),
        ("SOMETHING_NEW", 403, OutcomeCode.UNKNOWN_ERROR),
        ("SOMETHING_NEW", 406, OutcomeCode.UNKNOWN_ERROR),
        ("SOMETHING_NEW", 401, OutcomeCode.LOGGED_OUT),
        ("SOMETHING_NEW", 420, OutcomeCode.FLOOD_WAIT),
        ("SOMETHING_NEW", 777, OutcomeCode.UNKNOWN_ERROR),
    ],
)
def test_a_code_without_a_class_is_kept_with_its_digits(
    text: str, code: int, expected: OutcomeCode
):
    outcome = outcome_of(refusal(text, code), Action.INVITE)
    assert (outcome.code, outcome.detail) == (expected, text)


def test_a_text_that_is_no_code_never_reaches_the_ledger():
    assert detail_of(refusal("Anna +79001234567 cannot", 400)) == "BadRequestError_400"


def test_two_step_verification_is_no_lost_session():
    outcome = outcome_of(refusal("SESSION_PASSWORD_NEEDED", 401))
    assert outcome.code is OutcomeCode.UNKNOWN_ERROR


@pytest.mark.parametrize("action", sorted(CONTACTING))
@pytest.mark.parametrize(
    "error",
    [
        refusal("RPC_CALL_FAIL", 500),
        refusal("INTERDC_2_CALL_ERROR", 500),
        refusal("Timeout", -503),
        refusal("No workers running", -500),
        ConnectionResetError(),
        TimeoutError(),
        asyncio.IncompleteReadError(b"", 4),
        errors.TypeNotFoundError(1, b""),
    ],
    ids=lambda e: type(e).__name__,
)
def test_a_contact_without_a_clear_answer_is_uncertain(error: Exception, action: Action):
    assert outcome_of(error, action).code is OutcomeCode.UNCERTAIN


@pytest.mark.parametrize("action", [None, Action.LOOK_UP, Action.CONTACT_IMPORT])
def test_a_question_without_an_answer_can_be_asked_again(action: Action | None):
    assert outcome_of(ConnectionResetError(), action).code is OutcomeCode.NOT_CONNECTED
    assert outcome_of(refusal("RPC_CALL_FAIL", 500), action).code is OutcomeCode.SERVER_TROUBLE


@pytest.mark.parametrize(
    ("text", "when_inviting", "when_writing"),
    [
        ("CHAT_WRITE_FORBIDDEN", OutcomeCode.NO_INVITE_RIGHT, OutcomeCode.MESSAGE_REFUSED),
        ("CHAT_RESTRICTED", OutcomeCode.CHAT_UNREACHABLE, OutcomeCode.MESSAGE_REFUSED),
        ("USER_BANNED_IN_CHANNEL", OutcomeCode.REMOVED_FROM_CHAT, OutcomeCode.PEER_FLOOD),
    ],
)
def test_the_same_error_may_mean_another_thing_to_a_message(
    text: str, when_inviting: OutcomeCode, when_writing: OutcomeCode
):
    assert outcome_of(refusal(text), Action.INVITE).code is when_inviting
    assert outcome_of(refusal(text), Action.MESSAGE).code is when_writing


def test_a_repeated_random_id_means_that_the_message_had_gone():
    error = refusal("RANDOM_ID_DUPLICATE", 500)
    assert outcome_of(error, Action.MESSAGE).code is OutcomeCode.SENT


@given(
    cls=st.sampled_from(
        [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.RPCError)]
    ),
    action=st.sampled_from(EVERY_ACTION),
)
def test_every_error_that_telethon_knows_has_an_outcome(
    cls: type[errors.RPCError], action: Action | None
):
    error = cls.__new__(cls)
    outcome = outcome_of(error, action)
    assert outcome.detail
    assert outcome.code not in {OutcomeCode.INVITED, OutcomeCode.JOINED, OutcomeCode.FOUND}


def test_every_class_of_the_table_is_a_known_trouble():
    assert all(issubclass(cls, KNOWN_TROUBLES) for cls in CLASSES)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, OutcomeCode.PRIVACY),
        ({"premium_would_allow_invite": True}, OutcomeCode.PREMIUM_NEEDED),
        ({"premium_required_for_pm": True}, OutcomeCode.PRIVACY),
    ],
)
def test_a_refusal_inside_a_success_is_read(flags: dict[str, bool], expected: OutcomeCode):
    outcome = missing_invitee_outcome([MissingInvitee(5, **flags)])
    assert outcome is not None
    assert outcome.code is expected


def test_nobody_missing_is_no_refusal():
    assert missing_invitee_outcome([]) is None
