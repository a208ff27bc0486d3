"""One person's card on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.ui.audiences.person_card import PersonCard
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.translations import load_translator, set_translator
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.ui.audiences.conftest import guests, open_form
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.main_window import MainWindow


@pytest.fixture
def audience(put: Callable[..., Audience]):
    return put("Webinar", guests(3))


@pytest.fixture
def people(run: Callable[..., Any], engine: Engine, audience: Audience) -> Sequence[Person]:
    return run(engine.audiences.people(audience.id, 0, 10))


@pytest.fixture
def card(qtbot: QtBot, window: MainWindow, people: Sequence[Person]):
    window.tabs.show_person(people[0].id)
    shown = open_form(PersonCard)
    qtbot.waitUntil(lambda: bool(shown.heading.text()))
    return shown


def click(qtbot: QtBot, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def type_in(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def stored(run: Callable[..., Any], engine: Engine, person: Person) -> Person:
    return run(engine.audiences.detail(person.id)).person


def test_it_shows_who_she_is_and_where_she_came_from(card: PersonCard):
    assert card.heading.text() == "Гость 001 (@guest_001)"
    assert card.fields.keys[KeyKind.PHONE].text() == "+79000000001"
    assert rows_of(card.past.tables[0])[0][1:] == ["Webinar", "Webinar.csv, row 1", "New"]
    assert not card.save_button.isEnabled()


def test_what_is_typed_is_saved(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    people: Sequence[Person],
    card: PersonCard,
):
    type_in(qtbot, card.fields.full_name, "Anna Orlova")
    card.fields.extra.item(0, 1).setText("Омск")
    card.fields.extra.item(1, 0).setText("Note")
    card.fields.extra.item(1, 1).setText("VIP")
    click(qtbot, card.save_button)
    qtbot.waitUntil(lambda: card.saved.text() == "Saved")
    person = stored(run, engine, people[0])
    assert (person.full_name, person.extra) == ("Anna Orlova", {"Город": "Омск", "Note": "VIP"})
    assert not card.save_button.isEnabled()


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (KeyKind.USERNAME, "@a!", "is not a Telegram username"),
        (KeyKind.PHONE, "12ab", "is not a phone number"),
        (KeyKind.TELEGRAM_ID, "-1001", "is not the Telegram ID of a person"),
    ],
)
def test_a_wrong_key_is_explained_under_its_field_and_not_saved(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    people: Sequence[Person],
    card: PersonCard,
    kind: KeyKind,
    text: str,
    words: str,
):
    type_in(qtbot, card.fields.keys[kind], text)
    click(qtbot, card.save_button)
    assert words in card.fields.errors[kind].text()
    assert stored(run, engine, people[0]) == people[0]


def test_a_person_without_any_key_is_not_saved(qtbot: QtBot, card: PersonCard):
    for field in card.fields.keys.values():
        field.setFocus()
        field.selectAll()
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    click(qtbot, card.save_button)
    qtbot.waitUntil(lambda: "needs a username" in card.error.text())


def test_meeting_another_person_is_asked_about_and_can_be_declined(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    people: Sequence[Person],
    card: PersonCard,
):
    type_in(qtbot, card.fields.keys[KeyKind.USERNAME], "guest_002")
    click(qtbot, card.save_button)
    qtbot.waitUntil(card.question.isVisible)
    assert "Гость 002 (@guest_002)" in card.question.words.text()
    click(qtbot, card.question.no_button)
    assert stored(run, engine, people[0]) == people[0]
    click(qtbot, card.save_button)
    qtbot.waitUntil(card.question.isVisible)


def test_the_question_follows_the_language(
    qtbot: QtBot, people: Sequence[Person], card: PersonCard
):
    type_in(qtbot, card.fields.keys[KeyKind.USERNAME], "guest_002")
    click(qtbot, card.save_button)
    qtbot.waitUntil(card.question.isVisible)
    english = card.question.words.text()
    set_translator(load_translator("ru"))
    assert card.question.accessibleName() == card.question.words.text() != english


def test_agreeing_makes_both_one_person(
    qtbot: QtBot,
    run: Callable[..., Any],
    engine: Engine,
    audience: Audience,
    people: Sequence[Person],
    card: PersonCard,
):
    type_in(qtbot, card.fields.keys[KeyKind.USERNAME], "guest_002")
    click(qtbot, card.save_button)
    qtbot.waitUntil(card.question.isVisible)
    click(qtbot, card.question.yes_button)
    qtbot.waitUntil(lambda: card.saved.text() == "Saved")
    assert len(run(engine.audiences.person_ids(audience.id))) == 2
    assert stored(run, engine, people[1]).keys.username == "guest_002"


def test_closing_with_something_typed_asks_first(qtbot: QtBot, card: PersonCard):
    type_in(qtbot, card.fields.first_name, "Anna")
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert card.isVisible()
    assert "not saved" in card.question.words.text()
    with qtbot.waitSignal(card.finished):
        click(qtbot, card.question.no_button)


def test_what_is_typed_survives_a_change_elsewhere(
    qtbot: QtBot, run: Callable[..., Any], engine: Engine, audience: Audience, card: PersonCard
):
    type_in(qtbot, card.fields.first_name, "Anna")
    run(engine.audiences.rename(audience.id, "May"))
    qtbot.waitUntil(lambda: rows_of(card.past.tables[0])[0][1] == "May")
    assert card.fields.first_name.text() == "Anna"
    assert card.save_button.isEnabled()


def test_her_tasks_are_shown_and_lead_there(
    qtbot: QtBot,
    window: MainWindow,
    run: Callable[..., Any],
    engine: Engine,
    audience: Audience,
    card: PersonCard,
):
    task = run(engine.tasks.create(NewTask(TaskKind.MESSAGE, audience.id, text="Hello")))
    qtbot.waitUntil(lambda: len(rows_of(card.past.tables[1])) == 1)
    assert rows_of(card.past.tables[1])[0][:2] == [task.name, "Waiting for their turn"]
    card.past.tables[1].row_opened.emit(card.past.tasks.rows[0])
    assert window.tabs.currentIndex() == Tab.TASKS
    qtbot.waitUntil(lambda: window.tabs.tasks.page.header.name.text() == task.name)


def test_do_not_contact_needs_one_reason_and_shows_at_once(
    qtbot: QtBot, window: MainWindow, card: PersonCard
):
    card.past.setCurrentIndex(3)
    click(qtbot, card.past.forbid_button)
    form = open_form(SmallForm)
    form.findChild(QLineEdit).setText("asked by phone")
    click(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: len(rows_of(card.past.tables[3])) == 1)
    assert rows_of(card.past.tables[3])[0][1::2] == ["asked by phone", "In force"]
    assert not card.past.forbid_button.isVisible()


def test_the_task_page_opens_the_card(
    qtbot: QtBot,
    window: MainWindow,
    run: Callable[..., Any],
    engine: Engine,
    audience: Audience,
):
    task = run(engine.tasks.create(NewTask(TaskKind.MESSAGE, audience.id, text="Hello")))
    window.tabs.tasks.open_task(task.id)
    table = window.tabs.tasks.page.people.table
    qtbot.waitUntil(lambda: rows_of(table) != [] and rows_of(table)[0][1] != "…")
    table.choose_position(1)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    card = open_form(PersonCard)
    qtbot.waitUntil(lambda: card.heading.text() == "Гость 002 (@guest_002)")


@pytest.mark.parametrize("lifted", [False, True])
def test_an_opt_out_leads_to_its_entry_in_the_list(
    qtbot: QtBot,
    window: MainWindow,
    run: Callable[..., Any],
    engine: Engine,
    people: Sequence[Person],
    card: PersonCard,
    lifted: bool,
):
    run(engine.do_not_contact.add_person(people[0].id, "by phone"))
    if lifted:
        entry = run(engine.do_not_contact.entries())[0]
        run(engine.do_not_contact.contact_again(entry.id, "asked for it"))
    qtbot.waitUntil(card.past.listed_button.isEnabled)
    card.past.listed_requested.emit()
    section = window.tabs.import_sections.do_not_contact
    qtbot.waitUntil(section.isVisible)
    qtbot.waitUntil(lambda: section.shown.found == 1)
    assert section.pages.currentIndex() == lifted
