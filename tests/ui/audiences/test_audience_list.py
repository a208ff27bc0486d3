"""The list of audiences on the real engine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.ui.audiences.audience_forms import (
    BasisForm,
    NameForm,
    SubtractForm,
    TagsForm,
    UniteForm,
)
from invite_desktop.ui.translations import load_translator, set_translator
from tests.ui.audiences.conftest import guests, open_form
from tests.ui.conftest import rows_of, take_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.audiences.audience_list import AudienceList
    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.house import House

Put = "Callable[..., Audience]"


@pytest.fixture
def two(put: Callable[..., Audience]):
    everybody = guests(6)
    return put("Webinar", everybody[:4]), put("Клиенты", everybody[2:])


@pytest.fixture
def shown(qtbot: QtBot, two: tuple[Audience, Audience], screen: AudiencesScreen):
    qtbot.waitUntil(lambda: len(screen.list.model.rows) == 2)
    return screen.list


def names(shown: AudienceList) -> list[str]:
    return [row[0] for row in rows_of(shown.table)]


def choose(shown: AudienceList, *wanted: str) -> None:
    model, selection = shown.table.model(), shown.table.selectionModel()
    selection.clearSelection()
    how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for name in wanted:
        selection.select(model.index(names(shown).index(name), 0), how)


def test_without_audiences_it_says_what_to_do_next(
    qtbot: QtBot, window: MainWindow, screen: AudiencesScreen
):
    assert "No audiences yet" in screen.list.empty.text
    screen.list.empty.acted.emit()
    assert window.tabs.imports.isVisible()


def test_an_audience_is_a_row(house: House, shown: AudienceList):
    assert sorted(row[:2] + row[3:5] for row in rows_of(shown.table)) == [
        ["Webinar", "4", "Customers or subscribers who agreed", "Webinar.csv"],
        ["Клиенты", "4", "Customers or subscribers who agreed", "Клиенты.csv"],
    ]


@pytest.mark.parametrize(
    ("text", "found"), [("web", ["Webinar"]), ("КЛИЕНТ", ["Клиенты"]), ("vip", ["Клиенты"])]
)
def test_names_and_tags_are_searched_while_one_types(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    shown: AudienceList,
    text: str,
    found: list[str],
):
    run(engine.audiences.set_tags(two[1].id, ["VIP", "2025"]))
    qtbot.waitUntil(lambda: any(row.audience.tags for row in shown.model.rows))
    shown.search.setText(text)  # QTest can type Latin letters only
    assert names(shown) == found
    assert shown.count.text() == "1 of 2"


def test_a_search_without_hits_shows_the_way_back(qtbot: QtBot, shown: AudienceList):
    qtbot.keyClicks(shown.search, "nobody")
    assert shown.nothing_found.isVisible()
    shown.nothing_found.acted.emit()
    assert len(names(shown)) == 2


@pytest.mark.parametrize("column", range(7))
def test_every_column_sorts(shown: AudienceList, column: int):
    shown.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    ascending = [row[column] for row in rows_of(shown.table)]
    shown.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert [row[column] for row in rows_of(shown.table)] == ascending[::-1]


def test_renaming_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, screen: AudiencesScreen, shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.rename.trigger()
    form = open_form(NameForm)
    form.name.setText("May webinar")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "May webinar" in names(shown))
    take_back(qtbot, screen.undo_bar)
    qtbot.waitUntil(lambda: "Webinar" in names(shown))


def test_an_empty_name_is_refused_in_the_form(
    qtbot: QtBot, window: MainWindow, shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.rename.trigger()
    form = open_form(NameForm)
    form.name.clear()
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: form.error.text() == "The audience needs a name.")
    assert form.isVisible()
    form.reject()


def test_tags_in_common_are_changed_and_others_stay(
    qtbot: QtBot,
    window: MainWindow,
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    shown: AudienceList,
):
    for audience, tags in zip(two, (["spring", "old"], ["old", "vip"]), strict=True):
        run(engine.audiences.set_tags(audience.id, tags))
    qtbot.waitUntil(lambda: all(row.audience.tags for row in shown.model.rows))
    choose(shown, "Webinar", "Клиенты")
    shown.actions_on_audiences.tags.trigger()
    form = open_form(TagsForm)
    assert form.tags.text() == "old"
    form.tags.setText(" new ,, new")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: (
            {row.audience.tags for row in shown.model.rows} == {("new", "spring"), ("new", "vip")}
        )
    )


def test_the_basis_of_several_is_changed(qtbot: QtBot, window: MainWindow, shown: AudienceList):
    choose(shown, "Webinar", "Клиенты")
    shown.actions_on_audiences.basis.trigger()
    form = open_form(BasisForm)
    form.basis.choose(Basis.TEAM)
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: {row.audience.basis for row in shown.model.rows} == {Basis.TEAM})


def test_uniting_takes_each_person_once(qtbot: QtBot, window: MainWindow, shown: AudienceList):
    choose(shown, "Webinar", "Клиенты")
    shown.actions_on_audiences.unite.trigger()
    form = open_form(UniteForm)
    form.name.setText("All")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "All" in names(shown))
    assert rows_of(shown.table)[names(shown).index("All")][1] == "6"
    qtbot.waitUntil(lambda: [row.audience.name for row in shown.table.chosen()] == ["All"])


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        (Basis.CUSTOMERS, ""),
        (Basis.CHAT_MEMBERS, "gets the weakest of them, “Members of my chats”"),
        (Basis.UNKNOWN, "the new audience has none either"),
    ],
)
def test_uniting_says_what_becomes_of_the_bases(
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    qtbot: QtBot,
    shown: AudienceList,
    basis: Basis,
    said: str,
):
    run(engine.audiences.change_basis(two[0].id, basis))
    qtbot.waitUntil(lambda: basis in {row.audience.basis for row in shown.model.rows})
    choose(shown, "Webinar", "Клиенты")
    shown.actions_on_audiences.unite.trigger()
    words = open_form(UniteForm).words.text()
    assert said in words
    assert ("bas" in words) is bool(said)


def test_subtracting_leaves_the_others_out(qtbot: QtBot, window: MainWindow, shown: AudienceList):
    choose(shown, "Webinar")
    shown.actions_on_audiences.subtract.trigger()
    form = open_form(SubtractForm)
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Tick at least one" in form.error.text())
    form.minus.item(0).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Webinar, the rest" in names(shown))
    assert rows_of(shown.table)[names(shown).index("Webinar, the rest")][1] == "2"


def test_a_copy_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, screen: AudiencesScreen, shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.copy.trigger()
    form = open_form(NameForm)
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Webinar, a copy" in names(shown))
    qtbot.waitUntil(screen.undo_bar.undo_button.isVisible)
    assert screen.undo_bar.text == "“Webinar, a copy” is saved: 4 people."
    take_back(qtbot, screen.undo_bar)
    qtbot.waitUntil(lambda: sorted(names(shown)) == ["Webinar", "Клиенты"])


def test_deleting_asks_nothing_and_can_be_undone(
    qtbot: QtBot, screen: AudiencesScreen, shown: AudienceList
):
    choose(shown, "Webinar", "Клиенты")
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: screen.undo_bar.text == "2 audiences are deleted.")
    qtbot.waitUntil(lambda: names(shown) == [])
    qtbot.mouseClick(screen.undo_bar.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sorted(names(shown)) == ["Webinar", "Клиенты"])
    assert screen.undo_bar.text == ""


def test_an_audience_in_use_is_kept_and_says_why(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    screen: AudiencesScreen,
    shown: AudienceList,
):
    run(engine.tasks.create(NewTask(TaskKind.MESSAGE, two[0].id, text="Hello")))
    qtbot.waitUntil(lambda: {row[6] for row in rows_of(shown.table)} == {"1", ""})
    choose(shown, "Webinar", "Клиенты")
    shown.actions_on_audiences.delete.trigger()
    qtbot.waitUntil(lambda: names(shown) == ["Webinar"])
    qtbot.waitUntil(screen.undo_bar.undo_button.isVisible)
    assert shown.error.text().startswith("Webinar: The task “")
    assert screen.undo_bar.text == "“Клиенты” is deleted."
    set_translator(load_translator("ru"))
    assert shown.error.text().startswith("Webinar: ")
    assert "task" not in shown.error.text()


def test_a_task_begins_with_the_chosen_audience(
    qtbot: QtBot, window: MainWindow, two: tuple[Audience, Audience], shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.task.trigger()
    form = window.tabs.tasks.form
    qtbot.waitUntil(lambda: form.audience.audience is not None)
    assert form.audience.audience.id == two[0].id


def test_only_what_makes_sense_can_be_done(shown: AudienceList):
    actions = shown.actions_on_audiences
    choose(shown)
    assert not any(action.isEnabled() for action in actions.all)
    choose(shown, "Webinar")
    assert [action for action in actions.all if not action.isEnabled()] == [actions.unite]
    choose(shown, "Webinar", "Клиенты")
    allowed = {action for action in actions.all if action.isEnabled()}
    assert allowed == {
        actions.tags,
        actions.basis,
        actions.unite,
        actions.subtract,
        actions.delete,
    }


def test_an_audience_is_saved_as_a_table(
    qtbot: QtBot, tmp_path: Path, screen: AudiencesScreen, shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.export.trigger()
    dialog = shown.table.findChild(QFileDialog)
    path = tmp_path / "saved.csv"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(lambda: screen.undo_bar.text == "4 people are saved in “saved.csv”.")
    assert "guest_001" in path.read_text(encoding="utf-8-sig")


def test_saving_can_be_stopped_and_leaves_nothing(
    qtbot: QtBot, tmp_path: Path, engine: Engine, screen: AudiencesScreen, shown: AudienceList
):
    people_by_id, asked = engine.audiences.people_by_id, asyncio.Event()

    async def slow(ids: Sequence[int]) -> Sequence[Person]:
        asked.set()
        await asyncio.sleep(10)
        return await people_by_id(ids)

    choose(shown, "Webinar")
    with patch.object(engine.audiences, "people_by_id", slow):
        shown.actions_on_audiences.export.trigger()
        dialog = shown.table.findChild(QFileDialog)
        dialog.fileSelected.emit(str(tmp_path / "saved.csv"))
        dialog.reject()
        qtbot.waitUntil(asked.is_set)
        qtbot.mouseClick(screen.undo_bar.stop_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "“saved.csv” is not saved" in screen.undo_bar.text)
    assert list(tmp_path.glob("saved*")) == []
    assert not screen.undo_bar.stop_button.isVisible()


def test_a_place_that_cannot_be_written_is_explained_beside_the_list(
    qtbot: QtBot, tmp_path: Path, screen: AudiencesScreen, shown: AudienceList
):
    choose(shown, "Webinar")
    shown.actions_on_audiences.export.trigger()
    dialog = shown.table.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "saved.csv"))
    dialog.reject()
    qtbot.waitUntil(lambda: "is not there" in shown.error.text())
    assert screen.undo_bar.text == ""


def test_a_step_of_a_task_does_not_count_everybody_anew(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    shown: AudienceList,
):
    counted: list[int] = []
    everything = engine.audiences.all

    async def watched() -> Any:
        counted.append(1)
        return await everything()

    run(engine.tasks.create(NewTask(TaskKind.MESSAGE, two[0].id, text="Hello")))
    qtbot.waitUntil(lambda: {row[6] for row in rows_of(shown.table)} == {"1", ""})
    engine.audiences.all = watched  # type: ignore[method-assign]
    run(engine.tasks.create(NewTask(TaskKind.MESSAGE, two[1].id, text="Hello")))
    qtbot.waitUntil(lambda: {row[6] for row in rows_of(shown.table)} == {"1"})
    assert counted == []


def test_a_change_while_the_audiences_are_fetched_is_not_lost(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    two: tuple[Audience, Audience],
    shown: AudienceList,
):
    everything = engine.audiences.all
    answers = 0

    async def slow() -> Any:
        nonlocal answers
        found = await everything()
        answers += 1
        if answers == 1:
            await engine.audiences.rename(two[0].id, "Last word")
            shown.context.bridge.flush()
        return found

    engine.audiences.all = slow  # type: ignore[method-assign]
    run(engine.audiences.rename(two[0].id, "First word"))
    qtbot.waitUntil(lambda: "Last word" in names(shown))
