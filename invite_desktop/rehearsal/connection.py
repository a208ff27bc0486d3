"""One TCP connection: packets in, handshake or messages, answers out."""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import data_centres, encryption, received, tl
from invite_desktop.rehearsal import session as sessions
from invite_desktop.rehearsal.authorizations import FirstSalt
from invite_desktop.rehearsal.backend import Call
from invite_desktop.rehearsal.dispatch import execute, introduce, unwrap
from invite_desktop.rehearsal.faults import MethodError, ProtocolError
from invite_desktop.rehearsal.handshake import Handshake
from invite_desktop.rehearsal.outgoing import Outgoing
from invite_desktop.rehearsal.salts import PERIOD
from invite_desktop.rehearsal.scripts import Delay, Drop, SilentNoAdd
from invite_desktop.rehearsal.service_messages import answer_service_message, needs_number
from invite_desktop.rehearsal.session import ContainerError, Message
from invite_desktop.rehearsal.temporary_keys import Carrier
from invite_desktop.rehearsal.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.dispatch import Unwrapped
    from invite_desktop.rehearsal.hub import Hub
    from invite_desktop.rehearsal.salts import Salts
    from invite_desktop.rehearsal.scripts import ScriptedAnswer
    from invite_desktop.rehearsal.session import Session

_log = logging.getLogger(__name__)

UNKNOWN_KEY = -404
"""The transport error for an authorization key that the server does not have."""

_RPC_RESULT = 0xF35C6D01
_RPC_ERROR = struct.pack("<I", types.RpcError.CONSTRUCTOR_ID)


