"""What the report of an import says of how its files were read, with the real readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, FileReading
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.files import ImportFile, PersonRow, ReadOptions
from invite_desktop.engine.readings import Readings
from invite_desktop.importing.people_files import FilesOfPeople
from tests.end_to_end.program import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.house import House


class CountingFiles(FilesOfPeople):
    """The real readers, with how often a file was looked at."""

    looks = 0

    def preview(self, path: Path, options: ReadOptions, limit: int = 200):
        self.looks += 1
        return super().preview(path, options, limit)


@pytest.mark.parametrize("looked_at_before", [True, False])
async def test_a_text_is_known_by_its_encoding_and_separator(
    tmp_path: Path, *, looked_at_before: bool
):
    path = tmp_path / "guests.csv"
    path.write_bytes("Выгрузка\nНик;Имя\n@anna_k;Анна\n@boris_b;Борис\n".encode("cp1251"))
    files, file = CountingFiles(), ImportFile(path, ReadOptions(region="KZ"))
    readings = Readings(files)
    if looked_at_before:
        readings.remember(file, files.preview(path, file.options))
    (reading,) = await readings.of([file], ["guests.csv"])
    assert reading == FileReading("guests.csv", "CSV", "Windows-1251", ";", "", 2, "KZ")
    assert files.looks == 1


async def test_a_workbook_is_not_opened_once_more():
    path = SAMPLES / "webinar_guests.xlsx"
    files, options = CountingFiles(), ReadOptions(sheet="Лист", header_row=3)
    (reading,) = await Readings(files).of([ImportFile(path, options)], [path.name])
    assert files.looks == 0
    assert (reading.sheet, reading.header_row, reading.region) == ("Лист", 3, "RU")


async def test_a_workbook_that_was_looked_at_is_known_by_its_sheet():
    path = SAMPLES / "webinar_guests.xlsx"
    files, file = FilesOfPeople(), ImportFile(path, ReadOptions())
    readings, preview = Readings(files), files.preview(path, ReadOptions())
    readings.remember(file, preview)
    with_columns = ImportFile(path, ReadOptions(columns={0: "username"}))
    (reading,) = await readings.of([with_columns], [path.name])
    assert (reading.format, reading.sheet) == ("XLSX", preview.sheet)
    assert preview.sheet


async def test_the_readings_are_kept_with_the_import(house: House, tmp_path: Path):
    for name in ("guests.csv", "friends.csv"):
        (tmp_path / name).write_text("x")
        house.files.rows[name] = [PersonRow(1, PersonKeys(name.partition(".")[0]))]
    files = [tmp_path / "guests.csv", tmp_path / "friends.csv"]
    made = await house.engine.imports.run(files, Basis.CUSTOMERS)
    report = await house.engine.imports.report(made.import_id)
    assert report.readings == tuple(
        FileReading(name, "CSV", "UTF-8", region="RU") for name in ("guests.csv", "friends.csv")
    )
