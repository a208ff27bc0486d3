"""A running server, and clients of kurigram that are logged in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rehearsal.other_client.clients import connected, running
from tests.rehearsal.other_client.line import line_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal
    from tests.rehearsal.other_client.line import Line


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let kurigram write its list of unknown errors where nobody minds."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with running() as started:
        yield started


@pytest.fixture
async def client(rehearsal: Rehearsal) -> AsyncIterator[Client]:
    """The first account, which created every chat."""
    async with connected(rehearsal, rehearsal.accounts[0]) as found:
        yield found


@pytest.fixture
async def second(rehearsal: Rehearsal) -> AsyncIterator[Client]:
    """The second account: admin of the club, plain member of the closed club."""
    async with connected(rehearsal, rehearsal.accounts[1]) as found:
        yield found


@pytest.fixture
async def stranger(rehearsal: Rehearsal) -> AsyncIterator[Client]:
    """An account that is in no chat."""
    zoya = rehearsal.world.account("+79000000009", "Зоя", username="zoya_stranger")
    async with connected(rehearsal, zoya) as found:
        yield found


@pytest.fixture
async def newcomer(rehearsal: Rehearsal) -> AsyncIterator[Client]:
    """A client with a fresh key, not logged in."""
    async with connected(rehearsal) as found:
        yield found


@pytest.fixture
async def line(rehearsal: Rehearsal) -> AsyncIterator[Line]:
    """A connection of the first account for single messages."""
    async with line_to(rehearsal) as found:
        yield found
