"""Adding an account: api_id once, then phone, code, and the two-step password if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit, QStackedWidget, QVBoxLayout

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.telegram import ApiCredentials, LoginStep
from invite_desktop.ui.accounts.login_steps import LoginPage, secret_field
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.engine.ports.telegram import Login
    from invite_desktop.ui.context import ScreenContext

_SMALLEST_SIZE = (520, 430)
_PHONES_HINTED = 3


class AddAccountDialog(QDialog):
    """Leads through one log-in; closing it half-way leaves no trace at Telegram."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._login: Login | None = None
        self._step: asyncio.Task[None] | None = None
        self._storing = False
        self._gone = False
        self.title = label("heading", wrapped=True)
        self.api_page = LoginPage([QLineEdit(maxLength=12), secret_field()])
        self.phone_page = LoginPage([QLineEdit(maxLength=32)])
        self.code_page = LoginPage([QLineEdit(maxLength=16)])
        self.password_page = LoginPage([secret_field()])
        self.done_page = LoginPage([])
        self.pages = QStackedWidget()
        self.cancel_button = button()
        self.next_button = button(primary=True)
        self._lay_out()
        self._write()
        self.next_button.clicked.connect(self._next)
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._leave)

    @property
    def page(self) -> LoginPage:
        """Return the step that is shown."""
        shown = self.pages.currentWidget()
        return shown if isinstance(shown, LoginPage) else self.phone_page

    def begin(self) -> None:
        """Open at the first step that is needed."""
        self.open()
        self._run(self._open_first())

    def reject(self) -> None:
        """Give up, but not in the moment in which the account is being stored."""
        if not self._storing:
            super().reject()

    def _next(self) -> None:
        step = {
            self.api_page: self._give_credentials,
            self.phone_page: self._send_code,
            self.code_page: self._give_code,
            self.password_page: self._give_password,
        }.get(self.page)
        if step is None:
            self.accept()
        else:
            self.page.error.clear()
            self._run(step())

    async def _open_first(self) -> None:
        known = await self._context.engine.accounts.has_credentials()
        self._show(self.phone_page if known else self.api_page)

    async def _give_credentials(self) -> None:
        api_id, api_hash = (field.text().strip() for field in self.api_page.fields)
        if not (api_id.isascii() and api_id.isdigit() and api_hash):
            raise KnownError(
                message("api_id is a number, api_hash a row of letters and digits."),
                message("Copy both from my.telegram.org, “API development tools”."),
            )
        await self._context.engine.accounts.set_credentials(ApiCredentials(int(api_id), api_hash))
        self._show(self.phone_page)

    async def _send_code(self) -> None:
        phone = "+" + "".join(filter(str.isdigit, self.phone_page.fields[0].text()))
        if len(phone) < 8:
            raise KnownError(message("Type the phone with its country code: +7 900 000-00-00."))
        if self._login is None:
            self._login = await self._context.engine.accounts.begin_login()
        sent = await self._login.send_code(phone)
        self.code_page.words.setText(tr("Telegram sent a code {where}.", where=sent.where))
        code = self._demo_code(phone)
        self.code_page.say_hint(tr("Rehearsal: the code is {code}", code=code) if code else "")
        self._show(self.code_page)

    async def _give_code(self) -> None:
        code = "".join(self.code_page.fields[0].text().split())
        if not code:
            raise KnownError(message("Type the code that Telegram sent."))
        await self._after(await self._running_login().submit_code(code))

    async def _give_password(self) -> None:
        await self._after(
            await self._running_login().submit_password(self.password_page.fields[0].text())
        )

    async def _after(self, step: LoginStep) -> None:
        if step is LoginStep.PASSWORD:
            self._show(self.password_page)
            return
        self._storing = True
        try:
            account = await self._context.engine.accounts.finish_login(self._running_login())
        finally:
            self._storing = False
        self._login = None
        self.done_page.words.setText(
            tr("{account} is ready for your tasks.", account=account_label(account))
        )
        self.cancel_button.hide()
        self._show(self.done_page)

    def _running_login(self) -> Login:
        if self._login is None:
            raise RuntimeError("no log-in is under way")
        return self._login

    def _show(self, page: LoginPage) -> None:
        self.pages.setCurrentWidget(page)
        self.next_button.setText(tr("Done") if page is self.done_page else tr("&Next"))
        self.title.setText(
            tr("Account added") if page is self.done_page else tr("Add a Telegram account")
        )
        page.begin()

    def _run(self, step: Coroutine[Any, Any, None]) -> None:
        self._set_busy(busy=True)
        self._step = self._context.work.start(step, "step of a log-in", self._refused)
        self._step.add_done_callback(lambda _: self._set_busy(busy=False))

    def _refused(self, error: KnownError) -> None:
        self.page.error.refuse(error)
        self.page.fields[0].setFocus()
        self.page.fields[0].selectAll()

    def _set_busy(self, *, busy: bool) -> None:
        if self._gone:
            return
        self.next_button.setEnabled(not busy)
        self.page.setEnabled(not busy)
        if not busy and self.page.fields:
            self.page.fields[0].setFocus()

    def _leave(self) -> None:
        self._gone = True
        if self._step is not None:
            self._step.cancel()
        if self._login is not None:
            self._context.work.start(self._login.abandon(), "log-in given up")
        self.deleteLater()

    def _demo_code(self, phone: str) -> str:
        rehearsal = self._context.rehearsal
        return rehearsal.phone_codes.get(phone, "") if rehearsal else ""

    def _write(self) -> None:
        self.setWindowTitle(tr("Add a Telegram account"))
        self.cancel_button.setText(tr("Ca&ncel"))
        self.api_page.say(
            tr(
                "This program talks to Telegram through its API and is not made by Telegram. "
                "Telegram gives every user an api_id and api_hash of her own: open "
                "my.telegram.org, choose “API development tools”, and copy them here. "
                "They are kept in your system's keyring."
            ),
            tr("api_&id"),
            tr("api_&hash"),
        )
        self.phone_page.say(tr("The phone of the account, with the country code."), tr("&Phone"))
        self.code_page.say("", tr("&Code"))
        self.password_page.say(
            tr("This account is protected by a password of its own (two-step verification)."),
            tr("&Password"),
        )
        self.done_page.say("")
        self._write_hints()

    def _write_hints(self) -> None:
        rehearsal = self._context.rehearsal
        phones = ", ".join(list(rehearsal.phone_codes)[:_PHONES_HINTED]) if rehearsal else ""
        password = rehearsal.password if rehearsal else ""
        self.api_page.say_hint(
            tr("Rehearsal: any number and any letters will do.") if rehearsal else ""
        )
        self.phone_page.say_hint(
            tr("Rehearsal: log in with {phones}", phones=phones) if phones else ""
        )
        self.code_page.say_hint("")
        self.password_page.say_hint(
            tr("Rehearsal: the password is {password}", password=password) if password else ""
        )
        self.done_page.say_hint("")

    def _lay_out(self) -> None:
        for page in (
            self.phone_page,
            self.api_page,
            self.code_page,
            self.password_page,
            self.done_page,
        ):
            self.pages.addWidget(page)
            for field in page.fields:
                field.returnPressed.connect(self.next_button.click)
        self.phone_page.fields[0].setPlaceholderText("+7 900 000-00-00")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.LARGE, Space.WIDE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.title)
        column.addWidget(self.pages, 1)
        column.addLayout(line(None, self.cancel_button, self.next_button))
        self.setMinimumSize(*_SMALLEST_SIZE)
