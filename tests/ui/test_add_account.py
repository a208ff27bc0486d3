"""The dialog that adds an account."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.login import LoginState
from invite_desktop.engine.ports.login import ApiCredentials, LoginRefusedError, RefusalKind
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.login_steps import API_SITE
from invite_desktop.ui.tabs import Tab
from tests.ui.conftest import Speeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

PHONE = "+7 900 000-00-01"


@pytest.fixture
def known(engine: FakeEngine) -> None:
    engine.accounts.credentials = ApiCredentials(7, "abc")


@pytest.fixture
def open_dialog(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> Iterator[Callable[[], AddAccountDialog]]:
    windows = []

    def open_it(*, rehearsing: bool = True) -> AddAccountDialog:
        window = make_window(Speeds().rehearsal() if rehearsing else None)
        windows.append(window)
        window.tabs.go_to(Tab.ACCOUNTS)
        window.tabs.accounts.add_account()
        dialog = window.findChild(AddAccountDialog)
        qtbot.waitUntil(dialog.next_button.isEnabled)
        return dialog

    yield open_it
    for window in windows:
        window.close()


@pytest.fixture
def dialog(open_dialog: Callable[[], AddAccountDialog]) -> AddAccountDialog:
    return open_dialog()


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def idle(qtbot: QtBot, dialog: AddAccountDialog) -> None:
    qtbot.waitUntil(dialog.next_button.isEnabled)


def give(qtbot: QtBot, dialog: AddAccountDialog, *texts: str) -> None:
    fields = [field for field in dialog.page.fields if isinstance(field, QLineEdit)]
    for field, text in zip(fields, texts, strict=True):
        field.setText(text)
    click(qtbot, dialog.next_button)
    idle(qtbot, dialog)


def state_of(dialog: AddAccountDialog) -> LoginState:
    return dialog.state


def test_the_api_id_is_asked_for_once(qtbot: QtBot, engine: FakeEngine, dialog: AddAccountDialog):
    assert dialog.page is dialog.api_page
    give(qtbot, dialog, "12345", "0123abcd")
    assert dialog.page is dialog.phone_page
    assert engine.accounts.credentials == ApiCredentials(12_345, "0123abcd")
    assert dialog.phone_page.unchecked.isHidden()


def test_the_way_to_an_api_id_is_one_click(
    qtbot: QtBot, dialog: AddAccountDialog, monkeypatch: pytest.MonkeyPatch
):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    click(qtbot, dialog.api_page.site)
    assert opened == [API_SITE]
    assert "my.telegram.org" in dialog.api_page.words.text()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("x", "abc"), "api_id is a number"),
        (("5", ""), "api_id is a number"),
        (("1", "a"), "not know"),
    ],
)
def test_a_wrong_api_id_is_refused_beside_the_field(
    qtbot: QtBot, dialog: AddAccountDialog, texts: tuple[str, ...], words: str
):
    give(qtbot, dialog, *texts)
    assert dialog.page is dialog.api_page
    assert words in dialog.api_page.error.text()


def test_without_network_it_says_that_nobody_checked(
    qtbot: QtBot, engine: FakeEngine, dialog: AddAccountDialog
):
    engine.accounts.offline = True
    give(qtbot, dialog, "12345", "0123abcd")
    assert dialog.page is dialog.phone_page
    assert "not checked" in dialog.phone_page.unchecked.text()


def test_the_api_id_may_be_changed(qtbot: QtBot, known: None, dialog: AddAccountDialog):
    click(qtbot, dialog.phone_page.api_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.api_page)


def test_phone_and_code_add_the_account(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    assert dialog.code_page.words.text() == (
        "Telegram sent a code to your Telegram app, for +7900 ••• 01. It has 5 digits."
    )
    assert dialog.code_page.hint.text() == "Rehearsal: the code is 12345"
    give(qtbot, dialog, "12 345")
    assert dialog.page is dialog.done_page
    assert engine.accounts.login.steps == ["phone +79000000001", "code", "kept 1"]
    click(qtbot, dialog.next_button)
    assert len(engine.accounts.rows) == 1


@pytest.mark.parametrize("phone", ["", "7 900", "abc", "+7 "])
def test_a_text_that_is_no_phone_is_refused_beside_the_field(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog, phone: str
):
    give(qtbot, dialog, phone)
    assert dialog.phone_page.error.text().startswith("Type the phone with its country code")
    assert engine.accounts.login.steps == []


def test_the_phone_is_formatted_while_it_is_typed(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    field = dialog.phone_page.phone
    field.clear()
    QTest.keyClicks(field, "+4915112345678")
    assert field.text() == "+49 1511 2345678"
    assert dialog.phone_page.country.region == "DE"
    field.setCursorPosition(3)
    QTest.keyClicks(field, "1")
    assert field.cursorPosition() <= 5
    assert field.phone == "+49115112345678"


def test_a_phone_may_be_pasted_after_the_calling_code(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    field = dialog.phone_page.phone
    field.change_country("RU")
    QGuiApplication.clipboard().setText("8 (900) 123-45-67")
    field.end(False)
    field.paste()
    assert field.text() == "+7 900 123-45-67"


@pytest.mark.parametrize("words", ["герм", "German", "+49", "DE"])
def test_a_country_is_found_by_any_of_its_names(
    qtbot: QtBot, known: None, dialog: AddAccountDialog, words: str
):
    picker = dialog.phone_page.country
    finder = picker.completer()
    finder.setCompletionPrefix(words)
    found = [
        str(finder.completionModel().index(row, 0).data())
        for row in range(finder.completionModel().rowCount())
    ]
    assert "Germany (+49)" in found


def test_choosing_a_country_changes_the_calling_code(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    picker = dialog.phone_page.country
    row = picker.findText("Germany (+49)")
    picker.activated.emit(row)
    assert dialog.phone_page.phone.text() == "+49 "
    assert picker.region == "DE"


def test_what_is_no_country_gives_way_to_the_last_one(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    picker = dialog.phone_page.country
    before = picker.currentText()
    picker.setFocus()
    picker.setEditText("Atlantis")
    dialog.phone_page.phone.setFocus()
    assert picker.currentText() == before


def test_the_last_digit_of_the_code_sends_it(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    QTest.keyClicks(dialog.code_page.code, "1234")
    assert engine.accounts.login.steps == ["phone +79000000001"]
    QTest.keyClicks(dialog.code_page.code, "5")
    qtbot.waitUntil(lambda: dialog.page is dialog.done_page)


@pytest.mark.parametrize("pasted", ["12-345", "Код: 12345", " 1 2 3 4 5 "])
def test_a_pasted_code_sends_itself(
    qtbot: QtBot, known: None, dialog: AddAccountDialog, pasted: str
):
    give(qtbot, dialog, PHONE)
    QGuiApplication.clipboard().setText(pasted)
    dialog.code_page.code.paste()
    qtbot.waitUntil(lambda: dialog.page is dialog.done_page)


def test_the_code_comes_again_in_the_named_way(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    assert dialog.code_page.again_button.text() == "Send it &again by text message"
    click(qtbot, dialog.code_page.again_button)
    qtbot.waitUntil(lambda: "by text message" in dialog.code_page.words.text())
    assert dialog.code_page.again_button.isHidden()
    assert engine.accounts.login.steps[-1] == "again"


def test_before_its_time_the_code_cannot_come_again(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    login = engine.accounts.login
    login.sent = type(login.sent)("", login.sent.where, 5, login.sent.next_way, 90.0)
    give(qtbot, dialog, PHONE)
    assert not dialog.code_page.again_button.isEnabled()
    assert dialog.code_page.countdown.text() in {"in 1:30", "in 1:29"}
    dialog.code_page.show_sent(replace(login.sent, resend_after=0.1))
    assert not dialog.code_page.again_button.isEnabled()
    qtbot.waitUntil(dialog.code_page.again_button.isEnabled)
    assert dialog.code_page.countdown.text() == ""


def test_an_expired_code_offers_a_new_one_at_once(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    engine.accounts.login.refusal = LoginRefusedError(
        message("The code has expired."), message("Ask for a new code."), RefusalKind.CODE_EXPIRED
    )
    give(qtbot, dialog, "12345")
    assert dialog.code_page.error.text() == "The code has expired. Ask for a new code."
    assert dialog.code_page.again_button.text() == "Send a new co&de"
    click(qtbot, dialog.code_page.again_button)
    qtbot.waitUntil(lambda: engine.accounts.login.steps[-1] == "phone +79000000001")


def test_a_wrong_code_is_refused_and_can_be_typed_again(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    give(qtbot, dialog, "99999")
    assert dialog.code_page.error.text() == "This code is wrong. Type it once more."
    give(qtbot, dialog, "12345")
    assert dialog.page is dialog.done_page


def test_the_two_step_password_is_asked_for_with_its_hint(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    engine.accounts.login.needs_password = True
    give(qtbot, dialog, PHONE)
    give(qtbot, dialog, "12345")
    page = dialog.password_page
    assert dialog.page is page
    assert page.owners_hint.text() == "Your own hint: grey and hungry"
    assert "Forgot password" in page.forgotten.text()
    give(qtbot, dialog, "bear")
    assert page.error.text() == "This password is wrong."
    give(qtbot, dialog, "wolf")
    assert dialog.page is dialog.done_page


def test_the_password_can_be_shown_and_covered(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    page = dialog.password_page
    assert page.password.echoMode() is QLineEdit.EchoMode.Password
    page.shown.setChecked(True)
    assert page.password.echoMode() is QLineEdit.EchoMode.Normal
    page.begin()
    assert page.password.echoMode() is QLineEdit.EchoMode.Password


def test_a_scanned_code_adds_the_account(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    click(qtbot, dialog.phone_page.qr_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.qr_page)
    assert not dialog.qr_page.picture.is_empty
    assert dialog.next_button.isHidden()
    assert dialog.qr_page.picture.accessibleName() == "QR code for logging in"
    engine.accounts.login.scan()
    qtbot.waitUntil(lambda: dialog.page is dialog.done_page)


def test_a_refused_qr_code_can_be_asked_for_anew(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    click(qtbot, dialog.phone_page.qr_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.qr_page)
    engine.accounts.login.refusal = KnownError(message("The code was refused."))
    engine.accounts.login.scan()
    qtbot.waitUntil(lambda: dialog.qr_page.picture.is_empty)
    click(qtbot, dialog.qr_page.again_button)
    qtbot.waitUntil(lambda: not dialog.qr_page.picture.is_empty)


@pytest.mark.parametrize("way", ["code", "qr"])
def test_back_leads_to_the_phone_and_takes_back_what_was_begun(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog, way: str
):
    if way == "code":
        give(qtbot, dialog, PHONE)
    else:
        click(qtbot, dialog.phone_page.qr_button)
        qtbot.waitUntil(lambda: dialog.page is dialog.qr_page)
    click(qtbot, dialog.back_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.phone_page)
    qtbot.waitUntil(lambda: engine.accounts.login.steps[-1] == "abandoned")
    idle(qtbot, dialog)
    assert dialog.back_button.isHidden()
    assert not dialog.next_button.isHidden()


def test_giving_up_leaves_no_trace(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    click(qtbot, dialog.cancel_button)
    qtbot.waitUntil(lambda: engine.accounts.login.steps[-1] == "abandoned")
    assert engine.accounts.rows == {}


def test_the_window_stays_alive_while_telegram_thinks(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    engine.accounts.login.gate = asyncio.Event()
    dialog.phone_page.phone.setText(PHONE)
    click(qtbot, dialog.next_button)
    qtbot.waitUntil(lambda: bool(engine.accounts.login.steps))
    assert not dialog.next_button.isEnabled()
    assert dialog.cancel_button.isEnabled()
    engine.accounts.login.gate.set()
    qtbot.waitUntil(lambda: dialog.page is dialog.code_page)


def test_a_locked_keyring_asks_and_tries_again(
    qtbot: QtBot,
    engine: FakeEngine,
    known: None,
    open_dialog: Callable[[], AddAccountDialog],
):
    engine.accounts.locked = KnownError(message("The keyring is locked."), message("Unlock it."))
    dialog = open_dialog()
    qtbot.waitUntil(lambda: dialog.wait_page.error.text() == "The keyring is locked. Unlock it.")
    assert dialog.next_button.text() == "&Try again"
    engine.accounts.locked = None
    click(qtbot, dialog.next_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.phone_page)


def test_a_keyring_locked_at_the_end_does_not_cost_the_log_in(
    qtbot: QtBot, engine: FakeEngine, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    engine.accounts.locked = KnownError(message("The keyring is locked."), message("Unlock it."))
    give(qtbot, dialog, "12345")
    assert state_of(dialog) is LoginState.STORING
    assert "locked" in dialog.wait_page.error.text()
    engine.accounts.locked = None
    click(qtbot, dialog.next_button)
    qtbot.waitUntil(lambda: dialog.page is dialog.done_page)
    assert len(engine.accounts.rows) == 1


def test_enter_closes_it_when_the_account_is_there(
    qtbot: QtBot, known: None, dialog: AddAccountDialog
):
    give(qtbot, dialog, PHONE)
    QTest.keyClicks(dialog.code_page.code, "12345")
    qtbot.waitUntil(lambda: dialog.page is dialog.done_page)
    qtbot.waitUntil(dialog.next_button.hasFocus)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.next_button, Qt.Key.Key_Return)
