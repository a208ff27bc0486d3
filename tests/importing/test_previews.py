"""What a preview says of the rows before anything is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.engine.ports.files import ReadOptions
from tests.importing.reading import SAMPLES, keys, people, preview, read, written

if TYPE_CHECKING:
    from pathlib import Path

LIST = """Список гостей
Ник;Телефон;Дата согласия;Имя
@anna_orlova;нет;31.12.2025;Анна
;;01.02.2025;Борис
@vera_s;+79001234567;позже;Вера
"""


def test_every_row_is_judged_as_the_import_will(tmp_path: Path):
    shown = preview(written(tmp_path, "guests.csv", LIST))
    assert shown.fields == ("username", "phone", "consent_date", "full_name")
    assert shown.header_row == 2
    anna, boris, vera = shown.judged
    assert (anna.number, anna.problem) == (3, None)
    assert [(r.position, r.problem) for r in anna.remarks] == [(1, RowProblem.BAD_PHONE)]
    assert (boris.number, boris.problem, boris.remarks) == (4, RowProblem.NO_KEY, ())
    assert [(r.position, r.problem) for r in vera.remarks] == [(2, RowProblem.BAD_DATE)]


def test_an_invalid_date_of_consent_does_not_make_a_row_invalid(tmp_path: Path):
    anna, vera = people(read(written(tmp_path, "guests.csv", LIST)))
    assert anna.consent_date is not None
    assert (anna.consent_date.isoformat(), vera.consent_date) == ("2025-12-31", None)
    assert vera.extra == {"consent_date": "позже"}


def test_nothing_is_judged_while_no_column_names_anybody():
    path = SAMPLES / "broken" / "names_only.csv"
    assert preview(path).judged == []
    assert preview(path, ReadOptions(columns={0: "username"})).judged


def test_a_judged_preview_agrees_with_the_import_of_every_sample():
    for path in sorted(SAMPLES.glob("*.*")):
        if path.name.startswith("."):
            continue
        judged, rows = preview(path).judged, read(path)
        found = {row.number: (getattr(row, "problem", None), row) for row in rows}
        for row in judged:
            problem, imported = found[row.number]
            assert row.problem == problem
            assert tuple(row.remarks) == getattr(imported, "remarks", ())


@pytest.mark.parametrize(
    ("header_row", "names"), [(2, "Ник"), (1, "Список гостей"), (3, "@anna_orlova")]
)
def test_the_header_can_be_any_row(tmp_path: Path, header_row: int, names: str):
    path = written(tmp_path, "guests.csv", LIST)
    shown = preview(path, ReadOptions(header_row=header_row))
    assert (shown.header[0], shown.header_row, shown.has_header) == (names, header_row, True)
    assert shown.judged == [] or shown.judged[0].number == header_row + 1


def test_a_header_row_beyond_the_list_is_none(tmp_path: Path):
    path = written(tmp_path, "guests.csv", "@anna_orlova;x\n@vera_s;y\n")
    options = ReadOptions(header_row=99)
    assert not preview(path, options).has_header
    assert [key[0] for key in keys(read(path, options))] == ["anna_orlova", "vera_s"]
