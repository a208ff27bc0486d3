"""Texts, dates and numbers in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.messages import counted, message
from invite_desktop.ui.translations import (
    anew,
    joined,
    language_changed,
    load_translator,
    set_translator,
    show,
    tr,
    tr_n,
)
from tests.ui.conftest import tiny_translator

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def russian(english: None):
    set_translator(tiny_translator("ru"))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 человек"),
        (2, "2 человека"),
        (5, "5 человек"),
        (21, "21 человек"),
        (111, "111 человек"),
    ],
)
def test_russian_has_three_plurals(russian: None, count: int, words: str):
    assert tr_n("{count} person", "{count} people", count) == words


@pytest.mark.parametrize(
    ("context", "text", "words"),
    [
        ("QFileDialog", "&Look in:", "Перейти к:"),
        ("QFileDialog", "Files of &type:", "Типы файлов:"),
        ("QFileDialog", "File &name:", "&Имя файла:"),
        ("QAbstractFileIconProvider", "Folder", "Папка"),
        ("QFileDialog", "Nobody's text", "Nobody's text"),
    ],
)
def test_the_dialogs_of_qt_are_russian_as_well(
    qapp: QApplication, russian: None, context: str, text: str, words: str
):
    assert qapp.translate(context, text) == words


def test_an_unknown_text_stays_english(russian: None):
    assert tr("Nobody has translated {this}.", this="it") == "Nobody has translated it."


def test_a_message_inside_a_message_is_translated(russian: None):
    inner = counted("{count} person", "{count} people", 3)
    assert show(message("{people}!", people=inner)) == "3 человека!"


def test_texts_that_were_joined_are_said_anew_as_a_whole(english: None):
    people = tr_n("{count} person", "{count} people", 3)
    text = joined("{Anna}", joined(people, people, by=", "), by=": {}")
    assert text == "{Anna}: {}3 people, 3 people"
    set_translator(tiny_translator("ru"))
    assert anew(text) == "{Anna}: {}3 человека, 3 человека"


def test_numbers_are_grouped_as_the_language_does(russian: None):
    assert tr("{n}", n=12_345) == "12\N{NO-BREAK SPACE}345"
    set_translator(load_translator("en"))
    assert tr("{n}", n=12_345) == "12,345"


def test_a_moment_of_today_is_an_hour():
    translator = load_translator("en")
    now = datetime(2025, 12, 8, 9, 30, tzinfo=UTC)
    assert translator.moment(now, now) == f"{now.astimezone():%H:%M}"


def test_a_moment_of_another_year_tells_the_year():
    translator = load_translator("en")
    now = datetime(2025, 12, 8, 9, 30, tzinfo=UTC)
    assert "2024" in translator.moment(now - timedelta(days=400), now)
    assert "2025" not in translator.moment(now - timedelta(days=40), now)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=20), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=2, hours=1), "2 d 1 h"),
    ],
)
def test_a_length_of_time_has_two_units(length: timedelta, words: str):
    assert load_translator("en").value(length) == words


def test_a_date_has_its_month_in_letters():
    assert load_translator("en").value(date(2025, 12, 14)) == "14 Dec 2025"


def test_another_language_is_announced(qtbot: QtBot):
    with qtbot.waitSignal(language_changed().changed):
        set_translator(tiny_translator("ru"))
