"""No letter leads to two places at once, in either language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from invite_desktop.ui.translations import load_translator, set_translator
from tests.ui.conftest import Speeds
from tests.ui.furnished import fill, seen_by_server
from tests.ui.letters import shared_letters
from tests.ui.moments import MOMENTS
from tests.ui.usable import lead_to
from tests.ui.views import DIALOGS, SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.ui.views import View

SETTLING_MS = 120


@pytest.mark.parametrize("view", [*SCREENS, *DIALOGS, *MOMENTS], ids=lambda view: view.name)
def test_a_letter_leads_to_one_place(
    qtbot: QtBot, engine: FakeEngine, make_window: Callable[..., MainWindow], view: View
):
    if not view.empty:
        fill(engine)
    info = replace(Speeds().rehearsal(), server=seen_by_server(engine)) if view.rehearses else None
    window = make_window(info, first_start=view.first, may_close=view.name != "closing")
    assert in_both_languages(qtbot, window, view) == []


def in_both_languages(qtbot: QtBot, window: MainWindow, view: View) -> Sequence[str]:
    """Return which letters of a view lead to two places, in English or in Russian."""
    lead_to(qtbot, window, view, SETTLING_MS)
    found = shared_letters(window)
    set_translator(load_translator("ru"))
    return [*found, *shared_letters(window)]


def test_a_letter_used_twice_is_noticed(qtbot: QtBot):
    window = QWidget()
    qtbot.addWidget(window)
    column, field = QVBoxLayout(window), QLineEdit()
    title = QLabel("&Name")
    title.setBuddy(field)
    for each in (title, field, QPushButton("&Next"), QPushButton("&Back"), QLabel("&No key")):
        column.addWidget(each)
    window.show()
    qtbot.waitExposed(window)
    assert shared_letters(window) == ["N: &Name | &Next"]
