"""The form for a new task."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.forecast import Forecast
from invite_desktop.domain.messages import message
from invite_desktop.domain.schedule import WorkingHours
from invite_desktop.domain.shortening import Shortening, ShorteningKind
from invite_desktop.domain.tasks import Priority, TaskKind
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.ui.imports.import_dialog import ImportDialog
from tests.fakes.engine import NOW, an_account
from tests.ui.conftest import drop_files

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton, QWidget
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.create_form import CreateForm
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def form(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.accounts.put(an_account(1))
    engine.accounts.put(an_account(2, AccountState.SWITCHED_OFF))
    engine.audiences.rows = [
        Audience(1, "Guests", Basis.CUSTOMERS, "guests.csv", NOW, people=57),
        Audience(2, "Bought", Basis.UNKNOWN, "bought.csv", NOW, people=9),
    ]
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    qtbot.waitUntil(lambda: form.audience.choice.count() == 3)
    return form


def type_link(qtbot: QtBot, form: CreateForm, text: str) -> None:
    form.chat.address.setText(text)
    qtbot.waitUntil(lambda: form.chat.check is not None)


def choose_audience(qtbot: QtBot, form: CreateForm, position: int = 1) -> None:
    form.audience.choice.setCurrentIndex(position)
    qtbot.waitUntil(lambda: form.audience.use is not None)


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_there_are_no_fields_for_name_delay_or_batch(form: CreateForm):
    names = [name.replace("&", "") for name in form.rows.names]
    assert names == [
        "Group or channel: ID or link *",
        "Kind",
        "Audience *",
        "Message *",
        "Priority",
        "When",
        "Safe pace",
        "Plan",
    ]


def test_a_link_is_checked_once_typing_rests(qtbot: QtBot, engine: FakeEngine, form: CreateForm):
    qtbot.keyClicks(form.chat.address, "@football_club")
    assert engine.chat_checks.asked == []
    qtbot.waitUntil(lambda: form.chat.check is not None)
    assert engine.chat_checks.asked == ["@football_club"]


def test_the_check_shows_title_and_accounts(qtbot: QtBot, form: CreateForm):
    type_link(qtbot, form, "@football_club")
    assert form.chat.findings.title.text() == "Клуб любителей футбола"
    assert "1,240 members" in form.chat.findings.facts.text()
    ready, other = [row.text() for row in form.chat.findings.findChildren(QLabel)][-2:]
    assert ready == "✓ Борис Белых: ready to invite"
    assert "switched off" in other


def test_a_late_answer_is_dropped(qtbot: QtBot, engine: FakeEngine, form: CreateForm):
    engine.chat_checks.gates["@slow_chat"] = slow = asyncio.Event()
    form.chat.address.setText("@slow_chat")
    qtbot.waitUntil(lambda: "@slow_chat" in engine.chat_checks.asked)
    type_link(qtbot, form, "@quick_club")
    slow.set()
    qtbot.wait(50)
    assert form.chat.check.address.value == "quick_club"


def test_a_text_that_is_no_link_is_refused_beside_the_field(qtbot: QtBot, form: CreateForm):
    form.chat.address.setText("what?")
    qtbot.waitUntil(form.chat.error.isVisible)
    assert "is not a link" in form.chat.error.text()
    form.chat.address.setText("@football_club")
    assert not form.chat.error.isVisible()


def test_an_audience_shows_how_much_of_it_can_be_used(qtbot: QtBot, form: CreateForm):
    choose_audience(qtbot, form)
    assert form.audience.counts.text() == (
        "52 people can be used  ·  already contacted: 3  ·  opted out: 1  ·  refused before: 1"
    )


def test_an_audience_without_basis_is_refused_beside_the_field(form: CreateForm):
    form.audience.choice.setCurrentIndex(2)
    assert "no basis" in form.audience.error.text()


def test_the_plan_is_an_honest_sentence(qtbot: QtBot, form: CreateForm):
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    qtbot.waitUntil(lambda: "done" in form.plan.text())
    assert form.plan.text().startswith(
        "52 people, 1 account ready: about 2 working days, done ≈ 11"
    )


def test_the_plan_says_what_would_make_it_shorter(
    qtbot: QtBot, engine: FakeEngine, form: CreateForm
):
    done = NOW + timedelta(days=1)
    engine.tasks.shorter = [
        Shortening(ShorteningKind.ANOTHER_ACCOUNT, Forecast(1, done)),
        Shortening(ShorteningKind.LONGER_HOURS, Forecast(1, None), WorkingHours()),
        Shortening(ShorteningKind.EVERY_DAY, Forecast(1, done), WorkingHours()),
        Shortening(ShorteningKind.FULL_TRUST, Forecast(1, done), at=done),
    ]
    type_link(qtbot, form, "@football_club")
    assert not form.shorter.isVisible()
    choose_audience(qtbot, form)
    qtbot.waitUntil(form.shorter.isVisible)
    head, *lines = form.shorter.text().splitlines()
    assert head == "What would make it shorter:"
    assert lines[0].endswith("an admin here: about 1 working day, done ≈ 9 December")
    assert lines[1].endswith("from 09:00 to 18:00: about 1 working day")
    assert "every day of the week" in lines[2]
    assert "Starting 9 December" in lines[3]
    form.kind.choose(TaskKind.MESSAGE)
    qtbot.waitUntil(lambda: "own accounts: " in form.shorter.text())


def test_the_pace_in_force_is_said(qtbot: QtBot, form: CreateForm):
    assert "at most 5 invitations an hour and 50 a day" in form.pace.text()
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    qtbot.waitUntil(lambda: "Now, 1 account ready: 15 a day." in form.pace.text())
    form.kind.choose(TaskKind.MESSAGE)
    qtbot.waitUntil(lambda: "at most 10 messages an hour and 40 a day" in form.pace.text())


def test_without_a_ready_account_the_task_can_be_created_but_not_started(
    qtbot: QtBot, engine: FakeEngine, form: CreateForm
):
    engine.accounts.rows.clear()
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    qtbot.waitUntil(lambda: not form.start_button.isEnabled())
    assert form.create_button.isEnabled()


def test_every_error_is_shown_at_once_beside_its_field(qtbot: QtBot, form: CreateForm):
    click(qtbot, form.create_button)
    assert form.chat.error.isVisible()
    assert form.audience.error.isVisible()


def test_create_makes_the_task_and_leads_back_to_the_list(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, form: CreateForm
):
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    form.priority.choose(Priority.HIGH)
    click(qtbot, form.create_button)
    qtbot.waitUntil(window.tabs.tasks.list.isVisible)
    new, stop_line = engine.tasks.made[0]
    assert (new.kind, new.audience_id, new.priority) == (TaskKind.INVITE, 1, Priority.HIGH)
    assert (new.chat.title, new.text, stop_line) == ("Клуб любителей футбола", "", None)
    assert engine.tasks.calls == []


def test_create_and_start_starts_it(qtbot: QtBot, engine: FakeEngine, form: CreateForm):
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    qtbot.waitUntil(form.start_button.isEnabled)
    click(qtbot, form.start_button)
    qtbot.waitUntil(lambda: engine.tasks.calls == [("start", 1)])


def test_a_start_that_is_refused_leaves_the_task_in_the_list(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, form: CreateForm
):
    engine.tasks.refusal = KnownError(message("No account is ready."))
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    qtbot.waitUntil(form.start_button.isEnabled)
    click(qtbot, form.start_button)
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    assert window.tabs.tasks.list.isVisible()
    assert len(engine.tasks.rows) == 1
    next(box for box in window.findChildren(QMessageBox) if box.isVisible()).reject()


def test_a_refused_creation_is_said_in_the_form(
    qtbot: QtBot, engine: FakeEngine, form: CreateForm, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(*_: object) -> None:
        raise KnownError(message("Nobody can be contacted."), message("Choose others."))

    monkeypatch.setattr(engine.tasks, "create", refuse)
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    click(qtbot, form.create_button)
    qtbot.waitUntil(form.error.isVisible)
    assert form.error.text() == "Nobody can be contacted. Choose others."
    assert form.create_button.isEnabled()
    assert form.chat.address.text() == "@football_club"


def test_a_message_needs_no_chat_and_takes_its_stop_line_along(
    qtbot: QtBot, engine: FakeEngine, form: CreateForm
):
    form.kind.choose(TaskKind.MESSAGE)
    assert not form.chat.isVisible()
    choose_audience(qtbot, form)
    form.message.text.setPlainText("Hello, {{ first_name }}!")
    click(qtbot, form.create_button)
    qtbot.waitUntil(lambda: engine.tasks.made != [])
    new, stop_line = engine.tasks.made[0]
    assert (new.kind, new.chat, new.text) == (TaskKind.MESSAGE, None, "Hello, {{ first_name }}!")
    assert "reply “stop”" in stop_line


def test_a_message_is_previewed_on_real_people(qtbot: QtBot, form: CreateForm):
    form.kind.choose(TaskKind.MESSAGE)
    choose_audience(qtbot, form)
    form.message.text.setPlainText("Hello, {{ last_name }} of {{ Город }}!")
    qtbot.waitUntil(lambda: "Петров 0 of Тверь" in form.message.preview.bubble.text())
    click(qtbot, form.message.preview.later_button)
    qtbot.waitUntil(lambda: "Петров 1 of Тверь" in form.message.preview.bubble.text())
    assert "Петров 1 of Тверь" in form.message.preview.bubble.text()
    assert "reply “stop”" in form.message.preview.bubble.text()


@pytest.mark.parametrize(
    ("text", "error"),
    [("", "has no text"), ("Hello {{", "not written right"), ("{{ Shoe }}", "no value for “Shoe”")],
)
def test_a_message_that_cannot_be_sent_is_refused_beside_the_field(
    qtbot: QtBot, form: CreateForm, text: str, error: str
):
    form.kind.choose(TaskKind.MESSAGE)
    choose_audience(qtbot, form)
    qtbot.waitUntil(lambda: form.message.preview.person is not None)
    form.message.text.setPlainText(text)
    click(qtbot, form.create_button)
    assert error in form.message.error.text()


def test_what_was_typed_stays_when_the_form_is_left(
    qtbot: QtBot, window: MainWindow, form: CreateForm
):
    type_link(qtbot, form, "@football_club")
    click(qtbot, form.back_button)
    assert window.tabs.tasks.list.isVisible()
    window.tabs.begin_task()
    assert form.chat.address.text() == "@football_club"


def test_what_is_typed_stays_while_facts_arrive(qtbot: QtBot, engine: FakeEngine, form: CreateForm):
    form.chat.address.setText("@foot")
    engine.accounts.put(an_account(3))
    engine.bus.publish(AudiencesChanged())
    qtbot.wait(250)
    assert form.chat.address.text() == "@foot"


def test_reset_empties_every_field(qtbot: QtBot, form: CreateForm):
    type_link(qtbot, form, "@football_club")
    choose_audience(qtbot, form)
    click(qtbot, form.reset_button)
    assert form.chat.address.text() == ""
    assert form.audience.audience is None
    assert not form.audience.error.isVisible()


def dropped(qtbot: QtBot, window: MainWindow, where: QWidget, path: Path) -> ImportDialog:
    """Drop a list and wait until it can be seen over the form."""
    path.write_text("Ник\n@anna_orlova\n", encoding="utf-8")
    drop_files(where, [path])
    qtbot.waitUntil(lambda: window.findChildren(ImportDialog) != [])
    dialog: ImportDialog = window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(lambda: dialog.form.preview.preview_model.rowCount() == 1)
    return dialog


@pytest.mark.parametrize("whole", [True, False], ids=["form", "field"])
def test_a_file_dropped_on_the_form_becomes_its_audience(
    qtbot: QtBot, window: MainWindow, form: CreateForm, tmp_path: Path, *, whole: bool
):
    type_link(qtbot, form, "@football_club")
    where = form if whole else form.audience.drop_area
    dialog = dropped(qtbot, window, where, tmp_path / "new guests.csv")
    dialog.form.fields.basis_field.choose(Basis.CUSTOMERS)
    click(qtbot, dialog.form.fields.import_button)
    qtbot.waitUntil(lambda: form.audience.audience is not None)
    assert form.audience.audience.name == "new guests"
    assert form.chat.address.text() == "@football_club"
    qtbot.waitUntil(form.audience.counts.isVisible)
    assert form.audience.counts.text() == (
        "52 people can be used  ·  already invited: 3  ·  opted out: 2  ·  refused before: 1"
        "  ·  duplicate rows: 4  ·  invalid rows: 4"
    )


def test_a_list_given_up_leaves_the_form_as_it_was(
    qtbot: QtBot, window: MainWindow, form: CreateForm, engine: FakeEngine, tmp_path: Path
):
    type_link(qtbot, form, "@football_club")
    dialog = dropped(qtbot, window, form, tmp_path / "new guests.csv")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChildren(ImportDialog) == [])
    assert (form.chat.address.text(), form.audience.audience) == ("@football_club", None)
    assert engine.imports.runs == []


def test_escape_stops_an_import_over_the_form_before_it_closes(
    qtbot: QtBot, window: MainWindow, form: CreateForm, engine: FakeEngine, tmp_path: Path
):
    engine.imports.gate = asyncio.Event()
    dialog = dropped(qtbot, window, form, tmp_path / "new guests.csv")
    dialog.form.fields.basis_field.choose(Basis.CUSTOMERS)
    click(qtbot, dialog.form.fields.import_button)
    qtbot.waitUntil(lambda: dialog.form.busy)
    qtbot.wait(50)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.form.busy)
    assert dialog.isVisible()
    assert engine.imports.runs == []
