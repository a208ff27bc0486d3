"""A folder of good and broken lists in the real window, from the drop to the undone import."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QListWidget, QPushButton, QTableView

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.ui.theme import ThemeChoice
from invite_desktop.ui.translations import tr
from invite_desktop.ui.wording import titled
from tests.end_to_end.program import SAMPLES
from tests.end_to_end.walker import walk_through
from tests.ui.conftest import drop_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.walker import Walker

GUESTS = """Выгрузка от 12 мая
Ник;Телефон;Дата согласия;Имя;Заметка
@anna_orlova;нет;31.12.2025;Анна;{long}
;;01.02.2025;Борис;
@vera_s;+7 900 123-45-67;позже;Вера;=1+1
@gleb_k;8 (900) 123-45-68;2025-03-04T10:00:00;Глеб;
"""
LISTS = ("crm_export_cp1251.csv", "parser_export.json", "webinar_guests.xlsx")
BROKEN = ("empty.csv", "not_really.xlsx", "names_only.csv")


def a_folder(place: Path) -> Path:
    folder = place / "Списки"
    folder.mkdir()
    for name in LISTS:
        shutil.copy(SAMPLES / name, folder)
    for name in BROKEN:
        shutil.copy(SAMPLES / "broken" / name, folder)
    text = GUESTS.format(long="очень длинно " * 4_000)
    (folder / "consent.csv").write_text(text, encoding="utf-8")
    return folder


async def _walk(walker: Walker, folder: Path) -> None:
    await walker.go_to(tr("Import"))
    await walker.picture("import_start")
    drop_files(walker.window, [folder])
    await walker.until(lambda: walker.visible(QListWidget) != [], "the list of files")
    files = walker.field(QListWidget, tr("Files of this import"))
    await walker.until(lambda: files.count() == 7 and tr("Reading…") not in _states(files), "files")
    await walker.picture("folder_dropped")
    await _look_at_the_files(walker, files)
    await walker.click(tr("&Import"))
    await walker.sees(tr("Choose why these people may be contacted."))
    walker.accept_basis()
    await walker.click(tr("&Import"))
    await walker.sees(tr("“{name}” is imported", name=folder.name))
    await walker.picture("report")
    await _look_at_the_report(walker, folder)
    await _undo(walker)


async def _look_at_the_files(walker: Walker, files: QListWidget) -> None:
    _choose(files, "consent.csv")
    await walker.sees("@gleb_k")
    table = walker.field(QTableView, tr("First rows of the list"))
    model = table.model()
    assert model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == titled(RowProblem.NO_KEY)
    assert model.index(2, 2).data(Qt.ItemDataRole.ToolTipRole) == titled(RowProblem.BAD_DATE)
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == titled(RowProblem.BAD_PHONE)
    await walker.picture("marked_rows")
    _choose(files, "not_really.xlsx")
    await asyncio.sleep(0.1)
    await walker.picture("broken_file")
    _choose(files, "webinar_guests.xlsx")
    await asyncio.sleep(0.1)
    await walker.picture("workbook")


async def _look_at_the_report(walker: Walker, folder: Path) -> None:
    for caption in ("Duplicates", "Invalid rows", "Remarks", "Rows read"):
        tile = _tile(walker, tr(caption))
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
        await walker.until(lambda tile=tile: tile.isChecked(), caption)
        await asyncio.sleep(0.3)
        assert "…" not in _first_row(walker)
        await walker.picture(f"report_{caption.split()[0].lower()}")
    report = walker.window.tabs.imports.report
    report.saving.all_action.trigger()
    dialog = next(d for d in walker.window.findChildren(QFileDialog))
    saved = folder / "rows.csv"
    dialog.fileSelected.emit(str(saved))
    dialog.reject()
    await walker.until(saved.exists, "the saved rows")
    text = saved.read_text(encoding="utf-8-sig")
    assert "'+79001234567" in text
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())
    await walker.picture("rows_saved")


async def _undo(walker: Walker) -> None:
    await walker.click(tr("&Undo this import…"))
    await walker.sees(tr("Undo the import of “{name}”?", name="Списки"))
    await walker.picture("undo_asked")
    await walker.click(tr("Undo the import"))
    await walker.sees(tr("The import of “{name}” was undone", name="Списки"))
    await walker.click(tr("&Back to import"))
    await walker.sees(tr("undone"))
    await walker.picture("history")


def _choose(files: QListWidget, name: str) -> None:
    found = [place for place in range(files.count()) if name in files.item(place).text()]
    QTest.mouseClick(
        files.viewport(),
        Qt.MouseButton.LeftButton,
        pos=files.visualItemRect(files.item(found[0])).center(),
    )
    files.setCurrentRow(found[0])


def _states(files: QListWidget) -> str:
    return "\n".join(files.item(place).text() for place in range(files.count()))


def _tile(walker: Walker, caption: str) -> QPushButton:
    return next(
        button
        for button in walker.visible(QPushButton)
        if button.accessibleName().startswith(f"{caption}:")
    )


def _first_row(walker: Walker) -> list[str]:
    table = next(iter(walker.visible(QTableView)))
    model = table.model()
    return [str(model.index(0, column).data()) for column in range(model.columnCount())]


@pytest.mark.screen
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "theme"),
    [
        pytest.param("ru", ThemeChoice.LIGHT, marks=pytest.mark.long),
        ("en", ThemeChoice.DARK),
    ],
)
def test_from_a_dropped_folder_to_the_undone_import(qapp, tmp_path, language, theme):
    folder = a_folder(tmp_path)

    async def walk(walker: Walker) -> None:
        await _walk(walker, folder)

    name = f"import_{language}_{theme}"
    walk_through(qapp, tmp_path, walk, pictures=name, language=language, theme=theme)
