"""The surroundings that every test relies on."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

OUTSIDE = "203.0.113.1"
"""An address of the block kept for documentation: nobody answers there."""


@pytest.mark.filterwarnings("ignore:A test tried to use")
@pytest.mark.parametrize("address", [(OUTSIDE, 80), ("example.org", 443)])
def test_no_test_connects_to_another_machine(address: tuple[str, int]):
    with socket.socket() as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect(address)


@pytest.mark.filterwarnings("ignore:A test tried to use")
async def test_no_asyncio_test_connects_to_another_machine():
    with pytest.raises(SocketConnectBlockedError):
        await asyncio.open_connection(OUTSIDE, 80)


async def test_no_test_looks_up_the_name_of_another_machine():
    with pytest.raises(AssertionError, match="asked for the address"):
        await asyncio.get_running_loop().getaddrinfo("example.org", 443)


async def test_this_machine_answers_over_tcp():
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()
        await writer.wait_closed()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="a system without Unix sockets")
def test_this_machine_answers_over_unix_sockets(tmp_path: Path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as calling:
        listening.bind(path)
        listening.listen()
        calling.connect(path)


def test_no_test_sees_the_home_of_the_user(tmp_path_factory: pytest.TempPathFactory):
    assert Path.home().is_relative_to(tmp_path_factory.getbasetemp())


def test_a_test_without_the_mark_has_no_session_bus():
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"


@pytest.mark.keyring
def test_the_keyring_of_the_surroundings_is_a_real_secret_service_and_is_open():
    import keyring  # noqa: PLC0415 - only where there is one
    from keyring.backends import SecretService  # noqa: PLC0415

    backend = keyring.get_keyring()
    backends = getattr(backend, "backends", [backend])
    assert any(isinstance(part, SecretService.Keyring) for part in backends)
    keyring.set_password("invite-desktop-tests", "somebody", "secret")
    assert keyring.get_password("invite-desktop-tests", "somebody") == "secret"
    keyring.delete_password("invite-desktop-tests", "somebody")


@pytest.mark.screen
@pytest.mark.usefixtures("qapp")
def test_the_screen_of_the_surroundings_takes_windows():
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    assert QGuiApplication.platformName() == "xcb"
    assert QGuiApplication.primaryScreen().size().width() >= 1024


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
@pytest.mark.usefixtures("qapp")
def test_qt_does_not_use_up_none():
    """PySide6 6.12.0 took one reference from None in every void call, up to an abort."""
    from PySide6.QtCore import QObject  # noqa: PLC0415

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1_000):
        thing.setObjectName("x")
    assert before - sys.getrefcount(None) < 100


@pytest.mark.usefixtures("qapp")
def test_qt_has_a_font_with_cyrillic_letters():
    """Without one Qt draws boxes and says nothing."""
    from PySide6.QtGui import QFontDatabase  # noqa: PLC0415

    assert QFontDatabase.families(QFontDatabase.WritingSystem.Cyrillic)
