"""What a connection promises, with a client that does what a test says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from telethon import errors
from telethon.tl.functions import PingRequest
from telethon.tl.functions.channels import InviteToChannelRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputChannel, InputUser

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.telegram.account_connection import AccountConnection, CallError
from invite_desktop.telegram.client_factory import CallLimits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

INVITE = InviteToChannelRequest(InputChannel(1, 2), [InputUser(3, 4)])
QUESTION = GetUsersRequest([])
LIMITS = CallLimits(answer=0.05, connect=0.05, ping=0.05, ping_after=0.02)


class ScriptedClient:
    """As much of Telethon's client as a connection uses."""

    def __init__(self, answer: Callable[[Any], Awaitable[object]]) -> None:
        self.answer = answer
        self.requests: list[object] = []
        self.connected = False
        self.disconnected: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def connect(self) -> None:
        self.connected = True

    def is_connected(self) -> bool:
        return self.connected

    async def ask(self, request: object) -> object:
        self.requests.append(request)
        return await self.answer(request)

    async def disconnect(self) -> None:
        self.lose(None)

    def lose(self, error: Exception | None) -> None:
        self.connected = False
        if not self.disconnected.done():
            if error:
                self.disconnected.set_exception(error)
            else:
                self.disconnected.set_result(None)


class Clients:
    """The clients that a connection has asked for."""

    def __init__(self, answer: Callable[[Any], Awaitable[object]]) -> None:
        self.made: list[ScriptedClient] = []
        self.answer = answer

    def make(self) -> ScriptedClient:
        self.made.append(ScriptedClient(self.answer))
        return self.made[-1]

    def connection(self) -> AccountConnection:
        return AccountConnection(self.make, LIMITS)


async def never(_request: object) -> object:
    return await asyncio.get_running_loop().create_future()


async def at_once(_request: object) -> object:
    return "answer"


async def outcome_of_call(
    connection: AccountConnection, request: object, action: Action | None
) -> OutcomeCode:
    with pytest.raises(CallError) as failed:
        await connection.call(request, action)
    return failed.value.outcome.code


ENDS = pytest.mark.parametrize(
    ("request_", "action", "expected"),
    [
        (INVITE, Action.INVITE, OutcomeCode.UNCERTAIN),
        (QUESTION, None, OutcomeCode.NOT_CONNECTED),
    ],
    ids=["contact", "question"],
)


@ENDS
async def test_no_answer_in_time_closes_the_connection_for_good(
    request_: object, action: Action | None, expected: OutcomeCode
):
    clients = Clients(never)
    assert await outcome_of_call(clients.connection(), request_, action) is expected
    assert not clients.made[0].is_connected()


@ENDS
async def test_a_request_stuck_in_telethons_queue_ends_with_the_connection(
    request_: object, action: Action | None, expected: OutcomeCode
):
    clients = Clients(never)
    call = asyncio.create_task(outcome_of_call(clients.connection(), request_, action))
    await asyncio.sleep(0.01)
    clients.made[0].lose(ConnectionResetError())
    assert await call is expected


@ENDS
async def test_a_request_that_telethon_cancels_is_no_cancellation_of_ours(
    request_: object, action: Action | None, expected: OutcomeCode
):
    async def cancelled(_request: object) -> object:
        raise asyncio.CancelledError

    connection = Clients(cancelled).connection()
    assert await outcome_of_call(connection, request_, action) is expected


async def test_an_old_client_is_never_used_again():
    clients = Clients(at_once)
    connection = clients.connection()
    await connection.call(QUESTION)
    clients.made[0].lose(ConnectionResetError())
    await connection.call(QUESTION)
    assert [len(client.requests) for client in clients.made] == [1, 1]


async def test_cancellation_of_a_caller_goes_through():
    connection = Clients(never).connection()
    call = asyncio.create_task(connection.call(INVITE, Action.INVITE))
    await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_without_a_connection_nothing_was_sent():
    class Unreachable(Clients):
        def make(self) -> ScriptedClient:
            client = super().make()

            async def refuse() -> None:
                raise ConnectionError

            client.connect = refuse
            return client

    clients = Unreachable(at_once)
    code = await outcome_of_call(clients.connection(), INVITE, Action.INVITE)
    assert code is OutcomeCode.NOT_CONNECTED
    assert clients.made[0].requests == []


async def test_a_connection_that_hangs_while_connecting_is_given_up():
    class Hanging(Clients):
        def make(self) -> ScriptedClient:
            client = super().make()
            client.connect = asyncio.Event().wait
            return client

    connection = Hanging(at_once).connection()
    code = await outcome_of_call(connection, INVITE, Action.INVITE)
    assert code is OutcomeCode.NOT_CONNECTED


async def test_after_a_silence_a_ping_goes_before_a_contact():
    clients = Clients(at_once)
    connection = clients.connection()
    await connection.call(QUESTION)
    await asyncio.sleep(LIMITS.ping_after * 1.5)
    await connection.call(INVITE, Action.INVITE)
    assert [type(r) for r in clients.made[0].requests] == [
        GetUsersRequest,
        PingRequest,
        InviteToChannelRequest,
    ]


async def test_a_connection_lost_in_silence_costs_nobody_an_uncertain_end():
    async def dead_to_pings(request: object) -> object:
        return await (never if isinstance(request, PingRequest) else at_once)(request)

    clients = Clients(dead_to_pings)
    connection = clients.connection()
    await connection.call(QUESTION)
    await asyncio.sleep(LIMITS.ping_after * 1.5)
    assert await connection.call(INVITE, Action.INVITE) == "answer"
    assert [type(r) for r in clients.made[1].requests] == [InviteToChannelRequest]


async def test_the_end_of_the_session_is_remembered_and_disconnects():
    async def logged_out(request: object) -> object:
        raise errors.SessionRevokedError(request)

    clients = Clients(logged_out)
    connection = clients.connection()
    code = await outcome_of_call(connection, QUESTION, None)
    assert (code, connection.ended) == (OutcomeCode.LOGGED_OUT, True)
    assert not connection.is_connected


async def test_a_bug_is_not_taken_for_trouble_with_telegram():
    async def buggy(_request: object) -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Clients(buggy).connection().call(QUESTION)


async def test_callers_share_one_connection():
    clients = Clients(at_once)
    connection = clients.connection()
    await asyncio.gather(*(connection.call(QUESTION) for _ in range(5)))
    assert len(clients.made) == 1
