"""Messages that concern the protocol itself (core.telegram.org/mtproto/service_messages)."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING, Protocol

from telethon.tl import functions, types

from invite_desktop.rehearsal import tl

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.session import Session

_RECEIVED, _UNKNOWN = 4, 1
"""States of a message in msgs_state_info."""

_RPC_RESULT = 0xF35C6D01
_SALT_LIFETIME = 24 * 3600


class Line(Protocol):
    """What answering needs of a connection."""

    @property
    def salt(self) -> int:
        """Return the server's salt."""
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
    if isinstance(
        request, types.MsgsAck | types.MsgsStateInfo | types.MsgsAllInfo | types.HttpWait
    ):
        return True
    if isinstance(request, types.MsgResendReq):
        _resend(line, session, request.msg_ids)
        return True
    if isinstance(request, functions.RpcDropAnswerRequest):
        session.forget(request.req_msg_id)
        body = tl.to_bytes(types.RpcAnswerUnknown())
        line.send(struct.pack("<Iq", _RPC_RESULT, message_id) + body)
        return True
    answer = _answer(line, session, message_id, request)
    if answer is None:
        return False
    line.send(tl.to_bytes(answer), content=False)
    return True


def _answer(line: Line, session: Session, message_id: int, request: TLObject) -> TLObject | None:
    if isinstance(request, functions.PingRequest | functions.PingDelayDisconnectRequest):
        return types.Pong(message_id, request.ping_id)
    if isinstance(request, functions.GetFutureSaltsRequest):
        return _future_salts(line, message_id, request)
    if isinstance(request, types.MsgsStateReq):
        states = "".join(
            chr(_RECEIVED if session.knows(number) else _UNKNOWN) for number in request.msg_ids
        )
        return types.MsgsStateInfo(message_id, states)
    if isinstance(request, functions.DestroySessionRequest):
        known = line.destroy_session(session, request.session_id)
        kind = types.DestroySessionOk if known else types.DestroySessionNone
        return kind(request.session_id)
    if isinstance(request, functions.DestroyAuthKeyRequest):
        line.destroy_key(session)
        return types.DestroyAuthKeyOk()
    return None


def _future_salts(line: Line, message_id: int, request: TLObject) -> TLObject:
    now = int(time.time())
    count = max(1, min(request.num, 64))
    salts = [
        types.FutureSalt(now + i * _SALT_LIFETIME, now + (i + 1) * _SALT_LIFETIME, line.salt)
        for i in range(count)
    ]
    return types.FutureSalts(message_id, now, salts)


def _resend(line: Line, session: Session, message_ids: list[int]) -> None:
    for message_id in message_ids[:64]:
        if answer := session.answer_to(message_id):
            line.send(answer)
