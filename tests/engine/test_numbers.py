"""What is shown of tasks: numbers, expectations and the log."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.house import House

C = OutcomeCode


async def test_the_statistics_of_a_task(house: House):
    account = await house.add_account()
    people = [*house.people(3), *house.people(2, "private", on_invite=C.PRIVACY)]
    task = await house.invite_task(house.add_chat(account), people)
    await house.run(task)
    numbers = await house.engine.statistics.of_task(task.id)
    assert numbers.reasons == [
        (TargetState.JOINED, C.JOINED, 3),
        (TargetState.SKIPPED, C.PRIVACY, 2),
    ]
    assert numbers.by_account == {account.profile.label: 5}
    assert sum(numbers.timeline.values()) == 5
    assert all(len(hour) == len("2026-03-02T09") for hour in numbers.timeline)
    assert numbers.counters.progress == 1.0


async def test_the_overview_adds_tasks_up(house: House):
    account = await house.add_account()
    for title in ("Football", "Chess club"):
        people = house.people(2, title[:5].lower())
        await house.run(await house.invite_task(house.add_chat(account, title=title), people))
    overview = await house.engine.statistics.overview()
    assert overview.tasks == {TaskStatus.COMPLETED: 2}
    assert overview.counters.joined == 4
    assert sum(overview.per_day.values()) == 4
    assert sum(overview.accounts.values()) == 1


async def test_the_log_names_everything_newest_first(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    await house.run(task)
    rows = await house.engine.statistics.log(LedgerFilter(task_id=task.id))
    assert [row.attempt.action for row in rows] == [Action.INVITE, Action.LOOK_UP]
    assert rows[0].task_name == task.name
    assert rows[0].account_label == account.profile.label


async def test_the_audit_finds_counters_that_lie(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    assert await house.engine.statistics.audit(task.id) is None
    await house.store.database.write(
        lambda db: connection_of(db).execute("UPDATE task_counters SET count = count + 1")
    )
    assert "recount" in str(await house.engine.statistics.audit(task.id))


async def test_who_has_left_since_is_told_apart_from_what_disagrees(house: House):
    account = await house.add_account()
    people, chat = house.people(3), house.add_chat(account)
    task = await house.invite_task(chat, people)
    await house.run(task)
    house.telegram.chats[chat.chat_id].members.discard(people[1].user_id)
    report = await house.engine.audit.of_task(task.id)
    assert report.left == {people[1].user_id}
    assert (report.ledger, report.telegram, report.findings) == (3, 2, [])


async def test_people_of_a_task_can_be_filtered(house: House):
    account = await house.add_account()
    people = [*house.people(1), *house.people(1, "private", on_invite=C.PRIVACY)]
    task = await house.invite_task(house.add_chat(account), people)
    await house.run(task)
    skipped = TargetFilter(states=frozenset({TargetState.SKIPPED}))
    (target,) = await house.engine.tasks.targets(task.id, skipped)
    assert await house.engine.tasks.target(target.id) == target


async def test_the_plan_is_honest_about_days(house: House):
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    plan = await house.engine.tasks.plan(31, TaskKind.INVITE, accounts)
    assert (plan.people, plan.accounts_ready, plan.days) == (31, 2, 2)
    assert plan.done_at > house.clock.now() + timedelta(days=1)


async def test_plan_and_running_task_count_the_look_ups_by_phone_of_each_day(house: House):
    account = await house.add_account()
    rows = [PersonRow(n, PersonKeys(phone=f"+7999000{n:04}")) for n in range(1, 61)]
    house.clock.advance(timedelta(days=20))
    plan = await house.engine.tasks.plan(60, TaskKind.INVITE, [account], by_phone=60)
    assert plan.days == 4
    task = await house.invite_task(house.add_chat(account), rows)
    reach = await house.engine.audiences.reach_of(task.audience_id, task.chat, [account.id])
    assert reach.by_phone == 60
    held = house.messenger(account).hold("look_up")
    start = house.clock.now()
    await house.engine.tasks.start(task.id)
    await held.reached()
    (view,) = await house.engine.tasks.views()
    assert view.expected_end > start + timedelta(days=3)
    held.release()


async def test_without_a_ready_account_the_plan_promises_nothing(house: House):
    account = await house.add_account()
    await house.engine.accounts.switch_off(account.id)
    off = (await house.engine.accounts.view(account.id)).account
    plan = await house.engine.tasks.plan(10, TaskKind.INVITE, [off])
    assert (plan.accounts_ready, plan.days, plan.done_at) == (0, 0, None)


async def test_a_running_task_shows_its_next_action_its_speed_and_its_end(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(12))
    assert (await house.engine.tasks.view(task.id)).expected_end is None
    await house.engine.tasks.start(task.id)
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=30))
    house.clock.hold()
    (view,) = await house.engine.tasks.views()
    assert view.task.status is TaskStatus.WAITING
    assert view.next_action_at == view.task.situation.until
    assert view.speed_per_hour == 5.0
    assert view.audience_name == "Guests"
    assert timedelta(hours=1) < view.expected_end - house.clock.now() < timedelta(hours=3)


async def test_between_two_actions_a_running_task_stays_running(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    await house.engine.tasks.start(task.id)
    await house.clock.sleep_until(house.clock.now() + timedelta(seconds=20))
    house.clock.hold()
    view = await house.engine.tasks.view(task.id)
    assert view.task.status is TaskStatus.RUNNING
    assert house.clock.now() < view.next_action_at < house.clock.now() + timedelta(minutes=2)


async def test_a_task_still_names_its_deleted_audience(house: House):
    task = await house.invite_task(house.add_chat(await house.add_account()), house.people(1))
    await house.engine.tasks.cancel(task.id)
    await house.engine.audiences.delete(task.audience_id)
    assert (await house.engine.tasks.view(task.id)).audience_name == "Guests"
    assert [view.audience_name for view in await house.engine.tasks.views()] == ["Guests"]


@pytest.fixture
def moscow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer stand in Moscow, three hours before Greenwich."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be changed here")
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Moscow")
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


async def test_days_and_hours_are_those_of_the_wall_clock(
    moscow: None, house: House, monkeypatch: pytest.MonkeyPatch
):
    """Ten in the evening in Greenwich is past midnight in Moscow."""
    evening = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)

    async def contacts(_task_id: int | None) -> dict[datetime, int]:
        return {evening - timedelta(hours=10): 2, evening: 1}

    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    monkeypatch.setattr(house.store.ledger, "contacts_in_time", contacts)
    overview = await house.engine.statistics.overview()
    assert overview.per_day == {"2026-03-01": 2, "2026-03-02": 1}
    assert overview.by_hour == {15: 2, 1: 1}
    numbers = await house.engine.statistics.of_task(task.id)
    assert numbers.timeline == {"2026-03-01T15": 2, "2026-03-02T01": 1}
