"""A view that is open when the language changes says what one says that is opened afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.statistics.log_filter import Span
from invite_desktop.ui.statistics.log_view import LogView
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.tasks.create_form import CreateForm
from invite_desktop.ui.tasks.reach_tab import ReachTab
from invite_desktop.ui.tasks.request_tab import RequestTab
from invite_desktop.ui.tasks.schedule_field import Start
from invite_desktop.ui.tasks.stay_tab import StayTab
from invite_desktop.ui.translations import load_translator, set_translator
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.fakes.server_view import FakeServer
from tests.ui.conftest import Speeds
from tests.ui.furnished import fill
from tests.ui.usable import lead_to
from tests.ui.views import DIALOGS, INVITING, SCREENS, View
from tests.ui.wording import texts_of, type_into, typed_into

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.ui.views import Do

SETTLING_MS = 120
TYPING_MS = 600
"""After so long without a key every field has looked at what was typed."""
TYPED = "Моё 7"


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


def _form_of_everything(window: MainWindow) -> None:
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    form.kind.choose(TaskKind.MESSAGE)
    form.when.start.choose(Start.AT_A_TIME)
    form.when.limited.setChecked(True)
    form.create_button.click()


def _log_of_a_period(window: MainWindow) -> None:
    window.tabs.go_to(Tab.STATISTICS)
    window.tabs.statistics.pages.setCurrentIndex(1)
    window.tabs.statistics.log.filter.span.choose(Span.PERIOD)


def _phone(window: MainWindow) -> bool:
    dialog = window.findChild(AddAccountDialog)
    dialog.api_page.api_id.setText("12345")
    dialog.api_page.api_hash.setText("0f" * 16)
    dialog.next_button.click()
    return dialog.phone_page.isVisible()


def _code(window: MainWindow) -> bool:
    dialog = window.findChild(AddAccountDialog)
    dialog.phone_page.phone.setText("+7 900 000-00-01")
    dialog.next_button.click()
    return dialog.code_page.isVisible()


def _on_the_list(action: str) -> Do:
    def act(window: MainWindow) -> bool:
        tasks = window.tabs.tasks.list
        tasks.choose(2)
        getattr(tasks.actions_on_tasks, action).trigger()
        return bool(window.findChildren(SmallForm))

    return act


def _link_tab(place: int) -> Do:
    def show(window: MainWindow) -> bool:
        page = window.tabs.tasks.page
        if page.link.panel is None:
            page.show_link()
            return False
        page.link.panel.tabs.setCurrentIndex(place)
        return True

    return show


_ADD: Do = lambda window: window.menus.add_account.trigger()  # noqa: E731 - a step as the others

_PAGE: Do = lambda window: window.tabs.tasks.open_task(INVITING)  # noqa: E731 - a step as the others

FURTHER = (
    View("form_of_everything", CreateForm, (_form_of_everything,)),
    View("log_of_a_period", LogView, (_log_of_a_period,)),
    View("phone_of_an_account", AddAccountDialog, (_ADD, _phone)),
    View("code_of_an_account", AddAccountDialog, (_ADD, _phone, _code)),
    View("requests_to_join", RequestTab, (_PAGE, _link_tab(1))),
    View("only_by_link", ReachTab, (_PAGE, _link_tab(2))),
    View("who_stayed", StayTab, (_PAGE, _link_tab(3))),
    View("name_of_a_task", SmallForm, (_on_the_list("rename"),)),
    View("schedule_of_a_task", SmallForm, (_on_the_list("reschedule"),)),
)
"""Views as they are somewhat later."""


@pytest.fixture(params=(*SCREENS, *DIALOGS, *FURTHER), ids=lambda view: view.name)
def view(request: pytest.FixtureRequest) -> View:
    return request.param


@pytest.fixture
def new_window(
    view: View, engine: FakeEngine, make_window: Callable[..., MainWindow]
) -> Callable[[], MainWindow]:
    if not view.empty:
        fill(engine)
    info = replace(Speeds().rehearsal(), server=FakeServer()) if view.rehearses else None

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
