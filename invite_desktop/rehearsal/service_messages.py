"""Messages that concern the protocol itself (core.telegram.org/mtproto/service_messages)."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING, Protocol

from telethon.tl import functions, types

from invite_desktop.rehearsal import tl

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.salts import Salts
    from invite_desktop.rehearsal.session import Session

_RPC_RESULT = 0xF35C6D01
_MOST_SALTS = 64
_MOST_RESENT = 64
_NOTICES = frozenset(
    {
        types.MsgsStateInfo,
        types.MsgsAllInfo,
        types.MsgDetailedInfo,
        types.MsgNewDetailedInfo,
        types.HttpWait,
    }
)
"""What a client tells or asks without wanting an answer.

There is nothing to wait for with http_wait: over TCP everything goes out at once.
"""

_EITHER = _NOTICES | {
    types.MsgResendReq,
    types.MsgsStateReq,
    functions.RpcDropAnswerRequest,
    functions.PingRequest,
    functions.PingDelayDisconnectRequest,
    functions.GetFutureSaltsRequest,
    functions.DestroySessionRequest,
    functions.DestroyAuthKeyRequest,
}


class Line(Protocol):
    """What answering needs of a connection."""

    @property
    def salts(self) -> Salts:
        """Return the server's salts."""
        ...

    def send_again(self, session: Session, message_id: int) -> bool:
        """Send a message of the server once more; return whether it was still there."""
        ...

    def send(self, body: bytes, *, content: bool = True) -> None:
        """Send one message of the current session."""
        ...

    def destroy_session(self, session: Session, session_id: int) -> bool:
        """Forget another session of the same key; return whether there was one."""
        ...

    def destroy_key(self, session: Session) -> None:
        """Forget the key of a session."""
        ...


def answer_service_message(
    line: Line, session: Session, message_id: int, request: TLObject
) -> bool:
    """Answer a service message; return whether it was one.

    Their answers go out as they are, not inside rpc_result.
    """
    if type(request) not in _EITHER and not isinstance(request, types.MsgsAck):
        return False
    if type(request) in _NOTICES:
        return True
    if isinstance(request, types.MsgsAck):
        session.acknowledge(request.msg_ids)
        return True
    if isinstance(request, types.MsgResendReq):
        _resend(line, session, request.msg_ids)
        return True
    if isinstance(request, functions.RpcDropAnswerRequest):
        session.received.forget_answer(request.req_msg_id)
        body = tl.to_bytes(types.RpcAnswerUnknown())
        line.send(struct.pack("<Iq", _RPC_RESULT, message_id) + body)
        return True
    line.send(tl.to_bytes(_answer(line, session, message_id, request)), content=False)
    return True


def needs_number(request: TLObject) -> bool | None:
    """Return whether a message must have an odd number, None when clients do as they like."""
    if isinstance(request, types.MsgsAck):
        return False
    return None if type(request) in _EITHER else True


def _answer(line: Line, session: Session, message_id: int, request: TLObject) -> TLObject:
    if isinstance(request, functions.PingRequest | functions.PingDelayDisconnectRequest):
        return types.Pong(message_id, request.ping_id)
    if isinstance(request, functions.GetFutureSaltsRequest):
        return _future_salts(line, message_id, request)
    if isinstance(request, types.MsgsStateReq):
        states = "".join(chr(session.received.state_of(number)) for number in request.msg_ids)
        return types.MsgsStateInfo(message_id, states)
    if isinstance(request, functions.DestroySessionRequest):
        other = request.session_id != session.id
        known = other and line.destroy_session(session, request.session_id)
        kind = types.DestroySessionOk if known else types.DestroySessionNone
        return kind(request.session_id)
    line.destroy_key(session)
    return types.DestroyAuthKeyOk()


def _future_salts(line: Line, message_id: int, request: TLObject) -> TLObject:
    count = max(1, min(request.num, _MOST_SALTS))
    salts = [types.FutureSalt(*salt) for salt in line.salts.future(count)]
    return types.FutureSalts(message_id, int(time.time()), salts)


def _resend(line: Line, session: Session, message_ids: list[int]) -> None:
    """Send messages of the server again, or the answers to messages of the client."""
    for message_id in message_ids[:_MOST_RESENT]:
        if line.send_again(session, message_id):
            continue
        if answer := session.received.answer_to(message_id):
            line.send(answer)
