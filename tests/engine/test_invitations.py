"""The way of one invitation, on the real store."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import LOOKING_UP, Action
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import GAP
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import Priority, TaskReason, TaskStatus
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.telegram import UserPeer

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

C = OutcomeCode


async def test_everybody_is_invited_once_and_the_task_completes(house: House):
    chat = house.add_chat(await house.add_account())
    people = house.people(7)
    task = await house.invite_task(chat, people)
    situation = await house.run(task)
    assert situation.status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.JOINED] * 7
    assert [house.telegram.times_invited(person) for person in people] == [1] * 7
    assert await house.agrees(task)


async def test_invitations_keep_gap_and_hourly_ceiling(house: House):
    chat = house.add_chat(await house.add_account())
    task = await house.invite_task(chat, house.people(12))
    await house.run(task)
    times = [attempt.started_at for attempt in await house.attempts(Action.INVITE)]
    assert all(later - earlier >= GAP for earlier, later in pairwise(times))
    assert all(
        after - before >= timedelta(hours=1)
        for before, after in zip(times, times[5:], strict=False)
    )


async def test_a_new_account_invites_fifteen_people_a_day(house: House):
    chat = house.add_chat(await house.add_account())
    task = await house.invite_task(chat, house.people(16))
    start = house.clock.now()
    await house.run(task)
    times = [attempt.started_at for attempt in await house.attempts(Action.INVITE)]
    assert times[14] - start < timedelta(days=1) <= times[15] - start


@pytest.mark.parametrize(
    ("fields", "state", "outcome"),
    [
        ({"on_invite": C.PRIVACY}, TargetState.SKIPPED, C.PRIVACY),
        ({"on_invite": C.PREMIUM_NEEDED}, TargetState.SKIPPED, C.PREMIUM_NEEDED),
        ({"on_invite": C.ADD_FAILED}, TargetState.FAILED, C.ADD_FAILED),
        ({"joins": False}, TargetState.INVITED, C.INVITED),
        ({"is_bot": True}, TargetState.SKIPPED, C.BOT),
        ({"is_deleted": True}, TargetState.SKIPPED, C.DELETED_ACCOUNT),
    ],
)
async def test_a_target_ends_as_telegram_answers(
    house: House, fields: dict[str, object], state: TargetState, outcome: OutcomeCode
):
    chat = house.add_chat(await house.add_account())
    task = await house.invite_task(chat, house.people(1, **fields))
    await house.run(task)
    (target,) = await house.targets(task)
    assert (target.state, target.outcome) == (state, outcome)


async def test_a_member_is_found_before_anything_is_sent(house: House):
    account = await house.add_account()
    people = house.people(2)
    chat = house.add_chat(account)
    chat.members.update(person.user_id for person in people)
    task = await house.invite_task(chat, people)
    await house.run(task)
    assert await house.states(task) == [TargetState.ALREADY_MEMBER] * 2
    assert house.messenger(account).calls_of("invite") == []


async def test_somebody_removed_from_the_chat_is_not_invited(house: House):
    account = await house.add_account()
    (person,) = house.people(1)
    chat = house.add_chat(account, removed={person.user_id})
    task = await house.invite_task(chat, [person])
    await house.run(task)
    assert await house.outcomes(task) == [C.REMOVED_FROM_CHAT]
    assert house.messenger(account).calls_of("invite") == []


async def test_the_users_own_account_is_left_out(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    task = await house.invite_task(chat, [house.me(account)])
    await house.run(task)
    assert await house.outcomes(task) == [C.MYSELF]


async def test_a_username_nobody_has_fails_without_an_invitation(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    nobody = [
        PersonRow(1, PersonKeys("nobody_here")),
        PersonRow(2, PersonKeys(phone="+79990000000")),
    ]
    task = await house.invite_task(chat, nobody)
    await house.run(task)
    assert await house.outcomes(task) == [C.NOT_FOUND, C.UNKNOWN_BY_PHONE]
    actions = [attempt.action for attempt in await house.attempts()]
    assert actions == [Action.LOOK_UP, Action.CONTACT_IMPORT]


@pytest.mark.parametrize("reason", ["nobody", "bot", "deleted"])
async def test_whose_username_leads_nowhere_is_found_by_phone(house: House, reason: str):
    account = await house.add_account()
    if reason != "nobody":
        stranger = house.telegram.add_person("anna_k")
        stranger.is_bot, stranger.is_deleted = reason == "bot", reason == "deleted"
    anna = house.telegram.add_person("anna_new", phone="+79001234567")
    rows = [PersonRow(1, PersonKeys("anna_k", "+79001234567")), *house.people(1)]
    chat = house.add_chat(account)
    task = await house.invite_task(chat, rows)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.JOINED, C.JOINED]
    by_name, by_phone = [a for a in await house.attempts(*LOOKING_UP) if a.person_id == 1]
    assert (by_name.action, by_name.outcome) == (Action.LOOK_UP, C.NAME_LEADS_NOWHERE)
    assert (by_phone.action, by_phone.outcome) == (Action.CONTACT_IMPORT, C.FOUND)
    assert [each.user_id for each in house.telegram.invitations].count(anna.user_id) == 1
    assert await house.agrees(task)


async def test_who_is_found_by_neither_key_ends_when_none_is_left(house: House):
    account = await house.add_account()
    rows = [PersonRow(1, PersonKeys("anna_k", "+79001234567"))]
    first = await house.invite_task(house.add_chat(account), rows)
    await house.run(first)
    second = await house.invite_task(house.add_chat(account, title="Chess"), rows)
    await house.run(second)
    assert await house.outcomes(first) == await house.outcomes(second) == [C.UNKNOWN_BY_PHONE]
    assert [attempt.action for attempt in await house.attempts()] == [
        Action.LOOK_UP,
        Action.CONTACT_IMPORT,
        Action.CONTACT_IMPORT,
    ]


async def test_whose_username_leads_nowhere_waits_for_the_days_look_ups_by_phone(house: House):
    account = await house.add_account()
    rows = [PersonRow(n, PersonKeys(f"gone_{n:04}", f"+7999000{n:04}")) for n in range(1, 18)]
    start = house.clock.now()
    task = await house.invite_task(house.add_chat(account), rows)
    await house.run(task)
    assert await house.outcomes(task) == [C.UNKNOWN_BY_PHONE] * 17
    imports = [a.started_at - start for a in await house.attempts(Action.CONTACT_IMPORT)]
    assert [at < timedelta(days=1) for at in imports] == [True] * 15 + [False] * 2
    times = sorted(a.started_at for a in await house.attempts(*LOOKING_UP))
    assert all(b - a >= GAP for a, b in pairwise(times))


@pytest.mark.parametrize("reason", ["bot", "deleted", "self"])
async def test_who_is_no_other_human_stays_out_of_every_task(house: House, reason: str):
    account = await house.add_account()
    person = house.me(account) if reason == "self" else house.telegram.add_person("somebody")
    person.is_bot, person.is_deleted = reason == "bot", reason == "deleted"
    invite = await house.invite_task(house.add_chat(account), [person])
    await house.run(invite)
    write = await house.message_task([person], "Hello!")
    await house.run(write)
    expected = {"bot": C.BOT, "deleted": C.DELETED_ACCOUNT, "self": C.MYSELF}[reason]
    assert await house.outcomes(invite) == await house.outcomes(write) == [expected]
    assert house.telegram.messages == house.telegram.invitations == []


@pytest.mark.parametrize("code", [C.DELETED_ACCOUNT, C.BOT])
async def test_who_turned_out_to_be_no_human_is_contacted_by_no_other_task(
    house: House, code: OutcomeCode
):
    account = await house.add_account()
    (person,) = house.people(1, on_invite=code)
    await house.run(await house.invite_task(house.add_chat(account), [person]))
    person.is_bot, person.is_deleted = code is C.BOT, code is C.DELETED_ACCOUNT
    write = await house.message_task([person], "Hello!")
    await house.run(write)
    assert await house.outcomes(write) == [code]
    assert await house.attempts(Action.MESSAGE) == []


async def test_each_person_is_looked_up_once_for_all_tasks(house: House):
    account = await house.add_account()
    people = house.people(2)
    for title in ("Football", "Chess club"):
        await house.run(await house.invite_task(house.add_chat(account, title=title), people))
    assert len(await house.attempts(Action.LOOK_UP)) == 2
    assert len(await house.attempts(Action.INVITE)) == 4


async def test_look_ups_by_phone_stop_at_their_daily_budget(house: House):
    account = await house.add_account()
    rows = [PersonRow(i, PersonKeys(phone=f"+7999000{i:04}")) for i in range(1, 18)]
    start = house.clock.now()
    task = await house.invite_task(house.add_chat(account), rows)
    situation = await house.run(task)
    assert situation.status is TaskStatus.COMPLETED
    times = [attempt.started_at for attempt in await house.attempts(Action.CONTACT_IMPORT)]
    assert times[14] - start < timedelta(days=1) <= times[15] - start


async def test_people_whom_no_account_can_address_fail_at_the_end(house: House):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    rows = [PersonRow(1, PersonKeys(telegram_id=777)), *house.people(3)]
    task = await house.invite_task(house.add_chat(*accounts), rows)
    situation = await house.run(task)
    assert situation.status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.NOT_ADDRESSABLE, C.JOINED, C.JOINED, C.JOINED]
    assert await house.agrees(task)


async def test_a_person_whom_telegram_adds_later_is_verified_at_the_end(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    slow, quick = house.people(1, "slow", joins=False), house.people(1, "quick")
    task = await house.invite_task(chat, [*slow, *quick])
    held = house.messenger(account).hold("look_up")
    await house.engine.tasks.start(task.id)
    await held.reached()
    second = house.messenger(account).hold("look_up")
    held.release()
    await second.reached()
    assert (await house.states(task))[0] is TargetState.INVITED
    chat.members.add(slow[0].user_id)
    second.release()
    await house.idle(task)
    assert await house.states(task) == [TargetState.JOINED] * 2


async def test_two_accounts_share_the_work_without_meeting(house: House):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    people = house.people(20)
    task = await house.invite_task(house.add_chat(*accounts), people)
    start = house.clock.now()
    await house.run(task)
    assert [house.telegram.times_invited(person) for person in people] == [1] * 20
    by_account = await house.ports.tasks.ends_by_account(task.id)
    assert by_account == {accounts[0].id: 10, accounts[1].id: 10}
    assert house.clock.now() - start < timedelta(hours=2)


async def test_higher_priority_is_served_first_then_the_older_task(house: House):
    account = await house.add_account()
    titles = {"Old": Priority.NORMAL, "New": Priority.NORMAL, "Urgent": Priority.HIGH}
    tasks = {}
    for title, priority in titles.items():
        chat = house.add_chat(account, title=f"{title} chat")
        tasks[title] = await house.invite_task(chat, house.people(2, title.lower()), priority)
        house.clock.advance(timedelta(seconds=1))
    held = house.messenger(account).hold("look_up")
    for task in (tasks["New"], tasks["Old"], tasks["Urgent"]):
        await house.engine.tasks.start(task.id)
    await held.reached()
    held.release()
    for task in tasks.values():
        await house.idle(task)
    order = [attempt.task_id for attempt in await house.attempts(Action.INVITE)]
    # The first was alone when the account became free.
    assert order == [tasks[t].id for t in ("New", "Urgent", "Urgent", "Old", "Old", "New")]


async def test_messages_go_out_while_invitations_wait_for_their_hour(house: House):
    account = await house.add_account()
    invite = await house.invite_task(house.add_chat(account), house.people(8))
    write = await house.message_task(house.people(3, "reader"))
    for task in (invite, write):
        await house.engine.tasks.start(task.id)
    await house.idle(write)
    assert house.clock.now() < (await house.attempts(Action.INVITE))[0].started_at + timedelta(
        hours=1
    )
    assert (await house.idle(invite)).status is TaskStatus.COMPLETED


async def test_a_person_of_two_tasks_is_invited_to_their_chat_once(house: House):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    people, chat = house.people(4), house.add_chat(*accounts)
    tasks = [await house.invite_task(chat, people), await house.invite_task(chat, people)]
    for task in tasks:
        await house.engine.tasks.start(task.id)
    for task in tasks:
        assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert [house.telegram.times_invited(person) for person in people] == [1] * 4
    ends = [code for task in tasks for code in await house.outcomes(task)]
    assert sorted(ends) == sorted([C.JOINED] * 4 + [C.ALREADY_INVITED] * 4)


async def two_rows_for_one_human(house: House) -> tuple[FakePerson, list[PersonRow]]:
    person = house.telegram.add_person("lada", phone="+79005550000")
    rows = [PersonRow(1, PersonKeys("lada")), PersonRow(2, PersonKeys(phone="+79005550000"))]
    return person, rows


@pytest.mark.parametrize("accounts", [1, 2])
async def test_two_rows_that_turn_out_to_be_one_human_are_contacted_once(
    house: House, accounts: int
):
    admins = [await house.add_account(name) for name in ("anna", "boris")[:accounts]]
    person, rows = await two_rows_for_one_human(house)
    person.joins = False
    task = await house.invite_task(house.add_chat(*admins), rows)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert house.telegram.times_invited(person) == 1
    write = await house.message_task([PersonRow(1, PersonKeys("lada")), *rows], "Hello!")
    assert (await house.run(write)).status is TaskStatus.COMPLETED
    assert house.telegram.times_written_to(person) == 1


async def test_who_opted_out_under_another_key_is_recognised_after_the_look_up(house: House):
    account = await house.add_account()
    person, rows = await two_rows_for_one_human(house)
    seen = await house.audience([PersonRow(1, PersonKeys(telegram_id=person.user_id))])
    (known,) = await house.ports.audiences.people(seen, 0, 1)
    await house.ports.audiences.do_not_contact(known.id, "asked", house.clock.now())
    task = await house.invite_task(house.add_chat(account), rows[:1])
    await house.run(task)
    assert await house.outcomes(task) == [C.OPTED_OUT]
    assert house.telegram.invitations == []


async def test_somebody_who_opts_out_meanwhile_is_left_alone(house: House):
    account = await house.add_account()
    people = house.people(2)
    task = await house.invite_task(house.add_chat(account), people)
    second = (await house.targets(task))[1].person
    await house.ports.audiences.do_not_contact(second.id, "asked", house.clock.now())
    await house.run(task)
    assert await house.outcomes(task) == [C.JOINED, C.OPTED_OUT]
    assert house.telegram.times_invited(people[1]) == 0


async def test_waiting_says_why_and_until_when(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(6))
    seen = []

    def listen(_event: object) -> None:
        work = house.engine._supervisor._shop.board.find(task.id)
        if work is not None:
            seen.append((house.clock.now(), work.task.situation))

    house.engine.bus.subscribe(listen)
    await house.run(task)
    waits = {s for _, s in seen if s.status is TaskStatus.WAITING}
    first_invite = (await house.attempts(Action.INVITE))[0].started_at
    (wait,) = waits
    assert wait.reason is TaskReason.PACE
    assert wait.until >= first_invite + timedelta(hours=1)


async def test_people_with_usernames_do_not_wait_for_the_budget_of_phones(house: House):
    account = await house.add_account()
    unknown = [PersonRow(n, PersonKeys(phone=f"+7999000{n:04}")) for n in range(1, 21)]
    named = house.people(2)
    start = house.clock.now()
    task = await house.invite_task(house.add_chat(account), [*unknown, *named])
    await house.run(task)
    assert await house.states(task) == [TargetState.FAILED] * 20 + [TargetState.JOINED] * 2
    day = timedelta(days=1)
    imports = [a.started_at - start for a in await house.attempts(Action.CONTACT_IMPORT)]
    assert [at < day for at in imports] == [True] * 15 + [False] * 5
    assert all(a.started_at - start < day for a in await house.attempts(Action.INVITE))


async def test_nobody_whom_another_account_knows_costs_a_look_up_first(house: House):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    people = house.people(4)
    task = await house.invite_task(house.add_chat(*accounts), people)
    targets = await house.targets(task)
    hash_of = house.messenger(accounts[1])._hash
    for target, person in zip(targets[:2], people[:2], strict=True):
        peer = UserPeer(person.user_id, hash_of(person.user_id))
        await house.ports.ledger.keep_peer(accounts[1].id, target.person.id, peer)
    await house.run(task)
    look_ups = await house.attempts(Action.LOOK_UP)
    assert {a.person_id for a in look_ups} == {target.person.id for target in targets[2:]}
