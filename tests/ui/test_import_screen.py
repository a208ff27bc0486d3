"""From dropped files to an audience and its report."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.imports.regions import REGIONS, region_words
from invite_desktop.ui.tabs import Tab
from tests.ui.conftest import drop_files, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton, QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.imports.import_form import ImportForm
    from invite_desktop.ui.imports.import_screen import ImportScreen
    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.widgets.choices import Choice
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def screen(window: MainWindow):
    window.tabs.go_to(Tab.IMPORT)
    return window.tabs.imports


@pytest.fixture
def guests(tmp_path: Path):
    path = tmp_path / "guests.csv"
    path.write_text("Имя;Ник;Город\nАнна;@anna_orlova;Тверь\nБорис;@boris_b;\n", encoding="utf-8")
    return path


@pytest.fixture
def form(qtbot: QtBot, screen: ImportScreen, guests: Path):
    drop_files(screen.drop_area, [guests])
    qtbot.waitUntil(lambda: screen.form.preview.preview_model.rowCount() == 2)
    return screen.form


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def run_import(qtbot: QtBot, form: ImportForm, basis: Basis = Basis.CUSTOMERS) -> None:
    form.fields.basis_field.choose(basis)
    click(qtbot, form.fields.import_button)


def test_a_dropped_file_is_previewed_with_its_guessed_columns(form: ImportForm):
    assert list(form.preview.preview_model.titles) == ["Имя", "Ник", "Город"]
    assert form.preview.mapping.fields() == ["full_name", "username", "extra"]
    assert rows_of(form.preview)[0] == ["Анна", "@anna_orlova", "Тверь"]


def test_the_basis_is_required_and_not_chosen_for_the_user(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm
):
    assert form.fields.basis is None
    click(qtbot, form.fields.import_button)
    assert form.fields.basis_error.text() == "Choose why these people may be contacted."
    assert engine.imports.runs == []


def test_an_unknown_basis_says_what_it_means(form: ImportForm):
    form.fields.basis_field.choose(Basis.UNKNOWN)
    assert "only be given a link" in form.fields.basis_hint.text()


def test_what_the_import_refuses_is_said_in_the_form(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm
):
    engine.imports.refusal = KnownError(message("Nobody could be recognised."), message("Look."))
    run_import(qtbot, form)
    qtbot.waitUntil(form.error.isVisible)
    assert form.error.text() == "Nobody could be recognised. Look."
    assert form.fields.import_button.isEnabled()


def test_the_report_adds_up(
    qtbot: QtBot, engine: FakeEngine, screen: ImportScreen, form: ImportForm
):
    run_import(qtbot, form)
    qtbot.waitUntil(screen.report.isVisible)
    assert [tile.number for tile in screen.report.tiles] == [
        *("66", "52", "5", "4", "4", "1"),
        "1",
    ]
    assert screen.report.sum.text() == (
        "66 rows = 52 new + 5 updated + 4 duplicates + 4 invalid + 1 opted out"
    )
    assert "14 by phone only" in screen.report.keys.text()
    (paths, basis, name, options), *_ = engine.imports.runs
    assert ([path.name for path in paths], basis, name) == (
        ["guests.csv"],
        Basis.CUSTOMERS,
        "guests",
    )
    assert options.columns is None


def test_the_report_lists_the_invalid_rows_with_reasons(
    qtbot: QtBot, screen: ImportScreen, form: ImportForm
):
    run_import(qtbot, form)
    first = ["7", "guests.csv", "Ольга;;;", "No username, phone or id"]
    shows(qtbot, screen, first, rows=4)


@pytest.mark.parametrize(
    ("tile", "first", "rows"),
    [
        (1, ["2", "guests.csv", "Иван Петров 2 (@rehearsal_7_00002)", ""], 52),
        (3, ["9", "guests.csv", "Иван Петров 9 (@rehearsal_7_00009)", "4 rows"], 1),
        (6, ["3", "guests.csv", "Согласие: да", "This is not a date; kept as it is written"], 1),
    ],
)
def test_each_count_opens_its_rows(
    qtbot: QtBot, screen: ImportScreen, form: ImportForm, tile: int, first: list[str], rows: int
):
    run_import(qtbot, form)
    qtbot.waitUntil(screen.report.isVisible)
    click(qtbot, screen.report.tiles[tile])
    shows(qtbot, screen, first, rows)


def shows(qtbot: QtBot, screen: ImportScreen, first: list[str], rows: int) -> None:
    """Wait until the report shows so many rows, the first of them like this."""

    def there() -> bool:
        shown = rows_of(screen.report.table)
        return len(shown) == rows and shown[0] == first

    qtbot.waitUntil(there)


def test_a_changed_meaning_is_taken_along(qtbot: QtBot, engine: FakeEngine, form: ImportForm):
    form.preview.mapping.boxes[2].setCurrentIndex(form.preview.mapping.boxes[2].findData("note"))
    run_import(qtbot, form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert engine.imports.runs[0][3].columns == {0: "full_name", 1: "username", 2: "note"}


def test_the_country_of_phones_is_taken_along_and_remembered(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm, make_window: Callable[..., MainWindow]
):
    region = form.reading.region
    assert (region.chosen, region.currentText()) == ("RU", "Russia (+7)")
    choose(region, "DE")
    run_import(qtbot, form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert engine.imports.runs[0][3].region == "DE"
    another = make_window().tabs.imports.form.reading.region
    assert (another.chosen, another.currentText()) == ("DE", "Germany (+49)")


@pytest.mark.parametrize("count", [1, 2])
def test_long_names_of_files_do_not_widen_the_window(
    qtbot: QtBot, window: MainWindow, form: ImportForm, guests: Path, count: int
):
    paths = [guests.with_name(f"{'список гостей ' * 8}{place}.csv") for place in range(count)]
    for path in paths:
        path.write_bytes(guests.read_bytes())
    drop_files(window, paths)
    qtbot.waitUntil(lambda: form.reading.one_file.text() != "guests.csv")
    qtbot.wait(100)
    assert window.minimumSizeHint().width() <= 1024
    assert window.width() == 1024
    told = paths[0].name if count == 1 else "2 files"
    assert form.reading.one_file.toolTip() == told


def test_another_country_reads_the_list_anew(qtbot: QtBot, engine: FakeEngine, form: ImportForm):
    choose(form.reading.region, "BY")
    qtbot.waitUntil(lambda: engine.imports.previews[-1].region == "BY")


def test_another_country_leaves_the_meanings_that_were_chosen(qtbot: QtBot, form: ImportForm):
    boxes = form.preview.mapping.boxes
    boxes[2].setCurrentIndex(boxes[2].findData("note"))
    choose(form.reading.region, "BY")
    qtbot.wait(50)
    assert form.preview.mapping.fields()[2] == "note"


def choose(box: Choice[Any], value: object) -> None:
    """Choose as a click does."""
    box.choose(value)
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("code", REGIONS)
def test_every_country_offered_is_one_that_phones_can_be_read_for(code: str):
    assert f"(+{phonenumbers.country_code_for_region(code)})" in region_words(code)


def test_the_header_row_can_be_declared_data(qtbot: QtBot, form: ImportForm):
    assert form.reading.header.currentText() == "recognised: row 1"
    choose(form.reading.header, 0)
    qtbot.waitUntil(lambda: form.preview.preview_model.rowCount() == 3)
    assert list(form.preview.preview_model.titles) == ["Column 1", "Column 2", "Column 3"]


def test_progress_counts_rows_and_can_be_stopped(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm
):
    engine.imports.gate = asyncio.Event()
    run_import(qtbot, form)
    qtbot.waitUntil(lambda: form.progress.words.text() == "40 rows read")
    click(qtbot, form.progress.cancel_button)
    qtbot.waitUntil(lambda: not form.busy)
    assert form.error.text() == "The import was cancelled. Nothing was stored."
    assert engine.imports.runs == []
    assert form.fields.isEnabled()


def test_a_file_that_cannot_be_read_is_explained(
    qtbot: QtBot, screen: ImportScreen, tmp_path: Path
):
    empty = tmp_path / "empty.csv"
    empty.touch()
    screen.offer([empty])
    qtbot.waitUntil(screen.form.unreadable.isVisible)
    assert screen.form.unreadable.text == "The file is empty. Choose another file."
    assert not screen.form.fields.import_button.isEnabled()


def test_several_files_are_one_audience(
    qtbot: QtBot, engine: FakeEngine, screen: ImportScreen, guests: Path, tmp_path: Path
):
    more = tmp_path / "more.csv"
    more.write_text("Ник\n@vera_s\n", encoding="utf-8")
    drop_files(screen.drop_area, [guests, more])
    form = screen.form
    qtbot.waitUntil(lambda: form.preview.preview_model.rowCount() == 2)
    assert form.reading.one_file.text() == "2 files"
    run_import(qtbot, form)
    qtbot.waitUntil(lambda: engine.imports.runs != [])
    assert list(engine.imports.runs[0][0]) == [guests, more]


def test_a_folder_brings_the_lists_in_it(qtbot: QtBot, screen: ImportScreen, tmp_path: Path):
    folder = tmp_path / "lists"
    (folder / "old").mkdir(parents=True)
    for name in ("a.csv", "photo.jpg", "old/b.txt"):
        (folder / name).write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    screen.offer([folder])
    files = screen.form.files
    qtbot.waitUntil(lambda: files.count() == 2)
    assert [files.item(place).text().split("\n")[0] for place in range(2)] == ["a.csv", "b.txt"]
    assert screen.form.fields.name == "lists"


@pytest.mark.parametrize("way", ["button", "menu"])
def test_a_folder_can_be_chosen_without_dragging(
    qtbot: QtBot, window: MainWindow, screen: ImportScreen, tmp_path: Path, way: str
):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.csv").write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    if way == "button":
        click(qtbot, screen.folder_button)
    else:
        window.menus.import_folder.trigger()
    dialog = screen.findChild(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.filesSelected.emit([str(tmp_path / "lists")])
    dialog.reject()
    qtbot.waitUntil(lambda: screen.form.fields.name == "lists")
    qtbot.waitUntil(screen.form.fields.import_button.isEnabled)


def test_an_import_stopped_before_its_first_step_leaves_the_form_free(
    qtbot: QtBot, engine: FakeEngine, screen: ImportScreen, guests: Path
):
    screen.offer([guests])
    form = screen.form
    qtbot.waitUntil(form.fields.import_button.isEnabled)
    form.fields.basis_field.choose(Basis.CUSTOMERS)
    form.fields.import_requested.emit()
    form.progress.cancel_requested.emit()
    qtbot.waitUntil(lambda: not form.busy)
    assert form.fields.isEnabled()
    assert not form.progress.isVisible()
    assert engine.imports.runs == []


def test_a_folder_without_lists_is_explained(qtbot: QtBot, screen: ImportScreen, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    screen.offer([tmp_path / "empty"])
    qtbot.waitUntil(screen.form.unreadable.isVisible)
    assert screen.form.unreadable.text.startswith("There is no list in this folder.")


@pytest.mark.parametrize(
    ("text", "suffix"), [("Ник\n@anna_orlova\n", ".txt"), ("Ник\tИмя\n@anna\tАнна\n", ".tsv")]
)
def test_a_list_can_be_pasted_and_its_file_goes_after_use(
    qtbot: QtBot,
    qapp: QApplication,
    engine: FakeEngine,
    screen: ImportScreen,
    tmp_path: Path,
    text: str,
    suffix: str,
):
    qapp.clipboard().setText(text)
    click(qtbot, screen.drop_area.paste_button)
    qtbot.waitUntil(lambda: screen.form.preview.preview_model.rowCount() == 1)
    (pasted,) = (tmp_path / "pasted").iterdir()
    assert pasted.suffix == suffix
    assert screen.form.fields.name == "Pasted list"
    run_import(qtbot, screen.form)
    qtbot.waitUntil(screen.report.isVisible)
    assert not pasted.exists()


def test_an_empty_clipboard_is_explained(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, screen: ImportScreen
):
    qapp.clipboard().clear()
    click(qtbot, screen.drop_area.paste_button)
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    assert box.text() == "There is no list on the clipboard."
    box.reject()


def test_files_can_be_chosen(qtbot: QtBot, screen: ImportScreen, guests: Path):
    click(qtbot, screen.drop_area.choose_button)
    dialog = screen.findChild(QFileDialog)
    dialog.filesSelected.emit([str(guests)])
    dialog.reject()
    qtbot.waitUntil(lambda: screen.form.preview.preview_model.rowCount() == 2)


def test_giving_up_leads_back_to_the_drop_area(
    qtbot: QtBot, screen: ImportScreen, form: ImportForm
):
    click(qtbot, form.fields.leave_button)
    assert screen.drop_area.isVisible()


def test_the_history_opens_a_report(qtbot: QtBot, screen: ImportScreen, form: ImportForm):
    run_import(qtbot, form)
    qtbot.waitUntil(screen.report.isVisible)
    click(qtbot, screen.report.back_button)
    qtbot.waitUntil(lambda: screen.history.model.rowCount() == 1)
    assert rows_of(screen.history.table)[0][1] == "guests"
    screen.history.table.selectRow(0)
    qtbot.keyClick(screen.history.table, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.report.isVisible)
    qtbot.waitUntil(lambda: screen.report.table.model().rowCount() == 4)


def test_a_report_leads_to_a_task_with_its_audience(
    qtbot: QtBot, window: MainWindow, screen: ImportScreen, form: ImportForm
):
    run_import(qtbot, form)
    qtbot.waitUntil(screen.report.isVisible)
    click(qtbot, screen.report.task_button)
    task_form = window.tabs.tasks.form
    qtbot.waitUntil(lambda: task_form.audience.audience is not None)
    assert task_form.audience.audience.name == "guests"


def test_a_very_wide_file_shows_its_first_columns(
    qtbot: QtBot, screen: ImportScreen, tmp_path: Path
):
    wide = tmp_path / "wide.csv"
    line = ";".join(f"c{number}" for number in range(5_000))
    wide.write_text(f"{line}\n{line}\n", encoding="utf-8")
    screen.offer([wide])
    qtbot.waitUntil(lambda: screen.form.preview.preview_model.columnCount() == 40)
    assert "4,960 more columns" in screen.form.note.text()


def test_another_language_leaves_the_chosen_meanings_alone(window: MainWindow, form: ImportForm):
    boxes = form.preview.mapping.boxes
    boxes[2].setCurrentIndex(boxes[2].findData("note"))
    window.menus.language_requested.emit("ru")
    assert form.preview.mapping.fields() == ["full_name", "username", "note"]


def test_nothing_of_another_file_is_shown_while_one_is_read(
    qtbot: QtBot, engine: FakeEngine, form: ImportForm, tmp_path: Path
):
    go_on, preview = asyncio.Event(), engine.imports.preview

    async def slow(*given: Any) -> Any:
        await go_on.wait()
        return await preview(*given)

    other = tmp_path / "other.csv"
    other.write_text("Ник\n@vera_s\n", encoding="utf-8")
    engine.imports.preview = slow  # type: ignore[method-assign]
    drop_files(form, [other])
    qtbot.waitUntil(form.opening.isVisible)
    assert "Reading…" in form.opening.text
    assert not form.preview.isVisible()
    assert not form.fields.import_button.isEnabled()
    go_on.set()
    qtbot.waitUntil(form.preview.isVisible)
    assert form.preview.preview_model.rowCount() == 1
    assert form.fields.import_button.isEnabled()
