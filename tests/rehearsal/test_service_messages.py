from __future__ import annotations

import struct

import pytest
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from invite_desktop.rehearsal.authorizations import AuthKey
from invite_desktop.rehearsal.salts import Salts
from invite_desktop.rehearsal.service_messages import answer_service_message
from invite_desktop.rehearsal.session import Session


class Line:
    """A connection that only remembers what was sent."""

    def __init__(self) -> None:
        self.sent = []
        self.salts = Salts()

    def send(self, body: bytes, *, content: str | None = True):
        self.sent.append((body, content))

    def send_again(self, session: Session, message_id: int):
        packet = session.seal_again(0, message_id)
        self.sent += [(packet, None)] if packet else []
        return packet is not None

    def destroy_session(self, _session: Session, session_id: int):
        return session_id == 1

    def destroy_key(self, _session: Session):
        self.sent.append((b"key destroyed", False))

    @property
    def objects(self):
        return [BinaryReader(body).tgread_object() for body, _ in self.sent]


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def session():
    return Session(AuthKey(1, bytes(256)), 7)


@pytest.mark.parametrize(
    "notice", [types.MsgsAck([4]), types.MsgsStateInfo(4, ""), types.HttpWait(0, 0, 0)]
)
def test_notices_need_no_answer(line: Line, session: Session, notice: object):
    assert answer_service_message(line, session, 8, notice)
    assert line.sent == []


def test_states_of_messages_are_told(line: Line, session: Session):
    session.received.note(4, 1)
    session.received.note(12, 3)
    session.received.keep_answer(12, b"answer")
    assert answer_service_message(line, session, 8, types.MsgsStateReq([4, 8, 12, 16]))
    (info,) = line.objects
    assert (info.req_msg_id, list(map(ord, info.info))) == (8, [4, 2, 4 + 64, 3])


def test_an_answer_is_sent_again_on_request(line: Line, session: Session):
    session.received.note(4, 1)
    session.received.keep_answer(4, b"answer")
    assert answer_service_message(line, session, 8, types.MsgResendReq([4, 12]))
    assert line.sent == [(b"answer", True)]


def test_an_answer_can_be_given_up(line: Line, session: Session):
    session.received.note(4, 1)
    session.received.keep_answer(4, b"answer")
    assert answer_service_message(line, session, 8, functions.RpcDropAnswerRequest(4))
    ((body, _),) = line.sent
    assert struct.unpack_from("<Iq", body) == (0xF35C6D01, 8)
    assert session.received.answer_to(4) is None


@pytest.mark.parametrize(
    ("number", "kind"), [(1, types.DestroySessionOk), (2, types.DestroySessionNone)]
)
def test_sessions_are_destroyed_if_there_are_such(
    line: Line, session: Session, number: int, kind: type
):
    assert answer_service_message(line, session, 8, functions.DestroySessionRequest(number))
    assert isinstance(line.objects[0], kind)


def test_requests_are_left_to_the_methods(line: Line, session: Session):
    assert not answer_service_message(line, session, 8, functions.help.GetConfigRequest())


def test_old_answers_make_room_for_new_ones(session: Session):
    for number in range(0, 4 * 600, 4):
        session.received.note(number, 1)
    assert 0 not in session.received
    assert 4 * 599 in session.received
