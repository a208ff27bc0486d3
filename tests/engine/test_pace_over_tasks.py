"""The pace of one account over all its tasks, as the ledger has it in the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.domain.attempts import CONTACTING, LOOKING_UP, Action
from invite_desktop.domain.pace import CEILINGS, DAY, GAP, HOUR

if TYPE_CHECKING:
    from datetime import datetime

    from tests.fakes.house import House


def busiest(times: list[datetime], window: timedelta) -> int:
    return max(sum(t <= other < t + window for other in times) for t in times)


async def times_of(house: House, *actions: Action) -> list[datetime]:
    return [attempt.started_at for attempt in await house.attempts(*actions)]


async def check_windows(house: House, first_day: int) -> None:
    for action in Action:
        times = await times_of(house, action)
        ceiling = CEILINGS[action]
        if times:
            assert busiest(times, DAY) <= ceiling.per_day
            assert busiest(times, HOUR) <= (ceiling.per_hour or 10**9)
    invitations = await times_of(house, Action.INVITE)
    assert sum(at < invitations[0] + DAY for at in invitations) <= first_day
    for kinds in (CONTACTING, LOOKING_UP):
        together = await times_of(house, *kinds)
        assert all(later - earlier >= GAP for earlier, later in pairwise(sorted(together)))


@pytest.mark.parametrize("crashes", [0, 2])
async def test_two_tasks_and_letters_share_one_budget_over_days(house: House, crashes: int):
    """Invitations of two tasks and messages go through one account; a restart forgets nothing."""
    account = await house.add_account()
    first = await house.invite_task(house.add_chat(account), house.people(25, "first"))
    second = await house.invite_task(
        house.add_chat(account, title="Chess"), house.people(25, "second")
    )
    letters = await house.message_task(house.people(15, "letter"))
    tasks = (first, second, letters)
    for task in tasks:
        await house.engine.tasks.start(task.id)
    for _ in range(crashes):
        await house.clock.sleep_until(house.clock.now() + timedelta(hours=7))
        await house.crash()
        house.clock.advance(timedelta(minutes=1))
        await house.open()
    await asyncio.gather(*[house.idle(task) for task in tasks])
    assert len(await times_of(house, Action.INVITE)) >= 50 - crashes
    # A new account may do 15 on its first day, and 17 from the second on.
    await check_windows(house, first_day=17)


async def test_a_clock_set_back_in_the_middle_speeds_nothing_up(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(12))
    await house.engine.tasks.start(task.id)
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=20))
    before = len(await times_of(house, Action.INVITE))
    house.clock.hold()
    house.clock.set(house.clock.now() - timedelta(hours=2))
    set_back_at = house.clock.now()
    house.clock.let_go()
    await house.clock.sleep_until(set_back_at + timedelta(hours=2))
    assert len(await times_of(house, Action.INVITE)) == before
    await house.idle(task)
    assert len(await times_of(house, Action.INVITE)) == 12


async def test_a_look_up_allowed_now_is_begun_with_the_claim_while_the_clock_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(3))
    now, claim, wishes = house.clock.now, house.store.ledger.claim, []

    def ticking() -> datetime:
        house.clock._now = now() + timedelta(microseconds=1)
        return now()

    async def noted(*args: Any, **options: Any) -> object:
        wishes.append(args[3])
        return await claim(*args, **options)

    monkeypatch.setattr(house.clock, "now", ticking)
    monkeypatch.setattr(house.store.ledger, "claim", noted)
    await house.run(task)
    assert len(house.telegram.invitations) == 3
    assert wishes[0].without == ()
