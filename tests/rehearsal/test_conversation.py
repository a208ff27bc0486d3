"""The rules of a conversation: ids, numbers, salts, containers, acknowledgements, order.

core.telegram.org/mtproto/service_messages_about_messages and /mtproto/service_messages.
"""

from __future__ import annotations

import asyncio
import os
import struct
import time
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types
from telethon.tl.core import GzipPacked

from invite_desktop.rehearsal import sequencing
from invite_desktop.rehearsal.salts import PERIOD
from invite_desktop.rehearsal.scripts import Delay
from tests.rehearsal.raw_client import introduction, raw_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal
    from tests.rehearsal.raw_client import RawClient

MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])
NEAREST = functions.help.GetNearestDcRequest()
UNKNOWN = struct.pack("<II", 0x0BADF00D, 7)


@pytest.fixture
async def raw(rehearsal: Rehearsal) -> AsyncIterator[RawClient]:
    async with raw_client(rehearsal) as client:
        yield client


async def complaint(raw: RawClient) -> tuple[int, int]:
    """What the server finds wrong with which message."""
    bad = (await raw.next(types.BadMsgNotification)).object
    return bad.bad_msg_id, bad.error_code


class TestIds:
    @pytest.mark.parametrize(("offset", "code"), [(-400, 16), (120, 17)])
    async def test_ids_from_another_time_are_refused(
        self, raw: RawClient, offset: float, code: int
    ):
        message_id = raw.send(NEAREST, raw.new_id(offset))
        assert await complaint(raw) == (message_id, code)

    async def test_ids_are_divisible_by_four(self, raw: RawClient):
        message_id = raw.send(NEAREST, raw.new_id() + 1)
        assert await complaint(raw) == (message_id, 18)

    async def test_a_container_comes_once(self, raw: RawClient):
        _, member = raw.message(NEAREST)
        message_id = raw.send_container(member)
        _, other = raw.message(NEAREST)
        raw.send_container(other, message_id=message_id)
        assert await complaint(raw) == (message_id, 19)

    async def test_an_id_too_long_ago_cannot_be_verified(self, raw: RawClient):
        early = raw.new_id()
        number = raw.new_seqno(content=False)
        acks = [raw.message(types.MsgsAck([]), seqno=number)[1] for _ in range(600)]
        raw.send_container(*acks)
        raw.send(NEAREST, early)
        assert await complaint(raw) == (early, 20)


class TestNumbers:
    async def test_a_request_has_an_odd_number(self, raw: RawClient):
        message_id = raw.send(NEAREST, seqno=raw.numbers * 2)
        assert await complaint(raw) == (message_id, 35)

    async def test_an_acknowledgement_has_an_even_number(self, raw: RawClient):
        message_id = raw.send(types.MsgsAck([4]))
        assert await complaint(raw) == (message_id, 34)

    async def test_a_number_does_not_come_twice(self, raw: RawClient):
        raw.numbers = 5
        raw.send(NEAREST)
        message_id = raw.send(NEAREST, seqno=11)
        assert await complaint(raw) == (message_id, 32)

    async def test_an_earlier_id_has_a_lower_number(self, raw: RawClient):
        early = raw.new_id()
        raw.send(NEAREST)
        raw.send(NEAREST, early, raw.new_seqno())
        assert await complaint(raw) == (early, 33)

    async def test_a_latecomer_with_its_own_number_is_taken(self, raw: RawClient):
        early, number = raw.new_id(), raw.new_seqno()
        raw.send(NEAREST)
        assert await raw.answer_to(raw.send(NEAREST, early, number))


