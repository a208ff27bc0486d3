"""The message as everybody would get it, in the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import EntityKind, FormattedText, TextEntity
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.tasks.message_html import message_html
from invite_desktop.ui.theme import ThemeChoice, colours, set_theme
from tests.fakes.engine import NOW, an_account
from tests.fakes.telegram_world import PHOTO

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.message_field import MessageField
    from tests.fakes.engine import FakeEngine

K = EntityKind


@pytest.fixture
def field(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.audiences.rows = [Audience(1, "Guests", Basis.CUSTOMERS, "guests.csv", NOW, people=57)]
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    form.kind.choose(TaskKind.MESSAGE)
    qtbot.waitUntil(lambda: form.audience.choice.count() == 2)
    form.audience.choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: form.message.preview.person is not None)
    return form.message


def write(qtbot: QtBot, field: MessageField, text: str) -> None:
    field.preview.check = None
    field.text.setPlainText(text)
    qtbot.waitUntil(lambda: field.preview.check is not None)


def test_the_message_is_shown_as_it_will_look(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "**Hello**, {{ last_name }}")
    assert "<b>Hello</b>, Петров 0" in field.preview.bubble.text()
    assert field.preview.bubble.accessibleName().startswith("Hello, Петров 0")


def test_every_person_can_be_reached_forwards_and_backwards(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "{{ last_name }}")
    assert field.preview.place.text() == "1 of 57"
    qtbot.mouseClick(field.preview.earlier_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Петров 56" in field.preview.bubble.text())
    assert field.preview.place.text() == "57 of 57"


def test_somebody_is_found_by_name(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "{{ last_name }}")
    field.preview.search.setText("петров 33")
    qtbot.waitUntil(lambda: "Петров 33" in field.preview.bubble.text())
    field.preview.search.setText("nobody")
    qtbot.waitUntil(lambda: field.preview.who.text() == "Nobody was found.")
    assert not field.preview.bubble.isVisible()


def test_everybody_is_tried_and_the_longest_text_is_told(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "Hi {{ first_name }}")
    words = field.preview.summary.text()
    assert words.startswith("The message can be made for all 57 people. The longest has ")
    assert words.endswith(" of 4,096 characters.")


def test_those_for_whom_it_fails_are_listed_and_can_be_looked_at(qtbot: QtBot, field: MessageField):
    # A surname of one more character makes the text too long for those from the tenth on.
    room = 4096 - len(f"Петров 5\n\n{field.stop_line.text()}")
    write(qtbot, field, "x" * room + "{{ last_name }}")
    assert field.preview.failures.count() == 47
    assert "4,097" in field.preview.failures.item(0).text()
    assert "cannot be made for 47 people" in field.preview.summary.text()
    field.preview.failures.setCurrentRow(3)
    qtbot.waitUntil(lambda: "Петров 13" in field.preview.who.text())
    assert "4,097" in field.preview.trouble.text()
    assert not field.complete()
    assert "For 47 people" in field.error.text()


@pytest.mark.parametrize(
    ("mark", "enclosed"),
    [("**", "a **word** b"), ("||", "a ||word|| b"), ("https://", "a [word](https://) b")],
)
def test_a_format_is_put_around_what_is_chosen(field: MessageField, mark: str, enclosed: str):
    field.text.setPlainText("a word b")
    cursor = field.text.textCursor()
    cursor.setPosition(2)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    field.text.setTextCursor(cursor)
    field.text.enclose(mark)
    assert field.text.toPlainText() == enclosed


def test_with_nothing_chosen_one_writes_on_between_the_marks(qtbot: QtBot, field: MessageField):
    field.text.setFocus()
    qtbot.keyClick(field.text, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field.text, "bold")
    assert field.text.toPlainText() == "**bold**"


@pytest.mark.parametrize(
    ("letter", "html"),
    [
        (FormattedText("a <b> & c"), "a &lt;b&gt; &amp; c"),
        (
            FormattedText("😀ab", (TextEntity(K.BOLD, 2, 2), TextEntity(K.ITALIC, 3, 1))),
            "😀<b>a<i>b</i></b>",
        ),
        (
            FormattedText("x y", (TextEntity(K.STRIKE, 0, 1), TextEntity(K.CODE, 2, 1))),
            "<s>x</s> <code>y</code>",
        ),
        (
            FormattedText("s", (TextEntity(K.LINK, 0, 1, 'https://e.com/?"a'),)),
            '<a href="https://e.com/?&quot;a"',
        ),
    ],
)
def test_a_message_becomes_rich_text(letter: FormattedText, html: str):
    assert html in message_html(letter)


def test_the_preview_follows_the_theme(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "||secret||")
    set_theme(ThemeChoice.DARK)
    assert colours().border in field.preview.bubble.text()


def test_a_picture_is_shown_above_the_text_and_shortens_it(
    qtbot: QtBot, field: MessageField, tmp_path: Path
):
    path = tmp_path / "poster.png"
    path.write_bytes(PHOTO)
    field.file.choose(path)
    qtbot.waitUntil(lambda: field.file.attachment is not None)
    write(qtbot, field, "Come, {{ first_name }}!")
    qtbot.waitUntil(lambda: not field.preview.enclosure.pixmap().isNull())
    assert field.preview.enclosure.isVisible()
    assert "sent as a picture" in field.file.facts.text()
    assert field.preview.summary.text().endswith(" of 1,024 characters.")
    assert not field.file.previews.isVisible()


def test_a_file_can_be_left_out_again(qtbot: QtBot, field: MessageField, tmp_path: Path):
    path = tmp_path / "prices.pdf"
    path.write_bytes(b"%PDF")
    field.file.choose(path)
    qtbot.waitUntil(lambda: field.file.attachment is not None)
    assert "sent as a file" in field.file.facts.text()
    qtbot.mouseClick(field.file.remove_button, Qt.MouseButton.LeftButton)
    assert field.file.path == ""
    assert field.file.previews.isVisible()


def test_a_file_that_cannot_go_along_is_refused_beside_its_button(
    qtbot: QtBot, field: MessageField, tmp_path: Path
):
    field.file.choose(tmp_path / "gone.png")
    qtbot.waitUntil(field.file.error.isVisible)
    assert "gone.png" in field.file.error.text()


def test_what_goes_along_is_part_of_the_task(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, field: MessageField, tmp_path: Path
):
    path = tmp_path / "prices.pdf"
    path.write_bytes(b"%PDF")
    field.file.previews.setChecked(False)
    field.file.choose(path)
    qtbot.waitUntil(lambda: field.file.attachment is not None)
    write(qtbot, field, "Come!")
    qtbot.mouseClick(window.tabs.tasks.form.create_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.tasks.made != [])
    (new, _stop_line) = engine.tasks.made[0]
    assert (new.attachment, new.link_preview) == (str(path), False)
    assert field.file.path == ""


def test_a_dry_run_tells_who_would_be_contacted_and_why_not_the_others(
    qtbot: QtBot, window: MainWindow, field: MessageField
):
    write(qtbot, field, "Hi")
    found = window.tabs.tasks.form.dry_run
    qtbot.mouseClick(found.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found.result.isVisible)
    assert found.result.text().splitlines() == [
        "52 people can be used:",
        "•  30 can be reached at once",
        "•  20 must be looked up by username first",
        "•  2 cannot be reached: bare ids, and no account has met these people",
        "•  opted out: 1",
        "•  already contacted: 3",
        "•  refused before: 1",
    ]
    field.text.setPlainText("Hello")
    assert not found.result.isVisible()


def test_a_dry_run_of_a_text_that_is_not_right_says_so(
    qtbot: QtBot, window: MainWindow, field: MessageField
):
    found = window.tabs.tasks.form.dry_run
    qtbot.mouseClick(found.button, Qt.MouseButton.LeftButton)
    assert "has no text" in found.error.text()


def test_the_only_ready_account_writes_the_test_to_itself(
    qtbot: QtBot, engine: FakeEngine, field: MessageField
):
    engine.accounts.put(an_account(1))
    write(qtbot, field, "Hi {{ first_name }}")
    qtbot.mouseClick(field.self_test.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Saved Messages" in field.self_test.told.text())
    ((account_id, trial),) = engine.self_tests.sent
    assert account_id == 1
    assert trial.text.startswith("Hi {{ first_name }}\n\n")
    assert trial.person == field.preview.person


@pytest.mark.qt_log_ignore("does not support")
def test_of_several_accounts_one_is_chosen_for_the_test(
    qtbot: QtBot, engine: FakeEngine, field: MessageField
):
    for number in (1, 2):
        engine.accounts.put(an_account(number))
    write(qtbot, field, "Hi")
    qtbot.mouseClick(field.self_test.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: field.self_test.findChild(QMenu) is not None)
    menu = field.self_test.findChild(QMenu)
    menu.actions()[1].trigger()
    menu.close()
    qtbot.waitUntil(lambda: [number for number, _ in engine.self_tests.sent] == [2])


def test_a_test_that_was_refused_says_why(qtbot: QtBot, engine: FakeEngine, field: MessageField):
    engine.accounts.put(an_account(1))
    engine.self_tests.refusal = KnownError(message("It rests."))
    write(qtbot, field, "Hi")
    qtbot.mouseClick(field.self_test.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "It rests." in field.self_test.error.text())


def test_without_a_ready_account_there_is_no_test(qtbot: QtBot, field: MessageField):
    write(qtbot, field, "Hi")
    qtbot.mouseClick(field.self_test.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "No account is ready" in field.self_test.error.text())
