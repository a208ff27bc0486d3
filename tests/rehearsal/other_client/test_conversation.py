"""The rules of a conversation: ids, numbers, salts, containers, compression, order."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING

import pytest
from pyrogram.raw import functions, types
from pyrogram.raw.core import FutureSalts, GzipPacked

from invite_desktop.rehearsal import sequencing
from invite_desktop.rehearsal.salts import PERIOD
from tests.rehearsal.other_client.clients import MYSELF, NEAREST, ask
from tests.rehearsal.other_client.line import Line, Raw

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

UNKNOWN = Raw(struct.pack("<II", 0x0BADF00D, 7))
BAD_NAME = functions.contacts.ResolveUsername(username="x")


class TestIds:
    @pytest.mark.parametrize(("offset", "code"), [(-400, 16), (120, 17)])
    async def test_ids_from_another_time_are_refused(self, line: Line, offset: float, code: int):
        message_id = await line.send(NEAREST, line.new_id(offset))
        assert await line.complaint() == (message_id, code)

    async def test_ids_are_divisible_by_four(self, line: Line):
        message_id = await line.send(NEAREST, line.new_id() + 1)
        assert await line.complaint() == (message_id, 18)

    async def test_a_container_comes_once(self, line: Line):
        message_id = await line.send_container(line.message(NEAREST))
        await line.send_container(line.message(NEAREST), message_id=message_id)
        assert await line.complaint() == (message_id, 19)

    async def test_an_id_too_long_ago_cannot_be_verified(self, line: Line):
        early, number = line.new_id(), line.new_seqno(content=False)
        acks = [line.message(types.MsgsAck(msg_ids=[]), seqno=number) for _ in range(600)]
        await line.send_container(*acks)
        await line.send(NEAREST, early)
        assert await line.complaint() == (early, 20)

    async def test_a_repeated_message_is_answered_again_but_not_executed(
        self, rehearsal: Rehearsal, line: Line
    ):
        first = line.message(NEAREST)
        calls = len(rehearsal.server.calls)
        for _ in range(3):
            await line.send(NEAREST, first.msg_id, first.seq_no)
            assert await line.answer_to(first.msg_id)
        assert len(rehearsal.server.calls) == calls + 1


class TestNumbers:
    async def test_a_request_has_an_odd_number(self, line: Line):
        message_id = await line.send(NEAREST, seqno=line.numbers * 2)
        assert await line.complaint() == (message_id, 35)

    async def test_an_acknowledgement_has_an_even_number(self, line: Line):
        message_id = await line.send(types.MsgsAck(msg_ids=[4]))
        assert await line.complaint() == (message_id, 34)

    async def test_a_number_does_not_come_twice(self, line: Line):
        line.numbers = 5
        await line.send(NEAREST)
        message_id = await line.send(NEAREST, seqno=11)
        assert await line.complaint() == (message_id, 32)

    async def test_an_earlier_id_has_a_lower_number(self, line: Line):
        early = line.new_id()
        await line.send(NEAREST)
        await line.send(NEAREST, early, line.new_seqno())
        assert await line.complaint() == (early, 33)

    async def test_a_latecomer_with_its_own_number_is_taken(self, line: Line):
        early, number = line.new_id(), line.new_seqno()
        await line.send(NEAREST)
        assert await line.answer_to(await line.send(NEAREST, early, number))


class TestSalts:
    async def test_a_wrong_salt_is_corrected_and_nothing_done(
        self, rehearsal: Rehearsal, line: Line
    ):
        line.salt, good = 1, line.salt
        calls = len(rehearsal.server.calls)
        message_id = await line.send(NEAREST)
        bad = (await line.next(types.BadServerSalt)).body
        assert (bad.bad_msg_id, bad.error_code, bad.new_server_salt) == (message_id, 48, good)
        assert len(rehearsal.server.calls) == calls

    async def test_the_last_salt_stays_good_for_a_while(self, rehearsal: Rehearsal, line: Line):
        salts = rehearsal.server.hub.salts
        salts.clock = lambda: time.time() + PERIOD
        assert line.salt != salts.current
        assert await line.ask(NEAREST)
        salts.clock = lambda: time.time() + 2 * PERIOD
        await line.send(NEAREST)
        assert (await line.next(types.BadServerSalt)).body.new_server_salt == salts.current

    async def test_kurigram_goes_on_through_a_change_of_salts(
        self, rehearsal: Rehearsal, client: Client
    ):
        rehearsal.server.hub.salts.clock = lambda: time.time() + 10 * PERIOD
        assert await ask(client, MYSELF)
        assert client.session.salt == rehearsal.server.hub.salts.current

    async def test_the_salts_to_come_are_told(self, rehearsal: Rehearsal, line: Line):
        request = await line.send(functions.GetFutureSalts(num=3))
        told = (await line.next(FutureSalts)).body
        assert told.req_msg_id == request
        salts = rehearsal.server.hub.salts
        assert [item.salt for item in told.salts] == [item.value for item in salts.future(3)]


class TestContainers:
    async def test_unknown_members_leave_the_others(self, line: Line):
        one, two, three = (line.message(body) for body in (NEAREST, UNKNOWN, NEAREST))
        await line.send_container(one, two, three)
        assert isinstance(await line.answer_to(one.msg_id), types.NearestDc)
        assert "INPUT_METHOD_INVALID" in (await line.answer_to(two.msg_id)).error_message
        assert isinstance(await line.answer_to(three.msg_id), types.NearestDc)

    async def test_a_member_may_be_compressed(self, line: Line):
        member = line.message(GzipPacked(NEAREST))
        await line.send_container(member)
        assert isinstance(await line.answer_to(member.msg_id), types.NearestDc)

    @pytest.mark.parametrize("count", [2, 5000])
    async def test_a_torn_container_is_refused_whole(
        self, rehearsal: Rehearsal, line: Line, count: int
    ):
        calls = len(rehearsal.server.calls)
        torn = struct.pack("<Ii", 0x73F1F8DC, count) + line.message(NEAREST).write()
        message_id = await line.send_notice(Raw(torn))
        assert await line.complaint() == (message_id, 64)
        assert len(rehearsal.server.calls) == calls

    async def test_a_container_in_a_container_is_refused(self, line: Line):
        inner = line.message(Raw(struct.pack("<Ii", 0x73F1F8DC, 0)))
        message_id = await line.send_container(inner)
        assert await line.complaint() == (message_id, 64)


class TestCompression:
    async def test_requests_may_be_compressed(self, line: Line):
        assert isinstance(await line.ask(GzipPacked(NEAREST)), types.NearestDc)

    async def test_answers_come_compressed_when_the_server_wants(
        self, rehearsal: Rehearsal, client: Client
    ):
        rehearsal.server.hub.gzip_over = 0
        (me,) = await ask(client, MYSELF)
        assert me.is_self


class TestOrder:
    async def test_what_comes_after_a_failure_fails(self, line: Line):
        bad = await line.send(BAD_NAME)
        after = await line.ask(functions.InvokeAfterMsg(msg_id=bad, query=NEAREST))
        assert after.error_message == "MSG_WAIT_FAILED"

    async def test_a_request_waits_for_one_that_is_still_to_come(self, line: Line):
        first, number = line.new_id(), line.new_seqno()
        request = functions.InvokeAfterMsgs(msg_ids=[first], query=NEAREST)
        waiting = await line.send(request)
        assert await line.is_silent()
        await line.send(NEAREST, first, number)
        assert [(await line.receive()).body.req_msg_id for _ in range(2)] == [first, waiting]

    async def test_it_does_not_wait_for_ever(self, line: Line, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(sequencing, "PATIENCE", 0.02)
        answer = await line.ask(functions.InvokeAfterMsg(msg_id=line.new_id(), query=NEAREST))
        assert answer.error_message == "MSG_WAIT_TIMEOUT"
