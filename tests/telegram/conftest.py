"""The real Telethon on the rehearsal server, and the real keyring, where there is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.people import PersonKeys
from tests.contracts.stages import RehearsalStage, Someone, calm_world, found, messenger_of, seen
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from invite_desktop.engine.ports.telegram import ChatPeer, UserPeer
    from invite_desktop.rehearsal.server import RehearsalServer
    from invite_desktop.telegram.messenger import TelethonMessenger


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[RehearsalStage]:
    """The real adapters on a rehearsal server of their own."""
    journal = tmp_path / "journal.jsonl"
    async with running_rehearsal(calm_world(), log_file=journal) as rehearsal:
        stage = RehearsalStage(rehearsal, journal)
        yield stage
        await stage.gateway.close()


@dataclass
class Scene:
    """Anna's supergroup and Bobby, both addressable by Anna's messenger."""

    stage: RehearsalStage
    anna: Someone
    bobby: Someone
    chat: Any
    messenger: TelethonMessenger
    peer: ChatPeer
    user: UserPeer

    @property
    def server(self) -> RehearsalServer:
        return self.stage.server


@pytest.fixture
async def scene(stage: RehearsalStage) -> Scene:
    anna = stage.account(1, "anna_owner", phone="+79990000001", first_name="Anna")
    chat = stage.chat("Football", anna, username="football_club")
    bobby = stage.person("bobby_tables")
    messenger = await messenger_of(stage)
    peer = await seen(messenger, parse_chat_address("@football_club"))
    user = await found(messenger, PersonKeys("bobby_tables"))
    return Scene(stage, anna, bobby, chat, messenger, peer, user)


def _unlocked_secret_service() -> bool:
    """Return whether a D-Bus session with an unlocked default collection is there."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    secretstorage = pytest.importorskip("secretstorage", reason="no Secret Service on this system")
    try:
        connection = secretstorage.dbus_init()
    except (secretstorage.exceptions.SecretServiceNotAvailableException, OSError):
        return False
    try:
        return not secretstorage.get_default_collection(connection).is_locked()
    except secretstorage.exceptions.SecretStorageException:
        return False
    finally:
        connection.close()


@pytest.fixture
def secret_service() -> None:
    """Skip unless secrets can be kept without asking anybody."""
    if not _unlocked_secret_service():
        pytest.skip("no D-Bus session with an unlocked Secret Service")
