"""The listener that proves where the program connects to hears every way to connect."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.connections import hosts_asked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def by_asyncio(port: int) -> None:
    _, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
    writer.close()
    await writer.wait_closed()


async def by_socket(port: int) -> None:
    with socket.create_connection(("localhost", port)):
        pass


async def by_code(port: int) -> None:
    with socket.socket() as opened:
        opened.connect_ex(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("connect", "expected"),
    [
        (by_asyncio, {"localhost", "127.0.0.1"}),
        (by_socket, {"localhost", "127.0.0.1"}),
        (by_code, {"127.0.0.1"}),
    ],
)
async def test_every_way_to_connect_is_heard_until_the_end(
    connect: Callable[[int], Awaitable[None]], expected: set[str], port: int
):
    with hosts_asked() as hosts:
        await connect(port)
    await connect(port)
    assert expected <= hosts
    hosts.clear()
    await connect(port)
    assert hosts == set()
