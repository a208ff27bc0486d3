"""The same server, driven by a client library that shares no code with it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from invite_desktop.rehearsal.population import CALM, Behaviour
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import API_HASH, API_ID, CLUB, running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.rehearsal import Rehearsal

pyrogram = pytest.importorskip("pyrogram", reason="kurigram, of the test extra, is not installed")
connection = pytest.importorskip("pyrogram.connection")
handlers = pytest.importorskip("pyrogram.handlers")
key_table = pytest.importorskip("pyrogram.crypto.rsa")

PHONE, CODE = "+9996620001", "22222"
WORDS = "тайна 1"


@asynccontextmanager
async def other_client(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, **options: object):
    """A connected client that finds every data centre at the server's address."""

    class Here(connection.Connection):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)
            self.server_address, self.port = "127.0.0.1", rehearsal.port

    key = rehearsal.server.hub.key
    public = key_table.PublicKey(key.private.n, key.private.e)
    monkeypatch.setitem(key_table.server_public_keys, key.fingerprint, public)
    client = pyrogram.Client(
        "other", API_ID, API_HASH, in_memory=True, connection_factory=Here, **options
    )
    await client.connect()
    try:
        yield client
    finally:
        if client.is_initialized:
            await client.terminate()
        await client.disconnect()


async def log_in(client: object, phone: str = PHONE, code: str = CODE):
    sent = await client.send_code(phone)
    return await client.sign_in(phone, sent.phone_code_hash, code)


@pytest.fixture
async def other(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[pyrogram.Client]:
    """The first account, logged in and listening."""
    async with other_client(rehearsal, monkeypatch) as client:
        await log_in(client)
        await client.initialize()
        yield client


async def test_the_right_code_logs_in(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch):
    async with other_client(rehearsal, monkeypatch) as client:
        me = await log_in(client)
        assert (me.phone_number, me.is_self) == (PHONE.removeprefix("+"), True)


async def test_a_wrong_code_does_not(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch):
    async with other_client(rehearsal, monkeypatch) as client:
        with pytest.raises(pyrogram.errors.PhoneCodeInvalid):
            await log_in(client, code="99999")


async def test_a_password_is_asked_for_and_proved(monkeypatch: pytest.MonkeyPatch):
    world = World(mix=CALM)
    account = world.account("+79000000001", "Ева", password=WORDS)
    account.hint = "кто"
    async with (
        running_rehearsal(world) as rehearsal,
        other_client(rehearsal, monkeypatch) as client,
    ):
        with pytest.raises(pyrogram.errors.SessionPasswordNeeded):
            await log_in(client, "+79000000001", "12345")
        assert await client.get_password_hint() == "кто"
        with pytest.raises(pyrogram.errors.PasswordHashInvalid):
            await client.check_password("что-то")
        assert (await client.check_password(WORDS)).first_name == "Ева"


async def test_a_phone_of_another_data_centre_is_followed_there(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
):
    rehearsal.accounts[0].dc = 4
    async with other_client(rehearsal, monkeypatch) as client:
        assert (await log_in(client)).first_name
        assert await client.storage.dc_id() == 4


async def test_a_chat_is_found_and_a_person_added(rehearsal: Rehearsal, other: pyrogram.Client):
    chat = await other.get_chat(CLUB)
    assert chat.title == rehearsal.world.chat_by_username(CLUB).title
    await other.add_chat_members(chat.id, "willing_one")
    names = [member.user.username async for member in other.get_chat_members(chat.id)]
    assert "willing_one" in names
    assert {member.username for member in rehearsal.world.members(CLUB)} == set(names)


async def test_a_name_that_nobody_has_is_told(rehearsal: Rehearsal, other: pyrogram.Client):
    rehearsal.world.person("nobody_here", behaviour=Behaviour.ABSENT)
    with pytest.raises(pyrogram.errors.UsernameNotOccupied):
        await other.resolve_peer("nobody_here")


async def test_a_message_goes_out_and_stands_in_the_history(other: pyrogram.Client):
    sent = await other.send_message("willing_one", "привет")
    history = [message async for message in other.get_chat_history("willing_one")]
    assert [(message.id, message.text) for message in history] == [(sent.id, "привет")]


async def test_a_message_of_telethons_comes_in(rehearsal: Rehearsal, other: pyrogram.Client):
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def take(_client: object, message: object) -> None:
        arrived.put_nowait(message.text)

    other.add_handler(handlers.MessageHandler(take))
    async with rehearsal.client(rehearsal.accounts[1]) as client:
        await client.send_message(rehearsal.accounts[0].username, "привет")
    assert await asyncio.wait_for(arrived.get(), 5) == "привет"


async def test_logging_out_ends_the_login(rehearsal: Rehearsal, other: pyrogram.Client):
    assert await other.invoke(pyrogram.raw.functions.auth.LogOut())
    with pytest.raises(pyrogram.errors.AuthKeyUnregistered):
        await other.get_me()
