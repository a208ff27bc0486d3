"""Tables that change only what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QSignalSpy

from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.paged_model import PAGE_ROWS, PagedModel
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table
from invite_desktop.ui.work import Work

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.background import BackgroundScope


@dataclass(frozen=True)
class Item:
    key: int
    words: str = "a"


COLUMNS = (
    Column(lambda: "Key", lambda item: str(item.key), 8, number=True),
    Column(lambda: "Words", lambda item: item.words, 0),
)

keys = st.lists(st.integers(0, 12), unique=True, max_size=10)


def a_model(*items: Item) -> RowsModel[Item]:
    model: RowsModel[Item] = RowsModel(COLUMNS, key=lambda item: item.key)
    model.replace(items)
    return model


@given(keys, keys)
def test_after_a_replacement_the_table_shows_exactly_the_new_rows(
    before: list[int], after: list[int]
):
    model = a_model(*map(Item, before))
    model.replace([Item(key, "b") for key in after])
    assert list(model.rows) == [Item(key, "b") for key in after]


def test_only_the_row_that_changed_is_painted_anew(qapp: QApplication):
    model = a_model(Item(1), Item(2), Item(3))
    spy = QSignalSpy(model.dataChanged)
    model.replace([Item(1), Item(2, "new"), Item(3)])
    assert spy.count() == 1
    assert spy.at(0)[0].row() == spy.at(0)[1].row() == 1


def test_the_choice_survives_rows_that_come_and_go(qtbot: QtBot):
    model = a_model(Item(1), Item(2), Item(3))
    table = Table(model)
    qtbot.addWidget(table)
    table.selectRow(1)
    model.replace([Item(0), Item(2, "new"), Item(3)])
    assert table.chosen() == [Item(2, "new")]


def test_a_row_is_opened_by_enter(qtbot: QtBot):
    table = Table(a_model(Item(1), Item(2)))
    qtbot.addWidget(table)
    table.selectRow(1)
    with qtbot.waitSignal(table.row_opened) as opened:
        qtbot.keyClick(table, "\r")
    assert opened.args == [Item(2)]


class Shelf:
    """A long list that counts how often its pages were fetched."""

    def __init__(self, length: int) -> None:
        self.items = [Item(number) for number in range(length)]
        self.fetched: list[int] = []

    async def fetch(self, offset: int, limit: int) -> list[Item]:
        self.fetched.append(offset)
        return self.items[offset : offset + limit]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(100_000)


@pytest.fixture
def paged(background: BackgroundScope, shelf: Shelf) -> PagedModel[Item]:
    model: PagedModel[Item] = PagedModel(
        COLUMNS, lambda item: item.key, shelf.fetch, Work(background, lambda _: None)
    )
    model.set_total(len(shelf.items))
    return model


def test_only_the_pages_looked_at_are_fetched(qtbot: QtBot, paged: PagedModel[Item], shelf: Shelf):
    table = Table(paged)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    qtbot.waitUntil(lambda: paged.row_at(0) is not None)
    table.scrollToBottom()
    qtbot.waitUntil(lambda: paged.row_at(99_999) == Item(99_999))
    assert set(shelf.fetched) == {0, 100_000 - PAGE_ROWS}


def test_a_row_on_its_way_shows_dots(paged: PagedModel[Item]):
    assert paged.index(5, 0).data() == "…"


def test_a_changed_row_is_fetched_again_and_painted_alone(
    qtbot: QtBot, paged: PagedModel[Item], shelf: Shelf
):
    qtbot.waitUntil(lambda: paged.row_at(3) is not None)
    shelf.items[3] = Item(3, "new")
    changes: list[tuple[int, int]] = []
    paged.rows_changed([3])
    paged.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row())))
    qtbot.waitUntil(lambda: paged.row_at(3) == Item(3, "new"))
    assert changes == [(3, 3)]


def test_a_change_far_from_what_is_shown_costs_nothing(
    qtbot: QtBot, paged: PagedModel[Item], shelf: Shelf
):
    qtbot.waitUntil(lambda: paged.row_at(3) is not None)
    paged.rows_changed([50_000])
    qtbot.wait(20)
    assert shelf.fetched == [0]


def test_the_table_grows_at_its_end_without_a_reset(paged: PagedModel[Item]):
    spy = QSignalSpy(paged.modelReset)
    paged.set_total(100_010)
    assert (paged.rowCount(), spy.count()) == (100_010, 0)


def test_only_the_cells_that_look_otherwise_are_painted_anew(qtbot: QtBot):
    columns = (
        Column(lambda: "Name", lambda row: row[0], 10),
        Column(lambda: "Done", lambda row: str(row[1]), 10, share=lambda row: row[1] / 10),
        Column(lambda: "Kind", lambda row: "same", 10),
    )
    model: RowsModel[tuple[str, int]] = RowsModel(columns, key=lambda row: row[0])
    model.replace([("a", 1), ("b", 2)])
    told: list[tuple[int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last: told.append((first.row(), first.column(), last.column()))
    )
    model.replace([("a", 1), ("b", 5)])
    model.replace([("a", 1), ("b", 5)])
    assert told == [(1, 1, 1)]
