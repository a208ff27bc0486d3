"""Tables that change only what changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMenu

from invite_desktop.ui.theme import Tone
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.paged_model import PAGE_ROWS, PagedModel
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table
from invite_desktop.ui.work import Work

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
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


def test_cells_between_two_that_changed_are_left_alone(qapp: QApplication):
    columns = tuple(Column(lambda: "", lambda row, n=n: row[n], 5) for n in range(3))
    model: RowsModel[tuple[str, str, str]] = RowsModel(columns, key=lambda row: 0)
    model.replace([("a", "same", "b")])
    spy = QSignalSpy(model.dataChanged)
    model.replace([("c", "same", "d")])
    assert [spy.at(n)[0].column() for n in range(spy.count())] == [0, 2]


def test_of_a_page_only_the_rows_that_changed_are_painted_anew(
    qtbot: QtBot, paged: PagedModel[Item], shelf: Shelf
):
    qtbot.waitUntil(lambda: paged.row_at(3) is not None)
    spy = QSignalSpy(paged.dataChanged)
    paged.rows_changed([7, 3, 4, 99_999])
    runs = [(spy.at(n)[0].row(), spy.at(n)[1].row()) for n in range(spy.count())]
    assert runs == [(3, 4), (7, 7)]


def test_what_changed_while_its_page_was_fetched_is_asked_for_again(
    qtbot: QtBot, background: BackgroundScope
):
    gate = asyncio.Event()
    fetched: list[int] = []

    async def fetch(offset: int, limit: int) -> list[Item]:
        fetched.append(offset)
        rows = [Item(n, f"look {len(fetched)}") for n in range(limit)]
        if len(fetched) == 2:
            await gate.wait()
        return rows

    work = Work(background, lambda _: None)
    model: PagedModel[Item] = PagedModel(COLUMNS, lambda item: item.key, fetch, work)
    model.set_total(10)
    # As a view does: what is painted anew is asked for.
    model.dataChanged.connect(lambda first, _last: model.row_at(first.row()))
    qtbot.waitUntil(lambda: model.row_at(0) == Item(0, "look 1"))
    model.rows_changed([0])
    qtbot.waitUntil(lambda: len(fetched) == 2)
    model.rows_changed([0])
    gate.set()
    qtbot.waitUntil(lambda: model.row_at(0) == Item(0, "look 3"))


class Kept:
    """Settings that count how often something is kept."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def value(self, _key: str, default: object = None) -> object:
        return default

    def setValue(self, key: str, _value: object) -> None:  # noqa: N802 - Qt's own name
        self.keys.append(key)


def test_columns_are_kept_once_after_many_pulls(qtbot: QtBot):
    kept, table = Kept(), Table(a_model(Item(1)))
    qtbot.addWidget(table)
    table.remember_columns(kept, "table")
    table.show()
    for width in range(100, 120):
        table.setColumnWidth(0, width)
    assert kept.keys == []
    table.hide()
    assert kept.keys == ["table", "table_by_hand"]


@pytest.mark.parametrize("chosen", [False, True], ids=["plain", "chosen"])
def test_words_too_long_for_their_cell_are_cut_and_nothing_runs_over(qtbot: QtBot, *, chosen: bool):
    columns = (
        Column(lambda: "Tone", lambda row: row, 6, tone=lambda _: Tone.GOOD),
        Column(lambda: "Bar", lambda _: "", 6, share=lambda _: 0.5),
        Column(lambda: "Words", lambda row: row, 6, number=True),
        Column(lambda: "Rest", lambda _: "", 0),
    )
    model: RowsModel[str] = RowsModel(columns, key=lambda row: row)
    table = Table(model)
    qtbot.addWidget(table)
    table.resize(600, 120)
    table.show()

    def pictures() -> list[QImage]:
        return [
            table.viewport().grab(table.visualRect(model.index(0, n))).toImage() for n in range(4)
        ]

    model.replace(["w" * 5])
    if chosen:
        table.selectRow(0)
    short = pictures()
    model.start_over(["<b>w</b>" * 50])
    if chosen:
        table.selectRow(0)
    long = pictures()
    assert [before != after for before, after in zip(short, long, strict=True)] == [
        *(True, False, True, False)
    ]


@pytest.fixture
def copying(qtbot: QtBot, background: BackgroundScope) -> Table:
    words = ("Anna", "=1+1", "@anna_orlova", "+79001234567", "+cmd|' /C calc'!A0", "two\nlines")
    table = Table(a_model(*(Item(key, text) for key, text in enumerate(words))))
    qtbot.addWidget(table)
    table.show()
    return table


def pressed_copy(qtbot: QtBot, table: Table) -> str:
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text()


def test_chosen_rows_are_copied_as_text(qtbot: QtBot, copying: Table):
    copying.selectAll()
    copied = pressed_copy(qtbot, copying).split("\n")
    assert copied == [
        "0\tAnna",
        "1\t'=1+1",
        "2\t@anna_orlova",
        "3\t+79001234567",
        "4\t'+cmd|' /C calc'!A0",
        "5\ttwo lines",
    ]


def test_columns_are_copied_as_they_are_shown(qtbot: QtBot, copying: Table):
    copying.horizontalHeader().moveSection(1, 0)
    copying.choose_position(2)
    assert pressed_copy(qtbot, copying) == "@anna_orlova\t2"
    copying.setColumnHidden(0, True)
    assert pressed_copy(qtbot, copying) == "@anna_orlova"


def test_the_menu_of_a_table_copies(qtbot: QtBot, qapp: QApplication):
    table = Table(a_model(Item(1, "Анна"), Item(2, "Борис")))
    qtbot.addWidget(table)
    table.show()
    place = table.visualRect(table.model().index(1, 0)).center()
    press = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.mapToGlobal(place))
    qapp.sendEvent(table.viewport(), press)
    assert table.findChildren(QMenu) == []
    table.choose_position(1)
    qapp.sendEvent(table.viewport(), press)
    (menu,) = table.findChildren(QMenu)
    (copy,) = menu.actions()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "2\tБорис"
    menu.close()


def test_the_menu_of_a_table_opens_what_can_be_opened(qtbot: QtBot, qapp: QApplication):
    table = Table(a_model(Item(1, "Анна")))
    qtbot.addWidget(table)
    opened: list[Item] = []
    table.row_opened.connect(opened.append)
    table.show()
    table.choose_position(0)
    place = table.visualRect(table.model().index(0, 0)).center()
    press = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.mapToGlobal(place))
    qapp.sendEvent(table.viewport(), press)
    (menu,) = table.findChildren(QMenu)
    menu.actions()[0].trigger()
    assert opened == [Item(1, "Анна")]
    menu.close()


def test_nothing_chosen_leaves_the_clipboard_alone(qtbot: QtBot, copying: Table):
    QGuiApplication.clipboard().setText("before")
    assert pressed_copy(qtbot, copying) == "before"
