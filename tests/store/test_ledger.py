from __future__ import annotations

import sqlite3

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import RULES, Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.telegram import UserPeer
from tests.store.setting import NOW, Desk, account, counters_hold, later, select

CODES_OF_CALLS = sorted(set(OutcomeCode) - {OutcomeCode.FOUND, OutcomeCode.NOT_ADDRESSABLE})


async def test_an_attempt_is_in_the_file_before_the_call(desk: Desk):
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    with sqlite3.connect(desk.path) as other_program:
        rows = other_program.execute("SELECT id, outcome FROM attempts").fetchall()
    other_program.close()
    assert rows == [(attempt.id, None)]


async def test_an_attempt_says_who_does_what_to_whom(desk: Desk):
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.MESSAGE, later(seconds=1))
    assert (attempt.target_id, attempt.person_id) == (claim.target_id, claim.person.id)
    assert (attempt.account_id, attempt.started_at) == (desk.account_id, later(seconds=1))
    assert attempt.random_id == claim.random_id


@pytest.mark.parametrize("action", [Action.INVITE, Action.LOOK_UP, Action.CONTACT_IMPORT])
async def test_only_messages_carry_a_random_id(desk: Desk, action: Action):
    assert (await desk.store.ledger.begin(await desk.claim(), action, NOW)).random_id == 0


@pytest.mark.parametrize("code", CODES_OF_CALLS)
async def test_every_outcome_brings_the_target_where_its_rule_says(desk: Desk, code: OutcomeCode):
    claim = await desk.claim()
    await desk.act(claim, code)
    target = await desk.store.tasks.target(claim.target_id)
    state = RULES[code].target
    assert target.state is state
    assert target.outcome is (None if state is TargetState.PENDING else code)
    assert await counters_hold(desk.store)


async def test_an_outcome_is_kept_with_the_attempt(desk: Desk):
    attempt = await desk.store.ledger.begin(await desk.claim(), Action.INVITE, NOW)
    outcome = Outcome(OutcomeCode.FLOOD_WAIT, 77, "FloodWaitError")
    await desk.store.ledger.finish(attempt, outcome, later(seconds=2))
    rows = await select(desk.store, "SELECT outcome, detail, wait_seconds FROM attempts")
    assert rows == [("flood_wait", "FloodWaitError", 77)]
    (row,) = await desk.store.ledger.rows(LedgerFilter(), 0, 9)
    assert (row.attempt.ended_at, row.attempt.outcome) == (later(seconds=2), outcome.code)


async def test_the_end_of_a_target_tells_who_when_and_why(desk: Desk):
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    outcome = Outcome(OutcomeCode.PRIVACY, detail="UserPrivacyRestrictedError")
    await desk.store.ledger.finish(attempt, outcome, later(seconds=5))
    target = await desk.store.tasks.target(claim.target_id)
    assert (target.account_id, target.changed_at) == (desk.account_id, later(seconds=5))
    assert target.detail == "UserPrivacyRestrictedError"


async def test_a_found_person_stays_claimed(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.FOUND, Action.LOOK_UP)
    assert (await desk.store.tasks.target(claim.target_id)).state is TargetState.IN_WORK
    await desk.store.ledger.begin(claim, Action.INVITE, NOW)


async def test_an_account_that_cannot_address_her_leaves_her_to_another(desk: Desk):
    other = (await account(desk.store, 701)).id
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.NOT_ADDRESSABLE, Action.LOOK_UP)
    for _ in range(5):
        assert (await desk.claim()).target_id != claim.target_id
    assert await desk.store.ledger.claim(desk.task_id, desk.account_id, NOW) is None
    taken_by_another = await desk.store.ledger.claim(desk.task_id, other, NOW)
    assert taken_by_another.target_id == claim.target_id


# ---------------------------------------------------------------- the law: never twice


async def test_nothing_begins_without_a_claim(desk: Desk):
    claim = await desk.claim()
    await desk.store.ledger.release(claim, NOW)
    with pytest.raises(RuntimeError, match="not claimed"):
        await desk.store.ledger.begin(claim, Action.INVITE, NOW)


async def test_nothing_begins_on_the_claim_of_another_account(desk: Desk):
    claim = await desk.claim()
    stranger = (await account(desk.store, 701)).id
    with pytest.raises(RuntimeError, match="not claimed"):
        await desk.store.ledger.begin(desk.as_if_of(claim, stranger), Action.INVITE, NOW)


@pytest.mark.parametrize("first", [Action.INVITE, Action.MESSAGE])
@pytest.mark.parametrize("second", [Action.INVITE, Action.MESSAGE])
async def test_two_calls_for_one_person_never_overlap(desk: Desk, first: Action, second: Action):
    claim = await desk.claim()
    await desk.store.ledger.begin(claim, first, NOW)
    with pytest.raises(RuntimeError, match="in flight"):
        await desk.store.ledger.begin(claim, second, NOW)


