"""The table of a log-in's states."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.engine.login import (
    TRANSITIONS,
    WITH_A_LOGIN,
    LoginEvent,
    LoginState,
    after,
    after_refusal,
)
from invite_desktop.engine.ports.login import RefusalKind

S, E, K = LoginState, LoginEvent, RefusalKind
ENDS = {S.DONE, S.LEFT}


def states_from(start: LoginState) -> set[LoginState]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for (state, _), following in TRANSITIONS.items():
            if state is here and following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


def test_every_state_can_be_reached():
    assert states_from(S.OPENING) == set(S)


@pytest.mark.parametrize("state", sorted(set(S) - ENDS))
def test_every_state_can_be_left_and_leads_to_an_account(state: LoginState):
    assert after(state, E.ABANDONED) is S.LEFT
    assert S.DONE in states_from(state)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_the_ends_are_ends(state: LoginState):
    assert states_from(state) == {state}


@pytest.mark.parametrize(
    ("state", "event"),
    sorted(set(itertools.product(S, E)) - set(TRANSITIONS)),
)
def test_what_is_not_in_the_table_cannot_happen(state: LoginState, event: LoginEvent):
    with pytest.raises(ValueError, match=event):
        after(state, event)


@given(st.lists(st.sampled_from(E)))
def test_nobody_is_stored_who_was_not_let_in(events: list[LoginEvent]):
    state, let_in = S.OPENING, False
    for event in events:
        if (state, event) in TRANSITIONS:
            state = after(state, event)
            let_in = event is E.LET_IN or (let_in and event is not E.BEGUN_AGAIN)
    assert let_in or state not in {S.STORING, S.DONE}


@pytest.mark.parametrize(
    ("state", "kind", "event"),
    [
        (S.PHONE, K.CREDENTIALS, E.CREDENTIALS_NEEDED),
        (S.CODE, K.CREDENTIALS, E.CREDENTIALS_NEEDED),
        (S.CREDENTIALS, K.CREDENTIALS, None),
        (S.CODE, K.PHONE, E.BEGUN_AGAIN),
        (S.PHONE, K.PHONE, None),
        (S.PASSWORD, K.BEGIN_AGAIN, E.BEGUN_AGAIN),
        (S.CODE, K.CODE, None),
        (S.CODE, K.CODE_EXPIRED, None),
        (S.PASSWORD, K.PASSWORD, None),
        (S.QR, K.NETWORK, None),
        (S.CODE, K.WAIT, None),
    ],
)
def test_a_refusal_leads_back_to_what_it_concerns(
    state: LoginState, kind: RefusalKind, event: LoginEvent | None
):
    assert after_refusal(state, kind) is event


def test_whatever_is_begun_at_telegram_can_be_taken_back():
    for state in WITH_A_LOGIN:
        assert (state, E.BEGUN_AGAIN) in TRANSITIONS
