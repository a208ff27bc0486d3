"""One look at everything a task needs: each finding, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.diagnosis import Area, Gravity, Repair, RepairKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.schedule import EVERY_DAY, Schedule, WorkingHours
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskReason, TaskSituation, TaskStatus
from invite_desktop.engine import diagnosis_rules
from invite_desktop.engine.diagnosis_rules import disk_finding, task_findings
from invite_desktop.engine.ports.files import PersonRow
from tests.fakes.engine import a_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.diagnosis import Finding
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

C, G, R = OutcomeCode, Gravity, RepairKind


async def ready_task(house: House, people: int = 3) -> tuple[InviteTask, Account]:
    account = await house.add_account()
    return await house.invite_task(house.add_chat(account), house.people(people)), account


async def found(house: House, task: InviteTask, area: Area) -> Sequence[Finding]:
    return [each for each in await house.engine.diagnosis.of_task(task.id) if each.area is area]


def brief(finding: Finding) -> tuple[Gravity, str, RepairKind | None]:
    repair = finding.repair.kind if finding.repair else None
    return finding.gravity, str(finding.words), repair


async def test_all_is_well_but_that_it_was_not_started(house: House):
    task, _ = await ready_task(house)
    findings = await house.engine.diagnosis.of_task(task.id)
    assert [finding.area for finding in findings] == list(Area)
    assert {finding.gravity for finding in findings[1:]} == {Gravity.FINE}
    assert brief(findings[0]) == (G.BLOCKING, "The task was not started yet.", R.START)
    assert house.telegram.invitations == []


# ---------------------------------------------------------------- the task


async def test_a_running_task_is_fine_and_a_paused_one_can_be_resumed(house: House):
    task, account = await ready_task(house)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    (running,) = await found(house, task, Area.TASK)
    assert brief(running) == (G.FINE, "The task is running.", None)
    await house.engine.tasks.pause(task.id)
    held.release()
    (paused,) = await found(house, task, Area.TASK)
    assert brief(paused) == (G.BLOCKING, "The task is paused: paused by you.", R.RESUME)
    assert paused.repair is not None
    assert paused.repair.subject_id == task.id


async def test_a_deleted_task_can_be_restored(house: House):
    task, _ = await ready_task(house)
    await house.engine.bin.delete(task.id)
    (finding,) = await found(house, task, Area.TASK)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.RESTORE)


async def test_a_task_with_a_start_time_is_fine(house: House):
    task, _ = await ready_task(house)
    start = Schedule(house.clock.now() + timedelta(hours=3))
    await house.engine.tasks.change_schedule(task.id, start)
    (finding,) = await found(house, task, Area.TASK)
    assert finding.gravity is G.FINE
    assert str(finding.words).startswith("It starts by itself at")


async def test_a_missed_start_can_be_made_good(house: House):
    task, _ = await ready_task(house)
    moved = {"reason": TaskReason.START_MISSED}
    situation = (await house.situation(task)).__class__(TaskStatus.READY, **moved)
    await house.ports.tasks.change_situation(
        task.id, TaskStatus.READY, situation, house.clock.now()
    )
    (finding,) = await found(house, task, Area.TASK)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.START)
    assert "missed its start" in str(finding.words)


async def test_waiting_for_working_hours_offers_the_schedule(house: House):
    task, _ = await ready_task(house)
    now = house.clock.now()
    later, end = (now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time()
    hours = WorkingHours(EVERY_DAY, later, end, "UTC")
    await house.engine.tasks.change_schedule(task.id, Schedule(hours=hours))
    house.clock.hold()
    await house.engine.tasks.start(task.id)
    for _ in range(200):
        (finding,) = await found(house, task, Area.TASK)
        if finding.gravity is G.CARE:
            break
    assert brief(finding) == (
        G.CARE,
        "The task waits for its working hours.",
        R.CHANGE_SCHEDULE,
    )


async def test_who_may_be_tried_again_is_offered(house: House):
    task, account = await ready_task(house)
    house.messenger(account).script("invite", Outcome(C.ADD_FAILED))
    await house.run(task)
    (finding,) = await found(house, task, Area.TASK)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.CARE, R.RETRY)


async def test_a_finished_task_is_fine(house: House):
    task, _ = await ready_task(house)
    await house.run(task)
    (finding,) = await found(house, task, Area.TASK)
    assert (finding.gravity, finding.repair) == (G.FINE, None)


def test_uncertain_people_are_shown():
    counters = Counters(
        {(TargetState.UNCERTAIN, C.UNCERTAIN): 2, (TargetState.JOINED, C.JOINED): 1}
    )
    _, doubt = task_findings(a_task(7, TaskStatus.COMPLETED), counters)
    assert str(doubt.words).startswith("Of 2 people nobody knows")
    assert doubt.repair == Repair(R.SHOW_PEOPLE, 7, "uncertain")


@pytest.mark.parametrize(
    ("pending", "repair"), [(1, Repair(R.RETRY, 7)), (0, None)], ids=["some left", "nobody left"]
)
def test_a_stopped_task_can_be_opened_again_if_somebody_is_left(
    pending: int, repair: Repair | None
):
    counters = Counters({(TargetState.PENDING, None): pending, (TargetState.JOINED, C.JOINED): 1})
    (stopped,) = task_findings(a_task(7, TaskStatus.FAILED), counters)
    assert (stopped.gravity, stopped.repair) == (G.BLOCKING, repair)


# ---------------------------------------------------------------- people


async def test_without_a_basis_nobody_may_be_contacted(house: House):
    task, _ = await ready_task(house)
    await house.engine.audiences.change_basis(task.audience_id, Basis.UNKNOWN)
    (finding,) = await found(house, task, Area.AUDIENCE)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (
        G.BLOCKING,
        R.CHANGE_BASIS,
    )
    assert finding.repair is not None
    assert finding.repair.subject_id == task.audience_id


async def test_a_deleted_audience_is_told(house: House):
    task, _ = await ready_task(house)
    await house.run(task)
    await house.engine.audiences.delete(task.audience_id)
    (finding,) = await found(house, task, Area.AUDIENCE)
    assert finding.gravity is G.CARE


async def test_many_who_opted_out_are_shown(house: House):
    task, _ = await ready_task(house)
    for target in (await house.targets(task))[:2]:
        await house.engine.do_not_contact.add_person(target.person.id, "no")
    await house.run(task)
    (finding,) = await found(house, task, Area.AUDIENCE)
    assert brief(finding)[0] is G.CARE
    assert finding.repair is not None
    assert (finding.repair.kind, finding.repair.reason) == (R.SHOW_PEOPLE, "opted_out")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (PersonKeys(None, "+79001112233"), "by phone only"),
        (PersonKeys(None, None, 987654321), "by id only"),
    ],
)
async def test_weak_keys_are_told(house: House, keys: PersonKeys, words: str):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), [PersonRow(1, keys)])
    (finding,) = await found(house, task, Area.DATA)
    assert words in str(finding.words)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.CARE, R.OPEN_AUDIENCE)


async def test_a_list_of_people_who_are_not_there_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(diagnosis_rules, "ENOUGH_TO_JUDGE", 3)
    account = await house.add_account()
    rows = [PersonRow(n, PersonKeys(f"not_here_{n}")) for n in range(3)]
    task = await house.invite_task(house.add_chat(account), rows)
    await house.run(task)
    (finding,) = await found(house, task, Area.DATA)
    assert str(finding.words).startswith("3 of 3 people were not found")
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.CARE, R.SHOW_PEOPLE)


# ---------------------------------------------------------------- accounts and chat


async def test_without_an_account_one_is_to_be_added(house: House):
    task, account = await ready_task(house)
    await house.engine.accounts.log_out(account.id)
    (finding,) = await found(house, task, Area.ACCOUNTS)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.ADD_ACCOUNT)
    (rights,) = await found(house, task, Area.RIGHTS)
    assert (rights.gravity, rights.repair and rights.repair.kind) == (G.BLOCKING, R.ADD_ACCOUNT)


async def test_an_account_that_is_switched_off_is_switched_on(house: House):
    task, account = await ready_task(house)
    await house.engine.accounts.switch_off(account.id)
    nobody, off = await found(house, task, Area.ACCOUNTS)
    assert brief(nobody) == (G.BLOCKING, "No account is ready.", None)
    assert off.repair is not None
    assert (off.repair.kind, off.repair.subject_id) == (R.SWITCH_ON_ACCOUNT, account.id)


async def test_a_rest_by_hand_can_be_released_and_one_by_telegram_is_looked_at(house: House):
    task, account = await ready_task(house)
    until = house.clock.now() + timedelta(hours=5)
    await house.engine.accounts.rest(account.id, until)
    *_, resting = await found(house, task, Area.ACCOUNTS)
    assert resting.repair is not None
    assert resting.repair.kind is R.RELEASE_ACCOUNT
    await house.engine._states.suffer(account.id, Outcome(C.PEER_FLOOD))
    *_, limited = await found(house, task, Area.ACCOUNTS)
    assert "limited by Telegram until" in str(limited.words)
    assert limited.repair is not None
    assert limited.repair.kind is R.OPEN_ACCOUNT


async def test_a_lost_session_asks_for_a_new_log_in(house: House):
    task, account = await ready_task(house)
    await house.engine._states.suffer(account.id, Outcome(C.LOGGED_OUT))
    *_, lost = await found(house, task, Area.ACCOUNTS)
    assert lost.repair is not None
    assert lost.repair.kind is R.ADD_ACCOUNT


async def test_who_is_no_administrator_is_named(house: House):
    account = await house.add_account()
    chat = house.add_chat()
    chat.members.add(house.me(account).user_id)
    task = await house.invite_task(chat, house.people(1))
    all_of_them, one = await found(house, task, Area.RIGHTS)
    assert (all_of_them.gravity, one.gravity) == (G.BLOCKING, G.BLOCKING)
    assert "a member, but no administrator" in str(one.words)
    assert one.repair is not None
    assert (one.repair.kind, one.repair.subject_id) == (R.CHECK_ACCOUNT, account.id)


async def test_a_chat_that_only_a_link_fills_offers_the_link(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, kind=ChatKind.CHANNEL)
    task = await house.invite_task(chat, house.people(1))
    chat.members.update(range(9_000_000, 9_000_250))
    (finding,) = await found(house, task, Area.RIGHTS)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.SHOW_LINK)


async def test_messages_need_no_rights(house: House):
    await house.add_account()
    task = await house.message_task(house.people(1))
    (finding,) = await found(house, task, Area.RIGHTS)
    assert finding.gravity is G.FINE


# ---------------------------------------------------------------- surroundings


async def test_a_locked_keyring_blocks(house: House):
    task, _ = await ready_task(house)
    house.vault.refusal = KnownError(message("The keyring is locked."), message("Unlock it."))
    (finding,) = await found(house, task, Area.KEYRING)
    assert brief(finding) == (G.BLOCKING, "The keyring is locked. Unlock it.", None)


async def test_missing_credentials_are_told(house: House):
    task, _ = await ready_task(house)
    house.vault.stored_credentials = None
    (finding,) = await found(house, task, Area.KEYRING)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.ADD_ACCOUNT)


@pytest.mark.parametrize("kind", ["invite", "message"])
async def test_without_a_connection_the_proxy_is_offered(house: House, kind: str):
    account = await house.add_account()
    task = (
        await house.invite_task(house.add_chat(account), house.people(1))
        if kind == "invite"
        else await house.message_task(house.people(1))
    )
    await house.ports.gateway.open(account.id)
    lost = [Outcome(C.NOT_CONNECTED)] * 8
    for method in ("see_chat", "who_am_i"):
        house.messenger(account).script(method, *lost)
    (finding,) = await found(house, task, Area.NETWORK)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.BLOCKING, R.SET_PROXY)


async def test_a_used_up_hour_says_when_it_goes_on(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    done = await house.invite_task(chat, house.people(5))
    await house.run(done)
    task = await house.invite_task(chat, house.people(1, "later"))
    (finding,) = await found(house, task, Area.LIMITS)
    assert "goes on by itself at" in str(finding.words)
    assert (finding.gravity, finding.repair) == (G.FINE, None)


async def test_a_used_up_day_leads_to_the_account(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    await house.run(await house.invite_task(chat, house.people(15)))
    task = await house.invite_task(chat, house.people(1, "later"))
    (finding,) = await found(house, task, Area.LIMITS)
    assert (finding.gravity, finding.repair and finding.repair.kind) == (G.CARE, R.OPEN_ACCOUNT)


@pytest.mark.parametrize(
    ("reason", "gravity"),
    [
        (TaskReason.PACE, G.FINE),
        (TaskReason.ACCOUNTS_RESTING, G.CARE),
        (TaskReason.NO_NETWORK, G.CARE),
    ],
)
def test_a_waiting_task_says_for_what(reason: TaskReason, gravity: Gravity):
    waiting = replace(
        a_task(7, TaskStatus.WAITING), situation=TaskSituation(TaskStatus.WAITING, reason)
    )
    (finding,) = task_findings(waiting, Counters({(TargetState.PENDING, None): 1}))
    assert (finding.gravity, finding.repair) == (gravity, None)


async def test_a_disk_that_takes_nothing_blocks(house: House, monkeypatch: pytest.MonkeyPatch):
    task, _ = await ready_task(house)

    async def full() -> None:
        raise KnownError(message("The disk is full."), message("Free some space."))

    monkeypatch.setattr(house.ports.storage, "try_writing", full, raising=False)
    (finding,) = await found(house, task, Area.DISK)
    assert brief(finding) == (G.BLOCKING, "The disk is full. Free some space.", None)


@pytest.mark.parametrize(("free", "gravity"), [(10**12, G.FINE), (10**8, G.CARE)])
def test_little_room_is_told(free: int, gravity: Gravity):
    assert disk_finding(free).gravity is gravity


async def test_the_store_says_how_much_room_there_is(house: House):
    await house.ports.storage.try_writing()
    assert await house.ports.storage.free_bytes() > 0
