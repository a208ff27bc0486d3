"""The Accounts tab and the way to add an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from invite_desktop.domain.accounts import AccountState
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.names import masked_phone
from invite_desktop.ui.tabs import Tab
from tests.fakes.engine import NOW, an_account
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.accounts.accounts_screen import AccountsScreen
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    until = NOW + timedelta(days=2)
    engine.accounts.put(an_account(1))
    engine.accounts.put(an_account(2, AccountState.LIMITED, until=until, note="peer_flood"))
    window.tabs.go_to(Tab.ACCOUNTS)
    screen = window.tabs.accounts
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
    screen.table.selectRow(0)
    return screen


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def box_of(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    return next(box for box in window.findChildren(QMessageBox) if box.isVisible())


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    click(qtbot, next(button for button in box.buttons() if button.text() == text))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+79001234567", "+7900 ••• 67"),
        ("+12025550123", "+1202 ••• 23"),
        ("", ""),
        ("+1234", "+1234"),
    ],
)
def test_the_middle_of_a_phone_is_covered(phone: str, shown: str):
    assert masked_phone(phone) == shown


def test_an_account_is_a_row(screen: AccountsScreen):
    name, username, phone, state, invites, messages, _ = rows_of(screen.table)[0]
    assert (name, username, phone) == ("Борис Белых", "@club_admin_1", "+7900 ••• 01")
    assert (state, invites, messages) == ("Ready", "3 of 15", "0 of 12")


def test_a_limited_account_says_until_when_and_why(screen: AccountsScreen):
    assert rows_of(screen.table)[1][3].startswith("Limited by Telegram until 10 Dec")
    hint = screen.model.index(1, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "too many contacts" in hint


def test_check_asks_telegram_now(qtbot: QtBot, engine: FakeEngine, screen: AccountsScreen):
    screen.check.trigger()
    qtbot.waitUntil(lambda: engine.accounts.calls == [("check", 1)])


def test_an_account_can_be_switched_off_and_on(qtbot: QtBot, screen: AccountsScreen):
    screen.switch.trigger()
    qtbot.waitUntil(lambda: rows_of(screen.table)[0][3] == "Switched off")
    qtbot.waitUntil(lambda: screen.switch.text() == "&Switch on")
    screen.switch.trigger()
    qtbot.waitUntil(lambda: rows_of(screen.table)[0][3] == "Ready")


@pytest.mark.parametrize(("answer", "calls"), [("Log out", [("log_out", 1)]), ("Cancel", [])])
def test_logging_out_asks_first(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    screen: AccountsScreen,
    answer: str,
    calls: list[tuple[str, int]],
):
    screen.log_out.trigger()
    box = box_of(qtbot, window)
    assert box.text() == "Log out Борис Белых?"
    press(qtbot, box, answer)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2 - len(calls))
    assert engine.accounts.calls == calls


def test_without_accounts_it_says_what_to_do_next(qtbot: QtBot, window: MainWindow):
    window.tabs.go_to(Tab.ACCOUNTS)
    assert "keyring" in window.tabs.accounts.empty.text
    window.tabs.accounts.empty.acted.emit()
    qtbot.waitUntil(lambda: window.findChild(AddAccountDialog) is not None)
    window.findChild(AddAccountDialog).reject()
