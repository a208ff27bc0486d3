"""Everything that is shown has words."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState, Actor, Condition, HealthFact
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis, RowProblem
from invite_desktop.domain.chats import ChatKind, Standing
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import PaceReason
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.tasks import Priority, TaskKind, TaskReason, TaskStatus
from invite_desktop.domain.words import WORDS, words_for

if TYPE_CHECKING:
    from enum import Enum

SHOWN = (
    OutcomeCode,
    TargetState,
    AccountState,
    Condition,
    Actor,
    HealthFact,
    TaskStatus,
    TaskReason,
    TaskKind,
    Priority,
    Basis,
    Standing,
    RowProblem,
    PaceReason,
    ChatKind,
    Action,
    KeyKind,
)


@pytest.mark.parametrize("member", [member for shown in SHOWN for member in shown], ids=repr)
def test_every_member_has_words_without_gaps(member: Enum):
    words = words_for(member)
    assert str(words).strip()
    assert not [place for _, place, _, _ in string.Formatter().parse(words.text) if place]


@pytest.mark.parametrize("shown", SHOWN)
def test_no_two_members_of_one_kind_share_their_words(shown: type[Enum]):
    texts = [words.text for words in WORDS[shown].values()]
    assert len(set(texts)) == len(texts) == len(shown)


def test_members_with_equal_values_keep_their_own_words():
    assert words_for(OutcomeCode.PEER_FLOOD) != words_for(TaskReason.PEER_FLOOD)
