"""Whom an account is given: the first person that suits it, and whom it can find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.fates import Fate
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.engine.ports.audiences import PersonFields
from invite_desktop.engine.ports.ledger import ANYBODY, Claim, ClaimWish
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store import claims, contact_rules
from invite_desktop.store.rows import connection_of
from tests.store.setting import (
    NOW,
    Desk,
    account,
    counters_hold,
    imported,
    invite_task,
    later,
    people,
    person,
)

if TYPE_CHECKING:
    import sqlite3

    from peewee import SqliteDatabase


async def steps_of_the_rules(desk: Desk, target_id: int) -> int:
    """Return how many instructions SQLite takes to tell whether somebody may be contacted."""

    def work(database: SqliteDatabase) -> int:
        steps: list[int] = []
        connection = connection_of(database)
        connection.set_progress_handler(lambda: steps.append(1), 1)
        try:
            contact_rules.why_not(connection, target_id)
        finally:
            connection.set_progress_handler(None, 1)
        return len(steps)

    return await desk.store.database.read(work)


async def test_whether_one_person_may_be_contacted_costs_the_same_among_many(desk: Desk):
    claim = await desk.claim()
    few = await steps_of_the_rules(desk, claim.target_id)
    await imported(desk.store, people(500), "many")
    many = await steps_of_the_rules(desk, claim.target_id)
    assert 0 < many <= 1.1 * few


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
