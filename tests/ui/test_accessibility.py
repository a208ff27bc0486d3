"""Every screen can be used without a mouse, read aloud, and seen whole on a small screen."""

from __future__ import annotations

import gettext
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QWidget,
)

from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.ui.import_sections import Section
from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.translations import Translator, home_locale, set_translator
from tests.fakes.engine import a_task, an_account
from tests.fakes.server_view import FakeServer
from tests.ui.conftest import Speeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
)


def tasks(window: MainWindow) -> None:
    window.tabs.go_to(Tab.TASKS)
    window.tabs.tasks.show_list()


def task_page(window: MainWindow) -> None:
    window.tabs.go_to(Tab.TASKS)
    window.tabs.tasks.open_task(1)


def invite_form(window: MainWindow) -> None:
    window.tabs.begin_task()


def message_form(window: MainWindow) -> None:
    window.tabs.begin_task()
    window.tabs.tasks.form.kind.choose(TaskKind.MESSAGE)


def import_start(window: MainWindow) -> None:
    window.tabs.go_to(Tab.IMPORT)


def audiences(window: MainWindow) -> None:
    window.tabs.go_to(Tab.IMPORT)
    window.tabs.import_sections.go_to(Section.AUDIENCES)


def do_not_contact(window: MainWindow) -> None:
    window.tabs.go_to(Tab.IMPORT)
    window.tabs.import_sections.go_to(Section.DO_NOT_CONTACT)


def numbers(window: MainWindow) -> None:
    window.tabs.go_to(Tab.STATISTICS)


def log(window: MainWindow) -> None:
    window.tabs.go_to(Tab.STATISTICS)
    window.tabs.statistics.pages.setCurrentIndex(1)


def accounts(window: MainWindow) -> None:
    window.tabs.go_to(Tab.ACCOUNTS)


def server(window: MainWindow) -> None:
    window.tabs.go_to(Tab.SERVER)


def account_page(window: MainWindow) -> None:
    window.tabs.go_to(Tab.ACCOUNTS)
    window.tabs.accounts.open_account(1)


def demo_accounts(window: MainWindow) -> None:
    window.tabs.go_to(Tab.SERVER)
    window.tabs.server.show_accounts()


SCREENS: list[Callable[[MainWindow], None]] = [
    tasks,
    task_page,
    invite_form,
    message_form,
    import_start,
    audiences,
    do_not_contact,
    numbers,
    log,
    accounts,
    account_page,
    server,
    demo_accounts,
]


@pytest.fixture
def window(make_window: Callable[..., MainWindow], engine: FakeEngine):
    engine.accounts.put(an_account(1))
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=30)
    return make_window(replace(Speeds().rehearsal(), server=FakeServer()))


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.__name__)
def shown(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow):
    request.param(window)
    qtbot.wait(150)
    return window


def controls(window: MainWindow) -> list[QWidget]:
    found = [each for each in window.findChildren(QWidget) if isinstance(each, CONTROLS)]
    mine = [each for each in found if each.isVisible() and not is_part_of_another(each)]
    assert len(mine) >= 4
    return mine


def is_part_of_another(widget: QWidget) -> bool:
    """Return whether Qt itself made the widget inside another control."""
    parent = widget.parentWidget()
    return isinstance(parent, QComboBox | QTabBar) or widget.objectName().startswith("qt_")


def test_every_control_has_a_name_for_screen_readers(shown: MainWindow):
    nameless = [
        each
        for each in controls(shown)
        if not isinstance(each, QAbstractItemView)
        and not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
    ]
    tables = [
        each
        for each in controls(shown)
        if isinstance(each, QAbstractItemView) and "Header" not in type(each).__name__
    ]
    assert nameless == []
    assert all(table.accessibleName() for table in tables)


def test_tab_reaches_every_control(qtbot: QtBot, shown: MainWindow):
    wanted = {
        each
        for each in controls(shown)
        if each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and "Header" not in type(each).__name__
    }
    reached: set[QWidget] = set()
    shown.activateWindow()
    shown.tabs.tabBar().setFocus()
    for _ in range(80):
        reached.add(QApplication.focusWidget())
        shown.focusNextChild()
    assert wanted - reached == set()


def test_no_button_is_narrower_than_its_words(shown: MainWindow):
    clipped = [
        each.text()
        for each in controls(shown)
        if isinstance(each, QAbstractButton) and each.width() < each.minimumSizeHint().width()
    ]
    assert clipped == []


def test_nothing_makes_the_window_larger_than_the_smallest_screen(shown: MainWindow):
    assert shown.minimumSizeHint().width() <= 1024
    assert shown.minimumSizeHint().height() <= 640
    assert (shown.width(), shown.height()) == (1024, 640)


CATALOGUE = resource_path("translations", "ru", "LC_MESSAGES", "invite_desktop.po")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_russian_fits_the_smallest_screen_too(
    qtbot: QtBot, window: MainWindow, screen: Callable[[MainWindow], None]
):
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="ru"))
    compiled.seek(0)
    set_translator(Translator(gettext.GNUTranslations(compiled), home_locale("ru")))
    screen(window)
    qtbot.wait(150)
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640
    clipped = [
        each.text()
        for each in controls(window)
        if isinstance(each, QAbstractButton) and each.width() < each.minimumSizeHint().width()
    ]
    assert clipped == []
