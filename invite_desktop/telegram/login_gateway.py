"""Logging in with phone, code and two-step password."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from telethon import errors, password
from telethon.tl.functions.account import GetPasswordRequest
from telethon.tl.functions.auth import (
    CheckPasswordRequest,
    LogOutRequest,
    SendCodeRequest,
    SignInRequest,
)
from telethon.tl.types import CodeSettings
from telethon.tl.types import auth as auth_types

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.telegram import CodeSent, LoginStep
from invite_desktop.telegram.login_refusals import login_refusal, nobody_uses_this_number
from invite_desktop.telegram.outcome_table import KNOWN_TROUBLES
from invite_desktop.telegram.peers import profile_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telethon.tl import TLRequest
    from telethon.tl.types import User

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.telegram import ApiCredentials
    from invite_desktop.telegram.client_factory import ClientFactory, LoginSession, OwnedClient

_log = logging.getLogger(__name__)

_MOVES = (errors.PhoneMigrateError, errors.NetworkMigrateError, errors.UserMigrateError)
"""Refusals because the number lives in another data centre."""

_IN_TELEGRAM = message("to Telegram on your other devices")
_BY_SMS = message("by text message")
_BY_CALL = message("by a phone call")
_BY_MISSED_CALL = message("by a call that rings off: the code is the end of the calling number")
CODE_WAYS: Mapping[type[object], Message] = {
    auth_types.SentCodeTypeApp: _IN_TELEGRAM,
    auth_types.SentCodeTypeSms: _BY_SMS,
    auth_types.SentCodeTypeFirebaseSms: _BY_SMS,
    auth_types.SentCodeTypeSmsWord: _BY_SMS,
    auth_types.SentCodeTypeSmsPhrase: _BY_SMS,
    auth_types.SentCodeTypeCall: _BY_CALL,
    auth_types.SentCodeTypeFlashCall: _BY_MISSED_CALL,
    auth_types.SentCodeTypeMissedCall: _BY_MISSED_CALL,
    auth_types.SentCodeTypeEmailCode: message("to the e-mail address of the account"),
    auth_types.SentCodeTypeFragmentSms: message("to fragment.com, for an anonymous number"),
}
"""Where each kind of code arrives; the rest are refusals."""


class TelethonLogin:
    """Implements Login: one session in memory until it is kept or abandoned."""

    def __init__(
        self, factory: ClientFactory, vault: SecretVault, credentials: ApiCredentials
    ) -> None:
        self._factory = factory
        self._vault = vault
        self._credentials = credentials
        self._session: LoginSession = factory.session()
        self._client: OwnedClient | None = None
        self._phone = ""
        self._code_hash = ""
        self._user: User | None = None
        self._kept = False

    async def connect(self) -> OwnedClient:
        """Connect when needed and return the client. Raises KnownError without network."""
        if self._client is not None and self._client.is_connected():
            return self._client
        await self._disconnect()
        client = self._client = self._factory.client(self._session, self._credentials, retries=1)
        try:
            await asyncio.wait_for(client.connect(), self._factory.limits.connect)
        except KNOWN_TROUBLES as error:
            raise login_refusal(error) from error
        return client

    async def send_code(self, phone: str) -> CodeSent:
        """Ask Telegram to send the code; ``phone`` in E.164."""
        credentials = self._credentials
        request = SendCodeRequest(phone, credentials.api_id, credentials.api_hash, CodeSettings())
        answer = await self._ask(request)
        where = CODE_WAYS.get(type(getattr(answer, "type", None)))
        if where is None:
            raise KnownError(
                message(
                    "Telegram wants something for this log-in that is only offered in its app."
                ),
                message("Log in with this number in Telegram first, then try again here."),
            )
        self._phone, self._code_hash = phone, answer.phone_code_hash
        return CodeSent(phone, where)

    async def submit_code(self, code: str) -> LoginStep:
        """Give the code; PASSWORD when two-step verification is on."""
        if not self._code_hash:
            raise KnownError(
                message("No code has been sent yet."), message("Ask for a code first.")
            )
        digits = "".join(code.split())
        try:
            answer = await self._ask(SignInRequest(self._phone, self._code_hash, digits))
        except KnownError as refusal:
            if isinstance(refusal.__cause__, errors.SessionPasswordNeededError):
                return LoginStep.PASSWORD
            raise
        if isinstance(answer, auth_types.AuthorizationSignUpRequired):
            raise nobody_uses_this_number()
        return self._done(answer)

    async def submit_password(self, password_text: str) -> LoginStep:
        """Give the two-step password."""
        rules = await self._ask(GetPasswordRequest())
        # Deriving the proof takes 100 000 rounds of a hash.
        proof = await asyncio.to_thread(password.compute_check, rules, password_text)
        return self._done(await self._ask(CheckPasswordRequest(proof)))

    async def profile(self) -> Profile:
        """Return who has logged in, once a step answered DONE."""
        return profile_of(self._logged_in_user())

    async def keep(self, account_id: int) -> None:
        """Put the session into the keyring as this account's, and disconnect.

        Raises KnownError when the keyring refuses; it may be tried again.
        """
        self._logged_in_user()
        await self._vault.keep_session(account_id, self._session.save())
        self._kept = True
        await self._disconnect()

    async def abandon(self) -> None:
        """Leave without a trace: log out if logged in, disconnect.

        Raises KnownError when the log-out could not be confirmed.
        """
        try:
            if self._user is not None and not self._kept:
                await self._log_out()
        finally:
            await self._disconnect()

    async def _log_out(self) -> None:
        try:
            await self._ask(LogOutRequest())
        except KnownError as refusal:
            raise KnownError(
                message("The log-in was stopped, but Telegram did not confirm the log-out."),
                message("End the session “Invite Desktop” in Telegram: Settings, Devices."),
            ) from refusal
        self._user = None

    def _done(self, authorization: Any) -> LoginStep:  # noqa: ANN401 - auth.Authorization
        self._user = authorization.user
        return LoginStep.DONE

    def _logged_in_user(self) -> User:
        if self._user is None:
            raise KnownError(
                message("The log-in is not finished yet."), message("Give the code first.")
            )
        return self._user

    async def _ask(self, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        """Send a request; every refusal is a KnownError with Telegram's error as its cause."""
        client = await self.connect()
        background = asyncio.ensure_future(_followed(client, request))
        try:
            await asyncio.wait({background}, timeout=self._factory.limits.answer)
            if not background.done() or background.cancelled():
                await self._disconnect()
                raise TimeoutError
            return background.result()
        except KNOWN_TROUBLES as error:
            raise login_refusal(error) from error
        finally:
            background.cancel()

    async def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.disconnect()


async def _followed(client: OwnedClient, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
    """Send a request, and when the number lives elsewhere, let Telethon go there with it."""
    try:
        return await client.ask(request)
    except _MOVES:
        return await client(request)


class TelethonLoginGateway:
    """Implements LoginGateway."""

    def __init__(self, factory: ClientFactory, vault: SecretVault) -> None:
        self._factory = factory
        self._vault = vault

    async def begin(self, credentials: ApiCredentials) -> TelethonLogin:
        """Connect for a log-in. Raises KnownError without network."""
        login = TelethonLogin(self._factory, self._vault, credentials)
        try:
            await login.connect()
        except BaseException:
            await login.abandon()
            raise
        return login
