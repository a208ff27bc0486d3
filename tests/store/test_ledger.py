from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.fates import Fate
from invite_desktop.domain.outcomes import RULES, Outcome, OutcomeCode, TargetState
from invite_desktop.domain.pace import (
    CEILINGS,
    DAY,
    LONG_FLOOD_WAIT,
    Flood,
    PaceHistory,
    next_allowed,
)
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.engine.ports.audiences import PersonFields
from invite_desktop.engine.ports.ledger import ANYBODY, Claim, ClaimWish, LedgerFilter
from invite_desktop.engine.ports.telegram import ChatPeer, UserPeer
from invite_desktop.store import claims
from invite_desktop.store.mapping import to_stamp
from invite_desktop.store.rows import connection_of
from tests.store.setting import (
    NOW,
    Desk,
    account,
    counters_hold,
    imported,
    invite_task,
    later,
    message_task,
    people,
    person,
    select,
)

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


# ---------------------------------------------------------------- what the pace needs

minutes_ago = st.integers(0, 2000).map(lambda minutes: NOW - timedelta(minutes=minutes))


async def put_attempts(desk: Desk, action: Action, times: list[datetime]) -> None:
    """Write ended calls of the desk's account into the ledger."""
    target = await desk.claim()
    rows = [
        (desk.task_id, target.target_id, target.person.id, desk.account_id, action.value, at, at)
        for at in map(to_stamp, times)
    ]
    await desk.store.database.write(
        lambda database: connection_of(database).executemany(
            "INSERT INTO attempts (task_id, target_id, person_id, account_id, action, started_at, "
            "ended_at, random_id, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'privacy')",
            rows,
        )
    )


async def test_the_pace_sees_the_actions_of_the_last_day_by_kind(desk: Desk):
    await desk.act_at(NOW - timedelta(hours=25), Action.INVITE)
    await desk.act_at(NOW - timedelta(hours=24), Action.INVITE)
    await desk.act_at(NOW - timedelta(hours=1), Action.LOOK_UP)
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.added_at == NOW
    assert history.actions[Action.INVITE] == [NOW - timedelta(hours=24)]
    assert history.actions[Action.LOOK_UP] == [NOW - timedelta(hours=1)]
    assert history.actions[Action.MESSAGE] == []


async def test_the_pace_sees_look_ups_that_belong_to_no_target(desk: Desk):
    ledger = desk.store.ledger
    for hours in (25, 24, 1):
        await ledger.begin_call(desk.account_id, Action.LOOK_UP, NOW - timedelta(hours=hours))
    history = await ledger.pace_history(desk.account_id, NOW)
    assert history.free_look_ups == [NOW - timedelta(hours=24), NOW - timedelta(hours=1)]
    assert history.times_of(Action.LOOK_UP) == tuple(history.free_look_ups)
    assert history.actions[Action.LOOK_UP] == []


async def test_the_pace_sees_the_flood_wait_of_such_a_look_up(desk: Desk):
    ledger = desk.store.ledger
    for seconds in (30, int(LONG_FLOOD_WAIT.total_seconds())):
        call_id = await ledger.begin_call(desk.account_id, Action.LOOK_UP, NOW)
        await ledger.finish_call(
            call_id, Outcome(OutcomeCode.FLOOD_WAIT, seconds), later(seconds=1)
        )
    history = await ledger.pace_history(desk.account_id, NOW)
    assert (history.waits, history.troubles) == ([later(seconds=1)], [later(seconds=1)])
    assert [flood.wait for flood in await ledger.floods(desk.account_id)] == [
        timedelta(seconds=30),
        LONG_FLOOD_WAIT,
    ]


async def test_a_chat_is_remembered_by_its_name_for_the_account_that_looked(desk: Desk):
    ledger, peer = desk.store.ledger, ChatPeer(77, -5, ChatKind.SUPERGROUP)
    other = (await account(desk.store, 701)).id
    await ledger.keep_named_chat(desk.account_id, "Football_Club", peer)
    assert await ledger.named_chat(desk.account_id, "football_CLUB") == peer
    assert await ledger.named_chat(other, "football_club") is None
    await ledger.keep_named_chat(desk.account_id, "football_club", None)
    assert await ledger.named_chat(desk.account_id, "football_club") is None


async def test_the_pace_sees_calls_in_flight_and_calls_from_the_future(desk: Desk):
    await desk.store.ledger.begin(await desk.claim(), Action.INVITE, later(hours=2))
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.actions[Action.INVITE] == [later(hours=2)]


async def test_the_pace_reads_no_more_of_a_day_than_decides(desk: Desk):
    ceiling = CEILINGS[Action.INVITE].per_day
    times = [NOW - timedelta(minutes=minutes) for minutes in range(ceiling + 30, 0, -1)]
    await put_attempts(desk, Action.INVITE, times)
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.actions[Action.INVITE] == times[-ceiling:]


