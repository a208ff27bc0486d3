"""People of a task as a new audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from invite_desktop.domain.audiences import Audience, Basis, Origin
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.tasks.people_form import PeopleForm
from tests.fakes.engine import NOW, a_task

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.task_page import TaskPage
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def asked(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the engine was asked for."""
    calls: list[tuple[object, ...]] = []

    async def from_task(task_id: int, states: object, outcomes: object, name: str) -> Audience:
        calls.append((task_id, list(states), list(outcomes), name))  # type: ignore[call-overload]
        return Audience(7, name, Basis.CUSTOMERS, "", NOW, people=2, origin=Origin.TASK)

    monkeypatch.setattr(engine.audiences, "from_task", from_task, raising=False)
    return calls


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> TaskPage:
    engine.tasks.put(a_task(1, TaskStatus.COMPLETED), people=6)
    for place, (state, code) in enumerate(
        (
            (TargetState.JOINED, OutcomeCode.JOINED),
            (TargetState.SKIPPED, OutcomeCode.PRIVACY),
            (TargetState.SKIPPED, OutcomeCode.PRIVACY),
            (TargetState.SKIPPED, OutcomeCode.BOT),
        )
    ):
        engine.tasks.end_target(1, place, state, code)
    window.tabs.go_to(Tab.TASKS)
    window.tabs.tasks.open_task(1)
    shown = window.tabs.tasks.page
    qtbot.waitUntil(lambda: shown.tiles[0].number == "6")
    return shown


def form_of(qtbot: QtBot, window: MainWindow, page: TaskPage) -> PeopleForm:
    qtbot.mouseClick(page.people.people_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChildren(PeopleForm) != [])
    form: PeopleForm = window.findChildren(PeopleForm)[-1]
    return form


def test_everybody_is_offered_with_counts(qtbot: QtBot, window: MainWindow, page: TaskPage):
    form = form_of(qtbot, window, page)
    texts = [form.states.item(row).text() for row in range(form.states.count())]
    assert texts == ["Waiting for their turn: 2", "Joined: 1", "Left out: 3"]
    assert form.count.text() == "6 people"
    assert form.name_field.text() == "Приглашения в «Клуб»"
    form.close()


def test_the_state_looked_at_is_chosen_and_a_reason_narrows_it(
    qtbot: QtBot, window: MainWindow, page: TaskPage, asked: list[tuple[object, ...]]
):
    page.people.filter.choose(TargetState.SKIPPED)
    form = form_of(qtbot, window, page)
    assert (form.chosen, form.count.text()) == ([TargetState.SKIPPED], "3 people")
    form.reason.choose(OutcomeCode.PRIVACY)
    assert form.count.text() == "2 people"
    assert form.name_field.text() == "Приглашения в «Клуб»: left out"
    form.name_field.setText("Ask them by link")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: asked != [])
    assert asked == [(1, [TargetState.SKIPPED], [OutcomeCode.PRIVACY], "Ask them by link")]
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    box = window.findChildren(QMessageBox)[-1]
    assert "Ask them by link" in box.text()
    box.reject()


def test_nobody_cannot_become_an_audience(qtbot: QtBot, window: MainWindow, page: TaskPage):
    page.people.filter.choose(TargetState.JOINED)
    form = form_of(qtbot, window, page)
    form.states.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert form.count.text() == "0 people"
    assert not form.yes_button.isEnabled()
    form.close()


def test_a_name_that_was_typed_stays(qtbot: QtBot, window: MainWindow, page: TaskPage):
    form = form_of(qtbot, window, page)
    form.name_field.setText("Mine")
    form.states.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert form.name_field.text() == "Mine"
    form.close()
