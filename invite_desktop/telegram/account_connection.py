"""One account's connection: it comes back by itself, and repeats no call by itself.

Telethon's own reconnection puts unanswered requests back into its queue and sends them again, which
would be a second invitation. So it is switched off, and a client serves for one connection only:
nothing that an old client still holds can ever be sent.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from telethon.tl.functions import PingRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from invite_desktop.domain.attempts import CONTACTING, Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.outcome_table import KNOWN_TROUBLES, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon.tl import TLRequest

    from invite_desktop.telegram.client_factory import CallLimits, OwnedClient

_log = logging.getLogger(__name__)

_TOO_LATE = "the answer did not come in time"
_ENDED = frozenset({OutcomeCode.LOGGED_OUT, OutcomeCode.BANNED})


class CallError(Exception):
    """A call that ended otherwise than with an answer; inside this package only."""

    def __init__(self, outcome: Outcome, error: BaseException | None = None) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome
        self.error = error


class AccountConnection:
    """Calls Telegram for one account, over a client that is made anew after every loss.

    ``ended`` turns true when Telegram said that the session is over.
    """

    def __init__(self, make_client: Callable[[], OwnedClient], limits: CallLimits) -> None:
        self.ended = False
        self._make_client = make_client
        self._limits = limits
        self._client: OwnedClient | None = None
        self._waiting: set[asyncio.Future[Any]] = set()
        self._last_answer = 0.0
        self._connecting = asyncio.Lock()

    @property
    def is_connected(self) -> bool:
        """Return whether a call could be sent at once."""
        return self._client is not None and bool(self._client.is_connected())

    async def open(self) -> None:
        """Connect when needed and make sure that the login still holds. Raises CallError."""
        if not self.is_connected:
            await self.call(GetUsersRequest([InputUserSelf()]))

    async def call(self, request: TLRequest, action: Action | None = None) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        """Send one request once and return Telegram's answer.

        Raises CallError. When the connection dies or the answer does not come in time, a
        contacting action is UNCERTAIN and anything else NOT_CONNECTED; a call that could not be
        sent at all is NOT_CONNECTED in any case.
        """
        client = await self._ready_client(action)
        try:
            answer = await self._answer_of(client, request, self._limits.answer)
        except KNOWN_TROUBLES as error:
            outcome = outcome_of(error, action)
            self.ended = self.ended or outcome.code in _ENDED
            raise CallError(outcome, error) from error
        finally:
            if self.ended:
                await self._drop(client)
        return answer

    async def close(self) -> None:
        """Disconnect; a later call would connect again."""
        async with self._connecting:
            if self._client is not None:
                await self._drop(self._client)

    async def _ready_client(self, action: Action | None) -> OwnedClient:
        """Return a connected client, tried by a ping when silence has made it doubtful."""
        async with self._connecting:
            if self.is_connected and action in CONTACTING and self._is_doubtful():
                await self._ping()
            if self._client is None or not self.is_connected:
                await self._connect()
            if self._client is None:
                raise CallError(Outcome(OutcomeCode.NOT_CONNECTED, detail="ConnectionError"))
            return self._client

    async def _connect(self) -> None:
        if self._client is not None:
            await self._drop(self._client)
        client = self._make_client()
        try:
            await asyncio.wait_for(client.connect(), self._limits.connect)
        except KNOWN_TROUBLES as error:
            outcome = outcome_of(error)
            self.ended = outcome.code in _ENDED
            raise CallError(outcome, error) from error
        else:
            self._client, self._waiting = client, set()
            lost = client.disconnected
            lost.add_done_callback(_note_loss)
            lost.add_done_callback(partial(_let_go, self._waiting))
            self._last_answer = _seconds()
        finally:
            if self._client is not client:
                client.disconnected.add_done_callback(_note_loss)
                await client.disconnect()

    async def _answer_of(self, client: OwnedClient, request: TLRequest, patience: float) -> Any:  # noqa: ANN401 - each request has an answer type of its own
        """Wait for an answer, but no longer than the connection lives."""
        waiting = self._waiting
        answer = asyncio.ensure_future(client.ask(request))
        waiting.add(answer)
        timer = asyncio.get_running_loop().call_later(patience, answer.cancel, _TOO_LATE)
        try:
            found = await answer
        except asyncio.CancelledError as error:
            if (me := asyncio.current_task()) is not None and me.cancelling():
                raise
            if error.args != (_TOO_LATE,):
                # The connection has ended; Telethon, too, then cancels what is pending.
                raise ConnectionError from None
            await self._drop(client)
            raise TimeoutError from None
        finally:
            timer.cancel()
            waiting.discard(answer)
        self._last_answer = _seconds()
        return found

    def _is_doubtful(self) -> bool:
        return _seconds() - self._last_answer > self._limits.ping_after

    async def _ping(self) -> None:
        if (client := self._client) is None:
            return
        ping = PingRequest(secrets.randbits(63))
        try:
            await self._answer_of(client, ping, self._limits.ping)
        except KNOWN_TROUBLES as error:
            _log.info("The connection was lost in silence: %s", type(error).__name__)
            await self._drop(client)

    async def _drop(self, client: OwnedClient) -> None:
        """Disconnect a client for good, so that nothing it holds is sent any more."""
        if self._client is client:
            self._client = None
        await client.disconnect()


def _let_go(waiting: set[asyncio.Future[Any]], _lost: asyncio.Future[None]) -> None:
    """End the waiting for answers that a lost connection will not bring."""
    for answer in tuple(waiting):
        answer.cancel()


def _note_loss(lost: asyncio.Future[None]) -> None:
    """Take notice of how a connection ended, so that asyncio does not report it as forgotten."""
    if not lost.cancelled() and (error := lost.exception()) is not None:
        _log.info("The connection ended: %s", type(error).__name__)


def _seconds() -> float:
    return asyncio.get_running_loop().time()
