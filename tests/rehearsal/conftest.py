"""A running server in this process, and plain Telethon clients for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with running_rehearsal() as running:
        yield running


@pytest.fixture
async def client(rehearsal: Rehearsal) -> AsyncIterator[TelegramClient]:
    """The first account, which created every chat."""
    async with rehearsal.client(rehearsal.accounts[0]) as connected:
        yield connected


@pytest.fixture
async def second(rehearsal: Rehearsal) -> AsyncIterator[TelegramClient]:
    """The second account: admin of the club, plain member of the closed club."""
    async with rehearsal.client(rehearsal.accounts[1]) as connected:
        yield connected
