"""A rehearsal server in the test's own process, on a free port of 127.0.0.1."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from telethon import TelegramClient
from telethon.crypto import AuthKey, rsa
from telethon.sessions import StringSession

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.server import RehearsalServer
from invite_desktop.rehearsal.server_key import ServerKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World

API_ID, API_HASH = 12345, "0123456789abcdef0123456789abcdef"
CLUB = "rehearsal_club"


@dataclass(frozen=True)
class Rehearsal:
    """A running server, its world, and clients for it."""

    server: RehearsalServer

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def key_path(self) -> Path:
        return self.server.key_path

    @property
    def accounts(self) -> list[Account]:
        return list(self.world.accounts.values())

    def session(self, account: Account | None = None) -> StringSession:
        """A session pointed at the server; with an account it is logged in already."""
        session = StringSession()
        session.set_dc(2, "127.0.0.1", self.port)
        if account is not None:
            session.auth_key = AuthKey(self.server.issue_key(account))
        return session

    @asynccontextmanager
    async def client(
        self,
        account: Account | None = None,
        *,
        session: StringSession | None = None,
        **options: object,
    ) -> AsyncIterator[TelegramClient]:
        """A connected plain Telethon client, disconnected at the end."""
        client = TelegramClient(
            session or self.session(account),
            API_ID,
            API_HASH,
            **{
                "flood_sleep_threshold": 0,
                "request_retries": 1,
                "connection_retries": 3,
                "retry_delay": 0,
                "raise_last_call_error": True,
                **options,
            },
        )
        await client.connect()
        try:
            yield client
        finally:
            await client.disconnect()


@asynccontextmanager
async def running_rehearsal(
    world: World | None = None,
    *,
    state_dir: Path | None = None,
    log_file: Path | None = None,
    port: int = 0,
    trust: bool = True,
) -> AsyncIterator[Rehearsal]:
    """A started server; without a world the demo's, in which everybody is willing.

    ``trust``: this process's Telethon accepts the server's key. Fails the test if the server met
    an exception that it should not have.
    """
    with tempfile.TemporaryDirectory(prefix="rehearsal-test-") as temporary:
        directory = state_dir or Path(temporary)
        lend_key(directory)
        server = RehearsalServer(
            world or demo_world(mix=CALM), port=port, state_dir=directory, log_file=log_file
        )
        await server.start()
        if trust:
            rsa.add_key(server.public_key_pem, old=False)
        try:
            yield Rehearsal(server)
        finally:
            await server.stop()
        assert not server.bugs, server.bugs


def lend_key(directory: Path) -> None:
    """Put one key into every state directory of this test run: making one takes a while."""
    private = directory / "server_private_key.pem"
    if not private.exists():
        directory.mkdir(parents=True, exist_ok=True)
        private.touch(0o600)
        private.write_bytes(_private_pem())


@cache
def _private_pem() -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        pem: bytes = ServerKey.at(Path(temporary)).private.save_pkcs1()
        return pem
