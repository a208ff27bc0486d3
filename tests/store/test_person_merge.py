from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action, Attempt
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.telegram import UserPeer
from tests.store.setting import (
    NOW,
    Desk,
    counters_hold,
    imported,
    invite_task,
    message_task,
    people,
    person,
    select,
)

if TYPE_CHECKING:
    from invite_desktop.domain.audiences import ImportReport

PHONE = "+79001234567"


@pytest.fixture
async def twins(desk: Desk) -> Desk:
    """One human stored as two: by name in the first place of the task, by phone in the second."""
    rows = [person(1, "anna_k", full_name="Анна"), person(2, None, PHONE, extra={"город": "Тверь"})]
    desk.audience_id = (await imported(desk.store, rows, "twins")).audience.id
    desk.task_id = (await invite_task(desk.store, desk.audience_id, 77)).id
    return desk


async def link(desk: Desk) -> ImportReport:
    return await imported(desk.store, [person(1, "anna_k", PHONE)], "link")


async def test_a_linking_row_makes_one_person_with_everything(twins: Desk):
    assert (await link(twins)).counts.updated == 1
    (anna,) = await twins.store.audiences.people(twins.audience_id, 0, 9)
    assert (anna.keys.username, anna.keys.phone) == ("anna_k", PHONE)
    assert (anna.full_name, anna.extra) == ("Анна", {"город": "Тверь"})


async def test_one_task_has_one_target_of_her(twins: Desk):
    await link(twins)
    assert len(await twins.targets()) == 1
    assert await counters_hold(twins.store)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("code", [OutcomeCode.INVITED, OutcomeCode.PRIVACY, OutcomeCode.ADD_FAILED])
async def test_the_target_that_is_further_along_stays(twins: Desk, code: OutcomeCode, first: bool):
    one, other = await twins.claim(), await twins.claim()
    if not first:
        one, other = other, one
    await twins.store.ledger.release(other, NOW)
    await twins.act(one, code)
    await link(twins)
    (target,) = await twins.targets()
    assert (target.id, target.outcome) == (one.target_id, code)
    assert await counters_hold(twins.store)


async def test_no_row_of_the_ledger_is_lost(twins: Desk):
    for code in (OutcomeCode.INVITED, OutcomeCode.PRIVACY):
        await twins.act(await twins.claim(), code)
    await link(twins)
    (target,) = await twins.targets()
    assert target.state is TargetState.INVITED
    rows = await select(twins.store, "SELECT target_id, person_id, outcome FROM attempts")
    assert rows == [
        (target.id, target.person.id, "invited"),
        (target.id, target.person.id, "privacy"),
    ]


async def test_the_users_wish_to_try_again_survives_a_merge(twins: Desk):
    await twins.act(await twins.claim(), OutcomeCode.UNCERTAIN)
    await twins.store.tasks.reopen_retryable(twins.task_id, NOW)
    second = (await twins.targets())[1]
    first = await twins.claim()
    await twins.store.ledger.begin(first, Action.LOOK_UP, NOW)
    await link(twins)
    assert second.id not in {target.id for target in await twins.targets()}
    await twins.store.ledger.begin(first, Action.INVITE, NOW)


async def test_a_reopened_target_that_gives_way_hands_on_the_wish(twins: Desk):
    first, second = await twins.claim(), await twins.claim()
    await twins.store.ledger.release(first, NOW)
    await twins.act(second, OutcomeCode.UNCERTAIN)
    await twins.store.tasks.reopen_retryable(twins.task_id, NOW)
    await link(twins)
    again = await twins.claim()
    assert again.target_id == first.target_id
    await twins.store.ledger.begin(again, Action.INVITE, NOW)


async def test_her_targets_in_different_tasks_all_stay(twins: Desk):
    second = (await imported(twins.store, [person(1, None, PHONE)], "second")).audience
    messages = await message_task(twins.store, second.id)
    await link(twins)
    assert (await twins.store.tasks.counters(messages.id)).total == 1
    people_of_targets = await select(
        twins.store, "SELECT count(DISTINCT person_id) FROM targets WHERE task_id > 1"
    )
    assert people_of_targets == [(1,)]


async def test_a_claim_goes_on_with_the_merged_person(twins: Desk):
    claim = await twins.claim()
    await link(twins)
    await twins.store.ledger.keep_peer(twins.account_id, claim.person.id, UserPeer(5, 6))
    await twins.act(claim, OutcomeCode.INVITED)
    (target,) = await twins.targets()
    assert target.state is TargetState.INVITED
    assert await counters_hold(twins.store)


async def test_an_id_from_before_the_merge_still_finds_her(twins: Desk):
    _, by_phone = await twins.store.audiences.people(twins.audience_id, 0, 2)
    await link(twins)
    await twins.store.ledger.keep_peer(twins.account_id, by_phone.id, UserPeer(5, 6))
    await twins.store.audiences.do_not_contact(by_phone.id, "stop", NOW)
    assert (await twins.store.audiences.use_of(twins.audience_id, 77)).opted_out == 1
    assert (await twins.claim_or_none()) is None


async def test_two_calls_at_once_forbid_a_merge(twins: Desk):
    first, second = await twins.claim(), await twins.claim()
    for claim in (first, second):
        await twins.store.ledger.begin(claim, Action.INVITE, NOW)
    with pytest.raises(KnownError, match="contacting that person right now"):
        await link(twins)
    assert len(await twins.targets()) == 2


