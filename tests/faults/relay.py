"""A cable between program and server that can be cut in every way a network has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

HOST = "127.0.0.1"


class Relay:
    """Passes bytes between its own port and another one of this machine, until told otherwise."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._cables: set[_Cable] = set()
        self._listener: asyncio.Server | None = None
        self._swallowing = False

    async def __aenter__(self) -> Relay:
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse()

    def cut(self) -> None:
        """Break every connection; new ones are welcome."""
        for cable in tuple(self._cables):
            cable.cut()

    async def refuse(self) -> None:
        """Break every connection and accept no new one, as without any network."""
        if self._listener is not None:
            self._listener.close()
            self.cut()
            await self._listener.wait_closed()
            self._listener = None

    def swallow(self) -> None:
        """Lose every byte without a word, on the connections there are and on new ones."""
        self._swallowing = True
        self.deafen()

    def deafen(self) -> None:
        """Lose every byte of the connections there are, as a router does that forgot them."""
        for cable in self._cables:
            cable.deaf = True

    async def restore(self) -> None:
        """Be a good network again; a connection that was deafened stays deaf."""
        self._swallowing = False
        if self._listener is None:
            await self._listen()

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._connect, HOST, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward = await asyncio.open_connection(HOST, self.target_port)
        except OSError:
            writer.transport.abort()
            return
        cable = _Cable((reader, writer), onward, deaf=self._swallowing)
        self._cables.add(cable)
        try:
            await cable.carry()
        finally:
            self._cables.discard(cable)


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Cable:
    """One connection through the relay."""

    def __init__(self, near: Ends, far: Ends, *, deaf: bool) -> None:
        self.deaf = deaf
        self._near, self._far = near, far

    async def carry(self) -> None:
        """Carry bytes both ways until one side has closed."""
        ways = (self._pump(self._near[0], self._far[1]), self._pump(self._far[0], self._near[1]))
        tasks = [asyncio.ensure_future(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.cut()
        await asyncio.gather(*tasks)

    def cut(self) -> None:
        """Break it on both sides."""
        for _, writer in (self._near, self._far):
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                if not self.deaf:
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            pass  # Broken on purpose, or by one of the two sides: the cable ends either way.
