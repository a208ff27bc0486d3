"""Logging in to the little Telegram, by code, QR code and password."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.login import (
    CodeSent,
    LoginRefusedError,
    LoginStep,
    QrCode,
    RefusalKind,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.engine.ports.login import ApiCredentials
    from tests.fakes.telegram_world import FakePerson, FakeTelegram
    from tests.fakes.vault import FakeVault

CODE = "12345"
WRONG_HASH = "wrong"
"""The api_hash that the little Telegram does not know."""


class FakeLogin:
    """Implements Login: the code is always 12345, the password that of the FakePerson.

    ``scan`` is how somebody accepts the QR code; ``refusal`` is raised once by the next step.
    """

    def __init__(self, telegram: FakeTelegram, vault: FakeVault) -> None:
        self._telegram = telegram
        self._vault = vault
        self._person: FakePerson | None = None
        self._scanned = asyncio.Event()
        self._done = False
        self.refusal: KnownError | None = None
        self.hint = ""
        self.codes_shown = 0
        self.steps: list[str] = []
        self.abandoned = False
        self.kept = False

    async def send_code(self, phone: str) -> CodeSent:
        self._step(f"phone {phone}")
        self._person = self._telegram.person_with_phone(phone)
        if self._person is None:
            raise _refusal(RefusalKind.PHONE, "Nobody uses Telegram with this number.")
        where, later = message("to Telegram on your other devices"), message("by text message")
        return CodeSent(phone, where, 5, later, 60.0)

    async def resend_code(self) -> CodeSent:
        self._step("resend")
        if self._person is None:
            raise KnownError(message("No code has been sent yet."), message("Ask for a code."))
        return CodeSent(self._owner.profile.phone, message("by text message"), 5)

    async def submit_code(self, code: str) -> LoginStep:
        self._step("code")
        if self._person is None:
            raise KnownError(message("No code has been sent yet."), message("Ask for a code."))
        if code != CODE:
            raise _refusal(RefusalKind.CODE, "The code is wrong.")
        return self._let_in()

    async def qr_code(self, except_ids: Collection[int] = ()) -> QrCode:
        self._step("qr")
        self.codes_shown += 1
        return QrCode(f"tg://login?token=token{self.codes_shown}", 30.0)

    async def scanned(self, patience: float) -> LoginStep | None:
        self._step("waiting for a scan")
        if not self._scanned.is_set():
            await asyncio.sleep(0)
        if not self._scanned.is_set():
            return None
        return self._let_in()

    def scan(self, person: FakePerson) -> None:
        """Let somebody scan the code that is shown."""
        self._person = person
        self._scanned.set()

    async def password_hint(self) -> str:
        return self.hint

    async def submit_password(self, password: str) -> LoginStep:
        self._step("password")
        if password != self._owner.password:
            raise _refusal(RefusalKind.PASSWORD, "The password is wrong.")
        self._done = True
        return LoginStep.DONE

    async def profile(self) -> Profile:
        if not self._done:
            raise KnownError(message("The log-in is not finished yet."), message("Finish it."))
        return self._owner.profile

    async def keep(self, account_id: int) -> None:
        await self.profile()
        await self._vault.keep_session(account_id, f"session-of-{self._owner.user_id}")
        self.kept = True

    async def abandon(self) -> None:
        self.abandoned = not self.kept

    def _let_in(self) -> LoginStep:
        if self._owner.password is not None:
            return LoginStep.PASSWORD
        self._done = True
        return LoginStep.DONE

    def _step(self, name: str) -> None:
        self.steps.append(name)
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal

    @property
    def _owner(self) -> FakePerson:
        assert self._person is not None, "a step before somebody was named"
        return self._person


class FakeLoginGateway:
    """Implements LoginGateway over the little Telegram; ``logins`` are those begun."""

    def __init__(self, telegram: FakeTelegram, vault: FakeVault) -> None:
        self.logins: list[FakeLogin] = []
        self._telegram = telegram
        self._vault = vault

    async def check(self, credentials: ApiCredentials) -> None:
        if not self._telegram.online:
            raise _refusal(RefusalKind.NETWORK, "Telegram cannot be reached.")
        if credentials.api_hash == WRONG_HASH:
            raise _refusal(RefusalKind.CREDENTIALS, "Telegram does not know this api_id.")

    async def begin(self, credentials: ApiCredentials) -> FakeLogin:
        if not self._telegram.online:
            raise _refusal(RefusalKind.NETWORK, "Telegram cannot be reached.")
        login = FakeLogin(self._telegram, self._vault)
        self.logins.append(login)
        return login


def _refusal(kind: RefusalKind, words: str) -> LoginRefusedError:
    return LoginRefusedError(message(words), message("Do something about it."), kind)
