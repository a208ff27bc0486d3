"""Logging in with phone and code or a scanned QR code, and the two-step password."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import TYPE_CHECKING, Any

from telethon import errors, password
from telethon.tl.functions.account import GetPasswordRequest
from telethon.tl.functions.auth import (
    CancelCodeRequest,
    CheckPasswordRequest,
    ExportLoginTokenRequest,
    ImportLoginTokenRequest,
    LogOutRequest,
    ResendCodeRequest,
    SendCodeRequest,
    SignInRequest,
)
from telethon.tl.types import CodeSettings
from telethon.tl.types import auth as auth_types

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.login import LoginRefusedError, LoginStep, QrCode, RefusalKind
from invite_desktop.telegram.code_ways import code_sent
from invite_desktop.telegram.login_connection import LoginConnection
from invite_desktop.telegram.login_refusals import nobody_uses_this_number
from invite_desktop.telegram.peers import profile_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from telethon.tl import TLRequest
    from telethon.tl.types import User

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.engine.ports.login import ApiCredentials, CodeSent
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.telegram.client_factory import ClientFactory

_log = logging.getLogger(__name__)

_QR_LIFETIMES = 5.0, 60.0
"""Seconds between which a token's remaining life is believed; Telegram's is 30."""

_OLD_TOKEN = (
    errors.AuthTokenExpiredError,
    errors.AuthTokenInvalidError,
    errors.AuthTokenInvalid2Error,
    errors.AuthTokenInvalidxError,
)


class TelethonLogin:
    """Implements Login: one session in memory until it is kept or abandoned."""

    def __init__(
        self, factory: ClientFactory, vault: SecretVault, credentials: ApiCredentials
    ) -> None:
        self._connection = LoginConnection(factory, vault, credentials)
        self._vault = vault
        self._credentials = credentials
        self._phone = ""
        self._code_hash = ""
        self._qr: QrCode | None = None
        self._accepted: Any = None
        self._user: User | None = None
        self._kept = False

    async def connect(self) -> None:
        """Connect when needed. Raises LoginRefusedError without network."""
        await self._connection.open()

    async def send_code(self, phone: str) -> CodeSent:
        """Ask Telegram to send the code; ``phone`` in E.164."""
        credentials = self._credentials
        request = SendCodeRequest(phone, credentials.api_id, credentials.api_hash, CodeSettings())
        return self._code_came(phone, await self._ask(request))

    async def resend_code(self) -> CodeSent:
        """Ask for the code in the next way (auth.resendCode)."""
        self._check_code_was_sent()
        answer = await self._ask(ResendCodeRequest(self._phone, self._code_hash))
        return self._code_came(self._phone, answer)

    async def submit_code(self, code: str) -> LoginStep:
        """Give the code; PASSWORD when two-step verification is on."""
        self._check_code_was_sent()
        digits = "".join(code.split())
        code = digits if digits.isdigit() else code.strip()
        request = SignInRequest(self._phone, self._code_hash, code)
        return await self._let_in(request)

    async def qr_code(self, except_ids: Collection[int] = ()) -> QrCode:
        """Return a new token to scan; the accounts of ``except_ids`` cannot accept it.

        When the last token was accepted in a moment without connection, Telegram says so only
        now: then the old code stays, and ``scanned`` returns at once.
        """
        credentials = self._credentials
        request = ExportLoginTokenRequest(
            credentials.api_id, credentials.api_hash, list(except_ids)
        )
        try:
            answer = await self._ask(request)
        except LoginRefusedError as refusal:
            if self._qr is None or not _wants_password(refusal):
                raise
            answer = LoginStep.PASSWORD
        if isinstance(answer, auth_types.LoginToken):
            self._qr = await self._shown(answer)
        elif self._qr is None:
            raise RuntimeError("a token was accepted before it was shown")
        else:
            self._accepted = answer
            self._connection.token_accepted.set()
        return self._qr

    async def scanned(self, patience: float) -> LoginStep | None:
        """Wait so many real seconds for somebody to accept a token, None when nobody did."""
        accepted = self._connection.token_accepted
        try:
            await asyncio.wait_for(accepted.wait(), patience)
        except TimeoutError:
            return None
        accepted.clear()
        answer, self._accepted = self._accepted, None
        try:
            return await self._take(answer)
        except LoginRefusedError as refusal:
            if _wants_password(refusal):
                return LoginStep.PASSWORD
            if isinstance(refusal.__cause__, _OLD_TOKEN):
                return None
            raise

    async def password_hint(self) -> str:
        """Return the owner's own hint at her two-step password, empty without one."""
        return (await self._ask(GetPasswordRequest())).hint or ""

    async def submit_password(self, password_text: str) -> LoginStep:
        """Give the two-step password."""
        rules = await self._ask(GetPasswordRequest())
        # Deriving the proof takes 100 000 rounds of a hash.
        proof = await asyncio.to_thread(password.compute_check, rules, password_text)
        return await self._let_in(CheckPasswordRequest(proof))

    async def profile(self) -> Profile:
        """Return who has logged in, once a step answered DONE."""
        return profile_of(self._logged_in_user())

    async def keep(self, account_id: int) -> None:
        """Put the session into the keyring as this account's, and disconnect.

        Raises KnownError when the keyring refuses; it may be tried again.
        """
        self._logged_in_user()
        await self._vault.keep_session(account_id, self._connection.saved_session())
        self._kept = True
        await self._connection.close()

    async def abandon(self) -> None:
        """Leave without a trace: log out if logged in, let code and key be void, disconnect.

        Raises KnownError when the log-out could not be confirmed.
        """
        if self._kept:
            return
        try:
            if self._user is not None:
                await self._log_out()
            elif self._code_hash:
                await self._cancel_code()
        finally:
            await self._connection.destroy()

    async def _log_out(self) -> None:
        try:
            await self._ask(LogOutRequest())
        except KnownError as refusal:
            raise KnownError(
                message("The log-in was stopped, but Telegram did not confirm the log-out."),
                message("End the session “Invite Desktop” in Telegram: Settings, Devices."),
            ) from refusal
        self._user = None

    async def _cancel_code(self) -> None:
        try:
            await self._ask(CancelCodeRequest(self._phone, self._code_hash))
        except KnownError as refusal:
            # A code that was used, or is old, is good for nothing anyway.
            _log.info("A code was not cancelled: %s", type(refusal.__cause__).__name__)

    def _code_came(self, phone: str, answer: Any) -> CodeSent:  # noqa: ANN401 - auth.SentCode or its relatives
        sent = code_sent(phone, answer)
        self._phone, self._code_hash = phone, answer.phone_code_hash
        return sent

    async def _shown(self, token: auth_types.LoginToken) -> QrCode:
        now = (await self._connection.open()).server_time()
        shortest, longest = _QR_LIFETIMES
        lifetime = min(longest, max(shortest, token.expires.timestamp() - now))
        data = base64.urlsafe_b64encode(token.token).decode().rstrip("=")
        return QrCode(f"tg://login?token={data}", lifetime)

    async def _take(self, answer: Any) -> LoginStep:  # noqa: ANN401 - auth.LoginToken or its relatives
        """Log in with a token that was accepted, wherever the account lives."""
        if isinstance(answer, LoginStep):
            return answer
        if answer is None:
            credentials = self._credentials
            answer = await self._ask(
                ExportLoginTokenRequest(credentials.api_id, credentials.api_hash, [])
            )
        if isinstance(answer, auth_types.LoginTokenMigrateTo):
            await self._connection.move_to(answer.dc_id)
            answer = await self._ask(ImportLoginTokenRequest(answer.token))
        if not isinstance(answer, auth_types.LoginTokenSuccess):
            raise LoginRefusedError(
                message("Telegram did not confirm that the code was scanned."),
                message("Scan the new code."),
                RefusalKind.OTHER,
            )
        return self._done(answer.authorization)

    async def _let_in(self, request: TLRequest) -> LoginStep:
        try:
            answer = await self._ask(request)
        except LoginRefusedError as refusal:
            if _wants_password(refusal):
                return LoginStep.PASSWORD
            raise
        return self._done(answer)

    def _done(self, authorization: Any) -> LoginStep:  # noqa: ANN401 - auth.Authorization or SignUpRequired
        if isinstance(authorization, auth_types.AuthorizationSignUpRequired):
            raise nobody_uses_this_number()
        self._user = authorization.user
        return LoginStep.DONE

    def _check_code_was_sent(self) -> None:
        if not self._code_hash:
            raise KnownError(
                message("No code has been sent yet."), message("Ask for a code first.")
            )

    def _logged_in_user(self) -> User:
        if self._user is None:
            raise KnownError(
                message("The log-in is not finished yet."), message("Give the code first.")
            )
        return self._user

    async def _ask(self, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        return await self._connection.ask(request)


class TelethonLoginGateway:
    """Implements LoginGateway."""

    def __init__(self, factory: ClientFactory, vault: SecretVault) -> None:
        self._factory = factory
        self._vault = vault

    async def check(self, credentials: ApiCredentials) -> None:
        """Ask Telegram whether it knows an api_id and api_hash; nobody is logged in by that.

        Raises LoginRefusedError, of the kind NETWORK when nobody could be asked.
        """
        connection = LoginConnection(self._factory, self._vault, credentials)
        request = ExportLoginTokenRequest(credentials.api_id, credentials.api_hash, [])
        try:
            await connection.ask(request)
        finally:
            await connection.destroy()

    async def begin(self, credentials: ApiCredentials) -> TelethonLogin:
        """Connect for a log-in. Raises LoginRefusedError without network."""
        login = TelethonLogin(self._factory, self._vault, credentials)
        try:
            await login.connect()
        except BaseException:
            await login.abandon()
            raise
        return login


def _wants_password(refusal: LoginRefusedError) -> bool:
    return isinstance(refusal.__cause__, errors.SessionPasswordNeededError)
