"""What a world consists of, under the hands that build it and the story that changes it."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.attachments import Attachments
from invite_desktop.rehearsal.changes import Change, Changes
from invite_desktop.rehearsal.directory import Directory
from invite_desktop.rehearsal.population import Population
from invite_desktop.rehearsal.scenario import default_mix
from invite_desktop.rehearsal.world_clock import AnchoredClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from invite_desktop.rehearsal.chats import Chat, InviteLink
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.population import Mix

FIRST_CHAT_ID = 2_000_000_001
"""The ids of the scenery's chats begin here."""

_FIRST_MADE_ID = 2_100_000_001
"""Those of chats made later are far from them, whatever the scenery is at the next start."""


class WorldState:
    """People, accounts, chats, the time and the secret behind access hashes.

    ``access_hash`` returns the hash by which one account (its id) addresses a person or channel
    (its id); no other account may.
    ``births``: see Directory. ``clock`` is the owner's; without one the world has its own.
    ``speed`` returns how many seconds of an owner's clock pass in one real second.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        mix: Mix | None = None,
        births: bool = False,
        clock: Callable[[], datetime] | None = None,
        speed: Callable[[], float] | None = None,
    ) -> None:
        own = AnchoredClock()
        self.clock: Callable[[], datetime] = clock or own
        self._seconds = own.seconds if clock is None else lambda: clock().timestamp()
        self.speed: Callable[[], float] = speed or (lambda: 1.0 if clock else own.speed)
        self.changes = Changes()
        self.people = Directory(Population(seed, mix or default_mix()), self.changes, births=births)
        self.attachments = Attachments(self.changes)
        self.accounts: dict[int, Account] = {}
        self.chats: dict[int, Chat] = {}
        self._listeners: list[Callable[[News], None]] = []
        self._secret = os.urandom(32)
        # One call asks several times about the same person and chat.
        self.access_hash = lru_cache(maxsize=4096)(self._access_hash)
        self._chats_by_username: dict[str, Chat] = {}
        self._chats_by_link: dict[str, Chat] = {}
        self.changes.keep({"secret": self._apply_secret, "clock": self._apply_clock}, self._dump)

    def now(self) -> int:
        """Return the world's time, unix seconds."""
        return int(self._seconds())

    def _access_hash(self, viewer_id: int, object_id: int) -> int:
        data = struct.pack("<qq", viewer_id, object_id)
        digest = blake2b(data, digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, "little", signed=True) or 1

    def chat_by_username(self, name: str) -> Chat | None:
        """Return the public chat with this username."""
        return self._chats_by_username.get(name.lower())

    def chat_by_link(self, link_hash: str) -> tuple[Chat, InviteLink] | None:
        """Return the chat that a link leads to, with the link."""
        chat = self._chats_by_link.get(link_hash)
        return (chat, chat.links[link_hash]) if chat else None

    def keep_link(self, chat: Chat, link: InviteLink) -> None:
        """Let a link lead to a chat."""
        chat.links[link.hash] = link
        self._chats_by_link[link.hash] = chat

    def drop_link(self, chat: Chat, link_hash: str) -> None:
        """Let a link lead nowhere any more."""
        chat.links.pop(link_hash, None)
        self._chats_by_link.pop(link_hash, None)

    def name_chat(self, chat: Chat, username: str | None) -> None:
        """Let a chat be found by a username, or by none."""
        if chat.username:
            self._chats_by_username.pop(chat.username.lower(), None)
        chat.username = username
        if username:
            self._chats_by_username[username.lower()] = chat

    def next_chat_id(self) -> int:
        """Return an id for a chat that comes into being while the world runs."""
        return max(_FIRST_MADE_ID - 1, *self.chats) + 1 if self.chats else _FIRST_MADE_ID

    def listen(self, listener: Callable[[News], None]) -> None:
        """Tell somebody of everything that happens from now on."""
        self._listeners.append(listener)

    def publish(self, news: News) -> None:
        """Tell the listeners of something that has happened and is kept."""
        for listener in self._listeners:
            listener(news)

    def set_clock(self, shown: float, speed: float) -> None:
        """Go on from a moment (unix seconds) at a speed; never backwards, and only an own clock."""
        if isinstance(self.clock, AnchoredClock) and speed > 0:
            real = datetime.now(UTC).timestamp()
            shown = max(shown, self.clock().timestamp())
            self.changes.commit("clock", real, shown, speed)

    def _apply_clock(self, real: float, shown: float, speed: float) -> None:
        if isinstance(self.clock, AnchoredClock):
            self.clock.set_anchor(real, shown, speed)

    def _apply_secret(self, secret: str) -> None:
        self._secret = bytes.fromhex(secret)
        self.access_hash.cache_clear()

    def _dump(self) -> Iterable[Change]:
        yield "secret", self._secret.hex()
        if isinstance(self.clock, AnchoredClock):
            yield "clock", *self.clock.anchor
