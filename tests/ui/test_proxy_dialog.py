"""The proxy setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog
from invite_desktop.ui.tabs import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

K = ProxyKind
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - the test's own
SOCKS = Proxy(K.SOCKS5, "203.0.113.7", 1080, "anna", "open")
MTPROXY = Proxy(K.MTPROXY, "mt.example", 443, password=SECRET)


@pytest.fixture
def open_dialog(qtbot: QtBot, window: MainWindow) -> Callable[[], ProxyDialog]:
    def open_it() -> ProxyDialog:
        window.tabs.go_to(Tab.ACCOUNTS)
        click(qtbot, window.tabs.accounts.list.proxy_button)
        dialog = window.findChildren(ProxyDialog)[-1]
        qtbot.waitUntil(dialog.save_button.isEnabled)
        return dialog

    return open_it


@pytest.fixture
def dialog(open_dialog: Callable[[], ProxyDialog]) -> ProxyDialog:
    return open_dialog()


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def enter(dialog: ProxyDialog, proxy: Proxy) -> None:
    dialog.form.fill(proxy)


def shown_fields(dialog: ProxyDialog) -> list[str]:
    fields = dialog.form.findChildren(QLineEdit)
    return [field.accessibleName() for field in fields if field.isVisible()]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (None, []),
        (K.SOCKS5, ["Address", "Port", "User name", "Password"]),
        (K.HTTP, ["Address", "Port", "User name", "Password"]),
        (K.MTPROXY, ["Address", "Port", "Secret"]),
    ],
)
def test_each_kind_has_its_fields(dialog: ProxyDialog, kind: ProxyKind | None, names: list[str]):
    dialog.form.kind.choose(kind)
    assert shown_fields(dialog) == names


@pytest.mark.parametrize("proxy", [SOCKS, MTPROXY])
def test_a_proxy_is_kept_and_shown_again(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    dialog: ProxyDialog,
    open_dialog: Callable[[], ProxyDialog],
    proxy: Proxy,
):
    enter(dialog, proxy)
    click(qtbot, dialog.save_button)
    qtbot.waitUntil(lambda: engine.proxies.vault.stored_proxy == proxy)
    qtbot.waitUntil(lambda: not window.findChildren(ProxyDialog))
    again = open_dialog()
    qtbot.waitUntil(lambda: again.form.kind.chosen is proxy.kind)
    assert again.form.read() == proxy


def test_taking_the_proxy_away(
    qtbot: QtBot, engine: FakeEngine, open_dialog: Callable[[], ProxyDialog]
):
    engine.proxies.vault.stored_proxy = SOCKS
    dialog = open_dialog()
    qtbot.waitUntil(lambda: dialog.form.kind.chosen is K.SOCKS5)
    dialog.form.kind.choose(None)
    click(qtbot, dialog.save_button)
    qtbot.waitUntil(lambda: engine.proxies.vault.stored_proxy is None)


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        (SOCKS, "✓ Telegram answered through this proxy in 0.3 s."),
        (None, "✓ Telegram answered without a proxy in 0.3 s."),
    ],
)
def test_the_test_says_what_happened_and_how_long_it_took(
    qtbot: QtBot, engine: FakeEngine, dialog: ProxyDialog, proxy: Proxy | None, words: str
):
    dialog.form.fill(proxy)
    click(qtbot, dialog.test_button)
    qtbot.waitUntil(lambda: dialog.good.text() == words)
    assert engine.proxies.tried == [proxy]
    assert engine.proxies.vault.stored_proxy is None


def test_a_failed_test_is_told_in_words(qtbot: QtBot, engine: FakeEngine, dialog: ProxyDialog):
    engine.proxies.refusal = KnownError(message("Nobody answers."), message("Check it."))
    enter(dialog, SOCKS)
    click(qtbot, dialog.test_button)
    qtbot.waitUntil(lambda: dialog.error.text() == "Nobody answers. Check it.")
    assert dialog.good.isHidden()
    qtbot.waitUntil(dialog.form.host.isEnabled)
    QTest.keyClicks(dialog.form.host, "1")
    assert dialog.error.isHidden()


def test_what_cannot_be_right_is_not_kept(qtbot: QtBot, engine: FakeEngine, dialog: ProxyDialog):
    dialog.form.kind.choose(K.SOCKS5)
    click(qtbot, dialog.save_button)
    qtbot.waitUntil(lambda: "address of the proxy" in dialog.error.text())
    assert dialog.isVisible()
    assert engine.proxies.vault.stored_proxy is None


def test_a_link_of_telegram_fills_the_form(dialog: ProxyDialog):
    dialog.form.kind.choose(K.SOCKS5)
    link = f"https://t.me/proxy?server=mt.example&port=443&secret={SECRET}"
    dialog.form.host.setText(link)
    dialog.form.host.textEdited.emit(link)
    assert dialog.form.read() == MTPROXY


@pytest.mark.parametrize("secret", ["", "ee" + SECRET + "6162"])
def test_a_link_with_a_wrong_secret_is_refused_at_once(dialog: ProxyDialog, secret: str):
    dialog.form.kind.choose(K.MTPROXY)
    link = f"tg://proxy?server=mt.example&port=443&secret={secret}"
    dialog.form.host.setText(link)
    dialog.form.host.textEdited.emit(link)
    assert "MTProxy" in dialog.error.text()


def test_the_menu_leads_to_the_setting(qtbot: QtBot, window: MainWindow):
    window.menus.proxy.trigger()
    qtbot.waitUntil(lambda: window.findChild(ProxyDialog) is not None)
    window.findChild(ProxyDialog).reject()


def test_the_keyboard_is_at_the_first_field(qtbot: QtBot, dialog: ProxyDialog):
    qtbot.waitUntil(lambda: dialog.focusWidget() is dialog.form.kind)


def test_secrets_are_covered(dialog: ProxyDialog):
    for field in (dialog.form.password, dialog.form.secret):
        assert field.echoMode() is QLineEdit.EchoMode.Password


def test_the_setting_can_be_left_while_it_is_tried_out(
    qtbot: QtBot, window: MainWindow, dialog: ProxyDialog
):
    enter(dialog, SOCKS)
    click(qtbot, dialog.test_button)
    click(qtbot, dialog.cancel_button)
    qtbot.waitUntil(lambda: not window.findChildren(ProxyDialog))
