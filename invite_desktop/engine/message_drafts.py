"""Messages that are being written: how they will turn out, before there is a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.templates import MAX_MESSAGE_UNITS, STOP_LINE, with_stop_line
from invite_desktop.engine.message_check import check_text
from invite_desktop.engine.message_files import inspect_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.message_check import MessageCheck
    from invite_desktop.engine.setup import Ports


class MessageDrafts:
    """``namer`` turns a message into text in the user's language, for our own stop line."""

    def __init__(self, ports: Ports, namer: Callable[[Message], str]) -> None:
        self._ports = ports
        self._namer = namer

    async def check(
        self, audience_id: int, text: str, stop_line: str | None = None
    ) -> MessageCheck:
        """Try a message on everybody of an audience; ``stop_line`` None means our own.

        Raises KnownError for a text that cannot be sent to anybody.
        """
        line = self._namer(STOP_LINE) if stop_line is None else stop_line
        return await self.try_text(audience_id, with_stop_line(text, line))

    async def inspect(self, path: Path) -> Attachment:
        """Return how a file would go with a message.

        Raises KnownError when it is not there, cannot be read, or breaks Telegram's rules.
        """
        return await inspect_file(str(path))

    async def try_text(
        self, audience_id: int, text: str, limit: int = MAX_MESSAGE_UNITS
    ) -> MessageCheck:
        """Try a text that ends with the line on how to stop on everybody of an audience.

        ``limit`` is the longest text allowed, in UTF-16 code units.
        """
        return await check_text(self._ports.audiences, audience_id, text, limit)
