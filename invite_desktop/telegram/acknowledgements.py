"""Acknowledgements of Telegram's answers that travel with the next request.

Each answer has to be acknowledged, and several may be at once, in one packet with whatever goes out
next (core.telegram.org/mtproto/service_messages_about_messages). Telethon sends each in a packet of
its own, right after the next request: twice the packets, twice the encryption, on both sides.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from telethon.extensions.messagepacker import MessagePacker
from telethon.tl.types import MsgsAck

if TYPE_CHECKING:
    from telethon.network.mtprotosender import MTProtoSender
    from telethon.network.requeststate import RequestState

LONGEST_WAIT = 1.0
"""Seconds after which an acknowledgement goes out by itself, when no request takes it along."""


class PatientPacker(MessagePacker):  # type: ignore[misc] # Telethon has no types
    """The queue of what goes out, in which acknowledgements wait for company."""

    def __init__(self, sender: MTProtoSender) -> None:
        super().__init__(sender._state, loggers=sender._loggers)  # noqa: SLF001 - as the sender does
        self._leaving: asyncio.TimerHandle | None = None

    def append(self, state: RequestState) -> None:
        """Queue something; an acknowledgement alone does not set the queue going."""
        if not isinstance(state.request, MsgsAck):
            super().append(state)
            return
        self._deque.append(state)
        if self._leaving is None:
            loop = asyncio.get_running_loop()
            self._leaving = loop.call_later(LONGEST_WAIT, self._ready.set)

    async def get(self) -> tuple[Any, Any]:
        """Return what goes out together, and its bytes, as soon as something must go out."""
        if self._leaving is not None and all(self._is_patient(state) for state in self._deque):
            self._ready.clear()
            await self._ready.wait()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        batch, data = await super().get()
        return batch, data

    def _is_patient(self, state: RequestState) -> bool:
        return isinstance(state.request, MsgsAck)


def send_patiently(sender: MTProtoSender) -> None:
    """Let a sender that has sent nothing yet take its acknowledgements along."""
    sender._send_queue = PatientPacker(sender)  # noqa: SLF001 - it takes none from outside
