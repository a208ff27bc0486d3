"""Sessions: greetings, repetition, states, introductions, and who wants updates."""

from __future__ import annotations

import asyncio
import os
import struct
from typing import TYPE_CHECKING

import pytest
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.scripts import Delay
from tests.rehearsal.other_client.clients import MYSELF, NEAREST, ask, connected
from tests.rehearsal.other_client.line import Line, introduction, line_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal


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
