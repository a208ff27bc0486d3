"""The rehearsal server: a Telegram in miniature on 127.0.0.1."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections import OrderedDict, deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal import methods, tl
from invite_desktop.rehearsal.backend import Backend
from invite_desktop.rehearsal.connection import Connection
from invite_desktop.rehearsal.journal import Journal
from invite_desktop.rehearsal.server_key import ServerKey
from invite_desktop.rehearsal.session import PUSH, Session

if TYPE_CHECKING:
    from rsa import PrivateKey
    from telethon.tl.tlobject import TLObject, TLRequest

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.scripts import ScriptedAnswer
    from invite_desktop.rehearsal.world import World

__all__ = ["ReceivedCall", "RehearsalServer", "methods"]

_log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_STATE = "state.jsonl"
_SESSIONS = 10_000
_CALLS = 100_000


class ReceivedCall(NamedTuple):
    """One request as it came in, with the id of the account that sent it, if logged in."""

    account_id: int | None
    request: TLObject


class RehearsalServer:
    """An MTProto server over a world; it is never reachable from outside this machine.

    ``state_dir`` keeps key, logins and everything that happened over restarts and kills; without
    one all ends with ``stop``. ``log_file`` gets a line for every executed request. ``latency`` is
    how long every answer takes, real seconds. ``calls`` has the latest requests, for tests;
    ``bugs`` the exceptions that should not have been.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        state_dir: Path | None = None,
        log_file: Path | None = None,
        gzip_over: int = 512,
    ) -> None:
        self.world = world
        self.backend = Backend(world, Journal(log_file))
        self.backend.push = self.push
        self.latency = 0.0
        self.gzip_over = gzip_over
        self.salt = int.from_bytes(os.urandom(7), "little")
        self.calls: deque[ReceivedCall] = deque(maxlen=_CALLS)
        self.bugs: list[BaseException] = []
        self.connections: set[Connection] = set()
        self._wanted_port = port
        self._state_dir = state_dir
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._key: ServerKey | None = None
        self._listener: asyncio.Server | None = None
        self._sessions: OrderedDict[tuple[int, int], Session] = OrderedDict()

    # ------------------------------------------------------------------ life

    async def start(self) -> RehearsalServer:
        """Take up the state and listen. Raises OSError when the port is taken."""
        directory = self._directory()
        self._key = ServerKey.at(directory)
        if self._state_dir is not None:
            self.world.changes.open(directory / _STATE)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Connection(self), HOST, self._wanted_port)
        self.backend.port = self.port
        return self

    async def stop(self) -> None:
        """Close every connection and the files."""
        if self._listener is not None:
            self._listener.close()
            for connection in list(self.connections):
                connection.close()
            await self._listener.wait_closed()
            await asyncio.sleep(0)  # aborted connections say goodbye in the next round
            self._listener = None
        self.world.changes.close()
        self.backend.journal.close()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def port(self) -> int:
        """Return the port in use. Raises RuntimeError before the start."""
        if self._listener is None:
            raise RuntimeError("the server has not been started")
        number: int = self._listener.sockets[0].getsockname()[1]
        return number

    @property
    def key_path(self) -> Path:
        """Return the file with the public key, for clients in other processes."""
        return self._server_key.public_path

    @property
    def public_key_pem(self) -> str:
        """Return the public key as PEM (PKCS1), for ``telethon.crypto.rsa.add_key``."""
        return self._server_key.public_pem

    @property
    def rsa_key(self) -> PrivateKey:
        """Return the private key."""
        return self._server_key.private

    @property
    def fingerprint(self) -> int:
        """Return the fingerprint by which clients choose the key."""
        return self._server_key.fingerprint

    @property
    def _server_key(self) -> ServerKey:
        if self._key is None:
            raise RuntimeError("the server has not been started")
        return self._key

    def _directory(self) -> Path:
        if self._state_dir is not None:
            self._state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self._state_dir
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
            self.backend.authorizations.log_in(key, None)

    def drop_connections(self) -> None:
        """Break every connection, as a network does."""
        for connection in list(self.connections):
            connection.close()

    # ------------------------------------------------------------------ for connections

    def session_of(self, key: AuthKey, session_id: int) -> tuple[Session, bool]:
        """Return a session of a key, and whether it is new."""
        session = self._sessions.get((key.id, session_id))
        if session is not None and session.key is key:
            return session, False
        session = self._sessions[key.id, session_id] = Session(key, session_id)
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return session, True

    def destroy_session(self, key: AuthKey, session_id: int) -> bool:
        """Forget a session of a key; return whether there was one."""
        return self._sessions.pop((key.id, session_id), None) is not None

    def note_call(self, key: AuthKey, request: TLObject) -> None:
        """Remember a request."""
        self.calls.append(ReceivedCall(key.account_id, request))

    def push(self, account_id: int, updates: TLObject, but: AuthKey | None = None) -> None:
        """Send updates to every connected session of an account, but not to one key's."""
        body = tl.to_bytes(updates)
        for connection in list(self.connections):
            session = connection.session
            if (
                session is not None
                and session.wants_updates
                and session.key.account_id == account_id
                and session.key is not but
            ):
                connection.send(body, kind=PUSH)
