"""Starting coroutines from widgets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.work import Latest, Refresher, Work

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.background import BackgroundScope

NO = KnownError(message("No."))


@pytest.fixture
def refusals() -> list[KnownError]:
    return []


@pytest.fixture
def work(background: BackgroundScope, refusals: list[KnownError]) -> Work:
    return Work(background, refusals.append)


async def refuse() -> None:
    raise NO


def test_a_refusal_is_shown(qtbot: QtBot, work: Work, refusals: list[KnownError]):
    work.start(refuse(), "refused")
    qtbot.waitUntil(lambda: refusals == [NO])


def test_a_refusal_is_shown_where_it_belongs(qtbot: QtBot, work: Work, refusals: list[KnownError]):
    here: list[KnownError] = []
    work.start(refuse(), "refused", here.append)
    qtbot.waitUntil(lambda: here == [NO])
    assert refusals == []


def test_a_bug_reaches_the_last_resort(qtbot: QtBot, work: Work, errors: list[BaseException]):
    async def fail() -> None:
        raise ZeroDivisionError

    work.start(fail(), "bug")
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors.pop(), ZeroDivisionError)


def test_only_the_newest_answer_counts(qtbot: QtBot, work: Work):
    answers: list[str] = []

    async def answer(text: str, gate: asyncio.Event) -> None:
        await gate.wait()
        answers.append(text)

    gate, latest = asyncio.Event(), Latest(work, "answers")
    for text in ("first", "second", "third"):
        latest.start(answer(text, gate))
    assert latest.busy
    gate.set()
    qtbot.waitUntil(lambda: not latest.busy)
    assert answers == ["third"]


def test_a_burst_of_wishes_becomes_two_loads(qtbot: QtBot, work: Work):
    loads: list[int] = []
    gate = asyncio.Event()

    async def load() -> None:
        loads.append(len(loads))
        await gate.wait()

    refresher = Refresher(work, load, "loads")
    for _ in range(50):
        refresher.request()
    qtbot.waitUntil(lambda: len(loads) == 1)
    for _ in range(50):
        refresher.request()
    gate.set()
    qtbot.waitUntil(lambda: len(loads) == 2)
    qtbot.wait(20)
    assert len(loads) == 2