async def test_the_schema_itself_refuses_two_calls_at_once(desk: Desk):
    await desk.store.ledger.begin(await desk.claim(), Action.INVITE, NOW)
    copy = (
        "INSERT INTO attempts (task_id, target_id, person_id, account_id, action, started_at,"
        " random_id) SELECT task_id, target_id, person_id, account_id, action, started_at, 0"
        " FROM attempts"
    )
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        await desk.store.database.write(lambda database: database.execute_sql(copy))


@pytest.mark.parametrize(
    "code", [OutcomeCode.INVITED, OutcomeCode.JOINED, OutcomeCode.SENT, OutcomeCode.UNCERTAIN]
)
async def test_who_was_or_may_have_been_contacted_is_not_contacted_again(
    desk: Desk, code: OutcomeCode
):
    claim = await desk.claim()
    await desk.act(claim, code)
    await desk.force_in_work(claim)
    with pytest.raises(RuntimeError, match="contacted before"):
        await desk.store.ledger.begin(claim, Action.INVITE, NOW)


@pytest.mark.parametrize("code", [OutcomeCode.INTERRUPTED, OutcomeCode.FLOOD_WAIT])
async def test_a_call_without_effect_may_be_repeated(desk: Desk, code: OutcomeCode):
    first = await desk.claim()
    await desk.act(first, code, Action.MESSAGE)
    again = await desk.claim()
    assert (again.target_id, again.random_id) == (first.target_id, first.random_id)
    attempt = await desk.store.ledger.begin(again, Action.MESSAGE, NOW)
    assert attempt.random_id == first.random_id


async def test_a_doubtful_call_is_repeated_only_when_the_user_asks(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.UNCERTAIN)
    assert await desk.store.tasks.reopen_retryable(desk.task_id, NOW) == 1
    again = await desk.claim()
    assert again.target_id == claim.target_id
    await desk.store.ledger.begin(again, Action.INVITE, NOW)


async def test_an_attempt_ends_once(desk: Desk):
    attempt = await desk.store.ledger.begin(await desk.claim(), Action.INVITE, NOW)
    await desk.store.ledger.finish(attempt, Outcome(OutcomeCode.INVITED), NOW)
    with pytest.raises(RuntimeError, match="not in flight"):
        await desk.store.ledger.finish(attempt, Outcome(OutcomeCode.PRIVACY), NOW)


async def test_a_refused_step_leaves_no_trace(desk: Desk):
    claim = await desk.claim()
    await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    for step in (
        desk.store.ledger.release(claim, NOW),
        desk.store.ledger.end_target(claim, Outcome(OutcomeCode.ALREADY_MEMBER), NOW),
    ):
        with pytest.raises(RuntimeError, match="in flight"):
            await step
    assert (await desk.store.tasks.target(claim.target_id)).state is TargetState.IN_WORK
    assert await counters_hold(desk.store)


# ---------------------------------------------------------------- ends without a call


async def test_a_target_can_end_without_a_call(desk: Desk):
    claim = await desk.claim()
    await desk.store.ledger.end_target(claim, Outcome(OutcomeCode.ALREADY_MEMBER), NOW)
    target = await desk.store.tasks.target(claim.target_id)
    assert (target.state, target.account_id) == (TargetState.ALREADY_MEMBER, desk.account_id)
    assert await counters_hold(desk.store)


async def test_targets_nobody_can_address_fail_at_the_end(desk: Desk):
    other = (await account(desk.store, 701)).id
    for account_id in (desk.account_id, other):
        claim = await desk.store.ledger.claim(desk.task_id, account_id, NOW)
        await desk.store.ledger.release(claim, NOW, unable=True)
    ledger = desk.store.ledger
    both = [desk.account_id, other]
    first = (await desk.targets())[0]
    assert first.state is TargetState.PENDING
    assert await ledger.fail_unaddressable(desk.task_id, [], NOW) == 0
    assert await ledger.fail_unaddressable(desk.task_id, [desk.account_id], NOW) == 1
    assert await ledger.fail_unaddressable(desk.task_id, both, NOW) == 0
    failed = (await desk.targets())[0]
    assert (failed.state, failed.outcome) == (TargetState.FAILED, OutcomeCode.NOT_ADDRESSABLE)
    assert await counters_hold(desk.store)


async def test_a_peer_makes_a_person_addressable_again(desk: Desk):
    claim = await desk.claim()
    await desk.store.ledger.release(claim, NOW, unable=True)
    await desk.store.ledger.keep_peer(desk.account_id, claim.person.id, UserPeer(9, 10))
    again = await desk.claim()
    assert (again.target_id, again.peer) == (claim.target_id, UserPeer(9, 10))


# ---------------------------------------------------------------- after a crash


async def test_contacts_left_in_flight_are_found_with_their_claims(desk: Desk):
    claim = await desk.claim()
    await desk.store.ledger.keep_peer(desk.account_id, claim.person.id, UserPeer(9, -10))
    attempt = await desk.store.ledger.begin(claim, Action.INVITE, NOW)
    desk.reopen()
    (settlement,) = await desk.store.ledger.unsettled()
    assert settlement.attempt == attempt
    assert settlement.claim.target_id == claim.target_id
    assert settlement.claim.random_id == claim.random_id
    assert settlement.claim.peer == UserPeer(9, -10)


