"""The end of the program at any moment: runners first, then the store, and nobody left behind."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.tasks import TaskKind
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.events import TargetChanged
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.engine.events import Event
    from tests.fakes.house import House


async def at_work(house: House, kind: TaskKind, moment: int) -> None:
    """Return in the middle of the work, after so many changes."""
    accounts = [await house.add_account("anna"), await house.add_account("boris")]
    people = house.people(8)
    if kind is TaskKind.MESSAGE:
        task = await house.message_task(people)
    else:
        task = await house.invite_task(house.add_chat(*accounts), people)
    reached = asyncio.Event()
    heard = itertools.count(1)

    def hear(event: Event) -> None:
        if isinstance(event, TargetChanged) and next(heard) >= moment:
            reached.set()

    house.engine.bus.subscribe(hear)
    await house.engine.tasks.start(task.id)
    await reached.wait()


@pytest.mark.parametrize("moment", range(1, 16))
@pytest.mark.parametrize("kind", TaskKind)
async def test_after_the_end_nobody_works_and_nobody_asks_the_store(
    house: House, kind: TaskKind, moment: int
):
    unheard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: unheard.append(told))
    await at_work(house, kind, moment)
    await house.engine.stop()
    left = {each.get_name() for each in asyncio.all_tasks()} - {
        asyncio.current_task().get_name()  # type: ignore[union-attr]
    }
    calls = sum(len(m.calls) for m in house.gateway.messengers.values())
    house.store.close()
    await settle(50)
    assert not left
    assert calls == sum(len(m.calls) for m in house.gateway.messengers.values())
    assert not unheard
    assert not house.errors
    await house.open()


@pytest.mark.parametrize("moment", range(1, 6))
async def test_a_change_of_an_account_at_the_end_wakes_nobody(house: House, moment: int):
    await at_work(house, TaskKind.INVITE, moment)
    (first, *_rest) = await house.engine.accounts.views()
    switching = asyncio.ensure_future(house.engine.accounts.switch_off(first.account.id))
    await house.engine.stop()
    await asyncio.gather(switching)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left
    assert not house.errors


async def test_what_starts_after_the_end_never_runs():
    errors: list[BaseException] = []
    scope = BackgroundScope(errors.append)
    ran: list[str] = []

    async def ask_the_store(name: str) -> None:
        ran.append(name)

    async def ask_once_more() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            scope.start(ask_the_store("by what was cancelled"), "late")

    scope.start(ask_once_more(), "first")
    await asyncio.sleep(0)
    await scope.close()
    late = scope.start(ask_the_store("by a timer"), "later")
    await asyncio.wait([late])
    assert late.cancelled()
    assert ran == []
    assert errors == []
    assert asyncio.all_tasks() == {asyncio.current_task()}
