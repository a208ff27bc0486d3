"""Every view can be used without a mouse, read aloud, and seen whole on a small screen."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QDialog

import invite_desktop.ui
from invite_desktop.ui.translations import load_translator, set_translator
from invite_desktop.ui.widgets.bars import BarCard
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table
from tests.ui.conftest import Speeds
from tests.ui.furnished import fill, seen_by_server
from tests.ui.moments import MOMENTS
from tests.ui.usable import complaints, controls, lead_to
from tests.ui.views import DIALOGS, SCREENS, VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.ui.views import View

SETTLING_MS = 120
LEFT_OUT = frozenset({"invite_desktop.ui.do_not_contact.forms.ContactAgainForm"})
"""A form of one line of text, tried in test_do_not_contact_screen."""


@pytest.fixture(params=(*SCREENS, *DIALOGS), ids=lambda view: view.name)
def view(request: pytest.FixtureRequest) -> View:
    return request.param


@pytest.fixture
def window(view: View, engine: FakeEngine, make_window: Callable[..., MainWindow]) -> MainWindow:
    if not view.empty:
        fill(engine)
    info = replace(Speeds().rehearsal(), server=seen_by_server(engine)) if view.rehearses else None
    return make_window(info, first_start=view.first, may_close=view.name != "closing")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_everybody_can_use_it(qtbot: QtBot, window: MainWindow, view: View, language: str):
    set_translator(load_translator(language))
    qtbot.wait(SETTLING_MS)
    assert complaints(qtbot, window, view, SETTLING_MS) == []


@pytest.mark.parametrize("view", MOMENTS, ids=lambda view: view.name, indirect=True)
def test_everybody_can_use_it_somewhat_later(qtbot: QtBot, window: MainWindow, view: View):
    set_translator(load_translator("ru"))
    qtbot.wait(SETTLING_MS)
    assert complaints(qtbot, window, view, SETTLING_MS) == []


def test_every_table_remembers_its_columns(qtbot: QtBot, window: MainWindow, view: View):
    lead_to(qtbot, window, view, SETTLING_MS)
    tables = [each for each in window.findChildren(Table) if not in_a_card(each)]
    assert [each.accessibleName() for each in tables if not each.remembers] == []


def in_a_card(table: Table) -> bool:
    """Return whether a table is a chart: its two columns share what room there is."""
    return isinstance(table.parentWidget(), BarCard)


@pytest.mark.parametrize("view", SCREENS[:1], ids=["tasks"], indirect=True)
def test_a_window_has_controls_at_all(window: MainWindow):
    assert len(controls(window)) > 6


def every(kind: type) -> Iterator[type]:
    for below in kind.__subclasses__():
        yield below
        yield from every(below)


def test_no_screen_or_dialog_of_the_program_is_left_out():
    for module in pkgutil.walk_packages(invite_desktop.ui.__path__, "invite_desktop.ui."):
        importlib.import_module(module.name)
    made = {*every(QDialog), *every(Screen)}
    bases = "invite_desktop.ui.widgets."
    ours = {
        each
        for each in made
        if each.__module__.startswith("invite_desktop.ui.")
        and not each.__module__.startswith(bases)
    }
    shown = {view.shows for view in VIEWS}
    assert {f"{each.__module__}.{each.__name__}" for each in ours - shown} == LEFT_OUT
