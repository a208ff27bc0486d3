"""The connection of one log-in: every refusal of a call is in words."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from telethon import errors, events
from telethon.tl.functions import DestroyAuthKeyRequest
from telethon.tl.types import UpdateLoginToken

from invite_desktop.telegram.login_refusals import login_refusal
from invite_desktop.telegram.outcome_table import KNOWN_TROUBLES

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from telethon.tl import TLRequest

    from invite_desktop.engine.ports.login import ApiCredentials, LoginRefusedError
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.telegram.client_factory import ClientFactory, OwnedClient

_log = logging.getLogger(__name__)

_MOVES = (errors.PhoneMigrateError, errors.NetworkMigrateError, errors.UserMigrateError)
"""Refusals because the number lives in another data centre."""

_PATIENCE_ON_LEAVING = 5.0
"""Seconds that the farewell to Telegram may take."""


class LoginConnection:
    """A session in memory and the client that speaks with it, connected again when needed.

    ``token_accepted`` is set when Telegram says that somebody has scanned the QR code.
    """

    def __init__(
        self, factory: ClientFactory, vault: SecretVault, credentials: ApiCredentials
    ) -> None:
        self.credentials = credentials
        self.token_accepted = asyncio.Event()
        self._factory = factory
        self._vault = vault
        self._session = factory.session()
        self._client: OwnedClient | None = None

    async def open(self) -> OwnedClient:
        """Connect when needed and return the client. Raises LoginRefusedError without network."""
        if self._client is not None and self._client.is_connected():
            return self._client
        await self.close()
        await self._factory.learn_proxy(self._vault)
        client = self._client = self._factory.client(self._session, self.credentials, retries=1)
        client.add_event_handler(self._note_token, events.Raw(UpdateLoginToken))
        try:
            await asyncio.wait_for(client.connect(), self._factory.limits.connect)
        except KNOWN_TROUBLES as error:
            raise self._refusal(error) from error
        client.disconnected.add_done_callback(_note_loss)
        return client

    async def ask(self, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        """Send a request; every refusal is a LoginRefusedError with Telegram's error as cause."""
        client = await self.open()
        return await self._answer_of(_followed(client, request))

    async def move_to(self, data_centre: int) -> None:
        """Go on with a new key at the data centre where the account lives."""
        client = await self.open()
        await self._answer_of(client.move_to(data_centre))

    def saved_session(self) -> str:
        """Return the session as the keyring keeps it."""
        return self._session.save()  # type: ignore[no-any-return] # Telethon has no types

    async def destroy(self) -> None:
        """Let Telegram forget the key of this log-in, if it can be reached, and disconnect.

        With the key goes whatever hangs on it: a QR code, a code that was given without the
        password that should have followed.
        """
        client = self._client
        try:
            if client is not None and client.is_connected():
                request = client.ask(DestroyAuthKeyRequest())
                await asyncio.wait_for(request, _PATIENCE_ON_LEAVING)
        except KNOWN_TROUBLES as error:
            _log.info("The key of a log-in was not destroyed: %s", type(error).__name__)
        finally:
            await self.close()

    async def close(self) -> None:
        """Disconnect."""
        client, self._client = self._client, None
        if client is not None:
            await client.disconnect()

    async def _answer_of(self, question: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        background = asyncio.ensure_future(question)
        try:
            await asyncio.wait({background}, timeout=self._factory.limits.answer)
            if not background.done() or background.cancelled():
                await self.close()
                raise TimeoutError
            return background.result()
        except KNOWN_TROUBLES as error:
            raise self._refusal(error) from error
        finally:
            background.cancel()

    def _refusal(self, error: BaseException) -> LoginRefusedError:
        return login_refusal(error, through_proxy=self._factory.proxy is not None)

    async def _note_token(self, _update: object) -> None:
        self.token_accepted.set()


def _note_loss(lost: asyncio.Future[None]) -> None:
    """Take notice of how a connection ended; destroying its key is one of the ways."""
    if not lost.cancelled() and (error := lost.exception()) is not None:
        _log.info("The connection of a log-in ended: %s", type(error).__name__)


async def _followed(client: OwnedClient, request: TLRequest) -> Any:  # noqa: ANN401 - each request has an answer type of its own
    """Send a request, and when the number lives elsewhere, let Telethon go there with it."""
    try:
        return await client.ask(request)
    except _MOVES:
        return await client(request)
