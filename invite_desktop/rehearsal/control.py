"""The control door of a running server: trouble at run time, for whoever may read its state.

One JSON object a line on 127.0.0.1, answered by one: ``{"token": …, "command": …}``. Commands:
``trouble`` with ``add``: a rule as in a scenario; ``clear``; ``troubles``; ``latency`` and
``restart`` with ``seconds``; ``drop``; ``status``.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.rehearsal.troubles import read_trouble

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from invite_desktop.rehearsal.server import RehearsalServer

_HOST = "127.0.0.1"
_LONGEST_LINE = 1 << 16
_LONGEST_PAUSE = 600.0


class ControlDoor:
    """Listens beside a started server; nobody without the token is heard.

    The token is new every time and stands in ``token_path``, readable by its owner only.
    """

    def __init__(self, server: RehearsalServer, port: int = 0) -> None:
        self._server = server
        self._port = port
        self._token = secrets.token_urlsafe(24)
        self._listener: asyncio.Server | None = None
        self.token_path: Path = server.key_path.with_name("control_token")

    async def __aenter__(self) -> ControlDoor:
        """Write the token and listen. Raises KnownError when the port is taken."""
        self.token_path.unlink(missing_ok=True)
        handle = os.open(self.token_path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self._token)
        try:
            self._listener = await asyncio.start_server(
                self._converse, _HOST, self._port, limit=_LONGEST_LINE
            )
        except OSError as taken:
            raise KnownError(
                message("Port {port} of this computer cannot be used.", port=self._port),
                message("Choose another port, or 0 for any free one."),
            ) from taken
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more, and take the token away."""
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()
        self.token_path.unlink(missing_ok=True)

    @property
    def port(self) -> int:
        """Return the port in use. Raises RuntimeError when the door is closed."""
        if self._listener is None:
            raise RuntimeError("the control door is closed")
        number: int = self._listener.sockets[0].getsockname()[1]
        return number

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer = await self._answer(line)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # A line without an end, or a client that is gone: the door closes on it.
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            token = str(asked.get("token", ""))
            if not hmac.compare_digest(token.encode(), self._token.encode()):
                return {"ok": False, "error": "wrong token"}
            return {"ok": True, **await self._obey(str(asked.get("command")), asked)}
        except (ValueError, AttributeError, RecursionError) as wrong:
            return {"ok": False, "error": str(wrong)}

    async def _obey(self, command: str, asked: dict[str, Any]) -> dict[str, Any]:
        server = self._server
        if command == "trouble":
            server.troubles.add(read_trouble(asked.get("add") or {}))
        elif command == "clear":
            server.troubles.clear()
        elif command == "latency":
            server.set_latency(_seconds(asked))
        elif command == "restart":
            await server.restart(_seconds(asked))
        elif command == "drop":
            server.drop_connections()
        elif command == "status":
            return self._status()
        elif command != "troubles":
            raise ValueError(f"command: {command}?")
        return {"troubles": [rule.what.value for rule in server.troubles.rules]}

    def _status(self) -> dict[str, Any]:
        world = self._server.world
        return {
            "time": world.clock().isoformat(),
            "people": len(world.people),
            "accounts": len(world.accounts),
            "connections": len(self._server.hub.clients),
            "chats": {
                chat.username or str(chat.id): world.member_count(chat)
                for chat in world.chats.values()
            },
        }


def _seconds(asked: dict[str, Any]) -> float:
    seconds = asked.get("seconds", 0)
    if type(seconds) not in {int, float} or not 0 <= seconds <= _LONGEST_PAUSE:
        raise ValueError(f"seconds = {seconds!r}: 0…{_LONGEST_PAUSE:g}")
    return float(seconds)