class TestSalts:
    async def test_a_wrong_salt_is_corrected_and_nothing_done(
        self, rehearsal: Rehearsal, raw: RawClient
    ):
        raw.salt, good = 1, raw.salt
        calls = len(rehearsal.server.calls)
        message_id = raw.send(NEAREST)
        bad = (await raw.next(types.BadServerSalt)).object
        assert (bad.bad_msg_id, bad.error_code, bad.new_server_salt) == (message_id, 48, good)
        assert len(rehearsal.server.calls) == calls

    async def test_salts_change_and_the_last_one_stays_good_for_a_while(
        self, rehearsal: Rehearsal, raw: RawClient
    ):
        salts = rehearsal.server.hub.salts
        salts.clock = lambda: time.time() + PERIOD
        assert raw.salt != salts.current
        assert await raw.answer_to(raw.send(NEAREST))
        salts.clock = lambda: time.time() + 2 * PERIOD
        raw.send(NEAREST)
        assert (await raw.next(types.BadServerSalt)).object.new_server_salt == salts.current

    async def test_telethon_goes_on_through_a_change_of_salts(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.server.hub.salts.clock = lambda: time.time() + 10 * PERIOD
        assert await client(MYSELF)

    async def test_the_salts_to_come_are_told(self, rehearsal: Rehearsal, raw: RawClient):
        raw.send(functions.GetFutureSaltsRequest(3))
        told = (await raw.next(types.FutureSalts)).object.salts
        salts = rehearsal.server.hub.salts
        assert [salt.salt for salt in told] == [salt.value for salt in salts.future(3)]
        later = told[1].valid_since.timestamp()
        salts.clock = lambda: later
        assert salts.current == told[1].salt


class TestContainers:
    async def test_unknown_members_leave_the_others(self, raw: RawClient):
        first, one = raw.message(NEAREST)
        second, two = raw.message(UNKNOWN)
        third, three = raw.message(NEAREST)
        raw.send_container(one, two, three)
        assert isinstance(await raw.answer_to(first), types.NearestDc)
        assert "INPUT_METHOD_INVALID" in (await raw.answer_to(second)).error_message
        assert isinstance(await raw.answer_to(third), types.NearestDc)

    async def test_a_member_may_be_compressed(self, raw: RawClient):
        message_id, member = raw.message(bytes(GzipPacked(bytes(NEAREST))))
        raw.send_container(member)
        assert isinstance(await raw.answer_to(message_id), types.NearestDc)

    @pytest.mark.parametrize("count", [2, 5000])
    async def test_a_torn_container_is_refused_whole(
        self, rehearsal: Rehearsal, raw: RawClient, count: int
    ):
        calls = len(rehearsal.server.calls)
        _, member = raw.message(NEAREST)
        message_id = raw.send_container(member, count=count)
        assert await complaint(raw) == (message_id, 64)
        assert len(rehearsal.server.calls) == calls

    async def test_a_container_in_a_container_is_refused(self, raw: RawClient):
        _, member = raw.message(struct.pack("<Ii", 0x73F1F8DC, 0))
        message_id = raw.send_container(member)
        assert await complaint(raw) == (message_id, 64)


class TestSessions:
    async def test_a_new_session_is_greeted_once(self, rehearsal: Rehearsal):
        async with raw_client(rehearsal, introduced=False) as raw:
            first, one = raw.message(introduction())
            _, two = raw.message(NEAREST)
            raw.send_container(one, two)
            greeting = (await raw.receive()).object
            assert isinstance(greeting, types.NewSessionCreated)
            assert (greeting.first_msg_id, greeting.server_salt) == (first, raw.salt)
            await raw.answer_to(raw.send(NEAREST))
            assert await raw.is_silent()

    async def test_what_was_not_acknowledged_comes_again(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with raw_client(rehearsal, key) as raw:
            request = raw.send(NEAREST)
            first = await raw.next(types.NearestDc)
        await asyncio.sleep(0.02)
        async with raw_client(rehearsal, key, session_id=raw.session_id, introduced=False) as again:
            again.numbers = raw.numbers
            again.send(functions.PingRequest(1))
            repeated = await again.next(types.NearestDc)
            assert repeated == first
            assert repeated.answers == request

    async def test_what_was_acknowledged_does_not(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with raw_client(rehearsal, key, introduced=False) as raw:
            raw.send(introduction())
            received = [(await raw.receive()).id for _ in range(2)]
            raw.send(types.MsgsAck(received), seqno=raw.new_seqno(content=False))
            assert await raw.is_silent()
        await asyncio.sleep(0.02)
        async with raw_client(rehearsal, key, session_id=raw.session_id, introduced=False) as again:
            again.numbers = raw.numbers
            assert await again.is_silent()

    async def test_a_message_of_the_server_is_sent_again_as_it_was(self, raw: RawClient):
        raw.send(NEAREST)
        first = await raw.next(types.NearestDc)
        raw.send(types.MsgResendReq([first.id]), seqno=raw.new_seqno(content=False))
        assert await raw.receive() == first

    async def test_states_of_messages_are_told(self, raw: RawClient):
        known = raw.send(NEAREST)
        await raw.answer_to(known)
        request = raw.send(types.MsgsStateReq([known, known - 4, known + 2**34]))
        info = (await raw.next(types.MsgsStateInfo)).object
        assert info.req_msg_id == request
        assert list(map(ord, info.info)) == [4 + 64, 2, 3]

    async def test_slow_answers_are_acknowledged_at_once(
        self, rehearsal: Rehearsal, raw: RawClient
    ):
        rehearsal.server.script("help.getNearestDc", Delay(0.05))
        request = raw.send(NEAREST)
        received = await raw.receive()
        assert received.object.msg_ids == [request]
        assert await raw.answer_to(request)

    async def test_waiting_for_more_needs_no_answer(self, raw: RawClient):
        raw.send(types.HttpWait(0, 0, 100), seqno=raw.new_seqno(content=False))
        assert await raw.is_silent()

    async def test_a_session_does_not_end_itself_but_another_of_its_key(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with raw_client(rehearsal, key) as raw, raw_client(rehearsal, key) as other:
            raw.send(functions.DestroySessionRequest(raw.session_id))
            assert await raw.next(types.DestroySessionNone)
            raw.send(functions.DestroySessionRequest(other.session_id))
            assert await raw.next(types.DestroySessionOk)
            other.send(NEAREST)
            assert await other.next(types.NewSessionCreated)

    async def test_two_programs_share_a_key(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with raw_client(rehearsal, key) as one, raw_client(rehearsal, key) as two:
            for raw in (one, two, one):
                assert await raw.answer_to(raw.send(NEAREST))

    async def test_a_destroyed_key_is_unknown(self, raw: RawClient):
        raw.send(functions.DestroyAuthKeyRequest())
        assert await raw.next(types.DestroyAuthKeyOk)
        raw.send(NEAREST)
        assert await raw._reader.readexactly(8) == struct.pack("<ii", 4, -404)


class TestIntroductions:
    @pytest.fixture
    async def stranger(self, rehearsal: Rehearsal) -> AsyncIterator[RawClient]:
        async with raw_client(rehearsal, introduced=False) as client:
            yield client

    async def refusal(self, raw: RawClient, request: object) -> str:
        return (await raw.answer_to(raw.send(request))).error_message

    async def test_who_has_not_said_who_she_is_gets_nothing(self, stranger: RawClient):
        assert await self.refusal(stranger, NEAREST) == "CONNECTION_NOT_INITED"
        request = functions.InvokeWithLayerRequest(200, NEAREST)
        assert await self.refusal(stranger, request) == "CONNECTION_NOT_INITED"

    async def test_who_has_not_said_how_she_speaks_gets_nothing(self, stranger: RawClient):
        assert await self.refusal(stranger, introduction(None)) == "CONNECTION_LAYER_INVALID"

    @pytest.mark.parametrize("layer", [0, -1, 100_000])
    async def test_there_are_no_such_layers(self, stranger: RawClient, layer: int):
        assert await self.refusal(stranger, introduction(layer)) == "INPUT_LAYER_INVALID"

    @pytest.mark.parametrize("layer", [1, 158, 228])
    async def test_older_layers_are_heard(self, stranger: RawClient, layer: int):
        answer = await stranger.answer_to(stranger.send(introduction(layer)))
        assert isinstance(answer, types.Config)

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
        self, stranger: RawClient, said: dict[str, object], fault: str
    ):
        assert await self.refusal(stranger, introduction(**said)) == f"CONNECTION_{fault}"

    async def test_it_is_said_once_for_a_key(self, rehearsal: Rehearsal):
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with raw_client(rehearsal, key):
            pass
        async with raw_client(rehearsal, key, introduced=False) as again:
            assert isinstance(await again.answer_to(again.send(NEAREST)), types.NearestDc)

    async def test_it_outlives_a_restart(self, rehearsal: Rehearsal, client: TelegramClient):
        await client(MYSELF)
        await rehearsal.server.restart()
        assert await client(MYSELF)


class TestOrder:
    async def test_telethons_ordered_requests_are_executed_in_order(self, client: TelegramClient):
        answers = await client([NEAREST, MYSELF, NEAREST], ordered=True)
        assert [type(answer).__name__ for answer in answers] == ["NearestDc", "list", "NearestDc"]

    async def test_what_comes_after_a_failure_fails(self, client: TelegramClient):
        bad = functions.contacts.ResolveUsernameRequest("x")
        with pytest.raises(errors.MultiError) as caught:
            await client([bad, NEAREST], ordered=True)
        first, second = caught.value.exceptions
        assert isinstance(first, errors.UsernameInvalidError)
        assert isinstance(second, errors.MsgWaitFailedError)

    async def test_a_request_waits_for_one_that_is_still_to_come(self, raw: RawClient):
        first, number = raw.new_id(), raw.new_seqno()
        waiting = raw.send(functions.InvokeAfterMsgsRequest([first], MYSELF))
        assert await raw.is_silent()
        raw.send(NEAREST, first, number)
        assert (await raw.receive()).answers == first
        assert (await raw.receive()).answers == waiting

    async def test_it_does_not_wait_for_ever(self, raw: RawClient, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(sequencing, "PATIENCE", 0.02)
        waiting = raw.send(functions.InvokeAfterMsgRequest(raw.new_id(), NEAREST))
        assert (await raw.answer_to(waiting)).error_message == "MSG_WAIT_TIMEOUT"


class TestUpdates:
    async def test_a_session_that_only_asks_without_updates_gets_none(self, rehearsal: Rehearsal):
        one, two = rehearsal.accounts[:2]
        key = rehearsal.server.issue_key(one)
        async with raw_client(rehearsal, key, introduced=False) as raw:
            request = functions.InvokeWithoutUpdatesRequest(introduction())
            await raw.answer_to(raw.send(request))
            async with rehearsal.client(two) as other:
                await other.send_message(one.username, "раз")
            assert await raw.is_silent()
            await raw.answer_to(raw.send(NEAREST))
            async with rehearsal.client(two) as other:
                await other.send_message(one.username, "два")
            update = (await raw.next(types.Updates)).object.updates[0]
            assert update.message.message == "два"


async def test_long_answers_come_compressed_when_the_server_wants(
    rehearsal: Rehearsal, raw: RawClient
):
    rehearsal.server.hub.gzip_over = 0
    assert isinstance(await raw.answer_to(raw.send(NEAREST)), types.NearestDc)


async def test_a_foreign_packet_ends_the_connection(raw: RawClient):
    raw._writer.write(struct.pack("<i", 88) + struct.pack("<Q", raw.key.key_id) + os.urandom(80))
    assert await raw._reader.read() == b""
