"""One TCP connection: packets in, handshake or messages, answers out."""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import encryption, tl
from invite_desktop.rehearsal import session as sessions
from invite_desktop.rehearsal.backend import Call
from invite_desktop.rehearsal.dispatch import execute, unwrap
from invite_desktop.rehearsal.faults import MethodError, ProtocolError
from invite_desktop.rehearsal.handshake import Handshake
from invite_desktop.rehearsal.scripts import Delay, Drop, SilentNoAdd
from invite_desktop.rehearsal.service_messages import answer_service_message
from invite_desktop.rehearsal.transport import Transport

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.hub import Hub
    from invite_desktop.rehearsal.scripts import ScriptedAnswer
    from invite_desktop.rehearsal.session import Message, Session

_log = logging.getLogger(__name__)

UNKNOWN_KEY = -404
"""The transport error for an authorization key that the server does not have."""

_RPC_RESULT = 0xF35C6D01
_BAD_SALT = 48
_TOO_OLD, _TOO_NEW, _NOT_DIVISIBLE = 16, 17, 18
_OLDEST, _NEWEST = 300, 30
"""Seconds that a client's message id may be behind and ahead of the server's clock."""


class Connection(asyncio.Protocol):
    """The server's end of one connection. Nothing that comes in can end more than this."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._transport = Transport()
        self._wire: asyncio.Transport | None = None
        self._handshake: Handshake | None = None
        self.session: Session | None = None

    # ------------------------------------------------------------------ asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection."""
        if isinstance(transport, asyncio.Transport):
            self._wire = transport
        self._hub.clients.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's form
        """Forget the connection."""
        self._wire = None
        self._hub.clients.discard(self)

    def pause_writing(self) -> None:
        """Read no more from a client that does not read."""
        if self._wire is not None:
            self._wire.pause_reading()

    def resume_writing(self) -> None:
        """Read on."""
        if self._wire is not None:
            self._wire.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Work off what has come in; whatever is wrong with it ends this connection."""
        try:
            for packet in self._transport.receive(data):
                self._take(packet)
        except ProtocolError as violation:
            _log.debug("a connection was closed: %s", violation)
            self.close()
        except Exception as bug:  # noqa: BLE001 - no client may end the server
            _log.exception("a packet could not be handled")
            self._hub.bugs.append(bug)
            self.close()

    # ------------------------------------------------------------------ out

    def close(self) -> None:
        """Close the connection."""
        if self._wire is not None:
            self._wire.abort()

    def send(self, body: bytes, *, content: bool = True, kind: int = sessions.ANSWER) -> None:
        """Send one message of the current session."""
        if self.session is not None and self._wire is not None:
            salt = self._hub.salt
            self._write(self.session.seal(salt, body, content=content, kind=kind))

    def _write(self, packet: bytes) -> None:
        if self._wire is not None:
            self._wire.write(self._transport.wrap(packet))

    @property
    def salt(self) -> int:
        """Return the server's salt."""
        return self._hub.salt

    def destroy_session(self, session: Session, session_id: int) -> bool:
        """Forget another session of the same key; return whether there was one."""
        return self._hub.destroy_session(session.key, session_id)

    def destroy_key(self, session: Session) -> None:
        """Forget the key of a session."""
        self._hub.backend.authorizations.forget(session.key.id)

    def send_error(self, code: int) -> None:
        """Send a transport error such as -404 or -429."""
        self._write(struct.pack("<i", code))

    # ------------------------------------------------------------------ in

    def _take(self, packet: bytes) -> None:
        if len(packet) < 24:
            raise ProtocolError("a packet is too short")
        key_id = int.from_bytes(packet[:8], "little")
        if not key_id:
            self._take_plain(packet)
            return
        key = self._hub.backend.authorizations.find(key_id)
        if key is None:
            self.send_error(UNKNOWN_KEY)
            return
        self._take_encrypted(key, packet)

    def _take_plain(self, packet: bytes) -> None:
        """Answer one step of a handshake (core.telegram.org/mtproto/auth_key)."""
        try:
            request = tl.parse(packet[20:])
        except MethodError as unreadable:
            raise ProtocolError("an unreadable step of a handshake") from unreadable
        if self._handshake is None:
            self._handshake = Handshake(self._hub.key.private, self._hub.key.fingerprint)
        answer = self._handshake.answer(request)
        if self._handshake.key is not None:
            self._hub.backend.authorizations.add(self._handshake.key, self._handshake.first_salt)
            self._handshake = None
        if answer is not None:
            body = tl.to_bytes(answer)
            now = time.time() + self._hub.backend.troubles.clock_skew
            message_id = (int(now) << 32) | sessions.ANSWER
            self._write(struct.pack("<qqi", 0, message_id, len(body)) + body)

    def _take_encrypted(self, key: AuthKey, packet: bytes) -> None:
        plain = encryption.decrypt(key.data, packet)
        salt, session_id, message_id, seqno, length = struct.unpack_from("<qqqii", plain)
        if not 4 <= length <= len(plain) - 32:
            raise ProtocolError("length of a message")
        session, is_new = self._hub.session_of(key, session_id)
        self.session = session
        session.clock_skew = skew = self._hub.backend.troubles.clock_skew
        if code := _bad_time(message_id, time.time() + skew):
            self._notify(types.BadMsgNotification(message_id, seqno, code))
            return
        if salt not in {self._hub.salt, key.first_salt}:
            self._notify(types.BadServerSalt(message_id, seqno, _BAD_SALT, self._hub.salt))
            return
        if is_new:
            unique = int.from_bytes(struct.pack("<q", session_id), "little") >> 1
            created = types.NewSessionCreated(message_id, unique, self._hub.salt)
            self.send(tl.to_bytes(created))
        for message in sessions.messages_in(message_id, seqno, plain[32 : 32 + length]):
            self._take_message(session, message)

    def _notify(self, notice: TLObject) -> None:
        self.send(tl.to_bytes(notice), content=False)

    def _take_message(self, session: Session, message: Message) -> None:
        if session.is_repeated(message.id):
            if answer := session.answer_to(message.id):
                self.send(answer)
            return
        try:
            request = tl.parse(message.body)
            if answer_service_message(self, session, message.id, request):
                return
            request, wants_updates = unwrap(request)
        except MethodError as fault:
            self._refuse(session, message.id, fault)
            return
        session.wants_updates = session.wants_updates or wants_updates
        self._take_request(session, message.id, request)

    def _take_request(self, session: Session, message_id: int, request: TLObject) -> None:
        key = session.key
        self._hub.note_call(key, request)
        backend = self._hub.backend
        script = backend.scripts.take(request, key.account_id)
        if script is None:
            script = backend.troubles.take(request, key.account_id)
        if isinstance(script, int):
            self.send_error(script)
        elif script == Drop("before"):
            self.close()
        else:
            self._run(session, message_id, request, script)

    def _run(
        self, session: Session, message_id: int, request: TLObject, script: ScriptedAnswer
    ) -> None:
        call = Call(self._hub.backend, session.key, silent=isinstance(script, SilentNoAdd))
        try:
            if isinstance(script, str):
                raise MethodError(script)
            usual = script is None or isinstance(script, Drop | Delay | SilentNoAdd)
            body = tl.to_bytes(execute(call, request) if usual else script)
        except MethodError as fault:
            call.note_refusal(request, fault)
            body = tl.to_bytes(types.RpcError(fault.code, fault.name))
        except Exception as bug:  # noqa: BLE001 - no client may end the server
            _log.exception("%s could not be answered", type(request).__name__)
            self._hub.bugs.append(bug)
            body = tl.to_bytes(types.RpcError(500, "INTERNAL_SERVER_ERROR"))
        if script == Drop("after"):
            self.close()
        else:
            self._answer_in_time(session, message_id, request, body, script)
        for step in call.after:
            step()

    def _answer_in_time(
        self,
        session: Session,
        message_id: int,
        request: TLObject,
        body: bytes,
        script: ScriptedAnswer,
    ) -> None:
        """Send an answer, at once unless the script or the server's latency delays it."""
        if isinstance(request, functions.auth.LogOutRequest):
            # Telethon takes the acknowledgement for the answer.
            self.send(tl.to_bytes(types.MsgsAck([message_id])), content=False)
        delay = script.seconds if isinstance(script, Delay) else self._hub.latency
        if delay:
            self.send(tl.to_bytes(types.MsgsAck([message_id])), content=False)
            loop = asyncio.get_running_loop()
            loop.call_later(delay, self._answer, session, message_id, body)
        else:
            self._answer(session, message_id, body)

    def _answer(self, session: Session, message_id: int, body: bytes) -> None:
        if len(body) > self._hub.gzip_over:
            body = tl.pack(body)
        result = struct.pack("<Iq", _RPC_RESULT, message_id) + body
        session.keep_answer(message_id, result)
        if self.session is session:
            self.send(result)

    def _refuse(self, session: Session, message_id: int, fault: MethodError) -> None:
        self._answer(session, message_id, tl.to_bytes(types.RpcError(fault.code, fault.name)))


def _bad_time(message_id: int, now: float) -> int:
    """Return the code of what is wrong with a client's message id, 0 when it is fine."""
    if message_id & 3:
        return _NOT_DIVISIBLE
    age = now - (message_id >> 32)
    if age > _OLDEST:
        return _TOO_OLD
    return _TOO_NEW if age < -_NEWEST else 0
