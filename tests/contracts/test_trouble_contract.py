"""What every Messenger promises when something goes wrong in a call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import Membership
from tests.contracts.stages import SCRIPTED, When

if TYPE_CHECKING:
    from tests.contracts.clubs import Club


@pytest.mark.parametrize("code", SCRIPTED)
@pytest.mark.parametrize("method", ["invite", "send_message"])
async def test_trouble_comes_back_as_an_outcome(club: Club, method: str, code: OutcomeCode):
    bobby, user = await club.person()
    peer = await club.peer()
    club.stage.script(1, method, code)
    if method == "invite":
        outcome = await club.messenger.invite(peer, user)
    else:
        outcome = await club.messenger.send_message(user, "hello", 42)
    assert (outcome.code, outcome.wait_seconds) == (code, 30 * (code is OutcomeCode.FLOOD_WAIT))
    assert club.stage.times_contacted(bobby) == 0


async def test_after_a_flood_wait_the_engine_decides_when_to_go_on(club: Club):
    _, user = await club.person()
    peer = await club.peer()
    club.stage.script(1, "invite", OutcomeCode.FLOOD_WAIT)
    await club.messenger.invite(peer, user)
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.INVITED


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_a_connection_lost_inside_an_invitation_leaves_it_uncertain(
    club: Club, when: When, effects: int
):
    bobby, user = await club.person()
    peer = await club.peer()
    club.stage.drop(1, "invite", when)
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.UNCERTAIN
    settled = await club.messenger.membership(peer, user)
    assert settled is (Membership.MEMBER if effects else Membership.NOT_A_MEMBER)
    assert club.stage.times_contacted(bobby) == effects


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_a_connection_lost_inside_a_message_is_settled_by_its_random_id(
    club: Club, when: When, effects: int
):
    bobby, user = await club.person()
    club.stage.drop(1, "send_message", when)
    outcome = await club.messenger.send_message(user, "hello", 42)
    assert outcome.code is OutcomeCode.UNCERTAIN
    assert club.stage.times_contacted(bobby) == effects
    assert (await club.messenger.send_message(user, "hello", 42)).code is OutcomeCode.SENT
    assert club.stage.times_contacted(bobby) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_question_cut_off_may_be_asked_again(club: Club, when: When):
    club.stage.drop(1, "who_am_i", when)
    answer = await club.messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED
    assert not isinstance(await club.messenger.who_am_i(), Outcome)


async def test_offline_nothing_is_sent(club: Club):
    bobby, user = await club.person()
    peer = await club.peer()
    await club.stage.go_offline()
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.NOT_CONNECTED
    assert club.stage.times_contacted(bobby) == 0


async def test_cancellation_is_passed_on(club: Club):
    _, user = await club.person()
    call = asyncio.create_task(club.messenger.invite(await club.peer(), user))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
