"""Keeps a rehearsal server in another process and the program at the same, fast time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl.functions.help import SaveAppLogRequest
from telethon.tl.functions.updates import GetStateRequest
from telethon.tl.types import InputAppEvent, JsonNumber

from invite_desktop.domain.outcomes import Outcome

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Protocol

    from invite_desktop.telegram.account_connection import AccountConnection
    from invite_desktop.telegram.gateway import TelethonGateway

    class FastClock(Protocol):
        """A clock that runs fast and can be set forward."""

        speed: float

        def now(self) -> datetime:
            """Return the present moment, UTC and aware."""
            ...

        def advance_to(self, moment: datetime) -> None:
            """Show at least this moment from now on."""
            ...


CLOCK_EVENT = "rehearsal.clock"


async def share_clock(gateway: TelethonGateway, account_id: int, clock: FastClock) -> None:
    """Bring the program's clock and the server's to the same moment, the later of both.

    People went on living at the server while the program was closed. The clock is sent as a
    client's log entry (help.saveAppLog), which Telegram's own servers ignore. An account that
    cannot connect shares nothing.
    """
    messenger = await gateway.open(account_id)
    if isinstance(messenger, Outcome):
        return
    connection = messenger.connection
    state = await connection.call(GetStateRequest())
    clock.advance_to(state.date)
    sent_at = clock.now()
    await _announce(connection, sent_at, clock.speed)
    # On a fast clock the way there takes minutes, by which the server would be behind.
    await _announce(connection, clock.now() + (clock.now() - sent_at), clock.speed)


async def _announce(connection: AccountConnection, shown: datetime, speed: float) -> None:
    event = InputAppEvent(shown.timestamp(), CLOCK_EVENT, 0, JsonNumber(speed))
    await connection.call(SaveAppLogRequest([event]))