@given(
    st.dictionaries(st.sampled_from(Action), st.lists(minutes_ago, max_size=200)),
    st.integers(-3000, 3000),
)
def test_the_newest_actions_decide_as_the_whole_day_would(
    done: dict[Action, list[datetime]], shift: int
):
    """What the ledger leaves out changes no decision, whatever the clock shows."""
    now = NOW + timedelta(minutes=shift)
    whole = {action: sorted(done.get(action, ())) for action in Action}
    newest = {
        action: [t for t in times if t >= now - DAY][-CEILINGS[action].per_day :]
        for action, times in whole.items()
    }
    for action in Action:
        decision = next_allowed(action, PaceHistory(NOW, newest), now, 1)
        assert decision == next_allowed(action, PaceHistory(NOW, whole), now, 1)


async def test_the_pace_is_read_through_an_index(desk: Desk):
    plan = await select(
        desk.store,
        "EXPLAIN QUERY PLAN SELECT started_at FROM attempts WHERE account_id = 1 "
        "AND action = 'invite' AND started_at >= 0 ORDER BY started_at DESC LIMIT 50",
    )
    (step,) = [row[3] for row in plan]
    assert "COVERING INDEX attempts_pace (account_id=? AND action=? AND started_at>?)" in step


async def test_the_pace_of_one_account_is_not_that_of_another(desk: Desk):
    other = (await account(desk.store, 701)).id
    await desk.act_at(NOW, Action.INVITE)
    history = await desk.store.ledger.pace_history(other, NOW)
    assert not any(history.actions.values())


@pytest.mark.parametrize(
    ("outcome", "troubles"),
    [
        (Outcome(OutcomeCode.PEER_FLOOD), 1),
        (Outcome(OutcomeCode.FLOOD_WAIT, int(LONG_FLOOD_WAIT.total_seconds())), 1),
        (Outcome(OutcomeCode.FLOOD_WAIT, int(LONG_FLOOD_WAIT.total_seconds()) - 1), 0),
        (Outcome(OutcomeCode.PRIVACY), 0),
    ],
)
async def test_long_waits_and_complaints_are_troubles(desk: Desk, outcome: Outcome, troubles: int):
    await desk.act_at(NOW, Action.INVITE, outcome)
    history = await desk.store.ledger.pace_history(desk.account_id, later(days=40))
    assert list(history.troubles) == [NOW] * troubles
    short = outcome.code is OutcomeCode.FLOOD_WAIT and not troubles
    assert list(history.waits) == [NOW] * short


async def test_troubles_before_the_account_came_back_are_past(desk: Desk):
    await desk.act_at(NOW - timedelta(days=3), Action.INVITE, Outcome(OutcomeCode.PEER_FLOOD))
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.troubles == []
    floods = await desk.store.ledger.floods(desk.account_id)
    assert floods == [Flood(NOW - timedelta(days=3))]


# ---------------------------------------------------------------- the log


async def test_the_log_has_names_and_comes_newest_first(desk: Desk):
    for _ in range(3):
        await desk.act(await desk.claim(), OutcomeCode.PRIVACY)
    rows = await desk.store.ledger.rows(LedgerFilter(), 0, 2)
    assert [row.attempt.id for row in rows] == [3, 2]
    assert (rows[0].task_name, rows[0].person_label, rows[0].account_label) == (
        "Invitations",
        "@person3",
        "Account 700",
    )
    assert [row.attempt.id for row in await desk.store.ledger.rows(LedgerFilter(), 2, 2)] == [1]


async def test_the_log_can_be_filtered(desk: Desk):
    first = await desk.claim()
    await desk.act(first, OutcomeCode.PRIVACY)
    await desk.act(await desk.claim(), OutcomeCode.INVITED)
    for wanted, ids in (
        (LedgerFilter(task_id=desk.task_id), [2, 1]),
        (LedgerFilter(task_id=99), []),
        (LedgerFilter(account_id=desk.account_id), [2, 1]),
        (LedgerFilter(account_id=99), []),
        (LedgerFilter(person_id=first.person.id), [1]),
        (LedgerFilter(outcome=OutcomeCode.INVITED), [2]),
        (LedgerFilter(task_id=desk.task_id, outcome=OutcomeCode.PRIVACY), [1]),
    ):
        rows = await desk.store.ledger.rows(wanted, 0, 9)
        assert [row.attempt.id for row in rows] == ids


