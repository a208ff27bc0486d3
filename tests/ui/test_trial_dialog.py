"""The dialog of a test on one person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.tasks.trial_dialog import TrialDialog
from invite_desktop.ui.translations import load_translator, set_translator
from tests.fakes.engine import a_task, an_account

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def dialog(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, request: pytest.FixtureRequest
) -> TrialDialog:
    kind = getattr(request, "param", TaskKind.INVITE)
    engine.tasks.put(replace(a_task(1), kind=kind, text="Hello!"), people=60)
    window.tabs.tasks.try_on_one(1)
    qtbot.waitUntil(lambda: bool(window.findChildren(TrialDialog)))
    (opened,) = window.findChildren(TrialDialog)
    qtbot.waitUntil(lambda: opened.people.count() > 0)
    return opened


messages = pytest.mark.parametrize("dialog", [TaskKind.MESSAGE], indirect=True)


def test_one_of_the_task_is_tried_and_the_end_is_told(
    qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine
):
    assert dialog.people.count() == 50
    dialog.people.setCurrentRow(3)
    dialog.try_button.click()
    qtbot.waitUntil(lambda: "Joined" in dialog.told.text())
    assert engine.trials.tried == [1_000_003]


def test_a_search_finds_the_others(qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine):
    wanted = engine.tasks.people[1][57].person.keys.username
    dialog.search.setText(wanted)
    qtbot.waitUntil(lambda: dialog.people.count() == 1)
    dialog.try_button.click()
    qtbot.waitUntil(lambda: engine.trials.tried == [1_000_057])


def test_anybody_can_be_named(qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine):
    dialog.by_name.setChecked(True)
    assert not dialog.try_button.isEnabled()
    assert not dialog.people.isEnabled()
    dialog.key.setText("@my_colleague")
    dialog.try_button.click()
    qtbot.waitUntil(lambda: engine.trials.tried == [("@my_colleague", "")])


@messages
def test_a_message_to_somebody_named_can_call_her_by_name(
    qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine
):
    dialog.by_name.setChecked(True)
    dialog.key.setText("@my_colleague")
    dialog.name_field.setText("Olga")
    dialog.try_button.click()
    qtbot.waitUntil(lambda: engine.trials.tried == [("@my_colleague", "Olga")])


@messages
def test_a_message_goes_to_oneself_first(qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine):
    engine.accounts.put(an_account(1))
    assert dialog.oneself.isVisible()
    dialog.oneself.button.click()
    qtbot.waitUntil(lambda: len(engine.self_tests.sent) == 1)
    assert engine.self_tests.sent[0][1].text == "Hello!"
    assert engine.trials.tried == []


def test_nobody_is_invited_to_oneself(dialog: TrialDialog):
    assert not dialog.oneself.isVisible()


def test_a_refusal_is_said_and_may_be_tried_again(
    qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine
):
    engine.trials.refusal = KnownError(message("No account is ready."))
    dialog.try_button.click()
    qtbot.waitUntil(lambda: "No account is ready" in dialog.error.text())
    assert dialog.try_button.isEnabled()
    assert not dialog.told.text()


def test_what_is_not_done_yet_is_not_told_as_done(
    qtbot: QtBot, dialog: TrialDialog, engine: FakeEngine
):
    engine.trials.state = TargetState.PENDING
    dialog.try_button.click()
    qtbot.waitUntil(lambda: "not done yet" in dialog.told.text())
    before = dialog.told.text()
    set_translator(load_translator("ru"))
    assert dialog.told.accessibleName() == dialog.told.text() != before


def test_a_closed_dialog_loses_no_trial(
    qtbot: QtBot, window: MainWindow, dialog: TrialDialog, engine: FakeEngine
):
    dialog.try_button.click()
    dialog.reject()
    qtbot.waitUntil(lambda: len(engine.trials.tried) == 1)
    qtbot.waitUntil(lambda: not window.findChildren(TrialDialog))


def test_every_field_has_a_name(dialog: TrialDialog):
    for field in (dialog.search, dialog.people):
        assert field.accessibleName()
    assert dialog.key.placeholderText()


def test_list_and_page_offer_trial_and_dry_run_while_somebody_is_left(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.tasks.put(a_task(1), people=2)
    tasks = window.tabs.tasks
    actions = tasks.list.actions_on_tasks
    asked: list[tuple[str, int]] = []
    actions.trial_requested.connect(lambda task_id: asked.append(("trial", task_id)))
    actions.dry_run_requested.connect(lambda task_id: asked.append(("dry", task_id)))
    qtbot.waitUntil(lambda: tasks.list.model.rowCount() == 1)
    tasks.list.choose(1)
    qtbot.waitUntil(actions.trial.isEnabled)
    actions.trial.trigger()
    actions.dry_run.trigger()
    assert asked == [("trial", 1), ("dry", 1)]
    actions.set_chosen(())
    assert not actions.trial.isEnabled()
    assert not actions.dry_run.isEnabled()
    for shown in (actions.rarer, actions.rarer_on_page):
        assert {actions.trial, actions.dry_run} <= set(shown)
