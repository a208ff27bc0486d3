"""One account on its way in, from api_id to the keyring; the dialog shows what is said here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, TypeVar

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.login import (
    TRANSITIONS,
    WITH_A_LOGIN,
    LoginEvent,
    LoginState,
    after,
    after_refusal,
)
from invite_desktop.engine.ports.login import (
    ApiCredentials,
    LoginRefusedError,
    LoginStep,
    RefusalKind,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from invite_desktop.domain.accounts import Account
    from invite_desktop.engine.ports.login import CodeSent, Login, QrCode

_log = logging.getLogger(__name__)

_RENEW_BEFORE = 3.0
"""Seconds before its end in which a QR code is replaced: somebody may be just scanning it."""

T = TypeVar("T")


class LoginHost(Protocol):
    """What a log-in needs of the engine."""

    async def has_credentials(self) -> bool:
        """Return whether api_id and api_hash are in the keyring."""
        ...

    async def check_credentials(self, credentials: ApiCredentials) -> None:
        """Ask Telegram about an api_id and api_hash. Raises LoginRefusedError."""
        ...

    async def set_credentials(self, credentials: ApiCredentials) -> None:
        """Keep an api_id and api_hash in the keyring."""
        ...

    async def begin_login(self) -> Login:
        """Connect for a log-in."""
        ...

    async def ids_here(self) -> Collection[int]:
        """Return the Telegram ids of the accounts that are logged in here."""
        ...

    async def finish_login(self, login: Login) -> Account:
        """Keep the account that has logged in, and its session in the keyring."""
        ...


class LoginFlow:
    """Asks for one thing after the other. Every step raises KnownError, then may be tried again.

    ``state`` says what is wanted now; ``code``, ``qr`` and ``hint`` say more about it.
    ``code_expired``: only a new code can help. ``unchecked`` says that nobody could be asked
    whether api_id and api_hash are good. ``account`` is the one added in the end.
    """

    def __init__(self, host: LoginHost) -> None:
        self._host = host
        self._login: Login | None = None
        self._watchers: list[Callable[[], None]] = []
        self.state = LoginState.OPENING
        self.code: CodeSent | None = None
        self.code_expired = False
        self.qr: QrCode | None = None
        self.hint = ""
        self.unchecked: KnownError | None = None
        self.account: Account | None = None

    @property
    def is_over(self) -> bool:
        """Return whether the account is here, or the log-in was given up."""
        return self.state in {LoginState.DONE, LoginState.LEFT}

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call back whenever the state, or what belongs to it, has changed."""
        self._watchers.append(watcher)

    async def open(self) -> None:
        """Find out what is needed first."""
        known = await self._host.has_credentials()
        self._move(LoginEvent.CREDENTIALS_KNOWN if known else LoginEvent.CREDENTIALS_NEEDED)

    async def give_credentials(self, api_id: str, api_hash: str) -> None:
        """Check the api_id and api_hash with Telegram and keep them.

        When Telegram cannot be reached they are kept unchecked, and ``unchecked`` says so.
        """
        credentials = _credentials_from(api_id.strip(), api_hash.strip())
        self.unchecked = None
        try:
            await self._host.check_credentials(credentials)
        except LoginRefusedError as refusal:
            if refusal.kind is not RefusalKind.NETWORK:
                raise
            self.unchecked = KnownError(
                message("api_id and api_hash are kept, but Telegram has not checked them yet."),
                message("It checks them when you log in; the internet has to work then."),
            )
        await self._host.set_credentials(credentials)
        self._move(LoginEvent.CREDENTIALS_KNOWN)

    async def change_credentials(self) -> None:
        """Ask for another api_id and api_hash."""
        await self._drop_login()
        self._move(LoginEvent.CREDENTIALS_NEEDED)

    async def send_code(self, phone: str) -> None:
        """Have a code sent to a phone in E.164."""
        login = await self._asked(self._running_login())
        self._code_came(await self._asked(login.send_code(phone)))

    async def resend_code(self) -> None:
        """Have the code sent once more: in the next way, or anew when it has expired."""
        if self.code is None:
            raise RuntimeError("no code was sent")
        login = await self._asked(self._running_login())
        again = login.send_code(self.code.phone) if self.code_expired else login.resend_code()
        self._code_came(await self._asked(again))

    async def give_code(self, text: str) -> None:
        """Log in with a code, however it is written."""
        if not (code := self.clean_code(text)):
            raise KnownError(message("Type the code that Telegram sent."))
        login = await self._asked(self._running_login())
        await self._go_on(login, await self._asked(login.submit_code(code)))

    def clean_code(self, text: str) -> str:
        """Return a code without what people and messengers write around its digits."""
        if self.code is not None and self.code.is_word:
            return " ".join(text.split())
        return "".join(letter for letter in text if letter.isdecimal())

    async def show_qr(self) -> None:
        """Get a code to scan instead of typing a phone."""
        login = await self._asked(self._running_login())
        self.qr = await self._asked(login.qr_code(await self._host.ids_here()))
        self._move(LoginEvent.QR_SHOWN)

    async def wait_for_scan(self) -> None:
        """Return when the QR code was scanned; until then it is renewed before it grows old."""
        while self.state is LoginState.QR and self.qr is not None:
            login = await self._asked(self._running_login())
            patience = max(1.0, self.qr.lifetime - _RENEW_BEFORE)
            step = await self._asked(login.scanned(patience))
            if step is None:
                await self.show_qr()
            else:
                await self._go_on(login, step)

    async def give_password(self, password: str) -> None:
        """Log in with the two-step password."""
        if not password:
            raise KnownError(message("Type the two-step password."))
        login = await self._asked(self._running_login())
        await self._go_on(login, await self._asked(login.submit_password(password)))

    async def store(self) -> None:
        """Keep the account; may be repeated when the keyring refused."""
        login = await self._running_login()
        if (await login.profile()).telegram_id in await self._host.ids_here():
            await self._begin_again()
            raise KnownError(
                message("This account is here already."),
                message("Log in with the phone of another account."),
            )
        self.account = await self._host.finish_login(login)
        self._login = None
        self._move(LoginEvent.STORED)

    async def back(self) -> None:
        """Return to the phone; what was begun at Telegram is taken back."""
        await self._begin_again()

    async def leave(self) -> None:
        """Give up: nothing stays behind, neither at Telegram nor here."""
        if (self.state, LoginEvent.ABANDONED) in TRANSITIONS:
            self._move(LoginEvent.ABANDONED)
        await self._drop_login()

    async def _go_on(self, login: Login, step: LoginStep) -> None:
        if step is LoginStep.DONE:
            self._move(LoginEvent.LET_IN)
            await self.store()
            return
        self.hint = await self._hint_of(login)
        self._move(LoginEvent.PASSWORD_ASKED)

    async def _hint_of(self, login: Login) -> str:
        try:
            return await login.password_hint()
        except LoginRefusedError as refusal:
            _log.info("The hint at a password did not come: %s", refusal.kind)
            return ""

    async def _begin_again(self) -> None:
        self._move(LoginEvent.BEGUN_AGAIN)
        await self._drop_login()

    async def _asked(self, question: Awaitable[T]) -> T:
        """Wait for an answer; a refusal that concerns an earlier step leads back to it."""
        try:
            return await question
        except LoginRefusedError as refusal:
            self.code_expired = self.code_expired or refusal.kind is RefusalKind.CODE_EXPIRED
            event = after_refusal(self.state, refusal.kind)
            if event is not None:
                self._move(event)
            if event is not None or refusal.kind is RefusalKind.BEGIN_AGAIN:
                await self._drop_login()
            raise

    async def _running_login(self) -> Login:
        if self._login is None:
            if self.state in WITH_A_LOGIN:
                raise RuntimeError(f"no log-in while {self.state}")
            self._login = await self._host.begin_login()
        return self._login

    async def _drop_login(self) -> None:
        login, self._login = self._login, None
        self.code, self.qr, self.hint, self.code_expired = None, None, "", False
        if login is not None:
            await login.abandon()

    def _code_came(self, code: CodeSent) -> None:
        self.code, self.code_expired = code, False
        self._move(LoginEvent.CODE_SENT)

    def _move(self, event: LoginEvent) -> None:
        self.state = after(self.state, event)
        _log.info("log-in: %s", self.state)
        for watcher in self._watchers:
            watcher()


def _credentials_from(api_id: str, api_hash: str) -> ApiCredentials:
    if not (api_id.isascii() and api_id.isdigit() and int(api_id) > 0 and api_hash):
        raise KnownError(
            message("api_id is a number, api_hash a row of letters and digits."),
            message("Copy both from my.telegram.org, “API development tools”."),
        )
    return ApiCredentials(int(api_id), api_hash)
