"""The outcome table, and what an account's state means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from invite_desktop.domain.accounts import Account, AccountState, Profile
from invite_desktop.domain.outcomes import (
    RULES,
    Outcome,
    OutcomeCode,
    TargetState,
    TaskEffect,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_every_code_has_its_rule():
    assert set(RULES) == set(OutcomeCode)


@pytest.mark.parametrize("code", [c for c, rule in RULES.items() if rule.account.value != "none"])
def test_a_trouble_of_the_account_leaves_the_target_pending(code: OutcomeCode):
    assert RULES[code].target is TargetState.PENDING


@pytest.mark.parametrize("code", [c for c in OutcomeCode if RULES[c].task is TaskEffect.PAUSE])
def test_what_pauses_the_task_keeps_the_target(code: OutcomeCode):
    assert RULES[code].target is TargetState.PENDING


@pytest.mark.parametrize("code", [c for c in OutcomeCode if RULES[c].retryable])
def test_only_ended_targets_can_be_retried(code: OutcomeCode):
    assert RULES[code].target in (TargetState.FAILED, TargetState.UNCERTAIN)


@pytest.mark.parametrize(
    ("code", "about_account"),
    [
        (OutcomeCode.FLOOD_WAIT, True),
        (OutcomeCode.NOT_CONNECTED, True),
        (OutcomeCode.LOGGED_OUT, True),
        (OutcomeCode.CHAT_UNREACHABLE, False),
        (OutcomeCode.PRIVACY, False),
        (OutcomeCode.UNKNOWN_ERROR, False),
    ],
)
def test_some_troubles_are_the_accounts_and_some_the_questions(
    code: OutcomeCode, about_account: bool
):
    assert Outcome(code).is_about_account is about_account


@pytest.mark.parametrize(
    ("state", "until", "seen"),
    [
        (AccountState.RESTING, NOW + timedelta(1), AccountState.RESTING),
        (AccountState.RESTING, NOW, AccountState.READY),
        (AccountState.LIMITED, NOW - timedelta(1), AccountState.READY),
        (AccountState.SWITCHED_OFF, NOW - timedelta(1), AccountState.SWITCHED_OFF),
        (AccountState.FROZEN, None, AccountState.FROZEN),
    ],
)
def test_a_rest_ends_by_itself_and_nothing_else_does(
    state: AccountState, until: datetime | None, seen: AccountState
):
    account = Account(1, Profile(1, "Anna"), state, NOW, until)
    assert account.state_at(NOW) is seen


@pytest.mark.parametrize(
    ("profile", "label"),
    [
        (Profile(1, "Anna", "Orlova", "anna"), "Anna Orlova"),
        (Profile(1, "", "", "anna", "+7900"), "@anna"),
        (Profile(1, "", "", None, "+7900"), "+7900"),
    ],
)
def test_an_account_is_called_by_its_name_or_else_a_key(profile: Profile, label: str):
    assert profile.label == label
