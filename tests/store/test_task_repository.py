from __future__ import annotations

import itertools
from datetime import time
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OPEN_STATES, RULES, OutcomeCode, TargetState
from invite_desktop.domain.schedule import Schedule, WorkingHours
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import (
    NewTask,
    Priority,
    TaskKind,
    TaskReason,
    TaskSituation,
    TaskStatus,
)
from invite_desktop.engine.ports.ledger import AddressedTarget
from invite_desktop.engine.ports.stores import AudienceUse, TargetFilter
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store import task_bin, task_creation
from invite_desktop.store.rows import connection_of
from tests.store.setting import (
    NOW,
    Desk,
    account,
    chat,
    counters_hold,
    imported,
    invite_task,
    later,
    message_task,
    people,
    person,
    select,
)

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.store.store import Store

RUNNING = TaskSituation(TaskStatus.RUNNING)


async def test_a_new_task_is_ready_and_keeps_everything(store: Store):
    audience = (await imported(store, people(2))).audience
    new = NewTask(TaskKind.INVITE, audience.id, chat(), priority=Priority.HIGH)
    task = await store.tasks.create(new, "Приглашения в «Футбол»", NOW)
    assert (task.name, task.kind, task.chat) == ("Приглашения в «Футбол»", new.kind, new.chat)
    assert (task.priority, task.created_at, task.status) == (new.priority, NOW, TaskStatus.READY)
    assert (task.started_at, task.finished_at) == (None, None)
    assert await store.tasks.task(task.id) == task


async def test_a_message_task_has_a_text_and_no_chat(store: Store):
    task = await message_task(store, (await imported(store, people(1))).audience.id)
    assert (task.chat, task.text) == (None, "Hello")


async def test_tasks_come_newest_first(store: Store):
    audience = (await imported(store, people(2))).audience
    ids = [(await message_task(store, audience.id)).id for _ in range(3)]
    assert [task.id for task in await store.tasks.tasks()] == ids[::-1]


@pytest.mark.parametrize("method", ["task", "target"])
async def test_what_is_not_there_is_a_key_error(store: Store, method: str):
    with pytest.raises(KeyError):
        await getattr(store.tasks, method)(99)


async def test_targets_come_in_the_order_of_the_audience(desk: Desk):
    names = [target.person.keys.username for target in await desk.targets()]
    assert names == [f"person{n}" for n in range(1, 7)]
    assert [target.position for target in await desk.targets()] == list(range(1, 7))


async def test_every_target_has_a_random_id_of_its_own(desk: Desk):
    ids = [n for (n,) in await select(desk.store, "SELECT random_id FROM targets")]
    assert len(set(ids)) == 6
    assert all(0 < n < 2**63 for n in ids)
    assert max(ids) > 2**40


async def test_a_new_task_counts_its_targets(desk: Desk):
    counters = await desk.store.tasks.counters(desk.task_id)
    assert counters == Counters({(TargetState.PENDING, None): 6})
    assert await desk.store.tasks.all_counters() == {desk.task_id: counters}


async def test_the_counters_of_an_unknown_task_are_empty(store: Store):
    assert await store.tasks.counters(99) == Counters({})


async def test_targets_come_in_pages(desk: Desk):
    tasks, every = desk.store.tasks, TargetFilter()
    pages = [await tasks.targets(desk.task_id, every, offset, 4) for offset in (0, 4, 8)]
    assert [[target.position for target in page] for page in pages] == [[1, 2, 3, 4], [5, 6], []]


async def test_targets_can_be_filtered_by_state_outcome_and_text(store: Store):
    rows = [person(1, "anna_k", full_name="Анна Волкова"), person(2, "boris", "+79001234567")]
    desk_task = await invite_task(store, (await imported(store, rows)).audience.id)
    for wanted, positions in (
        (TargetFilter(frozenset({TargetState.PENDING})), [1, 2]),
        (TargetFilter(frozenset({TargetState.FAILED})), []),
        (TargetFilter(outcomes=frozenset({OutcomeCode.PRIVACY})), []),
        (TargetFilter(text="волк"), [1]),
        (TargetFilter(text="@ANNA"), [1]),
        (TargetFilter(text="123"), [2]),
        (TargetFilter(text="100%"), []),
        (TargetFilter(frozenset({TargetState.PENDING}), text="ann волк"), [1]),
    ):
        found = await store.tasks.targets(desk_task.id, wanted, 0, 9)
        assert [target.position for target in found] == positions


# ---------------------------------------------------------------- situation