async def test_peers_of_both_are_kept(twins: Desk):
    by_name, by_phone = await twins.store.audiences.people(twins.audience_id, 0, 2)
    other = await twins.other_account()
    await twins.store.ledger.keep_peer(twins.account_id, by_name.id, UserPeer(5, 6))
    await twins.store.ledger.keep_peer(other, by_phone.id, UserPeer(5, 7))
    rows = await select(twins.store, "SELECT account_id, user_id, access_hash FROM peers")
    assert rows == [(twins.account_id, 5, 6), (other, 5, 7)]


async def test_what_a_look_up_finds_joins_two_people(twins: Desk):
    by_name, by_phone = await twins.store.audiences.people(twins.audience_id, 0, 2)
    await twins.store.ledger.keep_peer(twins.account_id, by_name.id, UserPeer(5, 6))
    await twins.store.ledger.keep_peer(twins.account_id, by_phone.id, UserPeer(5, 6))
    (anna,) = await twins.store.audiences.people(twins.audience_id, 0, 9)
    assert (anna.keys.username, anna.keys.phone, anna.keys.telegram_id) == ("anna_k", PHONE, 5)
    assert len(await twins.targets()) == 1
    assert await counters_hold(twins.store)


async def test_a_look_up_while_both_are_worked_on_joins_nobody(twins: Desk):
    first, second = await twins.claim(), await twins.claim()
    await twins.store.ledger.keep_peer(twins.account_id, first.person.id, UserPeer(5, 6))
    await twins.store.ledger.keep_peer(twins.account_id, second.person.id, UserPeer(5, 6))
    assert len(await twins.targets()) == 2


async def test_who_turns_out_to_be_somebody_contacted_before_is_refused(twins: Desk):
    first, second = await twins.claim(), await twins.claim()
    ledger = twins.store.ledger
    await ledger.keep_peer(twins.account_id, first.person.id, UserPeer(5, 6))
    await twins.act(first, OutcomeCode.SENT, Action.MESSAGE)
    await ledger.keep_peer(twins.account_id, second.person.id, UserPeer(5, 6))
    refused = Outcome(OutcomeCode.ALREADY_INVITED)
    assert await ledger.begin_contact(second, Action.MESSAGE, NOW) == refused
    target = await twins.store.tasks.target(second.target_id)
    assert (target.state, target.outcome) == (TargetState.SKIPPED, refused.code)
    assert await counters_hold(twins.store)


async def test_of_two_runners_that_meet_the_same_human_one_goes_on(twins: Desk):
    claims = await twins.claim(), await twins.claim()
    for claim in claims:
        await twins.store.ledger.keep_peer(twins.account_id, claim.person.id, UserPeer(5, 6))
    ledger = twins.store.ledger
    first, second = [await ledger.begin_contact(c, Action.INVITE, NOW) for c in claims]
    assert isinstance(first, Attempt)
    assert second == Outcome(OutcomeCode.ALREADY_INVITED)


async def test_of_two_tasks_for_one_chat_that_meet_the_same_human_one_goes_on(twins: Desk):
    other = await invite_task(twins.store, twins.audience_id, 77)
    ledger = twins.store.ledger
    claims = [await twins.claim(), await ledger.claim(other.id, await twins.other_account(), NOW)]
    for claim in claims:
        await ledger.keep_peer(claim.account_id, claim.person.id, UserPeer(5, 6))
    first, second = [await ledger.begin_contact(c, Action.INVITE, NOW) for c in claims]
    assert isinstance(first, Attempt)
    assert second == Outcome(OutcomeCode.ALREADY_INVITED)


async def test_who_is_being_contacted_under_a_later_row_is_not_contacted_under_an_earlier_one(
    twins: Desk,
):
    first, second = await twins.claim(), await twins.claim()
    ledger = twins.store.ledger
    await ledger.release(first, NOW)
    await ledger.keep_peer(twins.account_id, second.person.id, UserPeer(5, 6))
    assert isinstance(await ledger.begin_contact(second, Action.INVITE, NOW), Attempt)
    again = await twins.claim()
    await ledger.keep_peer(twins.account_id, again.person.id, UserPeer(5, 6))
    assert again.target_id == first.target_id
    refused = Outcome(OutcomeCode.ALREADY_INVITED)
    assert await ledger.begin_contact(again, Action.INVITE, NOW) == refused


async def test_who_turns_out_to_have_opted_out_is_refused(twins: Desk):
    stranger = (await imported(twins.store, [person(1, telegram_id=5)], "third")).audience
    (opted_out,) = await twins.store.audiences.people(stranger.id, 0, 1)
    await twins.store.audiences.do_not_contact(opted_out.id, "stop", NOW)
    claim = await twins.claim()
    await twins.store.ledger.keep_peer(twins.account_id, claim.person.id, UserPeer(5, 6))
    refused = await twins.store.ledger.begin_contact(claim, Action.INVITE, NOW)
    assert refused == Outcome(OutcomeCode.OPTED_OUT)


async def test_a_third_merge_finds_the_first_person(desk: Desk):
    rows = [person(1, "anna_k"), person(2, None, PHONE), person(3, telegram_id=42)]
    await imported(desk.store, rows, "three")
    await imported(desk.store, [person(1, None, PHONE, 42)], "right")
    await imported(desk.store, [person(1, "anna_k", PHONE)], "left")
    await imported(desk.store, [person(1, telegram_id=42), *people(1)], "check")
    merged = await select(
        desk.store, "SELECT count(DISTINCT person_id), count(*) FROM merged_people"
    )
    assert merged == [(1, 2)]
