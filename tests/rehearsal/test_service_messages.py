from __future__ import annotations

import struct

import pytest
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from invite_desktop.rehearsal.authorizations import AuthKey
from invite_desktop.rehearsal.service_messages import answer_service_message
from invite_desktop.rehearsal.session import Session


class Line:
    """A connection that only remembers what was sent."""

    salt = 99

    def __init__(self):
        self.sent = []

    def send(self, body, *, content=True):
        self.sent.append((body, content))

    def destroy_session(self, session, session_id):
        return session_id == 1

    def destroy_key(self, session):
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
def test_notices_need_no_answer(line, session, notice):
    assert answer_service_message(line, session, 8, notice)
    assert line.sent == []


def test_states_of_messages_are_told(line, session):
    session.is_repeated(4)
    assert answer_service_message(line, session, 8, types.MsgsStateReq([4, 12]))
    (info,) = line.objects
    assert (info.req_msg_id, list(map(ord, info.info))) == (8, [4, 1])


def test_an_answer_is_sent_again_on_request(line, session):
    session.is_repeated(4)
    session.keep_answer(4, b"answer")
    assert answer_service_message(line, session, 8, types.MsgResendReq([4, 12]))
    assert line.sent == [(b"answer", True)]


def test_an_answer_can_be_given_up(line, session):
    session.is_repeated(4)
    session.keep_answer(4, b"answer")
    assert answer_service_message(line, session, 8, functions.RpcDropAnswerRequest(4))
    ((body, _),) = line.sent
    assert struct.unpack_from("<Iq", body) == (0xF35C6D01, 8)
    assert session.answer_to(4) is None


@pytest.mark.parametrize(
    ("number", "kind"), [(1, types.DestroySessionOk), (2, types.DestroySessionNone)]
)
def test_sessions_are_destroyed_if_there_are_such(line, session, number, kind):
    assert answer_service_message(line, session, 8, functions.DestroySessionRequest(number))
    assert isinstance(line.objects[0], kind)


def test_requests_are_left_to_the_methods(line, session):
    assert not answer_service_message(line, session, 8, functions.help.GetConfigRequest())


def test_old_answers_make_room_for_new_ones(session):
    for number in range(0, 4 * 600, 4):
        session.is_repeated(number)
    assert not session.knows(0)
    assert session.knows(4 * 599)
