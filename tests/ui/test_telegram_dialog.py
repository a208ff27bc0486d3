"""People from Telegram: whose, which, under which name and basis, and what if it is cut off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.chats import ChatInfo, ChatKind
from invite_desktop.engine.events import AccountChanged
from invite_desktop.engine.views import AdministeredChat
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.telegram_sources.telegram_dialog import TelegramDialog
from tests.fakes.engine import an_account
from tests.fakes.sources import trouble
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.fakes.sources import FakeSources

CHATS = (
    ChatInfo(777, "Клуб любителей футбола", ChatKind.SUPERGROUP, 1_240, "football_club"),
    ChatInfo(778, "Шахматы", ChatKind.BASIC_GROUP, 12),
)


@pytest.fixture
def sources(engine: FakeEngine) -> FakeSources:
    anna, boris = an_account(1), an_account(2)
    for account in (anna, boris, an_account(3, AccountState.LOGGED_OUT)):
        engine.accounts.put(account)
    engine.sources.chats = [AdministeredChat(anna, chat) for chat in CHATS]
    engine.sources.chats.append(
        AdministeredChat(boris, ChatInfo(779, "Cards", ChatKind.CHANNEL, 5))
    )
    return engine.sources


def open_dialog(qtbot: QtBot, window: MainWindow) -> TelegramDialog:
    window.tabs.go_to(Tab.IMPORT)
    click(qtbot, window.tabs.imports.telegram_button)
    qtbot.waitUntil(lambda: window.findChildren(TelegramDialog) != [])
    opened: TelegramDialog = window.findChildren(TelegramDialog)[-1]
    qtbot.waitUntil(lambda: opened.chats.model.rowCount() > 0)
    return opened


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, sources: FakeSources) -> TelegramDialog:
    return open_dialog(qtbot, window)


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def titles(dialog: TelegramDialog) -> list[str]:
    return [row[0] for row in rows_of(dialog.chats.table)]


def test_chats_of_the_chosen_account_are_offered(dialog: TelegramDialog):
    assert len(dialog.account.values) == 2
    assert titles(dialog) == ["Клуб любителей футбола", "Шахматы"]
    dialog.account.setCurrentIndex(1)
    assert titles(dialog) == ["Cards"]
    assert dialog.chats.chat is not None, "the only chat is chosen by itself"


@pytest.mark.parametrize("typed", ["ФУТБОЛ", "@football", "клуб football"])
def test_a_chat_is_found_by_title_or_username(qtbot: QtBot, dialog: TelegramDialog, typed: str):
    dialog.chats.search.setText(typed)
    assert titles(dialog) == ["Клуб любителей футбола"]
    dialog.chats.search.setText("nowhere")
    assert "No chat was found" in dialog.chats.empty.text


def test_members_are_imported_and_the_report_is_shown(
    qtbot: QtBot, window: MainWindow, sources: FakeSources, dialog: TelegramDialog
):
    assert not dialog.import_button.isEnabled()
    dialog.chats.table.selectRow(1)
    assert dialog.name_field.placeholderText() == "Members of Шахматы"
    assert dialog.basis.chosen is Basis.CHAT_MEMBERS
    dialog.name_field.setText("Players")
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(window.tabs.imports.report.isVisible)
    assert sources.runs == [(Origin.CHAT, 1, Basis.CHAT_MEMBERS, "Players", 778)]


def test_without_an_account_the_next_step_is_said_and_no_chats_are_awaited(
    qtbot: QtBot, window: MainWindow
):
    window.tabs.go_to(Tab.IMPORT)
    click(qtbot, window.tabs.imports.telegram_button)
    qtbot.waitUntil(lambda: window.findChildren(TelegramDialog) != [])
    dialog = window.findChildren(TelegramDialog)[-1]
    qtbot.waitUntil(lambda: "Accounts tab" in dialog.error.text())
    qtbot.waitUntil(dialog.chats.isHidden)


@pytest.mark.parametrize(
    ("origin", "preset"),
    [(Origin.DIALOGS, Basis.WROTE_TO_ME), (Origin.CONTACTS, Basis.CUSTOMERS)],
)
def test_own_dialogues_and_contacts_need_no_chat(
    qtbot: QtBot, sources: FakeSources, dialog: TelegramDialog, origin: Origin, preset: Basis
):
    dialog.origin.choose(origin)
    assert dialog.chats.isHidden()
    assert dialog.basis.chosen is preset
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: sources.runs == [(origin, 1, preset, "")])


def test_a_wait_is_told_with_its_end(qtbot: QtBot, sources: FakeSources, dialog: TelegramDialog):
    sources.gate, sources.waits = asyncio.Event(), True
    dialog.origin.choose(Origin.CONTACTS)
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(dialog.progress.waiting.isVisible)
    assert dialog.progress.words.text() == "200 people read"
    assert "goes on by itself at" in dialog.progress.waiting.text()
    assert not dialog.import_button.isEnabled()
    sources.gate.set()
    qtbot.waitUntil(lambda: sources.runs != [])


def test_a_stopped_import_is_offered_to_be_gone_on_with(
    qtbot: QtBot, sources: FakeSources, dialog: TelegramDialog
):
    sources.gate = asyncio.Event()
    dialog.origin.choose(Origin.CONTACTS)
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: dialog.progress.words.text() == "200 people read")
    click(qtbot, dialog.progress.stop_button)
    qtbot.waitUntil(dialog.unfinished.isVisible)
    assert "is kept" in dialog.error.text()
    assert dialog.isVisible()
    sources.gate = None
    click(qtbot, button_named(dialog, "Go on with “contacts”"))
    qtbot.waitUntil(lambda: [run[3] for run in sources.runs] == ["contacts"])


def test_what_was_cut_off_before_is_offered_or_dropped(
    qtbot: QtBot, window: MainWindow, sources: FakeSources
):
    sources.cut("Talks")
    dialog = open_dialog(qtbot, window)
    qtbot.waitUntil(dialog.unfinished.isVisible)
    click(qtbot, button_named(dialog, "Drop “Talks”"))
    qtbot.waitUntil(dialog.unfinished.isHidden)
    assert sources.cut_off == []
    assert sources.runs == []


def test_a_refusal_is_said_and_the_choice_stays(
    qtbot: QtBot, sources: FakeSources, dialog: TelegramDialog
):
    sources.refusal = trouble()
    dialog.chats.table.selectRow(1)
    dialog.name_field.setText("Players")
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: "could not read this list" in dialog.error.text())
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert dialog.name_field.text() == "Players"


def test_stop_at_once_stops(qtbot: QtBot, sources: FakeSources, dialog: TelegramDialog):
    dialog.origin.choose(Origin.CONTACTS)
    dialog.import_button.click()
    dialog.progress.stop_button.click()
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert sources.runs == []
    assert dialog.isVisible()


def test_a_basis_that_forbids_sending_says_so(dialog: TelegramDialog):
    dialog.basis.choose(Basis.UNKNOWN)
    assert "only be given a link" in dialog.basis_hint.text()


def button_named(dialog: TelegramDialog, name: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == name)


def test_an_account_that_becomes_ready_can_be_chosen_at_once(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    window.tabs.go_to(Tab.IMPORT)
    click(qtbot, window.tabs.imports.telegram_button)
    qtbot.waitUntil(lambda: window.findChildren(TelegramDialog) != [])
    opened: TelegramDialog = window.findChildren(TelegramDialog)[-1]
    qtbot.waitUntil(lambda: opened.error.text().startswith("No account is ready."))
    anna = an_account(1)
    engine.sources.chats = [AdministeredChat(anna, chat) for chat in CHATS]
    engine.accounts.put(anna)
    engine.bus.publish(AccountChanged(anna.id))
    qtbot.waitUntil(lambda: opened.chats.model.rowCount() == len(CHATS))
    assert opened.error.text() == ""
