"""Rows are as high as their words need, where a column has too little room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Row = tuple[str, str]

LINES = 3
LONG = "Иван Петров (@ivan_petrov_the_second)"
ENDLESS = "Мария 🎉🎉 " * 30


@pytest.fixture
def model() -> RowsModel[Row]:
    columns = (
        Column(lambda: "Code", lambda row: row[0], 6),
        Column(lambda: "Person", lambda row: row[1], 0, lines=LINES),
    )
    return RowsModel(columns, key=lambda row: row[0])


@pytest.fixture
def table(qtbot: QtBot, model: RowsModel[Row]) -> Table:
    made = Table(model)
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def more_lines(table: Table, low: int) -> float:
    return (table.rowHeight(0) - low) / table.fontMetrics().lineSpacing()


def test_rows_grow_in_a_narrow_table_and_shrink_in_a_wide_one(
    qtbot: QtBot, table: Table, model: RowsModel[Row]
):
    low = table.verticalHeader().defaultSectionSize()
    model.replace([("1", LONG), ("2", "Анна")])
    qtbot.waitUntil(lambda: table.columnWidth(1) > 600)
    assert table.rowHeight(0) == low
    table.resize(280, 300)
    qtbot.waitUntil(lambda: more_lines(table, low) == 1)
    assert table.rowHeight(1) == table.rowHeight(0), "all rows are alike"
    table.resize(800, 300)
    qtbot.waitUntil(lambda: table.rowHeight(0) == low)


@pytest.mark.parametrize("words", [ENDLESS, "x" * 900, "🎉" * 400])
def test_endless_words_take_no_more_lines_than_they_may(
    qtbot: QtBot, table: Table, model: RowsModel[Row], words: str
):
    low = table.verticalHeader().defaultSectionSize()
    model.replace([("1", words)])
    qtbot.waitUntil(lambda: more_lines(table, low) == LINES - 1)
    assert not table.grab().isNull()
