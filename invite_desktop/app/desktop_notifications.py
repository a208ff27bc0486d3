"""Notifications with buttons where the desktop speaks D-Bus (freedesktop.org, version 1.2)."""

from __future__ import annotations

import asyncio
import html
import logging
import sys
from typing import TYPE_CHECKING, Any

from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.app.session_bus import SessionBus
    from invite_desktop.ui.notifications import Notification

_log = logging.getLogger(__name__)

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_PROGRAM = "Invite Desktop"
_PATIENCE = 5.0
"""Seconds that the desktop has for an answer."""
_MOST_REMEMBERED = 50
"""So many notifications can be followed; older ones are long gone from the screen."""
_BY_CLICK, _BY_BUTTON = "default", "open"
"""Keys of actions; the first means a click on the notification itself."""
_AS_LONG_AS_THE_DESKTOP_LIKES = -1


class DBusNotifier:
    """Implements Notifier; the session bus is first asked when there is something to tell."""

    def __init__(self) -> None:
        self._opening = asyncio.Lock()
        self._line: SessionBus | None = None
        self._abilities: frozenset[str] = frozenset()
        self._followed: dict[int, Callable[[], None]] = {}

    async def show(self, told: Notification, followed: Callable[[], None]) -> bool:
        """Show a notification; return whether this desktop could."""
        from jeepney.wrappers import DBusErrorResponse  # noqa: PLC0415 - seldom needed

        try:
            async with asyncio.timeout(_PATIENCE):
                number = await self._send(await self._opened(), told)
        except (OSError, EOFError, KeyError, TimeoutError, DBusErrorResponse) as why:
            # No bus, nobody there who shows notifications, or a line that broke off.
            _log.info("The desktop shows no notification: %s", type(why).__name__)
            return False
        self._remember(number, followed)
        return True

    async def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _opened(self) -> SessionBus:
        from invite_desktop.app.session_bus import SessionBus  # noqa: PLC0415 - seldom needed

        async with self._opening:
            if self._line is not None and not self._line.broken:
                return self._line
            await self.close()
            line = self._line = await SessionBus.open(self._heard)
            await line.watch(_address())
            self._abilities = frozenset(await line.call(_address(), "GetCapabilities"))
            return line

    async def _send(self, line: SessionBus, told: Notification) -> int:
        words = html.escape(told.words) if "body-markup" in self._abilities else told.words
        actions = _actions(told) if "actions" in self._abilities else []
        urgency = 2 if told.tone is Tone.BAD else 1
        hints = {"urgency": ("y", urgency), "desktop-entry": ("s", "invite-desktop")}
        picture = str(resource_path("icons", "app.svg"))
        body: tuple[Any, ...] = (_PROGRAM, 0, picture, told.headline, words, actions, hints)
        number: int = await line.call(
            _address(), "Notify", "susssasa{sv}i", (*body, _AS_LONG_AS_THE_DESKTOP_LIKES)
        )
        return number

    def _heard(self, name: str, contents: tuple[Any, ...]) -> None:
        number, *rest = contents
        followed = self._followed.get(number)
        if followed is not None and name == "ActionInvoked" and rest[0] in (_BY_CLICK, _BY_BUTTON):
            followed()
        if name in ("ActionInvoked", "NotificationClosed"):
            self._followed.pop(number, None)

    def _remember(self, number: int, followed: Callable[[], None]) -> None:
        self._followed[number] = followed
        while len(self._followed) > _MOST_REMEMBERED:
            del self._followed[next(iter(self._followed))]


def system_notifier(platform: str = sys.platform) -> DBusNotifier | None:
    """Return this system's way to notify with buttons; None leaves it to the tray."""
    return DBusNotifier() if platform.startswith("linux") else None


def _actions(told: Notification) -> list[str]:
    """Return keys and words of the buttons, in turn."""
    by_click = [_BY_CLICK, told.button or _PROGRAM]
    return [*by_click, _BY_BUTTON, told.button] if told.button else by_click


def _address() -> Any:  # noqa: ANN401 - jeepney has no types
    from jeepney import DBusAddress  # noqa: PLC0415 - seldom needed

    return DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
