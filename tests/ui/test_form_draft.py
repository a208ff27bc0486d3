"""What was typed into the form outlives the window, and even a killed program."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.schedule import EVERY_DAY, Schedule, WorkingHours
from invite_desktop.domain.tasks import Priority, TaskKind
from invite_desktop.ui.tasks.form_draft import (
    NOTHING,
    FormDraft,
    draft_like,
    keep_draft,
    kept_draft,
)
from tests.fakes.engine import NOW, a_task, an_account

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.create_form import CreateForm
    from tests.fakes.engine import FakeEngine


class Kept:
    """The smallest thing that remembers."""

    def __init__(self, text: object = None) -> None:
        self.text = text

    def value(self, _key: str, default: object = None) -> object:
        return default if self.text is None else self.text

    def setValue(self, _key: str, value: object) -> None:  # noqa: N802 - Qt's own name
        self.text = value


moments = st.none() | st.datetimes(
    datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
hours = st.none() | st.builds(
    WorkingHours, st.frozensets(st.integers(0, 6), min_size=1), st.times(), st.times()
)
drafts = st.builds(
    FormDraft,
    st.text(),
    st.sampled_from(TaskKind),
    st.integers(0, 10_000),
    st.text(),
    st.text(),
    st.text(),
    st.booleans(),
    st.sampled_from(Priority),
    st.builds(Schedule, moments, hours),
)


@given(drafts)
def test_whatever_is_kept_comes_back(draft: FormDraft):
    kept = Kept()
    keep_draft(kept, draft)
    assert kept_draft(kept) == draft


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": "fax"}', "7", None, '"x"'])
def test_what_cannot_be_read_is_nothing(text: str | None):
    assert kept_draft(Kept(text)) == NOTHING


def test_a_draft_like_a_task_has_neither_its_audience_nor_its_start():
    task = replace(
        a_task(1),
        kind=TaskKind.MESSAGE,
        chat=None,
        text="Hello!\n\nBye!\n\nWrite stop",
        schedule=Schedule(NOW + timedelta(days=1), WorkingHours()),
    )
    draft = draft_like(task)
    assert (draft.text, draft.stop_line) == ("Hello!\n\nBye!", "Write stop")
    assert (draft.audience_id, draft.schedule) == (0, Schedule(None, WorkingHours()))


@pytest.fixture
def people(engine: FakeEngine) -> None:
    engine.accounts.put(an_account(1))
    engine.audiences.rows = [Audience(1, "Guests", Basis.CUSTOMERS, "g.csv", NOW, people=57)]


def filled(qtbot: QtBot, window: MainWindow) -> CreateForm:
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    qtbot.waitUntil(lambda: form.audience.choice.count() == 2)
    form.kind.choose(TaskKind.MESSAGE)
    form.chat.address.setText("@football_club")
    form.audience.choice.setCurrentIndex(1)
    form.message.text.setPlainText("Hello, {{ first_name }}!")
    qtbot.keyClicks(form.message.stop_line, "!")
    form.priority.choose(Priority.HIGH)
    form.when.show_schedule(Schedule(None, WorkingHours(EVERY_DAY, time(10), time(19))))
    qtbot.waitUntil(lambda: form.chat.check is not None)
    return form


def assert_filled(qtbot: QtBot, form: CreateForm) -> None:
    qtbot.waitUntil(lambda: form.chat.check is not None and form.audience.audience is not None)
    assert form.audience.audience.name == "Guests"
    assert form.task_kind is TaskKind.MESSAGE
    assert form.chat.address.text() == "@football_club"
    assert form.message.message == "Hello, {{ first_name }}!"
    assert form.message.stop_line.text().endswith("!")
    assert form.priority.chosen is Priority.HIGH
    assert form.when.schedule().hours.begins == time(10)


@pytest.mark.usefixtures("people")
def test_it_is_there_again_after_the_window_was_closed(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
):
    window = make_window()
    filled(qtbot, window)
    window.close()
    again = make_window()
    again.tabs.begin_task()
    assert_filled(qtbot, again.tabs.tasks.form)


@pytest.mark.usefixtures("people")
def test_it_is_in_the_file_a_moment_after_the_last_key(
    qtbot: QtBot, make_window: Callable[..., MainWindow], settings: QSettings, tmp_path: Path
):
    filled(qtbot, make_window())
    # A program that is killed says nothing more: what counts is what another one can read.
    file = tmp_path / "window.ini"

    def read() -> FormDraft:
        return kept_draft(QSettings(str(file), QSettings.Format.IniFormat))

    qtbot.waitUntil(lambda: file.exists() and read().priority is Priority.HIGH)
    assert read().audience_id == 1
    assert read().text == "Hello, {{ first_name }}!"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("made", [True, False], ids=["made", "reset"])
def test_it_is_forgotten_once_it_was_used(
    qtbot: QtBot, make_window: Callable[..., MainWindow], settings: QSettings, made: bool
):
    form = filled(qtbot, make_window())
    (form.create_button if made else form.reset_button).click()
    qtbot.waitUntil(lambda: form.audience.audience is None)
    form.window().close()
    assert kept_draft(settings) == NOTHING


@pytest.mark.usefixtures("people")
def test_an_audience_that_is_brought_along_goes_before_the_kept_one(
    qtbot: QtBot, make_window: Callable[..., MainWindow], engine: FakeEngine, settings: QSettings
):
    engine.audiences.rows.append(Audience(2, "New", Basis.CUSTOMERS, "n.csv", NOW, people=3))
    keep_draft(settings, FormDraft(address="@football_club", audience_id=1))
    window = make_window()
    window.tabs.begin_task(2)
    form = window.tabs.tasks.form
    qtbot.waitUntil(lambda: form.chat.check is not None and form.audience.audience is not None)
    assert form.audience.audience.name == "New"
    assert form.chat.address.text() == "@football_club"


def test_a_start_time_that_has_passed_meanwhile_is_said_beside_it(
    make_window: Callable[..., MainWindow], settings: QSettings
):
    keep_draft(settings, FormDraft(schedule=Schedule(NOW - timedelta(days=1))))
    window = make_window()
    window.tabs.begin_task()
    assert "passed already" in window.tabs.tasks.form.when.error.text()
