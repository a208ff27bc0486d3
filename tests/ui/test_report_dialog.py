"""Saving reports from the window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.ports.reports import REPORT_SUFFIXES
from invite_desktop.ui.statistics.report_dialog import ReportDialog, report_kinds
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.widgets.save_dialog import file_name
from tests.fakes.engine import a_task

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


@pytest.fixture(autouse=True)
def own_file_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use Qt's own dialog, which a test can answer."""
    chosen = QFileDialog.Option.DontUseNativeDialog
    shown = QFileDialog.open
    monkeypatch.setattr(
        QFileDialog, "open", lambda dialog: (dialog.setOption(chosen), shown(dialog))[1]
    )


def choose_file(qtbot: QtBot, window: MainWindow, path: Path) -> ReportDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog))
    qtbot.waitUntil(lambda: bool(window.findChildren(ReportDialog)))
    (saving,) = window.findChildren(ReportDialog)
    qtbot.waitUntil(saving.open_button.isVisible)
    return saving


def test_every_format_is_offered():
    assert [f".{suffix}" for suffix in report_kinds().values()] == list(REPORT_SUFFIXES)


def test_the_statistics_save_the_report_of_what_they_show(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
):
    engine.tasks.put(a_task(1, TaskStatus.COMPLETED), people=2)
    window.tabs.go_to(Tab.STATISTICS)
    screen = window.tabs.statistics
    qtbot.waitUntil(lambda: screen.task.count() == 2)
    screen.report_button.click()
    dialog = choose_file(qtbot, window, tmp_path / "all.xlsx")
    assert dialog.words.text() == "The report is saved as “all.xlsx”, with 2 tasks."
    assert engine.reports.saved == [(None, tmp_path / "all.xlsx")]


def test_the_list_and_the_page_save_the_report_of_a_task(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
):
    engine.tasks.put(a_task(1, TaskStatus.COMPLETED), people=2)
    tasks = window.tabs.tasks
    qtbot.waitUntil(lambda: tasks.list.table.model().rowCount() == 1)
    tasks.list.choose(1)
    qtbot.waitUntil(tasks.list.actions_on_tasks.report.isEnabled)
    tasks.list.actions_on_tasks.report.trigger()
    choose_file(qtbot, window, tmp_path / "list.pdf").close()
    qtbot.waitUntil(lambda: not window.findChildren(ReportDialog))
    tasks.open_task(1)
    qtbot.waitUntil(tasks.page.actions_on_task.report.isEnabled)
    tasks.page.actions_on_task.report.trigger()
    dialog = choose_file(qtbot, window, tmp_path / "page.html")
    assert engine.reports.saved == [(1, tmp_path / "list.pdf"), (1, tmp_path / "page.html")]
    assert dialog.words.text() == "The report is saved as “page.html”, with 2 people."


def test_a_refusal_is_said_in_the_dialog(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
):
    engine.reports.refusal = KnownError(message("There is no room left."), message("Free some."))
    dialog = ReportDialog(window.context, window)
    dialog.save(a_task(1), tmp_path / "a.pdf")
    qtbot.waitUntil(dialog.error.isVisible)
    assert dialog.error.text() == "There is no room left. Free some."
    assert not dialog.open_button.isVisible()
    assert not dialog.bar.isVisible()


def test_closing_stops_the_saving(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
):
    engine.reports.gate = asyncio.Event()
    dialog = ReportDialog(window.context, window)
    dialog.save(a_task(1), tmp_path / "a.pdf")
    qtbot.waitUntil(dialog.bar.isVisible)
    dialog.close_button.click()
    engine.reports.gate.set()
    qtbot.wait(50)
    assert engine.reports.saved == []


@pytest.mark.parametrize(
    ("name", "offered"),
    [("Report: “Club”", "Report “Club”"), ("a / b", "a b"), (" ..", "table"), ("май", "май")],
)
def test_a_name_is_offered_as_every_system_takes_it(name: str, offered: str):
    assert file_name(name) == offered