async def test_the_situation_changes_when_nobody_was_faster(desk: Desk):
    tasks = desk.store.tasks
    waiting = TaskSituation(TaskStatus.WAITING, TaskReason.PACE, "x", later(hours=1))
    started = await tasks.change_situation(desk.task_id, TaskStatus.READY, RUNNING, NOW)
    assert started is not None
    assert started.situation == RUNNING
    changed = await tasks.change_situation(desk.task_id, TaskStatus.RUNNING, waiting, NOW)
    assert changed is not None
    assert changed.situation == waiting


async def test_the_slower_of_two_changes_is_refused(desk: Desk):
    tasks = desk.store.tasks
    await tasks.change_situation(desk.task_id, TaskStatus.READY, RUNNING, NOW)
    failed = TaskSituation(TaskStatus.FAILED)
    assert await tasks.change_situation(desk.task_id, TaskStatus.READY, failed, NOW) is None
    assert (await tasks.task(desk.task_id)).status is TaskStatus.RUNNING


async def test_a_task_remembers_when_it_started_and_ended(desk: Desk):
    tasks = desk.store.tasks
    steps = [TaskStatus.READY, TaskStatus.RUNNING, TaskStatus.PAUSED, TaskStatus.RUNNING]
    steps += [TaskStatus.COMPLETED]
    for hour, (before, after) in enumerate(itertools.pairwise(steps)):
        await tasks.change_situation(desk.task_id, before, TaskSituation(after), later(hours=hour))
    task = await tasks.task(desk.task_id)
    assert (task.started_at, task.finished_at) == (NOW, later(hours=3))


async def test_a_reopened_task_has_not_ended(desk: Desk):
    tasks = desk.store.tasks
    cancelled, ready = TaskSituation(TaskStatus.CANCELLED), TaskSituation(TaskStatus.READY)
    await tasks.change_situation(desk.task_id, TaskStatus.READY, cancelled, NOW)
    task = await tasks.change_situation(desk.task_id, TaskStatus.CANCELLED, ready, NOW)
    assert task is not None
    assert task.finished_at is None


# ---------------------------------------------------------------- retry and statistics


async def test_a_retry_takes_exactly_what_the_rules_allow(store: Store, path: Path):
    final = [code for code, rule in RULES.items() if rule.target not in OPEN_STATES]
    final.remove(OutcomeCode.NOT_ADDRESSABLE)
    audience = (await imported(store, people(len(final)))).audience
    task = await message_task(store, audience.id)
    desk = Desk(path, store, (await account(store)).id, audience.id, task.id)
    for code in final:
        await desk.act(await desk.claim(), code)
    before = {target.id: target.outcome for target in await desk.targets()}
    assert await store.tasks.reopen_retryable(task.id, NOW) == 4
    reopened = {target.id for target in await desk.targets() if target.outcome is None}
    assert reopened == {i for i, code in before.items() if code and RULES[code].retryable}
    assert await counters_hold(store)


async def test_the_statistics_count_ends(desk: Desk):
    other = (await account(desk.store, 701)).id
    tasks = desk.store.tasks
    for code in (OutcomeCode.INVITED, OutcomeCode.PRIVACY, OutcomeCode.FLOOD_WAIT):
        await desk.act(await desk.claim(), code)
    claim = await desk.store.ledger.claim(desk.task_id, other, later(hours=1))
    await desk.act(claim, OutcomeCode.PRIVACY)
    assert await tasks.ends_by_account(desk.task_id) == {desk.account_id: 2, other: 1}
    assert await tasks.ended_since(desk.task_id, NOW) == 3
    assert await tasks.ended_since(desk.task_id, later(seconds=1)) == 0


async def test_targets_that_an_account_can_address_are_told_with_their_peers(desk: Desk):
    met, unmet = await desk.claim(), await desk.claim()
    await desk.store.ledger.keep_peer(desk.account_id, met.person.id, UserPeer(5, -6))
    await desk.act(met, OutcomeCode.INVITED)
    await desk.act(unmet, OutcomeCode.INVITED)
    assert await desk.store.tasks.addressed(desk.task_id) == [
        AddressedTarget(met.target_id, TargetState.INVITED, desk.account_id, UserPeer(5, -6))
    ]


# ---------------------------------------------------------------- who is left out


async def test_who_opted_out_is_left_out(store: Store):
    audience = (await imported(store, people(3))).audience
    (second,) = await store.audiences.people(audience.id, 1, 1)
    await store.audiences.do_not_contact(second.id, "stop", NOW)
    use = await store.audiences.use_of(audience.id, None)
    assert use == AudienceUse(usable=2, opted_out=1)
    task = await message_task(store, audience.id)
    targets = await store.tasks.targets(task.id, TargetFilter(), 0, 9)
    assert [target.person.keys.username for target in targets] == ["person1", "person3"]


