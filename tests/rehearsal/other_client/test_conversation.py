"""The rules of a conversation: ids, numbers, salts, containers, sessions, order."""

from __future__ import annotations

import asyncio
import gzip
import os
import struct
import time
from typing import TYPE_CHECKING

import pytest
from pyrogram.raw import functions, types
from pyrogram.raw.core import Bytes, FutureSalts, GzipPacked

from invite_desktop.rehearsal import sequencing
from invite_desktop.rehearsal.salts import PERIOD
from invite_desktop.rehearsal.scripts import Delay
from tests.rehearsal.other_client.clients import MYSELF, NEAREST, ask, connected
from tests.rehearsal.other_client.line import Line, Raw, introduction, line_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

UNKNOWN = Raw(struct.pack("<II", 0x0BADF00D, 7))
BAD_NAME = functions.contacts.ResolveUsername(username="x")


@pytest.fixture
async def line(rehearsal: Rehearsal) -> AsyncIterator[Line]:
    async with line_to(rehearsal) as found:
        yield found


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


class TestSessions:
    async def test_a_new_session_is_greeted_once(self, rehearsal: Rehearsal):
        async with line_to(rehearsal, introduced=False) as line:
            one, two = line.message(introduction()), line.message(NEAREST)
            await line.send_container(one, two)
            greeting = (await line.receive()).body
            assert isinstance(greeting, types.NewSessionCreated)
            assert (greeting.first_msg_id, greeting.server_salt) == (one.msg_id, line.salt)
            await line.answer_to(two.msg_id)
            assert await line.is_silent()

    async def test_what_was_not_acknowledged_comes_again(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with line_to(rehearsal, key) as line:
            await line.send(NEAREST)
            first = await line.next(types.NearestDc)
        await asyncio.sleep(0.02)
        async with line_to(rehearsal, key, session_id=line.session_id, introduced=False) as again:
            again.numbers = line.numbers
            await again.send(functions.Ping(ping_id=1))
            assert (await again.next(types.NearestDc)).write() == first.write()

    async def test_what_was_acknowledged_does_not(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with line_to(rehearsal, key, introduced=False) as line:
            await line.send(introduction())
            received = [(await line.receive()).msg_id for _ in range(2)]
            await line.send_notice(types.MsgsAck(msg_ids=received))
            assert await line.is_silent()
        await asyncio.sleep(0.02)
        async with line_to(rehearsal, key, session_id=line.session_id, introduced=False) as again:
            again.numbers = line.numbers
            assert await again.is_silent()

    async def test_a_message_of_the_server_is_sent_again_as_it_was(self, line: Line):
        await line.send(NEAREST)
        first = await line.next(types.NearestDc)
        await line.send_notice(types.MsgResendReq(msg_ids=[first.msg_id]))
        assert (await line.receive()).write() == first.write()

    async def test_states_of_messages_are_told(self, line: Line):
        known = await line.send(NEAREST)
        await line.answer_to(known)
        request = await line.send(types.MsgsStateReq(msg_ids=[known, known - 4, known + 2**34]))
        info = (await line.next(types.MsgsStateInfo)).body
        assert info.req_msg_id == request
        assert list(info.info.encode("latin-1")) == [4 + 64, 2, 3]

    async def test_slow_answers_are_acknowledged_at_once(self, rehearsal: Rehearsal, line: Line):
        rehearsal.server.script("help.getNearestDc", Delay(0.05))
        request = await line.send(NEAREST)
        assert (await line.receive()).body.msg_ids == [request]
        assert await line.answer_to(request)

    async def test_an_answer_can_be_given_up(self, line: Line):
        known = await line.send(NEAREST)
        await line.answer_to(known)
        dropped = await line.ask(functions.RpcDropAnswer(req_msg_id=known))
        assert isinstance(dropped, types.RpcAnswerUnknown)

    async def test_waiting_for_more_needs_no_answer(self, line: Line):
        await line.send_notice(types.HttpWait(max_delay=0, wait_after=0, max_wait=100))
        assert await line.is_silent()

    async def test_another_session_of_a_key_can_be_destroyed(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with line_to(rehearsal, key) as line, line_to(rehearsal, key) as other:
            for session_id, kind in (
                (line.session_id, types.DestroySessionNone),
                (other.session_id, types.DestroySessionOk),
            ):
                number = int.from_bytes(session_id, "little", signed=True)
                await line.send(functions.DestroySession(session_id=number))
                assert await line.next(kind)
            await other.send(NEAREST)
            assert await other.next(types.NewSessionCreated)

    async def test_two_programs_share_an_account(self, rehearsal: Rehearsal, client: Client):
        async with connected(rehearsal, rehearsal.accounts[0]) as elsewhere:
            for program in (client, elsewhere, client):
                assert await ask(program, MYSELF)

    async def test_two_programs_share_a_key(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with line_to(rehearsal, key) as one, line_to(rehearsal, key) as two:
            for line in (one, two, one):
                assert await line.ask(NEAREST)

    async def test_a_destroyed_key_is_unknown(self, line: Line):
        await line.send(functions.DestroyAuthKey())
        assert await line.next(types.DestroyAuthKeyOk)
        await line.send(NEAREST)
        assert await line.packet() == struct.pack("<i", -404)

    async def test_a_foreign_packet_ends_the_connection(self, line: Line):
        await line.connection.send(line.key_id + os.urandom(80))
        assert await line.packet() is None


class TestIntroductions:
    @pytest.fixture
    async def stranger(self, rehearsal: Rehearsal) -> AsyncIterator[Line]:
        async with line_to(rehearsal, introduced=False) as found:
            yield found

    async def refusal(self, line: Line, request: object) -> str:
        return (await line.ask(request)).error_message

    async def test_who_has_not_said_who_she_is_gets_nothing(self, stranger: Line):
        assert await self.refusal(stranger, NEAREST) == "CONNECTION_NOT_INITED"
        request = functions.InvokeWithLayer(layer=200, query=NEAREST)
        assert await self.refusal(stranger, request) == "CONNECTION_NOT_INITED"

    async def test_who_has_not_said_how_she_speaks_gets_nothing(self, stranger: Line):
        assert await self.refusal(stranger, introduction(None)) == "CONNECTION_LAYER_INVALID"

    @pytest.mark.parametrize("layer", [0, -1, 100_000])
    async def test_there_are_no_such_layers(self, stranger: Line, layer: int):
        assert await self.refusal(stranger, introduction(layer)) == "INPUT_LAYER_INVALID"

    @pytest.mark.parametrize("layer", [1, 158, 228])
    async def test_older_layers_are_heard(self, stranger: Line, layer: int):
        assert isinstance(await stranger.ask(introduction(layer)), types.Config)

    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            ({"api_id": -1}, "API_ID_INVALID"),
            ({"device_model": ""}, "DEVICE_MODEL_EMPTY"),
            ({"system_version": ""}, "SYSTEM_EMPTY"),
            ({"app_version": ""}, "APP_VERSION_EMPTY"),
            ({"system_lang_code": ""}, "SYSTEM_LANG_CODE_EMPTY"),
            ({"lang_pack": "nonsense"}, "LANG_PACK_INVALID"),
        ],
    )
    async def test_everything_has_to_be_said(
        self, stranger: Line, said: dict[str, object], fault: str
    ):
        assert await self.refusal(stranger, introduction(**said)) == f"CONNECTION_{fault}"

    async def test_it_is_said_once_for_a_key(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with line_to(rehearsal, key):
            pass
        async with line_to(rehearsal, key, introduced=False) as again:
            assert isinstance(await again.ask(NEAREST), types.NearestDc)


class TestUnknown:
    @pytest.mark.parametrize(
        "body",
        [
            struct.pack("<I", 0x0BADF00D),
            functions.contacts.ResolveUsername(username="some_person").write()[:-4],
            struct.pack("<III", functions.users.GetUsers.ID, 0x1CB5C415, 9),
        ],
        ids=["unknown", "torn", "empty"],
    )
    async def test_an_unreadable_request_is_refused_and_the_connection_stays(
        self, line: Line, body: bytes
    ):
        assert (await line.ask(Raw(body))).error_message.startswith("INPUT_")
        assert await line.ask(NEAREST)

    async def test_a_method_that_the_server_lacks_is_refused(self, line: Line):
        answer = await line.ask(functions.account.GetThemes(format="x", hash=0))
        assert (answer.error_code, answer.error_message) == (
            400,
            f"INPUT_METHOD_INVALID_{functions.account.GetThemes.ID}_0",
        )

    @pytest.mark.parametrize(
        ("request_", "answer"),
        [
            (functions.help.GetAppConfig(hash=0), types.help.AppConfig),
            (functions.help.GetCdnConfig(), types.CdnConfig),
            (functions.account.UpdateStatus(offline=False), bool),
            (functions.messages.GetPinnedDialogs(folder_id=0), types.messages.PeerDialogs),
            (functions.updates.GetState(), types.updates.State),
        ],
        ids=lambda value: type(value).__name__,
    )
    async def test_clients_get_what_they_ask_by_themselves(
        self, client: Client, request_: object, answer: type
    ):
        assert isinstance(await ask(client, request_), answer)


class TestHostility:
    @pytest.mark.parametrize(
        "body",
        [
            struct.pack("<I", GzipPacked.ID) + b"\x03abc",
            struct.pack("<I", GzipPacked.ID) + Bytes(gzip.compress(bytes(16 * 1024 * 1024))),
            functions.InvokeWithLayer(layer=200, query=GzipPacked(NEAREST)).write(),
            struct.pack("<Ii", functions.InvokeWithLayer.ID, 1) * 3000,
        ],
        ids=["no gzip", "bomb", "gzip inside", "bottomless"],
    )
    async def test_hostile_messages_of_a_known_key_end_their_connection(
        self, line: Line, client: Client, body: bytes
    ):
        await line.send(Raw(body))
        assert await line.packet() is None
        assert await ask(client, MYSELF)

    @pytest.mark.parametrize("packet", [bytes(24), bytes(4), b"\x01" * 40], ids=len)
    async def test_garbage_ends_its_own_connection_at_most(
        self, line: Line, client: Client, packet: bytes
    ):
        await line.connection.send(packet)
        assert await line.packet() in {None, struct.pack("<i", -404)}
        assert await ask(client, MYSELF)


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


class TestUpdates:
    async def test_a_session_that_only_asks_without_updates_gets_none(
        self, rehearsal: Rehearsal, second: Client
    ):
        async with line_to(rehearsal, introduced=False) as line:
            await line.ask(functions.InvokeWithoutUpdates(query=introduction()))
            await second.send_message("rehearsal_admin1", "раз")
            assert await line.is_silent()
            await line.ask(NEAREST)
            await second.send_message("rehearsal_admin1", "два")
            (update,) = (await line.next(types.Updates)).body.updates
            assert update.message.message == "два"
