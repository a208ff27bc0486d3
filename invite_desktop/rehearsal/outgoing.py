"""What goes out over one connection, and not before it is safe."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from invite_desktop.rehearsal.transport import Transport

_log = logging.getLogger(__name__)

_MOST_TOGETHER = 8
"""Packets that go out in one piece: the client works on them while the next ones are made.

For the same reason the first answer to what has come in goes out by itself, at once.
"""


class Outgoing:
    """Packets on their way to a client.

    ``flush`` makes safe what has happened; without that nobody is told of it, and the connection is
    cut. ``wire`` None: the connection is lost or not made yet.
    """

    def __init__(self, transport: Transport, flush: Callable[[], None]) -> None:
        self.wire: asyncio.Transport | None = None
        self._transport = transport
        self._flush = flush
        self._batch: list[bytes] | None = None
        self._together = 1

    @property
    def is_open(self) -> bool:
        """Return whether something can be sent."""
        return self.wire is not None and not self.wire.is_closing()

    def collect(self) -> None:
        """Let what is written from now on go out in parts, until ``send``."""
        self._batch, self._together = [], 1

    def write(self, packet: bytes) -> None:
        """Send a packet."""
        self._add(self._transport.wrap(packet))

    def acknowledge(self, token: int) -> None:
        """Send a quick acknowledgement of the packet that came last."""
        self._add(self._transport.quick_ack(token))

    def send(self) -> None:
        """Send what was collected, and collect no more."""
        batch, self._batch = self._batch, None
        if batch and self._is_safe() and self.wire is not None and not self.wire.is_closing():
            self.wire.write(b"".join(batch))

    def close(self) -> None:
        """Close the connection; what has been answered goes out before."""
        self.send()
        if self.wire is not None:
            self.wire.abort()

    def _add(self, data: bytes) -> None:
        if self._batch is None:
            self._batch = [data]
            self.send()
            return
        self._batch.append(data)
        if len(self._batch) >= self._together:
            self.send()
            self._batch, self._together = [], _MOST_TOGETHER

    def _is_safe(self) -> bool:
        try:
            self._flush()
        except OSError:
            _log.exception("the state of the rehearsal cannot be written")
            if self.wire is not None:
                self.wire.abort()
            return False
        return True
