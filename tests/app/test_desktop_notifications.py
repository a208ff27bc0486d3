"""Notifications with buttons, on a real session bus with a desktop of our own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.app.desktop_notifications import DBusNotifier, system_notifier
from invite_desktop.ui.notifications import Act, Notification
from invite_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

if sys.platform != "linux":
    pytest.skip("only Linux has such a bus", allow_module_level=True)

from jeepney import DBusAddress, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
HERE = DBusAddress(PATH, bus_name=NAME, interface=NAME)
TOLD = Notification("Finished: A & B", "<3 people", Tone.GOOD, Act.REPORT, 7, "Open report")

pytestmark = pytest.mark.keyring


@pytest.fixture(autouse=True)
def own_bus(monkeypatch: pytest.MonkeyPatch, own_keyring: None) -> Iterator[None]:
    """A bus of this test alone: the name of a desktop can be had only once on each."""
    ours, theirs = os.pipe()
    command = ["dbus-daemon", "--session", "--nofork", f"--print-address={theirs}"]
    daemon = subprocess.Popen(command, pass_fds=(theirs,), stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ours) as answer:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", answer.readline().strip())
        yield
    finally:
        daemon.terminate()
        daemon.wait()


class Desktop:
    """Answers as a desktop does; what it was to show is kept."""

    def __init__(self, connection: DBusConnection, abilities: list[str]) -> None:
        self._connection = connection
        self._abilities = abilities
        self.shown: list[tuple[Any, ...]] = []

    async def serve(self) -> None:
        while True:
            message = await self._connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            if message.header.fields[HeaderFields.member] == "GetCapabilities":
                answer = new_method_return(message, "as", (self._abilities,))
            else:
                self.shown.append(message.body)
                answer = new_method_return(message, "u", (len(self.shown),))
            await self._connection.send(answer)

    async def say(self, signal: str, shape: str, *contents: object) -> None:
        await self._connection.send(new_signal(HERE, signal, shape, contents))


@pytest.fixture(params=[["actions", "body", "body-markup"]], ids=["rich"])
async def desktop(request: pytest.FixtureRequest, own_bus: None) -> AsyncIterator[Desktop]:
    connection = await open_dbus_connection(bus="SESSION")
    await connection.send(message_bus.RequestName(NAME))
    desktop = Desktop(connection, request.param)
    serving = asyncio.ensure_future(desktop.serve())
    yield desktop
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await connection.close()


@pytest.fixture
async def notifier() -> AsyncIterator[DBusNotifier]:
    notifier = DBusNotifier()
    yield notifier
    await notifier.close()


def nothing() -> None:
    pass


async def test_a_notification_comes_with_its_button(desktop: Desktop, notifier: DBusNotifier):
    assert await notifier.show(TOLD, nothing)
    program, replaces, picture, headline, words, actions, hints, patience = desktop.shown[0]
    assert (program, replaces, headline, patience) == ("Invite Desktop", 0, "Finished: A & B", -1)
    assert picture.endswith("app.svg")
    assert words == "&lt;3 people"
    assert actions == ["default", "Open report", "open", "Open report"]
    assert hints["urgency"] == ("y", 1)


@pytest.mark.parametrize("key", ["open", "default"])
async def test_its_button_and_a_click_lead_on_once(
    desktop: Desktop, notifier: DBusNotifier, key: str
):
    followed: asyncio.Queue[str] = asyncio.Queue()
    await notifier.show(TOLD, lambda: followed.put_nowait("first"))
    await notifier.show(TOLD, lambda: followed.put_nowait("second"))
    for number in (2, 2, 99, 1):
        await desktop.say("ActionInvoked", "us", number, key)
    assert [await followed.get(), await followed.get()] == ["second", "first"]
    assert followed.empty()


async def test_one_that_was_closed_leads_nowhere(desktop: Desktop, notifier: DBusNotifier):
    followed: asyncio.Queue[str] = asyncio.Queue()
    await notifier.show(TOLD, lambda: followed.put_nowait("closed"))
    await notifier.show(TOLD, lambda: followed.put_nowait("open"))
    await desktop.say("NotificationClosed", "uu", 1, 1)
    await desktop.say("ActionInvoked", "us", 1, "open")
    await desktop.say("ActionInvoked", "us", 2, "open")
    assert await followed.get() == "open"


@pytest.mark.parametrize("desktop", [["body"]], indirect=True, ids=["plain"])
async def test_a_plain_desktop_gets_plain_words(desktop: Desktop, notifier: DBusNotifier):
    assert await notifier.show(TOLD, nothing)
    assert desktop.shown[0][4] == "<3 people"
    assert desktop.shown[0][5] == []


async def test_what_needs_the_user_stays_on_the_screen(desktop: Desktop, notifier: DBusNotifier):
    await notifier.show(Notification("Needs you", "", Tone.BAD), nothing)
    assert desktop.shown[0][6]["urgency"] == ("y", 2)
    assert desktop.shown[0][5] == ["default", "Invite Desktop"]


async def test_a_desktop_that_shows_none_is_told_apart(notifier: DBusNotifier):
    assert not await notifier.show(TOLD, nothing)


async def test_a_desktop_that_comes_later_is_found(notifier: DBusNotifier):
    assert not await notifier.show(TOLD, nothing)
    connection = await open_dbus_connection(bus="SESSION")
    await connection.send(message_bus.RequestName(NAME))
    late = Desktop(connection, [])
    serving = asyncio.ensure_future(late.serve())
    assert await notifier.show(TOLD, nothing)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await connection.close()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "disabled:", "tcp:host=a", "x"])
async def test_without_a_bus_nothing_is_shown(
    notifier: DBusNotifier, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not await notifier.show(TOLD, nothing)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_leave_it_to_the_tray(platform: str):
    assert system_notifier(platform) is None
