"""A line to the desktop's session bus (D-Bus): calls with answers, and signals."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.asyncio import open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message
    from jeepney.io.asyncio import DBusConnection


class SessionBus:
    """One connection; when it breaks off, whoever waits gets EOFError, and ``broken`` is true.

    ``heard`` gets the name and the contents of every signal of the object that is watched.
    """

    def __init__(
        self, connection: DBusConnection, heard: Callable[[str, tuple[Any, ...]], None]
    ) -> None:
        self._connection = connection
        self._heard = heard
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def open(cls, heard: Callable[[str, tuple[Any, ...]], None]) -> Self:
        """Open a line. Raises KeyError or OSError where there is no session bus."""
        try:
            connection = await open_dbus_connection(bus="SESSION")
        except (ValueError, RuntimeError) as error:
            # An address that leads nowhere, such as the "disabled:" of some services and tests.
            raise ConnectionError(str(error)) from error
        return cls(connection, heard)

    @property
    def broken(self) -> bool:
        """Return whether the line has broken off."""
        return self._reading.done()

    async def call(
        self, address: DBusAddress, method: str, shape: str = "", body: tuple[Any, ...] = ()
    ) -> Any:  # noqa: ANN401 - whatever the method answers
        """Call a method and return the first value of its answer.

        Raises DBusErrorResponse when it is refused, EOFError or OSError when the line breaks off.
        """
        call = new_method_call(address, method, shape or None, body)
        return unwrap_msg(await self._ask(call))[0]

    async def watch(self, address: DBusAddress) -> None:
        """Hear the signals of an object."""
        rule = MatchRule(type="signal", interface=address.interface, path=address.object_path)
        await self._ask(message_bus.AddMatch(rule))

    async def close(self) -> None:
        """Hang up."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._connection.close()

    async def _ask(self, call: Message) -> Message:
        if self.broken:
            raise EOFError
        serial = next(self._connection.outgoing_serial)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._answers[serial] = answer
        try:
            await self._connection.send(call, serial=serial)
            return await answer
        finally:
            self._answers.pop(serial, None)

    async def _read(self) -> None:
        try:
            while True:
                self._take(await self._connection.receive())
        except (EOFError, OSError):
            return
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(EOFError())

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        if message.header.message_type is MessageType.signal:
            self._heard(fields[HeaderFields.member], message.body)
            return
        answer = self._answers.get(fields.get(HeaderFields.reply_serial, 0))
        if answer is not None and not answer.done():
            answer.set_result(message)