async def test_contacts_are_counted_by_quarter_of_an_hour_and_task(desk: Desk):
    report = await imported(desk.store, people(3), "other")
    messages = await message_task(desk.store, report.audience.id)
    await desk.act_at(NOW, Action.INVITE)
    await desk.act_at(NOW, Action.LOOK_UP)
    await desk.act_at(later(days=1), Action.INVITE)
    claim = await desk.store.ledger.claim(messages.id, desk.account_id, NOW)
    await desk.store.ledger.begin(claim, Action.MESSAGE, NOW)
    ledger = desk.store.ledger
    noon = NOW.replace(microsecond=0)
    assert await ledger.contacts_in_time(None) == {noon: 2, noon + timedelta(days=1): 1}
    assert await ledger.contacts_in_time(messages.id) == {noon: 1}


async def test_two_tasks_for_one_chat_never_work_on_one_person_at_once(desk: Desk):
    twin = await invite_task(desk.store, desk.audience_id)
    mine = await desk.claim()
    theirs = await desk.store.ledger.claim(twin.id, desk.account_id, NOW)
    assert theirs.person.id != mine.person.id
    await desk.store.ledger.release(mine, NOW)
    await desk.store.ledger.release(theirs, NOW)
    freed = await desk.store.ledger.claim(twin.id, desk.account_id, NOW)
    assert freed.person.id == mine.person.id


@pytest.mark.parametrize(
    ("known_to_me", "known_to_another", "without", "claimed"),
    [
        ((), (), (), 1),
        ((3,), (), (), 1),
        ((3,), (), (Action.LOOK_UP,), 3),
        ((), (1, 2), (), 3),
        ((2,), (1, 2), (), 2),
        ((), (1, 2, 3, 4, 5, 6), (), 1),
        ((), (4,), (Action.LOOK_UP, Action.CONTACT_IMPORT), 1),
    ],
)
async def test_an_account_is_given_the_first_person_that_suits_it(
    desk: Desk,
    known_to_me: tuple[int, ...],
    known_to_another: tuple[int, ...],
    without: tuple[Action, ...],
    claimed: int,
):
    ledger, other = desk.store.ledger, (await account(desk.store, 2)).id
    people = [target.person.id for target in await desk.targets()]
    for holder, numbers in ((desk.account_id, known_to_me), (other, known_to_another)):
        for number in numbers:
            await ledger.keep_peer(holder, people[number - 1], UserPeer(number, 7))
    wish = ClaimWish(without, frozenset({other}))
    claim = await ledger.claim(desk.task_id, desk.account_id, NOW, wish)
    assert claim is not None
    assert claim.person.id == people[claimed - 1]


PHONE = "+79001234567"


@pytest.fixture
async def dead_name(desk: Desk) -> Claim:
    """Somebody with a phone and, after her, six with names; her own name has led nowhere."""
    audience = (
        await imported(desk.store, [person(1, "anna_k", PHONE), *people(6)], "anna")
    ).audience
    desk.task_id = (await invite_task(desk.store, audience.id)).id
    claim = await desk.claim()
    await desk.act(claim, OutcomeCode.NAME_LEADS_NOWHERE, Action.LOOK_UP)
    return claim


async def test_whose_name_led_nowhere_is_looked_up_by_phone(desk: Desk, dead_name: Claim):
    assert (await desk.store.tasks.target(dead_name.target_id)).state is TargetState.PENDING
    claim = await desk.store.ledger.claim(
        desk.task_id, desk.account_id, later(minutes=1), to_look_up=True
    )
    assert claim.target_id == dead_name.target_id
    assert claim.look_up.action is Action.CONTACT_IMPORT
    assert claim.keys_left == PersonKeys(phone=PHONE)
    assert claim.person.keys.username == "anna_k"
    assert await counters_hold(desk.store)


@pytest.mark.parametrize(
    ("without", "first"),
    [((Action.LOOK_UP,), True), ((Action.CONTACT_IMPORT,), False), ((), True)],
)
async def test_whose_name_led_nowhere_waits_for_the_budget_of_phones(
    desk: Desk, dead_name: Claim, without: tuple[Action, ...], first: bool
):
    wish = ClaimWish(without)
    claim = await desk.store.ledger.claim(desk.task_id, desk.account_id, NOW, wish)
    assert (claim.target_id == dead_name.target_id) is first


async def test_a_name_that_led_nowhere_is_dead_for_every_account_and_task(
    desk: Desk, dead_name: Claim
):
    audience = (await imported(desk.store, [person(1, "anna_k", PHONE)], "again")).audience
    task = await invite_task(desk.store, audience.id, 77)
    claim = await desk.store.ledger.claim(task.id, await desk.other_account(), NOW)
    assert claim.person.id == dead_name.person.id
    assert claim.name_is_dead


