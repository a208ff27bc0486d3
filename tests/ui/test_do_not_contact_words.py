"""The user's own words for "no more messages"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.do_not_contact.forms import OptOutWordsForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


def test_the_words_are_shown_and_kept(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.replies.kept = ["мимо", "не интересно*"]
    form = OptOutWordsForm(window.context, window)
    qtbot.waitUntil(lambda: form.patterns.toPlainText() == "мимо\nне интересно*")
    form.patterns.setPlainText("no thanks\n\n")
    form.yes_button.click()
    qtbot.waitUntil(lambda: engine.replies.kept == ["no thanks"])


def test_a_refused_word_is_said_inside(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.replies.refusal = KnownError(message("These are no words."))
    form = OptOutWordsForm(window.context, window)
    form.patterns.setPlainText("!")
    form.yes_button.click()
    qtbot.waitUntil(form.error.isVisible)
    assert "no words" in form.error.text()
