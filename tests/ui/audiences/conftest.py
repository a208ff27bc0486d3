"""The window on the real engine and store, with people in them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.ui.import_sections import Section
from invite_desktop.ui.tabs import Tab
from tests.fakes.house import House

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot
    from qasync import QEventLoop

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.engine.background import BackgroundScope
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from invite_desktop.ui.main_window import MainWindow

_T = TypeVar("_T")
Run = Callable[[Awaitable[_T]], _T]


@pytest.fixture
def run(qtbot: QtBot, background: BackgroundScope) -> Run[Any]:
    """Do something of the engine's and return its answer, while the window lives."""

    def do(work: Coroutine[Any, Any, _T]) -> _T:
        answers: list[_T] = []

        async def wait() -> None:
            answers.append(await work)

        task = background.start(wait(), "test")
        qtbot.waitUntil(task.done)
        return answers[0]

    return do


@pytest.fixture
def house(tmp_path: Path, qt_loop: QEventLoop, run: Run[Any]) -> Iterator[House]:
    """The engine's surroundings, with the real store."""
    house = House(tmp_path / "house.db")
    house.build()
    run(house.engine.start())
    yield house
    # The window is gone already: what still loads for it must not come back to it.
    for task in asyncio.all_tasks(qt_loop):
        task.cancel()
    run(house.engine.stop())
    house.store.close()


@pytest.fixture
def engine(house: House) -> Engine:
    """The real engine, in the place of the fake one."""
    return house.engine


def guests(count: int, prefix: str = "guest") -> list[PersonRow]:
    """Rows of people with every key and a column of their own."""
    return [
        PersonRow(
            number,
            PersonKeys(f"{prefix}_{number:03}", f"+7900{number:07}", 1_000 + number),
            full_name=f"Гость {number:03}",
            extra={"Город": "Тверь" if number % 2 else "Псков"},
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def put(house: House, run: Run[Any]) -> Callable[..., Audience]:
    """Import people as an audience."""

    def do(name: str, rows: Sequence[PersonRow], basis: Basis = Basis.CUSTOMERS) -> Audience:
        new = NewImport(name, basis, f"{name}.csv", (f"{name}.csv",), name, house.clock.now())
        report = run(
            house.ports.audiences.import_people(new, rows, lambda _rows: None, lambda: False)
        )
        house.engine.bus.publish(AudiencesChanged())
        return report.audience

    return do


@pytest.fixture
def screen(window: MainWindow) -> AudiencesScreen:
    """The section with the saved audiences, shown."""
    window.tabs.go_to(Tab.IMPORT)
    window.tabs.import_sections.go_to(Section.AUDIENCES)
    return window.tabs.import_sections.audiences


def open_form(kind: type[_T]) -> _T:
    """Return the small form that is open over the window."""
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind)]
    visible = [each for each in shown if each.isVisible()]
    assert len(visible) == 1
    return visible[0]
