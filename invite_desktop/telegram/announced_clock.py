"""Tells a rehearsal server in another process how fast the program's time runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl.functions.help import SaveAppLogRequest
from telethon.tl.types import InputAppEvent, JsonNumber

from invite_desktop.domain.outcomes import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.telegram.gateway import TelethonGateway

CLOCK_EVENT = "rehearsal.clock"


async def announce_clock(
    gateway: TelethonGateway, account_id: int, now: datetime, speed: float
) -> None:
    """Send the clock as a client's log entry (help.saveAppLog); Telegram's own ignore it.

    ``speed`` is program seconds in one real second. An account that cannot connect says nothing.
    """
    messenger = await gateway.open(account_id)
    if isinstance(messenger, Outcome):
        return
    event = InputAppEvent(now.timestamp(), CLOCK_EVENT, 0, JsonNumber(speed))
    await messenger.connection.call(SaveAppLogRequest([event]))
