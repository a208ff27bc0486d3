"""The do-not-contact list: found, added to, imported into, saved, and lifted from."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.ui.do_not_contact.forms import AddPeopleForm, ContactAgainForm, added_words
from invite_desktop.ui.do_not_contact.list_dialog import ListDialog
from invite_desktop.ui.import_sections import Section
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.translations import load_translator, set_translator
from tests.fakes.engine import a_person
from tests.ui.conftest import drop_files, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.do_not_contact.do_not_contact_screen import DoNotContactScreen
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.do_not_contact import FakeDoNotContact
    from tests.fakes.engine import FakeEngine

Dialog = TypeVar("Dialog", bound=QDialog)


@pytest.fixture
def listed(engine: FakeEngine) -> FakeDoNotContact:
    engine.do_not_contact.put("anna_k", "asked by phone")
    engine.do_not_contact.put("boris_b", "stop", a_person(7))
    return engine.do_not_contact


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, listed: FakeDoNotContact) -> DoNotContactScreen:
    window.tabs.go_to(Tab.IMPORT)
    window.tabs.import_sections.go_to(Section.DO_NOT_CONTACT)
    shown = window.tabs.import_sections.do_not_contact
    qtbot.waitUntil(lambda: len(names_of(shown)) == len(listed.present))
    return shown


def names_of(screen: DoNotContactScreen) -> list[str]:
    return [row[1] for row in rows_of(screen.shown.table) if row[1] != "…"]


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def dialog_of(qtbot: QtBot, window: MainWindow, kind: type[Dialog]) -> Dialog:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(kind)))
    return next(each for each in window.findChildren(kind) if each.isVisible())


def gone(window: MainWindow, kind: type[QDialog]) -> bool:
    return not any(each.isVisible() for each in window.findChildren(kind))


def test_entries_tell_who_why_when_and_by_what(screen: DoNotContactScreen):
    newest, oldest = rows_of(screen.lists[0].table)
    assert newest[:3] == ["Иван Петров 7", "@boris_b", "stop"]
    assert oldest[:3] == ["", "@anna_k", "asked by phone"]
    assert newest[4] == "By hand"
    assert screen.count.text() == "2 entries"


def test_the_search_waits_until_the_typing_pauses(
    qtbot: QtBot, screen: DoNotContactScreen, listed: FakeDoNotContact
):
    listed.asked.clear()
    qtbot.keyClicks(screen.search, "anna")
    qtbot.waitUntil(lambda: names_of(screen) == ["@anna_k"])
    assert screen.count.text() == "1 of 2"
    assert [text for text in listed.asked if text] == ["anna"]
    screen.search.setText("nobody like that")
    qtbot.waitUntil(screen.nobody.isVisible)
    assert "Nobody was found" in screen.nobody.text


def test_a_long_list_is_fetched_a_page_at_a_time(
    qtbot: QtBot, screen: DoNotContactScreen, engine: FakeEngine, listed: FakeDoNotContact
):
    for number in range(5_000):
        listed.put(f"somebody_{number}")
    listed.pages.clear()
    engine.bus.publish(AudiencesChanged())
    qtbot.waitUntil(lambda: screen.shown.found == 5_002)
    screen.shown.table.scrollToBottom()
    qtbot.waitUntil(lambda: screen.shown.model.row_at(5_001) is not None)
    assert sum(listed.pages) <= 1_000


def test_people_are_added_by_hand(
    qtbot: QtBot, window: MainWindow, screen: DoNotContactScreen, listed: FakeDoNotContact
):
    click(qtbot, screen.add_button)
    form = dialog_of(qtbot, window, AddPeopleForm)
    form.people.setPlainText("anna_k\nvera_s\n???")
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: "???" in form.error.text())
    assert len(listed.present) == 2
    form.people.setPlainText("anna_k\nvera_s\n")
    form.reason.setText("asked for it")
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: gone(window, AddPeopleForm))
    assert screen.told.text() == "1 person joined the list, 1 was on it already."
    qtbot.waitUntil(lambda: "@vera_s" in names_of(screen))
    set_translator(load_translator("ru"))
    assert (
        screen.told.text() == added_words(1, 1) != "1 person joined the list, 1 was on it already."
    )


def test_contacting_again_is_one_at_a_time_and_needs_a_reason(
    qtbot: QtBot, window: MainWindow, screen: DoNotContactScreen, listed: FakeDoNotContact
):
    assert not screen.again_button.isEnabled()
    screen.shown.table.selectRow(0)
    screen.shown.table.selectRow(1)
    assert len(screen.shown.table.chosen()) == 1
    click(qtbot, screen.again_button)
    form = dialog_of(qtbot, window, ContactAgainForm)
    assert "@anna_k" in form.words.text()
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: "Say why" in form.error.text())
    form.reason.setText("asked on 3 May")
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: gone(window, ContactAgainForm))
    assert [entry.keys[0][1] for entry in listed.present] == ["boris_b"]
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: names_of(screen) == ["@anna_k"])
    assert rows_of(screen.shown.table)[0][4] == "asked on 3 May"
    assert screen.again_button.isHidden()


def test_contacting_again_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, screen: DoNotContactScreen, listed: FakeDoNotContact
):
    screen.shown.table.selectRow(1)
    click(qtbot, screen.again_button)
    form = dialog_of(qtbot, window, ContactAgainForm)
    form.reason.setText("a slip of the hand")
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: "may be contacted again" in screen.undo_bar.text)
    set_translator(load_translator("ru"))
    assert screen.undo_bar.text.startswith("@anna_k: снова")
    assert len(listed.present) == 1
    click(qtbot, screen.undo_bar.undo_button)
    qtbot.waitUntil(lambda: len(listed.present) == 2)
    qtbot.waitUntil(lambda: "@anna_k" in names_of(screen))


def test_a_dropped_list_joins_it_with_a_reason(
    qtbot: QtBot,
    window: MainWindow,
    screen: DoNotContactScreen,
    listed: FakeDoNotContact,
    tmp_path: Path,
):
    path = tmp_path / "stop.csv"
    path.write_text("anna_k\n", encoding="utf-8")
    drop_files(screen, [path])
    dialog = dialog_of(qtbot, window, ListDialog)
    assert dialog.names.text() == "stop.csv"
    dialog.reason.setText("old list")
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: [tile.number for tile in dialog.tiles] == ["40", "30", "7", "3"])
    assert listed.imports == [(("stop.csv",), "old list", "RU")]
    click(qtbot, dialog.close_button)
    qtbot.waitUntil(lambda: gone(window, ListDialog))


def test_a_list_under_way_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot,
    window: MainWindow,
    screen: DoNotContactScreen,
    listed: FakeDoNotContact,
    tmp_path: Path,
):
    listed.gate = asyncio.Event()
    path = tmp_path / "stop.csv"
    path.write_text("anna_k\n", encoding="utf-8")
    screen.import_files([path])
    dialog = dialog_of(qtbot, window, ListDialog)
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: dialog.progress.text() == "10 of 40 put on the list")
    assert (dialog.bar.value(), dialog.bar.maximum()) == (10, 40)
    click(qtbot, dialog.close_button)
    stopped = "Stopped. Nobody was put on the list."
    qtbot.waitUntil(lambda: dialog.error.text() == stopped)
    assert not dialog.busy
    assert listed.imports == []
    assert dialog.isVisible()


def test_a_list_that_cannot_be_read_is_explained(
    qtbot: QtBot,
    window: MainWindow,
    screen: DoNotContactScreen,
    listed: FakeDoNotContact,
    tmp_path: Path,
):
    listed.refusal = KnownError(message("The file is empty."), message("Choose another file."))
    screen.import_files([tmp_path / "stop.csv"])
    dialog = dialog_of(qtbot, window, ListDialog)
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: dialog.error.text() == "The file is empty. Choose another file.")
    qtbot.waitUntil(dialog.import_button.isEnabled)


def test_what_is_shown_can_be_saved(
    qtbot: QtBot,
    window: MainWindow,
    screen: DoNotContactScreen,
    engine: FakeEngine,
    tmp_path: Path,
):
    qtbot.keyClicks(screen.search, "anna")
    qtbot.waitUntil(lambda: names_of(screen) == ["@anna_k"])
    click(qtbot, screen.save_button)
    dialog = dialog_of(qtbot, window, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "list.csv"))
    dialog.reject()
    qtbot.waitUntil(lambda: engine.exports.saved != [])
    assert engine.exports.saved == [("do_not_contact", tmp_path / "list.csv", "anna", False)]
    assert screen.told.text() == "1 row saved as list.csv"


def test_a_row_opens_the_person_if_she_is_stored(qtbot: QtBot, screen: DoNotContactScreen):
    screen.person_opened.disconnect()  # the card itself is another screen's
    with qtbot.waitSignal(screen.person_opened) as opened:
        screen.shown.table.row_opened.emit(screen.shown.model.row_at(0))
    assert opened.args == [7]
    with qtbot.assertNotEmitted(screen.person_opened):
        screen.shown.table.row_opened.emit(screen.shown.model.row_at(1))
