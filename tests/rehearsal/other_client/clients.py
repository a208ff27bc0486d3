"""Clients of kurigram for a server on this machine, which they cannot leave."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from pyrogram import Client
from pyrogram.connection import Connection
from pyrogram.crypto import rsa
from pyrogram.handlers import RawUpdateHandler
from pyrogram.raw import functions, types
from pyrogram.session import Auth
from pyrogram.storage import SQLiteStorage

from tests.fakes.rehearsal import API_HASH, API_ID, running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.server_key import ServerKey
    from invite_desktop.rehearsal.world import World
    from tests.fakes.rehearsal import Rehearsal

HERE = "127.0.0.1"
MYSELF = functions.users.GetUsers(id=[types.InputUserSelf()])
NEAREST = functions.help.GetNearestDc()


class ConnectionHere(Connection):
    """A connection that goes to this machine or not at all."""

    async def connect(self) -> None:
        assert self.server_address == HERE, self.server_address
        await super().connect()


class SessionHere(SQLiteStorage):
    """A session in memory that has pointed at this machine from its first moment."""

    def __init__(self, port: int, key: bytes = b"", account_id: int = 0, dc: int = 2) -> None:
        super().__init__("other", Path(), in_memory=True)
        self.known = {"port": port, "auth_key": key, "user_id": account_id, "dc_id": dc}

    async def open(self) -> None:
        await super().open()
        self.known |= {"server_address": HERE, "api_id": API_ID, "date": 0}
        self.known |= {"test_mode": False, "is_bot": False}
        for name, value in self.known.items():
            await getattr(self, name)(value)


@asynccontextmanager
async def running(world: World | None = None, **options: object) -> AsyncIterator[Rehearsal]:
    """A started server, the only one whose key the clients accept meanwhile."""
    async with running_rehearsal(world, trust=False, **options) as rehearsal:
        with trusting(rehearsal.server.hub.key):
            yield rehearsal


@contextmanager
def trusting(key: ServerKey) -> Iterator[None]:
    """Let kurigram know this key and no other, least of all those of Telegram's own servers."""
    known = {key.fingerprint: rsa.PublicKey(key.private.n, key.private.e)}
    with patch.dict(rsa.server_public_keys, known, clear=True):
        yield


async def client_for(
    rehearsal: Rehearsal,
    account: Account | None = None,
    *,
    key: bytes | None = None,
    dc: int = 2,
    **options: object,
) -> Client:
    """A client, not connected yet, with a key of its own making if none is given."""
    storage = SessionHere(rehearsal.port, key or b"", account.id if account else 0, dc)
    client = Client(
        "other",
        API_ID,
        API_HASH,
        **{
            "storage_engine": storage,
            "connection_factory": ConnectionHere,
            "sleep_threshold": 0,
            "workers": 1,
            **options,
        },
    )
    if key is None:
        maker = Auth(client, dc, HERE, rehearsal.port, test_mode=False)
        storage.known["auth_key"] = await maker.create()
    return client


@asynccontextmanager
async def connected(
    rehearsal: Rehearsal,
    account: Account | None = None,
    *,
    key: bytes | None = None,
    **options: object,
) -> AsyncIterator[Client]:
    """A connected client: of an account that is logged in, or with a key as it is."""
    if key is None and account is not None:
        key = rehearsal.server.issue_key(account)
    client = await client_for(rehearsal, account, key=key, **options)
    await client.connect()
    address = await client.storage.server_address(), await client.storage.port()
    assert address == (HERE, rehearsal.port)
    try:
        yield client
    finally:
        await _close(client)


async def _close(client: Client) -> None:
    if client.is_initialized:
        await client.terminate()
    for session in (*client.sessions.values(), *client.media_sessions.values()):
        await session.stop()
    await client.disconnect()


async def ask(client: Client, query: object, timeout: float = 30.0) -> object:  # noqa: ASYNC109 - kurigram's own
    """The answer to one request: no wait is sat out, nothing is asked a second time."""
    return await client.session.send(query, timeout=timeout)


async def ask_again(client: Client, query: object) -> object:
    """The answer to a request that kurigram repeats by itself, also on a new connection."""
    return await client.invoke(query, retries=20, timeout=0.25, retry_delay=0)


async def listen(client: Client, kind: type) -> asyncio.Queue[object]:
    """A queue into which the updates of a kind come."""
    heard: asyncio.Queue[object] = asyncio.Queue()

    async def take(_client: Client, update: object, _users: object, _chats: object) -> None:
        if isinstance(update, kind):
            heard.put_nowait(update)

    client.add_handler(RawUpdateHandler(take))
    await asyncio.sleep(0)  # kurigram adds handlers in a task of its own
    if not client.is_initialized:
        await client.initialize()
    return heard


async def user(client: Client, name: str) -> types.InputUser:
    """Somebody as a client addresses her, found by her username."""
    peer = await client.resolve_peer(name)
    return types.InputUser(user_id=peer.user_id, access_hash=peer.access_hash)


async def channel(client: Client, name: str) -> types.InputChannel:
    """A supergroup or channel as a client addresses it, found by its username."""
    peer = await client.resolve_peer(name)
    return types.InputChannel(channel_id=peer.channel_id, access_hash=peer.access_hash)


async def chats_of(client: Client) -> dict[str, object]:
    """The addresses of the chats that an account is in, by title."""
    request = functions.messages.GetDialogs(
        offset_date=0, offset_id=0, offset_peer=types.InputPeerEmpty(), limit=100, hash=0
    )
    answer = await ask(client, request)
    await client.fetch_peers(answer.chats)
    return {
        chat.title: types.InputPeerChannel(channel_id=chat.id, access_hash=chat.access_hash)
        if isinstance(chat, types.Channel)
        else types.InputPeerChat(chat_id=chat.id)
        for chat in answer.chats
    }
