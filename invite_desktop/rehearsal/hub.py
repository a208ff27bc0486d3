"""What all connections of a server share: sessions, salt, and the record of what came in."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from invite_desktop.rehearsal import tl
from invite_desktop.rehearsal.salts import Salts
from invite_desktop.rehearsal.session import PUSH, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.backend import Backend
    from invite_desktop.rehearsal.server_key import ServerKey

_SESSIONS = 10_000
_CALLS = 20_000


class ReceivedCall(NamedTuple):
    """One request as it came in, with the id of the account that sent it, if logged in."""

    account_id: int | None
    request: TLObject


class Client(Protocol):
    """A connection as the hub sees it."""

    session: Session | None

    def send(self, body: bytes, *, content: bool = True, kind: int = PUSH) -> None:
        """Send one message of the current session."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Hub:
    """The middle of a running server. ``latency`` is in real seconds, ``gzip_over`` in bytes.

    ``calls`` has the latest requests, ``bugs`` the exceptions that should not have been.
    """

    def __init__(self, backend: Backend, key: ServerKey, *, gzip_over: int) -> None:
        self.backend = backend
        self.key = key
        self.gzip_over = gzip_over
        self.latency = 0.0
        self.salts = Salts()
        self.calls: deque[ReceivedCall] = deque(maxlen=_CALLS)
        self.bugs: list[BaseException] = []
        self.clients: set[Client] = set()
        self._sessions: OrderedDict[tuple[int, int], Session] = OrderedDict()

    def session_of(self, key: AuthKey, session_id: int) -> Session:
        """Return a session of a key, made now if there was none."""
        session = self._sessions.get((key.id, session_id))
        if session is not None and session.key is key:
            return session
        session = self._sessions[key.id, session_id] = Session(key, session_id)
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def destroy_session(self, key: AuthKey, session_id: int) -> bool:
        """Forget a session of a key; return whether there was one."""
        return self._sessions.pop((key.id, session_id), None) is not None

    def note_call(self, key: AuthKey, request: TLObject) -> None:
        """Remember a request."""
        self.calls.append(ReceivedCall(key.account_id, request))

    def push(
        self, account_id: int, make_updates: Callable[[], TLObject], but: AuthKey | None = None
    ) -> None:
        """Send updates, made if needed, to an account's connected sessions but those of one key."""
        receivers = [
            client
            for client in self.clients
            if (session := client.session) is not None
            and session.wants_updates
            and session.key.owner.account_id == account_id
            and session.key.owner is not but
        ]
        body = tl.to_bytes(make_updates()) if receivers else b""
        for client in receivers:
            for delay in self.backend.troubles.delays_of_update(account_id):
                self._send_update(client, body, delay)

    def notify(self, key: AuthKey, update: TLObject) -> None:
        """Send an update to the connected sessions of one key, logged in or not."""
        for client in self.clients:
            session = client.session
            if session is not None and session.key.owner is key and session.wants_updates:
                client.send(tl.to_bytes(update), kind=PUSH)

    def _send_update(self, client: Client, body: bytes, delay: float) -> None:
        if delay:
            loop = asyncio.get_running_loop()
            loop.call_later(delay, partial(client.send, body, kind=PUSH))
        else:
            client.send(body, kind=PUSH)

    def flush(self) -> None:
        """Make safe from a kill what happened; nobody is told of it before."""
        self.backend.world.changes.flush()
        self.backend.journal.flush()

    def forget_sessions(self) -> None:
        """Forget all that a server keeps in memory only: sessions and salt."""
        self._sessions.clear()
        self.salts.forget()

    def online(self, but: AuthKey | None = None) -> set[int]:
        """Return whose connected sessions want updates, those of one key not counted: ids."""
        return {
            account_id
            for client in self.clients
            if (session := client.session) is not None
            and session.wants_updates
            and (key := session.key.owner) is not but
            and (account_id := key.account_id) in self.backend.world.accounts
        }

    def drop_clients(self) -> None:
        """Close every connection."""
        for client in list(self.clients):
            client.close()