async def test_another_name_is_looked_up_again(desk: Desk, dead_name: Claim):
    fields = PersonFields(PersonKeys("anna_new", PHONE))
    await desk.store.audiences.edit_person(dead_name.person.id, fields)
    claim = await desk.claim()
    assert (claim.target_id, claim.name_is_dead) == (dead_name.target_id, False)


async def test_without_a_phone_there_is_nothing_but_the_name(desk: Desk, dead_name: Claim):
    fields = PersonFields(PersonKeys("anna_k"))
    await desk.store.audiences.edit_person(dead_name.person.id, fields)
    claim = await desk.claim()
    assert (claim.target_id, claim.keys_left.username) == (dead_name.target_id, "anna_k")


async def test_whose_name_led_nowhere_counts_as_known_by_phone(desk: Desk, dead_name: Claim):
    del dead_name
    assert await desk.store.tasks.pending_by_key(desk.task_id) == {
        KeyKind.PHONE: 1,
        KeyKind.USERNAME: 6,
    }
    task = await desk.store.tasks.task(desk.task_id)
    reach = await desk.store.audiences.reach(task.audience_id, None, [desk.account_id])
    assert (reach.by_username, reach.by_phone) == (6, 1)
    first, *_ = await desk.store.tasks.prospects(desk.task_id, [desk.account_id], 0, 10)
    assert first.fate is Fate.LOOK_UP_PHONE


@pytest.fixture
async def long_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Six people of whom two are looked at in one piece, and whom nobody may look up."""
    monkeypatch.setattr("invite_desktop.store.claims.LOOKED_AT_ONCE", 2)
    return desk


NO_LOOK_UPS = ClaimWish((Action.LOOK_UP, Action.CONTACT_IMPORT))


async def know(desk: Desk, *places: int) -> list[int]:
    """Let the account know the people at these places; return the ids of all people."""
    people = [target.person.id for target in await desk.targets()]
    for place in places:
        await desk.store.ledger.keep_peer(
            desk.account_id, people[place - 1], UserPeer(place, place)
        )
    return people


async def claim_known(desk: Desk) -> Claim:
    claim = await desk.store.ledger.claim(desk.task_id, desk.account_id, NOW, NO_LOOK_UPS)
    assert claim is not None
    return claim


async def test_whom_the_account_knows_is_found_piece_by_piece(long_desk: Desk):
    people = await know(long_desk, 4, 6)
    claimed = [(await claim_known(long_desk)).person.id for _ in range(3)]
    assert claimed == [people[3], people[5], people[0]]


async def test_a_search_begins_anew_when_nobody_is_left_further_on(long_desk: Desk):
    people = await know(long_desk, 5)
    assert (await claim_known(long_desk)).person.id == people[4]
    await know(long_desk, 2)
    assert (await claim_known(long_desk)).person.id == people[1]


async def test_after_the_look_ups_are_used_up_for_all_a_new_acquaintance_is_still_found(
    long_desk: Desk,
):
    people = [target.person.id for target in await long_desk.targets()]
    waiting = await claim_known(long_desk)
    assert waiting.person.id == people[0]
    await long_desk.store.ledger.release(waiting, NOW)
    await know(long_desk, 6)
    assert (await claim_known(long_desk)).person.id == people[5]


async def test_whom_another_account_takes_during_a_search_is_left_to_it(
    long_desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    people = await know(long_desk)
    other = (await account(long_desk.store, 2)).id
    await long_desk.store.ledger.keep_peer(other, people[2], UserPeer(3, 3))
    wish = ClaimWish((Action.CONTACT_IMPORT, Action.LOOK_UP), frozenset({other}))
    real, pieces, theirs = claims.claim_next, [], []

    def taken_meanwhile(connection: sqlite3.Connection, *rest: object) -> object:
        pieces.append(rest)
        if len(pieces) == 3:
            anybody = claims.Search(ANYBODY)
            theirs.append(real(connection, long_desk.task_id, other, NOW, anybody)[0])
        return real(connection, *rest)

    monkeypatch.setattr(claims, "claim_next", taken_meanwhile)
    mine = await long_desk.store.ledger.claim(long_desk.task_id, long_desk.account_id, NOW, wish)
    assert mine is not None
    assert theirs[0].person.id != mine.person.id


async def test_a_look_up_is_finished_together_with_what_it_found(desk: Desk):
    claim = await desk.claim()
    attempt = await desk.store.ledger.begin(claim, Action.LOOK_UP, NOW)
    found = Outcome(OutcomeCode.FOUND)
    await desk.store.ledger.finish(attempt, found, later(seconds=1), UserPeer(9, 10))
    await desk.store.ledger.release(claim, NOW)
    assert (await desk.claim()).peer == UserPeer(9, 10)
