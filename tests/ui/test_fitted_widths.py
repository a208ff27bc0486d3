"""Columns are as wide as what stands in them, until somebody pulls at one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.ui.theme import Tone
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

Row = tuple[str, str, str]

COLUMNS = (
    Column(lambda: "Code", lambda row: row[0], 20),
    Column(lambda: "Person", lambda row: row[1], 0),
    Column(lambda: "Outcome", lambda row: row[2], 10, tone=lambda _: Tone.GOOD),
)
SHORT, LONG = ("7", "Иван Петров", "Joined"), ("7", "Иван Петров", "Waiting for their turn")


@pytest.fixture
def model() -> RowsModel[Row]:
    return RowsModel(COLUMNS, key=lambda row: row[2])


@pytest.fixture
def table(qtbot: QtBot, model: RowsModel[Row]) -> Table:
    made = Table(model)
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    return made


def needed(table: Table, words: str) -> int:
    return table.fontMetrics().horizontalAdvance(words)


def test_a_column_of_short_codes_gives_its_room_to_the_names(
    qtbot: QtBot, table: Table, model: RowsModel[Row]
):
    before = table.columnWidth(1)
    model.replace([SHORT])
    qtbot.waitUntil(lambda: table.columnWidth(1) > before)
    assert needed(table, "7") < table.columnWidth(0) < table.widths.declared(0)


def test_words_longer_than_declared_are_not_cut_while_there_is_room(
    qtbot: QtBot, table: Table, model: RowsModel[Row]
):
    model.replace([SHORT])
    qtbot.waitUntil(lambda: table.columnWidth(0) < table.widths.declared(0))
    model.replace([SHORT, LONG])
    qtbot.waitUntil(lambda: table.columnWidth(2) > needed(table, LONG[2]) + 16)


def test_names_keep_their_room_when_the_table_is_narrow(
    qtbot: QtBot, table: Table, model: RowsModel[Row]
):
    model.replace([LONG])
    qtbot.waitUntil(lambda: table.columnWidth(2) > needed(table, LONG[2]))
    table.resize(250, 200)
    assert table.columnWidth(2) < needed(table, LONG[2])
    assert table.columnWidth(1) > needed(table, LONG[1])


def test_a_pulled_column_stays_as_it_was_pulled_and_is_remembered(
    qtbot: QtBot, table: Table, model: RowsModel[Row], settings: QSettings
):
    table.remember_columns(settings, "table")
    model.replace([SHORT])
    qtbot.waitUntil(lambda: table.columnWidth(0) < table.widths.declared(0))
    table.horizontalHeader().resizeSection(0, 133)
    model.replace([SHORT, LONG])
    qtbot.waitUntil(lambda: table.columnWidth(2) > needed(table, LONG[2]))
    table.hide()
    again = Table(model)
    qtbot.addWidget(again)
    again.remember_columns(settings, "table")
    again.resize(700, 200)
    again.show()
    qtbot.waitUntil(lambda: again.columnWidth(2) > needed(again, LONG[2]))
    assert (table.columnWidth(0), again.columnWidth(0)) == (133, 133)
    assert list(again.widths.by_hand) == [0]
