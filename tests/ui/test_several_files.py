"""Several files and sheets in one import: each with its own columns, state and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.tabs import Tab
from tests.ui.conftest import drop_files, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.imports.import_form import ImportForm
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

GUESTS = "Имя;Ник;Город\nАнна;@anna_orlova;Тверь\nБорис;;\n"
PHONES = "Телефон;Кто\n+79001234567;Вера\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "april.csv": GUESTS,
        "broken.csv": GUESTS,
        "may.csv": GUESTS.replace("Анна", "Инна"),
        "phones.csv": PHONES,
    }.items():
        (tmp_path / "lists").mkdir(exist_ok=True)
        (tmp_path / "lists" / name).write_text(text, encoding="utf-8")
    return tmp_path / "lists"


@pytest.fixture
def form(qtbot: QtBot, window: MainWindow, folder: Path) -> ImportForm:
    drop_files(window, [folder])
    form = window.tabs.imports.form
    qtbot.waitUntil(lambda: form.files.count() == 4 and "Reading" not in states(form))
    return form


def states(form: ImportForm) -> str:
    return "\n".join(form.files.item(place).text() for place in range(form.files.count()))


def ticks(form: ImportForm) -> list[bool]:
    return [
        form.files.item(place).checkState() is Qt.CheckState.Checked
        for place in range(form.files.count())
    ]


def start(form: ImportForm) -> None:
    form.fields.basis_field.choose(Basis.CUSTOMERS)
    form.fields.import_button.click()


def mean(form: ImportForm, column: int, field: str) -> None:
    box = form.preview.mapping.boxes[column]
    box.setCurrentIndex(box.findData(field))


def test_every_file_says_where_it_stands(form: ImportForm):
    assert states(form).splitlines() == [
        *("april.csv", "1 of 2 rows are no use"),
        *("broken.csv", "“broken.csv” is broken."),
        *("may.csv", "1 of 2 rows are no use"),
        *("phones.csv", "Ready"),
    ]
    assert ticks(form) == [True, False, True, True]
    assert form.fields.import_button.isEnabled()


def test_each_file_shows_its_own_columns(qtbot: QtBot, form: ImportForm):
    form.files.setCurrentRow(3)
    assert list(form.preview.preview_model.titles) == ["Телефон", "Кто"]
    form.files.setCurrentRow(1)
    assert form.unreadable.text == "“broken.csv” is broken."
    form.files.setCurrentRow(2)
    assert rows_of(form.preview)[0][0] == "Инна"
    assert form.preview.isVisible()


def test_a_broken_file_hinders_no_other(qtbot: QtBot, engine: FakeEngine, form: ImportForm):
    start(form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert [file.path.name for file in engine.imports.files] == [
        *("april.csv", "may.csv", "phones.csv"),
    ]


def test_a_file_without_a_tick_stays_out(qtbot: QtBot, engine: FakeEngine, form: ImportForm):
    form.files.item(0).setCheckState(Qt.CheckState.Unchecked)
    start(form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert [file.path.name for file in engine.imports.files] == ["may.csv", "phones.csv"]


def test_nothing_is_imported_without_any_tick(form: ImportForm):
    for place in (0, 2, 3):
        form.files.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert not form.fields.import_button.isEnabled()


def test_files_of_one_shape_share_what_is_said_of_their_columns(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm
):
    mean(form, 2, "note")
    start(form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    april, may, phones = engine.imports.files
    assert april.options.columns == may.options.columns
    assert april.options.columns == {0: "full_name", 1: "username", 2: "note"}
    assert phones.options.columns is None


def test_another_meaning_marks_the_rows_anew(qtbot: QtBot, form: ImportForm):
    model = form.preview.preview_model
    assert [model.problem_at(row, 0) is None for row in (0, 1)] == [True, False]
    mean(form, 0, "username")
    qtbot.waitUntil(lambda: model.problem_at(1, 0) is None)
    assert "nothing to complain about" in form.note.text()
    qtbot.waitUntil(lambda: states(form).count("Ready") == 3)


def test_a_file_broken_further_on_is_left_out_the_next_time(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm
):
    engine.imports.refusal = KnownError(message("“{name}” ends in the middle.", name="may.csv"))
    start(form)
    qtbot.waitUntil(lambda: "may.csv” ends" in form.error.text())
    assert ticks(form) == [True, False, False, True]
    qtbot.waitUntil(lambda: not form.busy)
    start(form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert [file.path.name for file in engine.imports.files] == ["april.csv", "phones.csv"]


def test_the_report_tells_the_files_apart(qtbot: QtBot, window: MainWindow, form: ImportForm):
    start(form)
    report = window.tabs.imports.report
    qtbot.waitUntil(report.isVisible)
    report.tiles[0].click()
    assert rows_of(report.files_table)[0] == ["april.csv", "33", "26", "2", "2", "3"]
    assert report.files_table.isVisible()


def test_columns_are_remembered_for_the_next_run(
    qtbot: QtBot, make_window: Callable[..., MainWindow], form: ImportForm, folder: Path
):
    mean(form, 2, "note")
    another = make_window()
    another.tabs.go_to(Tab.IMPORT)
    drop_files(another, [folder / "may.csv"])
    fields = another.tabs.imports.form.preview.mapping
    qtbot.waitUntil(lambda: fields.fields() == ["full_name", "username", "note"])


def test_what_is_remembered_has_no_names_of_columns(
    form: ImportForm, window: MainWindow, folder: Path
):
    mean(form, 2, "note")
    kept = str(window.context.settings.value("import/columns"))
    assert "note" in kept
    assert "Город" not in kept


def test_a_broken_setting_is_no_obstacle(
    qtbot: QtBot, make_window: Callable[..., MainWindow], settings, folder: Path
):
    settings.setValue("import/columns", "[broken")
    window = make_window()
    drop_files(window, [folder / "may.csv"])
    form = window.tabs.imports.form
    qtbot.waitUntil(lambda: form.preview.preview_model.rowCount() == 2)


@pytest.fixture
def workbook(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> ImportForm:
    """The form with a workbook of three sheets, of which one is blank."""
    (tmp_path / "book.csv").write_text(GUESTS, encoding="utf-8")
    drop_files(window, [tmp_path / "book.csv"])
    form = window.tabs.imports.form
    qtbot.waitUntil(lambda: form.preview.preview_model.rowCount() == 2)
    return form


def choose_sheet(form: ImportForm, name: str) -> None:
    position = form.reading.sheets.findText(name)
    form.reading.sheets.setCurrentIndex(position)
    form.reading.sheets.activated.emit(position)


def test_a_sheet_is_chosen(qtbot: QtBot, engine: FakeEngine, workbook: ImportForm):
    assert workbook.reading.sheets.currentText() == "May"
    assert not workbook.files.isVisible()
    choose_sheet(workbook, "June")
    qtbot.waitUntil(lambda: engine.imports.previews[-1].sheet == "June")
    start(workbook)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert [file.options.sheet for file in engine.imports.files] == ["June"]


def test_a_blank_sheet_says_so_and_another_can_be_chosen(qtbot: QtBot, workbook: ImportForm):
    choose_sheet(workbook, "Blank")
    qtbot.waitUntil(workbook.unreadable.isVisible)
    assert not workbook.fields.import_button.isEnabled()
    choose_sheet(workbook, "June")
    qtbot.waitUntil(workbook.preview.isVisible)


def test_all_sheets_come_as_files_of_their_own(
    qtbot: QtBot, engine: FakeEngine, workbook: ImportForm
):
    choose_sheet(workbook, "All sheets")
    qtbot.waitUntil(lambda: "The sheet is empty." in states(workbook))
    assert states(workbook).splitlines()[::2] == [
        *("book.csv · May", "book.csv · June", "book.csv · Blank"),
    ]
    start(workbook)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert [file.options.sheet for file in engine.imports.files] == ["May", "June"]


def test_a_row_without_a_person_tells_its_reason_to_the_keyboard(qtbot: QtBot, form: ImportForm):
    form.preview.setFocus()
    form.preview.setCurrentIndex(form.preview.preview_model.index(1, 0))
    assert form.note.text() == "Row 3: no username, phone or id"
    form.preview.setCurrentIndex(form.preview.preview_model.index(0, 0))
    assert form.note.text().startswith("CSV")