@pytest.mark.parametrize(
    ("code", "use"),
    [
        (OutcomeCode.INVITED, AudienceUse(usable=5, already_contacted=1)),
        (OutcomeCode.JOINED, AudienceUse(usable=5, already_contacted=1)),
        (OutcomeCode.ALREADY_MEMBER, AudienceUse(usable=5, already_contacted=1)),
        (OutcomeCode.UNCERTAIN, AudienceUse(usable=5, already_contacted=1)),
        (OutcomeCode.PRIVACY, AudienceUse(usable=5, refused_before=1)),
        (OutcomeCode.BLOCKED, AudienceUse(usable=5, refused_before=1)),
        (OutcomeCode.ADD_FAILED, AudienceUse(usable=6)),
        (OutcomeCode.FLOOD_WAIT, AudienceUse(usable=6)),
    ],
)
async def test_one_chat_is_offered_to_a_person_once(
    desk: Desk, code: OutcomeCode, use: AudienceUse
):
    await desk.act(await desk.claim(), code)
    audiences = desk.store.audiences
    assert await audiences.use_of(desk.audience_id, 55) == use
    assert await audiences.use_of(desk.audience_id, 56) == AudienceUse(usable=6)
    assert await audiences.use_of(desk.audience_id, None) == AudienceUse(usable=6)
    for chat_id, usable in ((55, use.usable), (56, 6)):
        task = await invite_task(desk.store, desk.audience_id, chat_id)
        assert (await desk.store.tasks.counters(task.id)).total == usable


async def test_a_task_for_nobody_is_refused_and_not_stored(desk: Desk):
    for _ in range(6):
        await desk.act(await desk.claim(), OutcomeCode.PRIVACY)
    with pytest.raises(KnownError, match="6 refused by Telegram"):
        await invite_task(desk.store, desk.audience_id)
    assert len(await desk.store.tasks.tasks()) == 1


async def test_a_claim_looks_again_whether_she_may_be_contacted(desk: Desk):
    first, second = await desk.store.audiences.people(desk.audience_id, 0, 2)
    twin = await invite_task(desk.store, desk.audience_id)
    await desk.store.audiences.do_not_contact(first.id, "stop", NOW)
    claim = await desk.store.ledger.claim(twin.id, desk.account_id, NOW)
    assert claim is not None
    assert claim.person.id == second.id
    await desk.act(claim, OutcomeCode.INVITED)
    third = await desk.claim()
    assert third.person.keys.username == "person3"
    ends = [(t.state, t.outcome) for t in (await desk.targets())[:2]]
    assert ends == [
        (TargetState.SKIPPED, OutcomeCode.OPTED_OUT),
        (TargetState.SKIPPED, OutcomeCode.ALREADY_INVITED),
    ]
    assert await counters_hold(desk.store)


async def test_a_refusal_met_by_another_task_is_named(desk: Desk):
    twin = await invite_task(desk.store, desk.audience_id)
    claim = await desk.store.ledger.claim(twin.id, desk.account_id, NOW)
    assert claim is not None
    await desk.act(claim, OutcomeCode.PREMIUM_NEEDED)
    await desk.claim()
    first = (await desk.targets())[0]
    assert (first.state, first.outcome) == (TargetState.SKIPPED, OutcomeCode.PREMIUM_NEEDED)


