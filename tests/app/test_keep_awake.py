"""The computer is kept awake while something is due within minutes, and not longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.app.keep_awake import SOON, KeepAwake, SystemWakefulness, is_due_soon
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.views import TaskView
from tests.fakes.engine import NOW, a_task

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = timedelta(minutes=1)
RUNNING, WAITING, PAUSED = TaskStatus.RUNNING, TaskStatus.WAITING, TaskStatus.PAUSED


def a_view(status: TaskStatus, wait: timedelta | None) -> TaskView:
    return TaskView(a_task(1, status), Counters({}), "guests", NOW + wait if wait else None)


@pytest.mark.parametrize(
    ("status", "wait", "due"),
    [
        (RUNNING, None, True),
        (RUNNING, MINUTE, True),
        (WAITING, SOON, True),
        (WAITING, SOON + MINUTE, False),
        (WAITING, -MINUTE, True),
        (WAITING, None, False),
        (PAUSED, MINUTE, False),
        (TaskStatus.COMPLETED, None, False),
    ],
)
def test_only_what_acts_soon_keeps_it_awake(status: TaskStatus, wait: timedelta | None, due: bool):
    assert is_due_soon([a_view(status, wait)], NOW) is due


def test_one_task_is_enough():
    assert is_due_soon([a_view(PAUSED, None), a_view(RUNNING, None)], NOW)
    assert not is_due_soon([], NOW)


class NotedWakefulness:
    """Notes what it was asked for; ``agrees`` says what a system without the means does."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.asked: list[str] = []

    def hold(self) -> bool:
        self.asked.append("hold")
        return self.agrees

    def release(self) -> None:
        self.asked.append("release")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - a thread tells no event
            await asyncio.sleep(0.005)


async def test_it_follows_the_tasks_and_lets_go_at_the_end():
    system = NotedWakefulness()
    awake = KeepAwake(lambda: NOW, system)
    running = asyncio.ensure_future(awake.run())
    awake.show_views([a_view(RUNNING, None)])
    await until(lambda: system.asked == ["hold"])
    awake.show_views([a_view(WAITING, 2 * SOON)])
    await until(lambda: system.asked == ["hold", "release"])
    awake.show_views([a_view(WAITING, MINUTE)])
    await until(lambda: system.asked == ["hold", "release", "hold"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert system.asked == ["hold", "release", "hold", "release"]


async def test_a_system_without_the_means_is_asked_once_and_said_so(
    caplog: pytest.LogCaptureFixture,
):
    system = NotedWakefulness(agrees=False)
    awake = KeepAwake(lambda: NOW, system)
    awake.show_views([a_view(RUNNING, None)])
    running = asyncio.ensure_future(awake.run())
    await until(lambda: "cannot be kept awake" in caplog.text)
    awake.show_views([a_view(RUNNING, MINUTE)])
    await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert system.asked == ["hold", "release"]


def test_the_real_one_fails_softly_where_there_is_no_session_bus():
    system = SystemWakefulness()
    assert system.hold() in (False, True)
    system.release()
    system.release()
