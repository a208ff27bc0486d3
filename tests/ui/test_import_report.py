"""What can be done with a report: saved, undone, looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from invite_desktop.domain.audiences import Basis, RowKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.tabs import Tab
from tests.ui.conftest import drop_files, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.imports.import_screen import ImportScreen
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> ImportScreen:
    """The Import tab with the report of an import."""
    path = tmp_path / "guests.csv"
    path.write_text("Имя;Ник\nАнна;@anna_orlova\n", encoding="utf-8")
    window.tabs.go_to(Tab.IMPORT)
    drop_files(window, [path])
    screen = window.tabs.imports
    qtbot.waitUntil(lambda: screen.form.preview.preview_model.rowCount() == 1)
    screen.form.fields.source_field.setText("Webinar in May")
    screen.form.fields.basis_field.choose(Basis.CUSTOMERS)
    screen.form.fields.import_button.click()
    qtbot.waitUntil(screen.report.isVisible)
    return screen


def answer(qtbot: QtBot, window: MainWindow, text: str) -> str:
    """Press a button of the box that is open; return what the box says."""

    def boxes() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: boxes() != [])
    (box,) = boxes()
    said = f"{box.text()} {box.informativeText()}"
    pressed: QAbstractButton = next(each for each in box.buttons() if each.text() == text)
    pressed.click()
    return said


def save_as(screen: ImportScreen, path: Path) -> None:
    dialog = screen.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_the_source_is_taken_along(engine: FakeEngine, screen: ImportScreen):
    assert engine.imports.sources == ["Webinar in May"]


def test_what_was_read_of_one_file_opens_too(screen: ImportScreen):
    report = screen.report
    report.tiles[0].click()
    assert report.files_table.isVisible()
    (row,) = rows_of(report.files_table)
    assert row[0] == "guests.csv"
    assert int(row[1]) == sum(map(int, row[2:]))


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("rows_action", ("import_rows", 1, frozenset({RowKind.INVALID}), False)),
        ("all_action", ("import_rows", 1, frozenset(RowKind), True)),
        ("report_action", ("import_report", 1)),
    ],
)
def test_a_report_is_saved(
    qtbot: QtBot, engine: FakeEngine, screen: ImportScreen, tmp_path: Path, action: str, asked
):
    getattr(screen.report.saving, action).trigger()
    save_as(screen, tmp_path / "saved.xlsx")
    told = screen.report.saving.told
    qtbot.waitUntil(lambda: told.text() == "1 row was saved as “saved.xlsx”.")
    (saved,) = engine.exports.saved
    assert (saved[0], *saved[2:]) == asked
    assert saved[1] == tmp_path / "saved.xlsx"


def test_a_refused_saving_is_said_beside_the_report(
    qtbot: QtBot, engine: FakeEngine, screen: ImportScreen, tmp_path: Path
):
    engine.exports.refusal = KnownError(message("No room."), message("Free some."))
    screen.report.saving.report_action.trigger()
    save_as(screen, tmp_path / "saved.csv")
    qtbot.waitUntil(lambda: screen.report.saving.told.text() == "No room. Free some.")


def test_an_import_is_undone_from_its_report(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, screen: ImportScreen
):
    screen.report.undo_button.click()
    said = answer(qtbot, window, "Undo the import")
    assert "52 new people go away again." in said
    assert "nobody is contacted twice" in said
    qtbot.waitUntil(lambda: screen.report.title.text() == "The import of “guests” was undone")
    assert not screen.report.undo_button.isEnabled()
    assert not screen.report.task_button.isEnabled()
    assert screen.report.model.rowCount() == 0


def test_nothing_is_undone_without_a_yes(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, screen: ImportScreen
):
    screen.report.undo_button.click()
    answer(qtbot, window, "Keep the import")
    qtbot.wait(50)
    assert engine.imports.reports[0].undone_at is None


def test_an_import_is_undone_from_the_history(
    qtbot: QtBot, window: MainWindow, screen: ImportScreen
):
    screen.report.back_button.click()
    history = screen.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 1)
    assert not history.undo_button.isEnabled()
    history.table.selectRow(0)
    history.undo_button.click()
    answer(qtbot, window, "Undo the import")
    qtbot.waitUntil(lambda: rows_of(history.table)[0][-1] == "undone")


def test_an_import_in_use_stays_and_the_reason_is_said(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, screen: ImportScreen, monkeypatch
):
    async def refuse(import_id: int) -> None:
        raise KnownError(message("A task uses this audience."))

    monkeypatch.setattr(engine.imports, "undo", refuse)
    screen.report.undo_button.click()
    answer(qtbot, window, "Undo the import")
    assert "A task uses this audience." in answer(qtbot, window, "Close")
    assert screen.report.undo_button.isEnabled()
