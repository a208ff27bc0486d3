"""A view that is open when the language changes says what one says that is opened afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from invite_desktop.ui.translations import load_translator, set_translator
from tests.ui.conftest import Speeds
from tests.ui.furnished import fill, seen_by_server
from tests.ui.moments import MOMENTS
from tests.ui.usable import lead_to
from tests.ui.views import DIALOGS, SCREENS
from tests.ui.wording import texts_of, type_into, typed_into

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.ui.views import View

SETTLING_MS = 120
TYPING_MS = 600
"""After so long without a key every field has looked at what was typed."""
TYPED = "Моё 7"
REPEATED = [view for view in MOMENTS if not view.once]


def open_view(qtbot: QtBot, window: MainWindow, view: View) -> None:
    """Lead to a view, and wait until it has come to rest."""
    window.presence.begin()
    qtbot.wait(SETTLING_MS)
    lead_to(qtbot, window, view, SETTLING_MS)


def differences(switched: Counter[str], opened: Counter[str]) -> list[str]:
    """Return which texts stand in one of two windows only."""
    return [
        *(f"stays: {text}" for text in (switched - opened)),
        *(f"is missing: {text}" for text in (opened - switched)),
    ]


def speak(language: str) -> None:
    """Change the language of the program."""
    set_translator(load_translator(language))


@pytest.fixture(params=(*SCREENS, *DIALOGS, *REPEATED), ids=lambda view: view.name)
def view(request: pytest.FixtureRequest) -> View:
    return request.param


@pytest.fixture
def new_window(
    view: View, engine: FakeEngine, make_window: Callable[..., MainWindow]
) -> Callable[[], MainWindow]:
    if not view.empty:
        fill(engine)
    info = replace(Speeds().rehearsal(), server=seen_by_server(engine)) if view.rehearses else None

    def make() -> MainWindow:
        return make_window(info, first_start=view.first, may_close=view.name != "closing")

    return make


def check(qtbot: QtBot, new_window: Callable[[], MainWindow], view: View) -> None:
    """Compare a view that is open while the language changes with one opened afterwards."""
    window = new_window()
    open_view(qtbot, window, view)
    type_into(window, TYPED)
    qtbot.wait(TYPING_MS)
    before = typed_into(window)
    speak("ru")
    qtbot.wait(SETTLING_MS)
    # What the program itself suggests may be said anew.
    assert typed_into(window).count(TYPED) == before.count(TYPED)
    switched = texts_of(window)
    window.hide()
    other = new_window()
    open_view(qtbot, other, view)
    type_into(other, TYPED)
    qtbot.wait(TYPING_MS)
    assert differences(switched, texts_of(other)) == []


def test_another_language_changes_every_text_and_nothing_that_was_typed(
    qtbot: QtBot, new_window: Callable[[], MainWindow], view: View
):
    check(qtbot, new_window, view)
