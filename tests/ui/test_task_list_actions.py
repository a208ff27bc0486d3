"""Finding tasks in the list, and doing things with several of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import Priority, TaskKind, TaskSituation, TaskStatus
from invite_desktop.ui.tasks.bin_dialog import BinDialog
from invite_desktop.ui.tasks.task_columns import HIDDEN_FIRST
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.fakes.engine import a_task
from tests.ui.conftest import rows_of, take_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QDialog
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.task_list import TaskList
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def tasks(qtbot: QtBot, engine: FakeEngine, window: MainWindow):
    spring = replace(a_task(1, TaskStatus.RUNNING), name="Весна", priority=Priority.HIGH)
    summer = replace(a_task(2), name="Лето", kind=TaskKind.MESSAGE, chat=None)
    autumn = replace(a_task(3, TaskStatus.COMPLETED), name="Осень")
    for task in (spring, summer, autumn):
        engine.tasks.put(task, people=4)
    shown = window.tabs.tasks.list
    qtbot.waitUntil(lambda: len(shown.model.rows) == 3)
    return shown


def names(tasks: TaskList) -> list[str]:
    return [row[0] for row in rows_of(tasks.table)]


def choose(tasks: TaskList, *positions: int) -> None:
    tasks.table.clearSelection()
    for position in positions:
        index = tasks.table.model().index(position, 0)
        mode = tasks.table.selectionModel().SelectionFlag
        tasks.table.selectionModel().select(index, mode.Select | mode.Rows)


def box_in(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    def boxes() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: boxes() != [])
    return boxes()[0]


def answer(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    button = next(button for button in box.buttons() if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def press(qtbot: QtBot, dialog: QDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("весн", ["Весна"]), ("клуб", ["Весна", "Осень"]), ("гости ЛЕТО", ["Лето"]), ("зима", [])],
)
def test_tasks_are_found_by_name_chat_and_audience(tasks: TaskList, typed: str, found: list[str]):
    tasks.filter.search.setText(typed)
    assert names(tasks) == found
    assert tasks.filter.count.text() == f"{len(found)} of 3"


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("status", TaskStatus.COMPLETED, ["Осень"]),
        ("kind", TaskKind.MESSAGE, ["Лето"]),
        ("kind", TaskKind.INVITE, ["Весна", "Осень"]),
        ("priority", Priority.HIGH, ["Весна"]),
        ("priority", Priority.LOW, []),
    ],
)
def test_tasks_are_filtered(tasks: TaskList, field: str, value: object, found: list[str]):
    getattr(tasks.filter, field).choose(value)
    assert names(tasks) == found


def test_nothing_found_leads_back_to_all(qtbot: QtBot, tasks: TaskList):
    tasks.filter.search.setText("зима")
    tasks.filter.priority.choose(Priority.LOW)
    assert tasks.nothing_found.isVisible()
    tasks.nothing_found.acted.emit()
    assert len(names(tasks)) == 3


def test_a_task_leaves_the_filtered_list_when_it_changes(
    qtbot: QtBot, engine: FakeEngine, tasks: TaskList
):
    tasks.filter.status.choose(TaskStatus.RUNNING)
    engine.tasks.situate(1, TaskSituation(TaskStatus.PAUSED))
    qtbot.waitUntil(lambda: names(tasks) == [])
    tasks.filter.clear()
    assert len(names(tasks)) == 3


def test_filtering_keeps_the_choice_and_resets_nothing(tasks: TaskList):
    choose(tasks, 0)
    resets = QSignalSpy(tasks.model.modelReset)
    tasks.filter.search.setText("весна")
    tasks.filter.search.clear()
    assert [view.task.name for view in tasks.table.chosen()] == ["Весна"]
    assert resets.count() == 0


@pytest.mark.parametrize("column", range(11))
def test_every_column_sorts(tasks: TaskList, column: int):
    tasks.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    upwards = names(tasks)
    tasks.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert sorted(names(tasks)) == sorted(upwards)
    if column == 0:
        assert upwards == ["Весна", "Лето", "Осень"]


def test_names_are_sorted_as_in_a_dictionary(qtbot: QtBot, engine: FakeEngine, tasks: TaskList):
    for number, name in enumerate(("яблоко", "Ёлка", "автобус"), start=11):
        engine.tasks.put(replace(a_task(number), name=name), people=3)
    qtbot.waitUntil(lambda: tasks.model.rowCount() == 6)
    tasks.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(tasks) == ["автобус", "Весна", "Ёлка", "Лето", "Осень", "яблоко"]


def test_delete_moves_the_chosen_tasks_into_the_bin_and_undo_brings_them_back(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList
):
    choose(tasks, 0, 1)
    tasks.table.setFocus()
    qtbot.keyClick(tasks.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(tasks) == ["Осень"])
    bar = window.tabs.tasks.undo_bar
    qtbot.waitUntil(lambda: bar.text == "2 tasks are in the bin.")
    qtbot.mouseClick(bar.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(tasks)) == 3)
    qtbot.waitUntil(lambda: engine.tasks.calls == [("resume", 1)])
    assert engine.tasks.rows[1].status is TaskStatus.RUNNING
    assert engine.tasks.rows[2].status is TaskStatus.READY


def test_start_and_pause_concern_those_that_may(qtbot: QtBot, engine: FakeEngine, tasks: TaskList):
    choose(tasks, 0, 1, 2)
    tasks.actions_on_tasks.start.trigger()
    qtbot.waitUntil(lambda: engine.tasks.calls == [("start", 2)])
    qtbot.waitUntil(lambda: engine.tasks.rows[2].status is TaskStatus.RUNNING)
    qtbot.waitUntil(lambda: tasks.model.rows[1].task.status is TaskStatus.RUNNING)
    tasks.actions_on_tasks.pause.trigger()
    qtbot.waitUntil(lambda: engine.tasks.calls[1:] == [("pause", 1), ("pause", 2)])


def test_a_priority_is_given_to_several_and_taken_back(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList
):
    choose(tasks, 0, 1)
    low = next(a for a in tasks.actions_on_tasks.priorities.actions() if "Low" in a.text())
    low.trigger()
    qtbot.waitUntil(lambda: engine.tasks.rows[1].priority is Priority.LOW)
    qtbot.waitUntil(lambda: engine.tasks.rows[2].priority is Priority.LOW)
    qtbot.waitUntil(lambda: window.tabs.tasks.undo_bar.text != "")
    take_back(qtbot, window.tabs.tasks.undo_bar)
    qtbot.waitUntil(lambda: engine.tasks.rows[1].priority is Priority.HIGH)
    assert engine.tasks.rows[2].priority is Priority.NORMAL


def test_a_task_is_renamed(qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList):
    choose(tasks, 0)
    tasks.table.setFocus()
    qtbot.keyClick(tasks.table, Qt.Key.Key_F2)
    form = next(f for f in window.findChildren(SmallForm) if f.isVisible())
    form.findChild(QLineEdit).setText("  ")
    press(qtbot, form, "Rename")
    qtbot.waitUntil(lambda: form.error.text() == "The task needs a name.")
    form.findChild(QLineEdit).setText("Апрель")
    press(qtbot, form, "Rename")
    qtbot.waitUntil(lambda: names(tasks)[0] == "Апрель")
    take_back(qtbot, window.tabs.tasks.undo_bar)
    qtbot.waitUntil(lambda: names(tasks)[0] == "Весна")


def test_a_copy_is_made_and_chosen(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList
):
    choose(tasks, 2)
    tasks.actions_on_tasks.copy_whole.trigger()
    qtbot.waitUntil(lambda: "Осень, a copy" in names(tasks))
    qtbot.waitUntil(lambda: [v.task.name for v in tasks.table.chosen()] == ["Осень, a copy"])
    qtbot.waitUntil(window.tabs.tasks.undo_bar.undo_button.isVisible)
    assert "not started" in window.tabs.tasks.undo_bar.text
    take_back(qtbot, window.tabs.tasks.undo_bar)
    qtbot.waitUntil(lambda: "Осень, a copy" not in names(tasks))


def test_only_those_who_failed_are_copied(qtbot: QtBot, engine: FakeEngine, tasks: TaskList):
    choose(tasks, 2)
    assert not tasks.actions_on_tasks.copy_failed.isEnabled()
    engine.tasks.end_target(3, 0, TargetState.FAILED, OutcomeCode.NOT_FOUND)
    qtbot.waitUntil(tasks.actions_on_tasks.copy_failed.isEnabled)
    tasks.actions_on_tasks.copy_failed.trigger()
    qtbot.waitUntil(lambda: "Осень, failed" in names(tasks))
    assert len(engine.tasks.people[4]) == 1


def test_a_copy_with_another_audience_fills_the_form(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList
):
    engine.tasks.rows[2] = replace(engine.tasks.rows[2], text="Hello!\n\nTo stop, write stop.")
    choose(tasks, 1)
    tasks.actions_on_tasks.copy_plan.trigger()
    form = window.tabs.tasks.form
    qtbot.waitUntil(form.isVisible)
    qtbot.waitUntil(lambda: form.kind.chosen is TaskKind.MESSAGE)
    assert form.message.message == "Hello!"
    assert form.message.stop_line.text() == "To stop, write stop."
    choose(tasks, 0)
    tasks.actions_on_tasks.copy_plan.trigger()
    qtbot.waitUntil(lambda: form.chat.address.text() != "")
    assert form.kind.chosen is TaskKind.INVITE
    assert form.priority.chosen is Priority.HIGH


@pytest.mark.parametrize(("said", "left"), [("Keep", 3), ("Delete all tasks", 0)])
def test_clearing_all_tasks_asks_first(
    qtbot: QtBot, window: MainWindow, tasks: TaskList, said: str, left: int
):
    window.menus.clear_tasks.trigger()
    answer(qtbot, box_in(qtbot, window), said)
    qtbot.waitUntil(lambda: len(names(tasks)) == left)
    if not left:
        take_back(qtbot, window.tabs.tasks.undo_bar)
        qtbot.waitUntil(lambda: len(names(tasks)) == 3)


def test_the_bin_brings_back_and_deletes_for_good(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tasks: TaskList
):
    choose(tasks, 1, 2)
    tasks.actions_on_tasks.delete.trigger()
    qtbot.waitUntil(lambda: names(tasks) == ["Весна"])
    window.menus.bin.trigger()
    dialog = next(d for d in window.findChildren(BinDialog) if d.isVisible())
    qtbot.waitUntil(lambda: len(dialog.model.rows) == 2)
    press(qtbot, dialog, "Bring back")
    qtbot.waitUntil(lambda: "Лето" in names(tasks))
    press(qtbot, dialog, "Empty the bin…")
    answer(qtbot, box_in(qtbot, window), "Delete for good")
    qtbot.waitUntil(lambda: engine.bin.purged == [3])
    qtbot.waitUntil(lambda: dialog.model.rows == ())
    assert "empty" in dialog.empty.text


def test_a_narrow_window_hides_the_least_important_columns(
    qtbot: QtBot, window: MainWindow, tasks: TaskList
):
    for _ in range(2):
        window.resize(1800, 640)
        qtbot.waitUntil(lambda: set(tasks.columns.hidden) == set())
        window.resize(1024, 640)
        qtbot.waitUntil(lambda: bool(tasks.columns.hidden))
        many = len(tasks.columns.hidden)
        assert set(tasks.columns.hidden) == set(HIDDEN_FIRST[:many])


def test_columns_come_back_when_cells_turn_out_to_need_less(qtbot: QtBot, tasks: TaskList):
    with qtbot.waitSignal(tasks.table.widths.measured):
        tasks.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
    hidden = set(tasks.columns.hidden)
    tasks.columns.fit()
    assert set(tasks.columns.hidden) == hidden


def test_chosen_columns_are_remembered(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    settings: QSettings,
    tasks: TaskList,
):
    tasks.columns.choose({1, 2})
    assert set(tasks.columns.hidden) == {1, 2}
    again = make_window().tabs.tasks.list
    assert set(again.columns.hidden) == {1, 2}
    again.columns.choose(None)
    assert 6 in again.columns.hidden
