"""The audiences' screens without a mouse, read aloud, and on the smallest screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QWidget

from invite_desktop.ui.audiences.person_card import PersonCard
from invite_desktop.ui.translations import load_translator, set_translator
from tests.ui.audiences.conftest import guests, open_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from invite_desktop.ui.main_window import MainWindow

CONTROLS = (QAbstractButton, QAbstractItemView, QLineEdit)


@pytest.fixture
def page(
    qtbot: QtBot,
    put: Callable[..., Any],
    window: MainWindow,
    screen: AudiencesScreen,
) -> QWidget:
    audience = put("Webinar", guests(3))
    screen.open_audience(audience.id)
    qtbot.waitUntil(lambda: len(screen.page.table.people.ids) == 3)
    screen.page.table.choose_position(0)
    return window


@pytest.fixture
def card(
    qtbot: QtBot,
    put: Callable[..., Any],
    run: Callable[..., Any],
    engine: Engine,
    window: MainWindow,
) -> QWidget:
    audience = put("Webinar", guests(3))
    window.tabs.show_person(run(engine.audiences.person_ids(audience.id))[0])
    shown = open_form(PersonCard)
    qtbot.waitUntil(lambda: bool(shown.heading.text()))
    return shown


@pytest.fixture(params=["page-en", "page-ru", "card-en", "card-ru"])
def shown(request: pytest.FixtureRequest, qapp: QApplication) -> QWidget:
    name, language = request.param.split("-")
    set_translator(load_translator(language))
    return request.getfixturevalue(name)


def controls(shown: QWidget) -> list[QWidget]:
    found = [each for each in shown.findChildren(QWidget) if isinstance(each, CONTROLS)]
    return [
        each
        for each in found
        if each.isVisible()
        and not each.objectName().startswith("qt_")
        and not isinstance(each.parentWidget(), QLineEdit)
        and "Header" not in type(each).__name__
        and each.window() is shown
    ]


def test_every_control_has_a_name(shown: QWidget):
    nameless = [
        each
        for each in controls(shown)
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_tab_reaches_every_control(shown: QWidget):
    wanted = {
        each
        for each in controls(shown)
        if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached: set[QWidget | None] = set()
    shown.activateWindow()
    controls(shown)[0].setFocus()
    for _ in range(60):
        reached.add(QApplication.focusWidget())
        shown.focusNextChild()
    assert wanted - reached == set()


def test_everything_fits_the_smallest_screen(shown: QWidget):
    assert shown.minimumSizeHint().width() <= 1024
    assert shown.minimumSizeHint().height() <= 640
    clipped = [
        each.text()
        for each in controls(shown)
        if isinstance(each, QAbstractButton) and each.width() < each.minimumSizeHint().width()
    ]
    assert clipped == []
