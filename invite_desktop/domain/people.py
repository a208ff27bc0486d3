"""Persons and the keys that tell them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TELEGRAM_ID = 2**52
"""Telegram promises that ids fit 52 bits (core.telegram.org/api/bots/ids)."""

_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_USERNAME_LINK = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?"
    r"|tg://resolve/?\?(?:[^#]*&)?domain=)"
    r"@?([A-Za-z0-9_]+)(?:[/?&#].*)?",
    re.IGNORECASE,
)
_RESERVED = frozenset({"joinchat", "addstickers", "share", "proxy", "socks", "addlist"})


class KeyKind(StrEnum):
    """The ways in which a person can be identified, strongest first."""

    USERNAME = "username"
    PHONE = "phone"
    TELEGRAM_ID = "telegram_id"


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """What identifies one human; any shared key means the same person.

    ``username`` without ``@`` in the writer's own case (compared without case), ``phone`` in E.164
    with ``+``, ``telegram_id`` a positive integer below 2**52.
    """

    username: str | None = None
    phone: str | None = None
    telegram_id: int | None = None

    @property
    def strongest(self) -> KeyKind | None:
        """Return the most reliable key there is, None when there is none."""
        if self.username:
            return KeyKind.USERNAME
        if self.phone:
            return KeyKind.PHONE
        return KeyKind.TELEGRAM_ID if self.telegram_id else None

    @property
    def identities(self) -> tuple[tuple[KeyKind, str | int], ...]:
        """Return the keys in the form in which they are compared."""
        found: list[tuple[KeyKind, str | int]] = []
        if self.username:
            found.append((KeyKind.USERNAME, self.username.lower()))
        if self.phone:
            found.append((KeyKind.PHONE, self.phone))
        if self.telegram_id:
            found.append((KeyKind.TELEGRAM_ID, self.telegram_id))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Person:
    """One human on the user's lists. ``extra`` holds the columns we have no name for."""

    id: int
    keys: PersonKeys
    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the words by which a list shows this person: a name, else a key."""
        name = self.full_name or f"{self.first_name} {self.last_name}".strip()
        keys = self.keys
        shown = f"@{keys.username}" if keys.username else keys.phone or str(keys.telegram_id or "")
        return f"{name} ({shown})" if name and shown else name or shown


def parse_username(text: str) -> str | None:
    """Return the username in ``@Name``, a t.me or tg://resolve link, or a bare name.

    None when it breaks Telegram's rule (5 to 32 letters, digits and ``_``, a letter first); a bare
    all-digit text is no username.
    """
    text = text.strip()
    link = _USERNAME_LINK.fullmatch(text)
    name = link.group(1) if link else text.removeprefix("@")
    if not _USERNAME.fullmatch(name) or name.lower() in _RESERVED:
        return None
    return name


def parse_telegram_id(text: str) -> int | None:
    """Return a person's Telegram id, None for anything else (``-100…`` is a chat)."""
    text = text.strip()
    text = text.removesuffix(".0")
    if not (text.isascii() and text.isdigit()):
        return None
    number = int(text) if len(text) <= 16 else 0
    return number if 0 < number < MAX_TELEGRAM_ID else None
