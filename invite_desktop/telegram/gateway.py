"""The connected accounts: one client each, opened when first needed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from telethon.tl.functions.auth import LogOutRequest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.account_connection import AccountConnection, CallError
from invite_desktop.telegram.incoming import ring_for
from invite_desktop.telegram.messenger import TelethonMessenger

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.telegram import ChatLookUps
    from invite_desktop.telegram.client_factory import ClientFactory, OwnedClient

_OVER = frozenset({OutcomeCode.LOGGED_OUT, OutcomeCode.BANNED})


class TelethonGateway:
    """Implements TelegramGateway with sessions from the keyring."""

    def __init__(self, factory: ClientFactory, vault: SecretVault) -> None:
        self._factory = factory
        self._vault = vault
        self._messengers: dict[int, TelethonMessenger] = {}
        self._heard: Callable[[int], None] = lambda _account_id: None
        self._look_ups: ChatLookUps | None = None
        self._opening: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, account_id: int) -> TelethonMessenger | Outcome:
        """Return the connected messenger of an account, or what stands in the way.

        A session that Telegram ended is read anew from the keyring, where a new login may be.
        """
        async with self._opening[account_id]:
            known = self._messengers.get(account_id)
            if known is not None and known.is_over:
                await self._forget(account_id)
                known = None
            messenger = known or await self._new_messenger(account_id)
            if isinstance(messenger, Outcome):
                return messenger
            trouble = await messenger.connect()
            if trouble is not None:
                await messenger.disconnect()
                return trouble
            self._messengers[account_id] = messenger
            return messenger

    def listen(self, heard: Callable[[int], None]) -> None:
        """Call back with an account's id after each new connection and each pushed message."""
        self._heard = heard

    def ration(self, look_ups: ChatLookUps) -> None:
        """Let every look-up of a chat's name be asked for and remembered here."""
        self._look_ups = look_ups

    async def log_out(self, account_id: int) -> None:
        """End the session at Telegram and delete it from the keyring.

        Raises KnownError when Telegram cannot be reached: the session then stays as it was.
        """
        async with self._opening[account_id]:
            session = await self._vault.session(account_id)
            if session is not None and self._is_readable(session):
                await self._factory.learn_proxy(self._vault)
                connection = self._connection(session, await self._credentials())
                await self._forget(account_id)
                try:
                    await _end_session(connection)
                finally:
                    await connection.close()
            await self._vault.forget_session(account_id)

    async def close(self) -> None:
        """Disconnect every account."""
        for account_id in tuple(self._messengers):
            await self._forget(account_id)

    async def _new_messenger(self, account_id: int) -> TelethonMessenger | Outcome:
        session = await self._vault.session(account_id)
        if session is None:
            return Outcome(OutcomeCode.LOGGED_OUT, detail="NoSession")
        if not self._is_readable(session):
            return Outcome(OutcomeCode.LOGGED_OUT, detail="UnreadableSession")
        await self._factory.learn_proxy(self._vault)
        credentials = await self._credentials()

        def heard() -> None:
            self._heard(account_id)

        def listening_client() -> OwnedClient:
            client = self._factory.client(self._factory.session(session), credentials)
            ring_for(client, heard)
            # What came while there was no connection is announced by nobody else.
            heard()
            return client

        connection = AccountConnection(listening_client, self._factory.limits)
        return TelethonMessenger(connection, account_id, lambda: self._look_ups)

    def _is_readable(self, session: str) -> bool:
        try:
            self._factory.session(session)
        except ValueError:
            return False
        return True

    def _connection(self, session: str, credentials: ApiCredentials) -> AccountConnection:
        factory = self._factory
        return AccountConnection(
            lambda: factory.client(factory.session(session), credentials), factory.limits
        )

    async def _credentials(self) -> ApiCredentials:
        credentials = await self._vault.credentials()
        if credentials is None:
            raise KnownError(
                message("The keyring holds no api_id and api_hash."),
                message("Enter them again on the Accounts tab; they come from my.telegram.org."),
            )
        return credentials

    async def _forget(self, account_id: int) -> None:
        messenger = self._messengers.pop(account_id, None)
        if messenger is not None:
            await messenger.disconnect()


async def _end_session(connection: AccountConnection) -> None:
    """Log out at Telegram; a session that is over already needs no more."""
    try:
        await connection.call(LogOutRequest())
    except CallError as failed:
        if failed.outcome.code in _OVER:
            return
        raise KnownError(
            message("Telegram did not confirm the log-out ({code}).", code=failed.outcome.detail),
            message(
                "Try again when the internet works, or end the session “Invite Desktop” in "
                "Telegram: Settings, Devices."
            ),
        ) from failed
