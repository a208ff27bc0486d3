"""The dialog of a dry run: reasons with counts, and a file with everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.tasks.task_dry_run_dialog import TaskDryRunDialog
from tests.fakes.engine import a_task
from tests.ui.conftest import choose_file

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


def opened(window: MainWindow, qtbot: QtBot) -> TaskDryRunDialog:
    window.tabs.tasks.run_dry(1)
    qtbot.waitUntil(lambda: bool(window.findChildren(TaskDryRunDialog)))
    (dialog,) = window.findChildren(TaskDryRunDialog)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> TaskDryRunDialog:
    engine.tasks.put(replace(a_task(1), kind=TaskKind.MESSAGE), people=3)
    engine.task_dry_runs.asked = 30
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: dialog.run is not None)
    return dialog


def words_in(dialog: TaskDryRunDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel) if each.isVisibleTo(dialog)]


def test_every_reason_is_told_with_its_count(dialog: TaskDryRunDialog):
    assert dialog.summary.text() == "1,238 of 1,240 people would be tried:"
    words = words_in(dialog)
    assert "1,208" in words
    assert "Must be looked up by username first" in words
    assert any("about 30 people" in each for each in words)


def test_everybody_can_be_saved(qtbot: QtBot, dialog: TaskDryRunDialog, engine: FakeEngine):
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    choose_file(qtbot, dialog, Path("dry.csv"))
    qtbot.waitUntil(lambda: "1,240 people saved" in dialog.told.text())
    assert engine.task_dry_runs.saved == [Path("dry.csv")]


def test_a_refusal_is_said_and_nothing_is_saved(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    engine.tasks.put(a_task(1), people=3)
    engine.task_dry_runs.refusal = KnownError(message("The chat cannot be looked at."))
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: "cannot be looked at" in dialog.error.text())
    assert not dialog.save_button.isEnabled()
    assert not dialog.summary.text()


def test_nobody_left_is_said(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.tasks.put(a_task(1), people=3)
    engine.task_dry_runs.counts = {}
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: "Nobody is left" in dialog.summary.text())
    assert not dialog.save_button.isEnabled()


def test_looking_again_shows_the_new_numbers(
    qtbot: QtBot, dialog: TaskDryRunDialog, engine: FakeEngine
):
    engine.task_dry_runs.counts = dict(list(engine.task_dry_runs.counts.items())[:1])
    dialog.again_button.click()
    qtbot.waitUntil(lambda: dialog.summary.text().startswith("30 of 30"))
    qtbot.waitUntil(lambda: "1,208" not in words_in(dialog))