async def test_the_start_releases_only_claims_without_a_contact_in_flight(desk: Desk):
    idle, looking, inviting = [await desk.claim() for _ in range(3)]
    await desk.store.ledger.begin(looking, Action.LOOK_UP, NOW)
    await desk.store.ledger.begin(inviting, Action.INVITE, NOW)
    desk.reopen()
    assert await desk.store.ledger.release_stale_claims(later(hours=1)) == 2
    states = {t.id: t.state for t in await desk.targets()}
    assert states[idle.target_id] is TargetState.PENDING
    assert states[looking.target_id] is TargetState.PENDING
    assert states[inviting.target_id] is TargetState.IN_WORK
    look_up = await select(desk.store, "SELECT outcome FROM attempts WHERE action = 'look_up'")
    assert look_up == [("interrupted",)]
    assert await counters_hold(desk.store)


async def test_an_attempt_settled_after_a_crash_ends_like_any_other(desk: Desk):
    await desk.store.ledger.begin(await desk.claim(), Action.INVITE, NOW)
    desk.reopen()
    (settlement,) = await desk.store.ledger.unsettled()
    joined = Outcome(OutcomeCode.JOINED)
    await desk.store.ledger.finish(settlement.attempt, joined, later(hours=1))
    assert await desk.store.ledger.unsettled() == []
    target = await desk.store.tasks.target(settlement.claim.target_id)
    assert target.state is TargetState.JOINED


# ---------------------------------------------------------------- verification


async def test_invited_and_uncertain_people_are_verified_by_who_acted(desk: Desk):
    invited, doubtful, refused = [await desk.claim() for _ in range(3)]
    await desk.store.ledger.keep_peer(desk.account_id, invited.person.id, UserPeer(5, 6))
    await desk.act(invited, OutcomeCode.INVITED)
    await desk.act(doubtful, OutcomeCode.UNCERTAIN)
    await desk.act(refused, OutcomeCode.PRIVACY)
    claims = await desk.store.ledger.to_verify(desk.task_id)
    assert [c.target_id for c in claims] == [invited.target_id, doubtful.target_id]
    assert {c.account_id for c in claims} == {desk.account_id}
    assert [c.peer for c in claims] == [UserPeer(5, 6), None]


async def test_a_verified_target_has_joined(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.INVITED)
    joined = Outcome(OutcomeCode.JOINED)
    await desk.store.ledger.settle_target(claim.target_id, joined, later(hours=1))
    target = await desk.store.tasks.target(claim.target_id)
    assert (target.state, target.account_id) == (TargetState.JOINED, desk.account_id)
    assert await desk.store.ledger.to_verify(desk.task_id) == []
    assert await counters_hold(desk.store)


async def test_a_doubt_that_cannot_be_settled_is_not_checked_for_ever(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.UNCERTAIN)
    await desk.store.ledger.settle_target(claim.target_id, Outcome(OutcomeCode.UNCERTAIN), NOW)
    assert await desk.store.ledger.to_verify(desk.task_id) == []


async def test_a_settled_target_may_go_back_and_be_contacted(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.UNCERTAIN)
    interrupted = Outcome(OutcomeCode.INTERRUPTED)
    await desk.store.ledger.settle_target(claim.target_id, interrupted, NOW)
    again = await desk.claim()
    assert again.target_id == claim.target_id
    await desk.store.ledger.begin(again, Action.INVITE, NOW)


@pytest.mark.parametrize("code", [OutcomeCode.PRIVACY, OutcomeCode.SENT, OutcomeCode.FLOOD_WAIT])
async def test_only_open_questions_can_be_settled(desk: Desk, code: OutcomeCode):
    claim = await desk.claim()
    await desk.act(claim, code)
    with pytest.raises(RuntimeError, match="nothing to settle"):
        await desk.store.ledger.settle_target(claim.target_id, Outcome(OutcomeCode.JOINED), NOW)


async def test_a_second_check_with_the_same_answer_changes_nothing(desk: Desk):
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.INVITED)
    joined = Outcome(OutcomeCode.JOINED)
    for hour in (1, 2):
        await desk.store.ledger.settle_target(claim.target_id, joined, later(hours=hour))
    target = await desk.store.tasks.target(claim.target_id)
    assert (target.state, target.changed_at) == (TargetState.JOINED, later(hours=1))
    assert await counters_hold(desk.store)


async def test_a_look_up_is_finished_together_with_what_it_found(desk: Desk):
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.LOOK_UP, NOW)
    found = Outcome(OutcomeCode.FOUND)
    await desk.store.ledger.finish(attempt, found, later(seconds=1), UserPeer(9, 10))
    await desk.store.ledger.release(claim, NOW)
    assert (await desk.claim()).peer == UserPeer(9, 10)
