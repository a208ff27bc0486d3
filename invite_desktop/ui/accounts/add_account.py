"""Adding an account: the dialog in front of the engine's log-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.login import LoginState
from invite_desktop.ui.accounts.code_step import CodePage
from invite_desktop.ui.accounts.login_steps import ApiPage, LoginPage, PasswordPage
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.accounts.phone_step import PhonePage
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog
from invite_desktop.ui.accounts.qr_step import QrPage
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.context import ScreenContext

_SMALLEST_SIZE = (560, 400)
_PHONES_HINTED = 3

_BACK_FROM = frozenset({LoginState.CODE, LoginState.QR, LoginState.PASSWORD})


class AddAccountDialog(Dialog):
    """Leads through one log-in; closing it half-way leaves no trace at Telegram."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._flow = context.engine.accounts.new_login()
        self._step: asyncio.Task[None] | None = None
        self._gone = False
        self.title = label("heading", wrapped=True)
        self.api_page = ApiPage()
        self.phone_page = PhonePage()
        self.code_page = CodePage()
        self.qr_page = QrPage()
        self.password_page = PasswordPage()
        self.wait_page = LoginPage()
        self.done_page = LoginPage()
        self.pages = QStackedWidget()
        self.back_button = button("back")
        self.cancel_button = button()
        self.next_button = button(primary=True)
        self._page_of = {
            LoginState.OPENING: self.wait_page,
            LoginState.CREDENTIALS: self.api_page,
            LoginState.PHONE: self.phone_page,
            LoginState.CODE: self.code_page,
            LoginState.QR: self.qr_page,
            LoginState.PASSWORD: self.password_page,
            LoginState.STORING: self.wait_page,
            LoginState.DONE: self.done_page,
        }
        self._lay_out()
        self.retranslate()
        self._write_around()
        self._connect()
        self._show_state()

    @property
    def state(self) -> LoginState:
        """Return how far the log-in has come."""
        return self._flow.state

    @property
    def qr_link(self) -> str:
        """Return the link behind the QR code; empty while there is none."""
        return self._flow.qr.url if self._flow.qr is not None else ""

    @property
    def page(self) -> LoginPage:
        """Return the step that is shown."""
        return self._page_of.get(self._flow.state, self.wait_page)

    def begin(self) -> None:
        """Open at the first step that is needed."""
        self.open()
        self._run(self._flow.open())

    def reject(self) -> None:
        """Give up, but not in the moment in which the account is being stored."""
        if not (self._flow.state is LoginState.STORING and self._is_busy()):
            super().reject()

    def _next(self) -> None:
        flow, page = self._flow, self.page
        page.error.clear()
        if flow.state is LoginState.DONE:
            self.accept()
        elif flow.state is LoginState.OPENING:
            self._run(flow.open())
        elif flow.state is LoginState.CREDENTIALS:
            api = self.api_page
            self._run(flow.give_credentials(api.api_id.text(), api.api_hash.text()))
        elif flow.state is LoginState.PHONE:
            self._run(self._send_code())
        else:
            self._run(self._log_in())

    async def _send_code(self) -> None:
        await self._flow.send_code(self.phone_page.number())

    async def _log_in(self) -> None:
        flow = self._flow
        if flow.state is LoginState.CODE:
            await flow.give_code(self.code_page.code.text())
        elif flow.state is LoginState.PASSWORD:
            await flow.give_password(self.password_page.password.text())
        elif flow.state is LoginState.STORING:
            await flow.store()

    async def _scan(self) -> None:
        await self._flow.show_qr()
        await self._flow.wait_for_scan()

    def _go_back(self) -> None:
        if self._step is not None:
            self._step.cancel()
        self._run(self._flow.back())

    def _show_state(self) -> None:
        """Show what the log-in wants now."""
        if self._gone:
            return
        flow, page = self._flow, self.page
        was_shown = self.pages.currentWidget() is page
        self._fill()
        if not was_shown:
            self.pages.setCurrentWidget(page)
            self._write_around()
            page.begin()
        self._set_busy(busy=self._is_busy())
        self.back_button.setVisible(flow.state in _BACK_FROM)

    def _fill(self) -> None:
        flow = self._flow
        if flow.state is LoginState.PHONE:
            self._say_unchecked()
        elif flow.state is LoginState.CODE and flow.code is not None:
            self.code_page.show_sent(flow.code)
            code = self._demo_code(flow.code.phone)
            self.code_page.say_hint(tr("Rehearsal: the code is {code}", code=code) if code else "")
        elif flow.state is LoginState.QR:
            self.qr_page.show_code(flow.qr)
        elif flow.state is LoginState.PASSWORD:
            self.password_page.say_owners_hint(flow.hint)
        elif flow.state is LoginState.DONE and flow.account is not None:
            name = account_label(flow.account)
            self.done_page.words.setText(tr("{account} is ready for your tasks.", account=name))

    def _write_around(self) -> None:
        """Write what belongs to the state but stands around its page."""
        state = self._flow.state
        done = state is LoginState.DONE
        self.title.setText(tr("Account added") if done else tr("Add a Telegram account"))
        self.next_button.setText(tr("Done") if done else tr("&Next"))
        self.cancel_button.setVisible(not done)
        self.next_button.setVisible(state is not LoginState.QR)
        storing = state is LoginState.STORING
        self.wait_page.words.setText(
            tr("Keeping the log-in in your system's keyring…")
            if storing
            else tr("Looking into your system's keyring…")
        )

    def _run(self, step: Coroutine[Any, Any, None]) -> None:
        self._step = self._context.work.start(step, "step of a log-in", self._refused)
        self._set_busy(busy=True)
        self._step.add_done_callback(self._ended)

    def _ended(self, step: asyncio.Task[None]) -> None:
        if step is self._step and not self._gone:
            self._set_busy(busy=False)
            if not self.page.error.text():
                self._give_keyboard()

    def _refused(self, error: KnownError) -> None:
        if self._gone:
            return
        self.page.error.refuse(error)
        if self.page is self.qr_page:
            self.qr_page.offer_again()
        if self.page is self.code_page and self._flow.code_expired:
            self.code_page.show_expired()
        if self.page is self.wait_page:
            self.next_button.setText(tr("&Try again"))
        self._set_busy(busy=False)
        self._give_keyboard()

    def _give_keyboard(self) -> None:
        """Let the next thing be typed, or where nothing is, Enter go on."""
        if self.page.fields or self.page is self.qr_page:
            self.page.focus()
        else:
            self.next_button.setFocus()

    def _is_busy(self) -> bool:
        return self._step is not None and not self._step.done()

    def _set_busy(self, *, busy: bool) -> None:
        if self._gone:
            return
        waiting_for_scan = self.page is self.qr_page
        self.next_button.setEnabled(not busy)
        self.page.setEnabled(waiting_for_scan or not busy)

    def _leave(self) -> None:
        self._gone = True
        if self._step is not None:
            self._step.cancel()
        self._context.work.start(self._flow.leave(), "log-in given up")
        self.deleteLater()

    def _demo_code(self, phone: str) -> str:
        rehearsal = self._context.rehearsal
        return rehearsal.phone_codes.get(phone, "") if rehearsal else ""

    def retranslate(self) -> None:
        """Write every text anew; what was typed stays."""
        self.setWindowTitle(tr("Add a Telegram account"))
        self.back_button.setText(tr("&Back"))
        self.cancel_button.setText(tr("Canc&el"))
        for page in (
            self.api_page,
            self.phone_page,
            self.code_page,
            self.qr_page,
            self.password_page,
        ):
            page.write()
        self.phone_page.country.retranslate()
        self._write_hints()
        self._say_unchecked()

    def _say_unchecked(self) -> None:
        unchecked = self._flow.unchecked
        self.phone_page.say_unchecked(refusal_text(unchecked) if unchecked else "")

    def _write_hints(self) -> None:
        rehearsal = self._context.rehearsal
        offered = (rehearsal.newcomers or tuple(rehearsal.phone_codes)) if rehearsal else ()
        phones = ", ".join(offered[:_PHONES_HINTED])
        password = rehearsal.password if rehearsal else ""
        self.api_page.say_hint(
            tr("Rehearsal: any number and any letters will do.") if rehearsal else ""
        )
        self.phone_page.say_hint(
            tr("Rehearsal: log in with {phones}", phones=phones) if phones else ""
        )
        self.password_page.say_hint(
            tr("Rehearsal: the password is {password}", password=password) if password else ""
        )

    def _connect(self) -> None:
        self._flow.watch(self._show_state)
        language_changed().changed.connect(self.retranslate)
        self.next_button.clicked.connect(self._next)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self._go_back)
        self.finished.connect(self._leave)
        self.phone_page.qr_button.clicked.connect(lambda: self._run(self._scan()))
        self.phone_page.proxy_button.clicked.connect(
            lambda: ProxyDialog(self._context, self).begin()
        )
        self.qr_page.again_button.clicked.connect(lambda: self._run(self._scan()))
        self.phone_page.api_button.clicked.connect(
            lambda: self._run(self._flow.change_credentials())
        )
        self.code_page.again_button.clicked.connect(lambda: self._run(self._flow.resend_code()))
        self.qr_page.scan_button.clicked.connect(self._scan_in_rehearsal)
        self.code_page.complete.connect(self._next_if_idle)

    def _scan_in_rehearsal(self) -> None:
        rehearsal, code = self._context.rehearsal, self._flow.qr
        if rehearsal is None or rehearsal.scan is None or code is None:
            return
        try:
            rehearsal.scan(code.url)
        except KnownError as error:
            self.page.error.refuse(error)

    def _next_if_idle(self) -> None:
        if not self._is_busy():
            self._next()

    def _lay_out(self) -> None:
        rehearsal = self._context.rehearsal
        self.qr_page.scan_button.setVisible(rehearsal is not None and rehearsal.scan is not None)
        for page in dict.fromkeys(self._page_of.values()):
            page.say_hint("")
            self.pages.addWidget(page)
            for field in page.fields:
                if isinstance(field, QLineEdit):
                    field.returnPressed.connect(self.next_button.click)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.LARGE, Space.WIDE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.title)
        column.addWidget(self.pages, 1)
        column.addLayout(line(self.back_button, None, self.cancel_button, self.next_button))
        self.setMinimumSize(*_SMALLEST_SIZE)
