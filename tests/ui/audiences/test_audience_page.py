"""One audience's people on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit

from invite_desktop.ui.audiences.audience_forms import NameForm
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.ui.audiences.conftest import guests, open_form
from tests.ui.conftest import rows_of, take_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.audiences.audience_page import AudiencePage
    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from invite_desktop.ui.main_window import MainWindow

NAME, USERNAME, PHONE, TELEGRAM_ID, OTHER = range(5)


@pytest.fixture
def audience(put: Callable[..., Audience]):
    return put("Webinar", guests(9))


@pytest.fixture
def page(qtbot: QtBot, audience: Audience, screen: AudiencesScreen):
    screen.open_audience(audience.id)
    qtbot.waitUntil(lambda: shown_names(screen.page) == all_names())
    return screen.page


def all_names() -> list[str]:
    return [f"Гость {number:03}" for number in range(1, 10)]


def shown_names(page: AudiencePage) -> list[str]:
    return [row[NAME] for row in rows_of(page.table)]


def choose(page: AudiencePage, *rows: int) -> None:
    selection = page.table.selectionModel()
    selection.clearSelection()
    how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in rows:
        selection.select(page.table.people.index(row, 0), how)


def test_double_click_in_the_list_opens_the_page(
    qtbot: QtBot, audience: Audience, screen: AudiencesScreen
):
    qtbot.waitUntil(lambda: len(screen.list.model.rows) == 1)
    screen.list.table.choose_position(0)
    qtbot.keyClick(screen.list.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.page.name.text() == "Webinar")
    assert screen.page.isVisible()


def test_everybody_is_shown_with_every_column(page: AudiencePage):
    assert rows_of(page.table)[0] == [
        "Гость 001",
        "@guest_001",
        "+79000000001",
        "1001",
        "Город: Тверь",
    ]
    assert page.count.text() == "9 people"
    assert "basis: customers" in page.facts.text()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("гость 007", ["Гость 007"]),
        ("GUEST_003", ["Гость 003"]),
        ("+7 900 000-00-05", ["Гость 005"]),
        ("1008", ["Гость 008"]),
        ("псков", ["Гость 002", "Гость 004", "Гость 006", "Гость 008"]),
    ],
)
def test_people_are_found_by_any_column_while_one_types(
    qtbot: QtBot, page: AudiencePage, text: str, found: list[str]
):
    page.search.setText(text)
    qtbot.waitUntil(lambda: shown_names(page) == found)
    assert page.count.text() in ("1 person found", "4 people found")


def test_only_the_last_text_is_searched_for(qtbot: QtBot, page: AudiencePage, engine: Engine):
    asked: list[str] = []
    person_ids = engine.audiences.person_ids

    async def watched(audience_id: int, query: Any) -> Any:
        asked.append(query.text)
        return await person_ids(audience_id, query)

    engine.audiences.person_ids = watched  # type: ignore[method-assign]
    for text in ("g", "gu", "guest_00", "guest_002"):
        page.search.setText(text)
    qtbot.waitUntil(lambda: shown_names(page) == ["Гость 002"])
    assert asked == ["guest_002"]


def test_a_search_without_hits_says_so_and_leads_back(qtbot: QtBot, page: AudiencePage):
    page.search.setText("zzzz")
    qtbot.waitUntil(page.nobody.isVisible)
    assert "Nobody here has “zzzz”" in page.nobody.text
    page.nobody.acted.emit()
    qtbot.waitUntil(lambda: len(shown_names(page)) == 9)


def test_a_title_sorts_up_then_down_then_as_imported(qtbot: QtBot, page: AudiencePage):
    header = page.table.horizontalHeader()
    place = header.sectionViewportPosition(USERNAME) + 10

    def click() -> None:
        qtbot.mouseClick(
            header.viewport(), Qt.MouseButton.LeftButton, pos=_point(place, header.height() // 2)
        )

    click()
    qtbot.waitUntil(lambda: page.table.sort.value == "username")
    click()
    qtbot.waitUntil(lambda: shown_names(page) == all_names()[::-1])
    click()
    qtbot.waitUntil(lambda: shown_names(page) == all_names())
    assert page.table.sort.value == "position"


def _point(x: int, y: int) -> Any:
    from PySide6.QtCore import QPoint  # noqa: PLC0415 - for the one test above

    return QPoint(x, y)


def test_removing_can_be_undone_and_everybody_is_where_she_was(
    qtbot: QtBot, screen: AudiencesScreen, page: AudiencePage
):
    choose(page, 1, 4)
    assert page.count.text() == "9 people  ·  chosen: 2"
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(shown_names(page)) == 7)
    qtbot.waitUntil(lambda: screen.undo_bar.text == "2 people are taken out of “Webinar”.")
    take_back(qtbot, screen.undo_bar)
    qtbot.waitUntil(lambda: shown_names(page) == all_names())


def test_all_found_are_removed_and_no_others(
    qtbot: QtBot, screen: AudiencesScreen, page: AudiencePage
):
    page.search.setText("псков")
    qtbot.waitUntil(lambda: len(shown_names(page)) == 4)
    page.table.selectAll()
    page.actions_on_people.remove.trigger()
    qtbot.waitUntil(page.nobody.isVisible)
    page.search.clear()
    qtbot.waitUntil(lambda: len(shown_names(page)) == 5)
    qtbot.waitUntil(lambda: "are taken out" in screen.undo_bar.text)


def test_splitting_moves_people_and_can_be_undone(
    qtbot: QtBot, window: MainWindow, screen: AudiencesScreen, page: AudiencePage
):
    choose(page, 0, 1)
    page.actions_on_people.split.trigger()
    form = open_form(NameForm)
    form.name.setText("First two")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(screen) == {"Webinar": 7, "First two": 2})
    take_back(qtbot, screen.undo_bar)
    qtbot.waitUntil(lambda: counts(screen) == {"Webinar": 9})


def test_copying_leaves_the_old_audience_alone(
    qtbot: QtBot, window: MainWindow, screen: AudiencesScreen, page: AudiencePage
):
    choose(page, 0, 1, 2)
    page.actions_on_people.copy.trigger()
    form = open_form(NameForm)
    assert form.name.text() == "Webinar, a part"
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(screen) == {"Webinar": 9, "Webinar, a part": 3})


def counts(screen: AudiencesScreen) -> dict[str, int]:
    return {row.audience.name: row.audience.people for row in screen.list.model.rows}


def test_chosen_people_go_on_the_do_not_contact_list_with_a_reason(
    qtbot: QtBot,
    window: MainWindow,
    run: Callable[..., Any],
    engine: Engine,
    screen: AudiencesScreen,
    page: AudiencePage,
):
    choose(page, 3, 4)
    page.actions_on_people.forbid.trigger()
    form = open_form(SmallForm)
    form.findChild(QLineEdit).setText("asked by phone")
    qtbot.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "are on the do-not-contact list" in screen.undo_bar.text)
    entries = run(engine.do_not_contact.entries())
    assert [entry.reason for entry in entries] == ["asked by phone"] * 2


def test_what_is_typed_and_chosen_stays_when_something_else_changes(
    qtbot: QtBot, run: Callable[..., Any], engine: Engine, audience: Audience, page: AudiencePage
):
    page.search.setText("тверь")
    qtbot.waitUntil(lambda: len(shown_names(page)) == 5)
    choose(page, 2)
    run(engine.audiences.set_tags(audience.id, ["vip"]))
    qtbot.waitUntil(lambda: "tags: vip" in page.facts.text())
    assert page.search.text() == "тверь"
    assert page.table.chosen_count() == 1


def test_deleting_leads_back_to_the_list(qtbot: QtBot, screen: AudiencesScreen, page: AudiencePage):
    page.actions_on_audience.delete.trigger()
    qtbot.waitUntil(screen.list.isVisible)
    take_back(qtbot, screen.undo_bar)
    qtbot.waitUntil(lambda: counts(screen) == {"Webinar": 9})


def test_an_audience_of_nobody_says_so(qtbot: QtBot, screen: AudiencesScreen, page: AudiencePage):
    page.table.selectAll()
    page.actions_on_people.remove.trigger()
    qtbot.waitUntil(lambda: "Nobody is in this audience" in page.nobody.text)
    qtbot.waitUntil(lambda: "are taken out" in screen.undo_bar.text)
