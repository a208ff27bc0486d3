"""The rehearsal server: a Telegram in miniature on 127.0.0.1."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.rehearsal import methods  # noqa: F401 - its import fills the table
from invite_desktop.rehearsal.backend import Backend
from invite_desktop.rehearsal.connection import Connection
from invite_desktop.rehearsal.hub import Hub
from invite_desktop.rehearsal.journal import Journal
from invite_desktop.rehearsal.server_key import ServerKey
from invite_desktop.rehearsal.timekeeper import Timekeeper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telethon.tl.tlobject import TLRequest

    from invite_desktop.rehearsal.hub import ReceivedCall
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.scripts import ScriptedAnswer
    from invite_desktop.rehearsal.troubles import Trouble, Troubles
    from invite_desktop.rehearsal.world import World

HOST = "127.0.0.1"
_STATE = "state.jsonl"


class RehearsalServer:
    """An MTProto server over a world; it is never reachable from outside this machine.

    ``state_dir`` keeps key, logins and everything that happened over restarts and kills; without
    one all ends with ``stop``. ``log_file`` gets a line for every executed request. Answers of more
    than ``gzip_over`` bytes are compressed. ``troubles`` are in force from the start.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        state_dir: Path | None = None,
        log_file: Path | None = None,
        gzip_over: int = 512,
        troubles: Iterable[Trouble] = (),
    ) -> None:
        self.world = world
        self.backend = Backend(world, Journal(log_file))
        for trouble in troubles:
            self.backend.troubles.add(trouble)
        self._options = (port, state_dir, gzip_over)
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._lock: FileLock | None = None
        self._hub: Hub | None = None
        self._listener: asyncio.Server | None = None
        self._timekeeper = Timekeeper(world, self._note_bug)

    # ------------------------------------------------------------------ life

    async def start(self) -> RehearsalServer:
        """Take up the state and listen.

        Raises KnownError when the port is taken or another server has the state.
        """
        port, state_dir, gzip_over = self._options
        directory = self._make_directory(state_dir)
        # Making a key and reading a long story take a while: the owner may have a window open.
        key = await asyncio.to_thread(ServerKey.at, directory)
        self._hub = Hub(self.backend, key, gzip_over=gzip_over)
        self.backend.push = self._hub.push
        self.backend.notify = self._hub.notify
        self.backend.online = self._hub.online
        try:
            await self._open(self._hub, port, directory if state_dir else None)
        except BaseException:
            await self.stop()
            raise
        return self

    async def _open(self, hub: Hub, port: int, state_dir: Path | None) -> None:
        self._listener = await self._listen(hub, port)
        self.backend.port = self.port
        if state_dir is not None:
            self._lock_state(state_dir)
            await asyncio.to_thread(self.world.changes.open, state_dir / _STATE)
        self._timekeeper.start()
        await self._listener.start_serving()

    async def stop(self) -> None:
        """Close every connection and the files."""
        self._timekeeper.stop()
        await self._stop_listening()
        self.world.changes.close()
        self.backend.journal.close()
        if self._lock is not None:
            self._lock.release()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def hub(self) -> Hub:
        """Return what the connections share. Raises RuntimeError before the start."""
        if self._hub is None:
            raise RuntimeError("the server has not been started")
        return self._hub

    @property
    def port(self) -> int:
        """Return the port in use. Raises RuntimeError when the server does not run."""
        if self._listener is None:
            raise RuntimeError("the server does not run")
        number: int = self._listener.sockets[0].getsockname()[1]
        return number

    @property
    def key_path(self) -> Path:
        """Return the file with the public key, for clients in other processes."""
        return self.hub.key.public_path

    @property
    def public_key_pem(self) -> str:
        """Return the public key as PEM (PKCS1), for ``telethon.crypto.rsa.add_key``."""
        return self.hub.key.public_pem

    def _note_bug(self, bug: BaseException) -> None:
        self.hub.bugs.append(bug)

    async def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self.hub.drop_clients()
            await self._listener.wait_closed()
            await asyncio.sleep(0)  # closed connections say goodbye in the next round
            self._listener = None

    async def _listen(self, hub: Hub, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        try:
            return await loop.create_server(
                lambda: Connection(hub), HOST, port, start_serving=False
            )
        except OSError as taken:
            raise KnownError(
                message("Port {port} of this computer cannot be used.", port=port),
                message("Choose another port, or 0 for any free one."),
            ) from taken

    def _lock_state(self, directory: Path) -> None:
        try:
            self._lock = FileLock(directory / "lock", timeout=0)
            self._lock.acquire()
        except Timeout as taken:
            raise KnownError(
                message("Another rehearsal server is using “{name}”.", name=str(directory)),
                message("Stop the other server, or choose another directory."),
            ) from taken

    def _make_directory(self, state_dir: Path | None) -> Path:
        if state_dir is not None:
            state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            return state_dir
        self._temporary = tempfile.TemporaryDirectory(prefix="rehearsal-")
        return Path(self._temporary.name)

    # ------------------------------------------------------------------ for tests and scenarios

    def script(
        self,
        method: str | type[TLRequest],
        *answers: ScriptedAnswer,
        account: Account | None = None,
    ) -> None:
        """Prepare answers to the next calls of a method; see Scripts."""
        self.backend.scripts.add(method, answers, account)

    def issue_key(self, account: Account) -> bytes:
        """Return an authorization key (256 bytes) with which an account is logged in already."""
        return self.backend.authorizations.issue(account)

    def end_sessions(self, account: Account) -> None:
        """Log an account out everywhere, as its owner can from another device."""
        for key in self.backend.authorizations.keys_of(account.id):
            self.backend.authorizations.log_out(key)

    def revoke_sessions(self, account: Account) -> None:
        """End an account's logins as "Terminate all other sessions" does."""
        for key in self.backend.authorizations.keys_of(account.id):
            self.backend.authorizations.revoke(key)

    @property
    def troubles(self) -> Troubles:
        """Return the trouble in force; it may be changed at any time."""
        return self.backend.troubles

    async def restart(self, pause: float = 0.0) -> None:
        """Be away for so many real seconds and come back on the same port.

        Sessions and salt are forgotten, as when a process dies; all that is kept on disk stays.
        """
        port = self.port
        await self._stop_listening()
        self.hub.forget_sessions()
        self.backend.temporary_keys.forget_all()
        await asyncio.sleep(pause)
        self._listener = await self._listen(self.hub, port)
        await self._listener.start_serving()

    @property
    def calls(self) -> Sequence[ReceivedCall]:
        """Return the latest requests, oldest first."""
        return self.hub.calls

    @property
    def bugs(self) -> Sequence[BaseException]:
        """Return the exceptions that should not have been."""
        return self.hub.bugs

    def set_latency(self, seconds: float) -> None:
        """Let every answer take so many real seconds."""
        self.hub.latency = seconds

    def drop_connections(self) -> None:
        """Break every connection, as a network does."""
        self.hub.drop_clients()