async def test_more_people_may_fall_away_than_one_transaction_ends(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("invite_desktop.store.claims.MOST_SKIPPED", 3)
    audience = (await imported(store, people(8))).audience
    task = await invite_task(store, audience.id)
    account_id = (await account(store)).id
    for found in await store.audiences.people(audience.id, 0, 7):
        await store.audiences.do_not_contact(found.id, "stop", NOW)
    claim = await store.ledger.claim(task.id, account_id, NOW)
    assert claim is not None
    assert claim.person.keys.username == "person8"
    assert (await store.tasks.counters(task.id)).skipped == 7


async def test_the_journal_has_every_change_of_situation_and_its_reason(store: Store):
    task = await message_task(store, (await imported(store, people(1))).audience.id)
    steps = [
        RUNNING,
        TaskSituation(TaskStatus.WAITING, TaskReason.PACE, until=later(minutes=60)),
        TaskSituation(TaskStatus.PAUSED, TaskReason.PEER_FLOOD, "PEER_FLOOD"),
    ]
    before = TaskStatus.READY
    for minute, step in enumerate(steps):
        await store.tasks.change_situation(task.id, before, step, later(minutes=minute))
        before = step.status
    journal = await store.tasks.journal(task.id, 0, 10)
    assert [entry.situation for entry in journal] == [
        *reversed(steps),
        TaskSituation(TaskStatus.READY),
    ]
    moments = [later(minutes=2), later(minutes=1), NOW, NOW]
    assert [entry.at for entry in journal] == moments
    assert await store.tasks.journal(task.id, 1, 1) == journal[1:2]


async def test_another_time_of_the_same_wait_is_no_news_for_the_journal(store: Store):
    task = await message_task(store, (await imported(store, people(1))).audience.id)
    await store.tasks.change_situation(task.id, TaskStatus.READY, RUNNING, NOW)
    for minute in (1, 2, 3):
        wait = TaskSituation(TaskStatus.WAITING, TaskReason.PACE, until=later(minutes=minute))
        before = (await store.tasks.task(task.id)).status
        await store.tasks.change_situation(task.id, before, wait, NOW)
    assert len(await store.tasks.journal(task.id, 0, 10)) == 3


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(),
        Schedule(later(hours=5)),
        Schedule(hours=WorkingHours(frozenset({0, 6}), time(22), time(6, 30), "Asia/Kathmandu")),
    ],
)
async def test_a_schedule_is_kept_as_it_was_given(store: Store, schedule: Schedule):
    audience = (await imported(store, people(1))).audience
    new = NewTask(TaskKind.MESSAGE, audience.id, text="Hello", schedule=schedule)
    task = await store.tasks.create(new, "Messages", NOW)
    assert (await store.tasks.task(task.id)).schedule == schedule
    changed = await store.tasks.change_schedule(task.id, Schedule(NOW))
    assert changed.schedule == Schedule(NOW)


async def test_a_big_task_is_made_in_pieces_in_the_order_of_the_audience(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(task_creation, "FROZEN_AT_ONCE", 2)
    audience = (await imported(store, people(5))).audience
    members = await store.audiences.people(audience.id, 0, 9)
    await store.audiences.do_not_contact(members[1].id, "stop", NOW)
    task = await invite_task(store, audience.id)
    targets = await store.tasks.targets(task.id, TargetFilter(), 0, 9)
    assert [target.person.id for target in targets] == [
        member.id for member in members if member != members[1]
    ]
    assert (await store.tasks.counters(task.id)).pending == 4
    assert await counters_hold(store)


async def test_a_big_task_is_seen_when_it_is_whole_and_others_write_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(task_creation, "FROZEN_AT_ONCE", 2)
    audience = (await imported(store, people(5))).audience
    seen: list[tuple[int, int]] = []
    freeze = task_creation._Making.freeze_some

    def look_between(making: task_creation._Making) -> None:
        freeze(making)
        forgotten = store.database.write_now(
            lambda opened: task_bin.forget_untried(connection_of(opened), 9, store.tasks._hidden)
        )
        shown = store.database.read_now(
            lambda opened: (
                connection_of(opened)
                .execute("SELECT count(*) FROM tasks WHERE deleted_at IS NULL")
                .fetchone()[0]
            )
        )
        seen.append((forgotten, shown))

    monkeypatch.setattr(task_creation._Making, "freeze_some", look_between)
    task = await invite_task(store, audience.id)
    assert seen == [(0, 0)] * 3
    assert (await store.tasks.counters(task.id)).pending == 5


async def test_what_is_left_of_a_task_that_could_not_be_made_is_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    audience = (await imported(store, people(5))).audience
    with monkeypatch.context() as broken:
        broken.setattr(task_creation, "FROZEN_AT_ONCE", 2)
        broken.setattr(task_creation, "_freeze_the_rest", _disk_full)
        with pytest.raises(KnownError, match="disk"):
            await invite_task(store, audience.id)
    assert await store.tasks.tasks() == await store.tasks.deleted_tasks() == []
    assert await store.tasks.forget_untried(9) == 2
    assert await select(store, "SELECT count(*) FROM targets") == [(0,)]


async def test_a_task_without_people_leaves_nothing(store: Store):
    audience = (await imported(store, people(1))).audience
    (only,) = await store.audiences.people(audience.id, 0, 1)
    await store.audiences.do_not_contact(only.id, "stop", NOW)
    with pytest.raises(KnownError, match="Nobody"):
        await invite_task(store, audience.id)
    assert await select(store, "SELECT count(*) FROM tasks") == [(0,)]


def _disk_full(*_args: object) -> None:
    raise KnownError(message("The disk is full."))