class Connection(asyncio.Protocol):
    """The server's end of one connection. Nothing that comes in can end more than this."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._transport = Transport()
        self._out = Outgoing(self._transport, hub.flush)
        self._handshake: Handshake | None = None
        self.session: Session | None = None

    # ------------------------------------------------------------------ asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection."""
        if isinstance(transport, asyncio.Transport):
            self._out.wire = transport
        self._hub.clients.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's form
        """Forget the connection."""
        self._out.wire = None
        self._hub.clients.discard(self)
        if self.session is not None and self.session.line is self:
            self.session.line = None

    def pause_writing(self) -> None:
        """Read no more from a client that does not read."""
        if self._out.wire is not None:
            self._out.wire.pause_reading()

    def resume_writing(self) -> None:
        """Read on."""
        if self._out.wire is not None:
            self._out.wire.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Work off what has come in; whatever is wrong with it ends this connection."""
        self._out.collect()
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
        finally:
            self._out.send()

    # ------------------------------------------------------------------ out

    def close(self) -> None:
        """Close the connection; what has been answered goes out before."""
        self._out.close()

    def send(self, body: bytes, *, content: bool = True, kind: int = sessions.ANSWER) -> None:
        """Send one message of the current session."""
        if self.session is not None:
            salt = self._hub.salts.current
            self._out.write(self.session.seal(salt, body, content=content, kind=kind))

    def send_again(self, session: Session, message_id: int) -> bool:
        """Send a message of the server once more; return whether it was still there."""
        packet = session.seal_again(self._hub.salts.current, message_id)
        if packet is not None:
            self._out.write(packet)
        return packet is not None

    @property
    def is_open(self) -> bool:
        """Return whether something can be sent."""
        return self._out.is_open

    @property
    def salts(self) -> Salts:
        """Return the server's salts."""
        return self._hub.salts

    def destroy_session(self, session: Session, session_id: int) -> bool:
        """Forget another session of the same key; return whether there was one."""
        return self._hub.destroy_session(session.key, session_id)

    def destroy_key(self, session: Session) -> None:
        """Forget the key of a session."""
        self._hub.backend.destroy_key(session.key)

    def send_error(self, code: int) -> None:
        """Send a transport error such as -404 or -429."""
        self._out.write(struct.pack("<i", code))

    # ------------------------------------------------------------------ in

    def _take(self, packet: bytes) -> None:
        if len(packet) < 24:
            raise ProtocolError("a packet is too short")
        key_id = int.from_bytes(packet[:8], "little")
        if not key_id:
            self._take_plain(packet)
            return
        key = self._hub.backend.find_key(key_id)
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
            key = self._hub.key
            is_taken = self._hub.backend.has_key_like
            self._handshake = Handshake(key.private, key.fingerprint, is_taken)
        answer = self._handshake.answer(request)
        if self._handshake.key is not None:
            self._keep_key(self._handshake.key, self._handshake)
            self._handshake = None
        if answer is not None:
            body = tl.to_bytes(answer)
            now = time.time() + self._hub.backend.troubles.clock_skew
            message_id = (int(now) << 32) | sessions.ANSWER
            self._out.write(struct.pack("<qqi", 0, message_id, len(body)) + body)

    def _keep_key(self, data: bytes, made: Handshake) -> None:
        dc = made.dc if made.dc in data_centres.NUMBERS else None
        backend = self._hub.backend
        if made.expires_in:
            key = backend.temporary_keys.add(data, made.expires_in, dc)
        else:
            key = backend.authorizations.add(data, dc=dc)
        key.first_salt = FirstSalt(made.first_salt, time.time() + PERIOD)

    def _take_encrypted(self, key: AuthKey, packet: bytes) -> None:
        plain = encryption.decrypt(key.data, packet)
        if self._transport.wants_ack:
            self._out.acknowledge(encryption.quick_ack(key.data, plain))
        salt, session_id, message_id, seqno, length = struct.unpack_from("<qqqii", plain)
        if not 4 <= length <= len(plain) - 32:
            raise ProtocolError("length of a message")
        self.session = session = self._hub.session_of(key, session_id)
        session.clock_skew = skew = self._hub.backend.troubles.clock_skew
        packet_message = Message(message_id, seqno, plain[32 : 32 + length])
        if code := received.fault_of_time(message_id, time.time() + skew):
            session.received.start_over()
            self._complain(packet_message, code)
        elif not self._hub.salts.is_good(salt, key.first_salt):
            current = self._hub.salts.current
            self._notify(types.BadServerSalt(message_id, seqno, received.BAD_SALT, current))
        else:
            self._take_packet(session, packet_message)

    def _take_packet(self, session: Session, packet: Message) -> None:
        """Take the message of a packet, or those of its container."""
        is_container = sessions.is_container(packet.body)
        if is_container and (code := _fault_of_container(session, packet)):
            self._complain(packet, code)
            return
        try:
            messages = sessions.messages_in(*packet)
        except ContainerError:
            self._complain(packet, received.BAD_CONTAINER)
            return
        if messages:
            self._join(session, messages)
        for message in messages:
            self._take_message(session, message)
        if is_container:
            # After its members: their ids are lower.
            session.received.note(packet.id, packet.seqno)

    def _join(self, session: Session, messages: Sequence[Message]) -> None:
        """Greet a new session; give an old one, on a new connection, what it may have missed."""
        if not session.is_announced:
            session.is_announced = True
            first_id = min(message.id for message in messages)
            unique = int.from_bytes(struct.pack("<q", session.id), "little") >> 1
            created = types.NewSessionCreated(first_id, unique, self._hub.salts.current)
            self.send(tl.to_bytes(created))
        elif session.line is not self and (session.line is None or not session.line.is_open):
            for message_id in session.unacknowledged:
                self.send_again(session, message_id)
        session.line = self

    def _notify(self, notice: TLObject) -> None:
        self.send(tl.to_bytes(notice), content=False)

    def _complain(self, message: Message, code: int) -> None:
        self._notify(types.BadMsgNotification(message.id, message.seqno, code))

    def _take_message(self, session: Session, message: Message) -> None:
        if message.id in session.received:
            if answer := session.received.answer_to(message.id):
                self.send(answer)
            return
        try:
            request = tl.parse(message.body)
            if not self._may_come(session, message, needs_number(request)):
                return
            if answer_service_message(self, session, message.id, request):
                return
            said = unwrap(request)
            introduce(self._hub.backend, session.key.owner, said)
            session.wants_updates = session.wants_updates or said.wants_updates
            if said.after:
                self._take_in_turn(session, message.id, said)
            else:
                self._take_request(session, message.id, said.query)
        except MethodError as fault:
            session.received.note(message.id, message.seqno)
            self._refuse(session, message.id, fault)

    def _may_come(self, session: Session, message: Message, needs_number: bool | None) -> bool:  # noqa: FBT001 - three values
        """Return whether id and number of a message are in order; else the client is told."""
        fault = session.received.fault_of(message.id, message.seqno, needs_answer=needs_number)
        if message.id & 3:
            fault = received.NOT_DIVISIBLE
        if fault:
            self._complain(message, fault)
            return False
        session.received.note(message.id, message.seqno)
        return True

    def _take_in_turn(self, session: Session, message_id: int, said: Unwrapped) -> None:
        """Take a request once those that it is to come after have ended."""
        session.sequencing.take(
            message_id,
            said.after,
            lambda: self._take_request(session, message_id, said.query),
            lambda fault: self._refuse(session, message_id, fault),
        )

    def _take_request(self, session: Session, message_id: int, request: TLObject) -> None:
        key = session.key.owner
        self._hub.note_call(key, request)
        backend = self._hub.backend
        script = backend.scripts.take(request, key.account_id)
        if script is None:
            script = backend.troubles.take(request, key.account_id)
        if script is None:
            self._run(session, message_id, request, None)
        elif isinstance(script, int):
            self.send_error(script)
        elif script == Drop("before"):
            self.close()
        else:
            self._run(session, message_id, request, script)

    def _run(
        self, session: Session, message_id: int, request: TLObject, script: ScriptedAnswer
    ) -> None:
        call = Call(self._hub.backend, session.key.owner, silent=isinstance(script, SilentNoAdd))
        if isinstance(request, functions.auth.BindTempAuthKeyRequest):
            call.carrier = Carrier(session.key, session.id, message_id)
        try:
            if isinstance(script, str):
                raise MethodError(script)
            usual = script is None or isinstance(script, (Drop, Delay, SilentNoAdd))
            with call.world.changes:
                body = tl.to_bytes(execute(call, request) if usual else script)
        except MethodError as fault:
            call.note_refusal(request, fault)
            body = tl.to_bytes(types.RpcError(fault.code, fault.name))
        except Exception as bug:  # noqa: BLE001 - no client may end the server
            _log.exception("%s could not be answered", type(request).__name__)
            self._hub.bugs.append(bug)
            body = tl.to_bytes(types.RpcError(500, "INTERNAL_SERVER_ERROR"))
        if script is not None and script == Drop("after"):
            self.close()
        self._answer_in_time(session, message_id, request, body, script)
        for step in call.after:
            step()
        session.sequencing.note_end(message_id, well=not _is_error(body))

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
        session.received.keep_answer(message_id, result)
        if self.session is session:
            self.send(result)

    def _refuse(self, session: Session, message_id: int, fault: MethodError) -> None:
        self._answer(session, message_id, tl.to_bytes(types.RpcError(fault.code, fault.name)))
        session.sequencing.note_end(message_id, well=False)


def _fault_of_container(session: Session, container: Message) -> int:
    """Return the code of what is wrong with a container, 0 when it is fine."""
    if container.id in session.received:
        return received.REPEATED_CONTAINER
    return session.received.fault_of(container.id, container.seqno, needs_answer=False)


def _is_error(body: bytes) -> bool:
    return body[:4] == _RPC_ERROR
