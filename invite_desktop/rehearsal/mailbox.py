"""The private messages of one account, with the numbers that clients synchronise by."""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.letters import Action, Content, Letter

if TYPE_CHECKING:
    from collections.abc import Sequence


class EventKind(StrEnum):
    """What happened in a mailbox."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"
    READ = "read"
    READ_BY_PEER = "read by peer"


class Event(NamedTuple):
    """One event: the number of the latest point after it, and how many points it takes.

    ``ids`` are the letters concerned; of a reading, the last letter that was read.
    """

    pts: int
    points: int
    kind: EventKind
    peer_id: int
    ids: tuple[int, ...]


class Mailbox:
    """Letters in order; every event raises ``pts`` (core.telegram.org/api/updates).

    ``chats_joined``: when the account came into its chats, unix time of the world, by chat id.
    """

    FIRST_PTS = 1

    def __init__(self) -> None:
        self.pts = self.FIRST_PTS
        self.chats_joined: dict[int, int] = {}
        self._letters: list[Letter | None] = []
        self._dialogues: dict[int, list[Letter]] = {}
        self._events: list[Event] = []
        self._sent: set[int] = set()
        self._read: dict[int, int] = {}
        self._read_by_peer: dict[int, int] = {}

    # ------------------------------------------------------------------ events

    def keep(  # noqa: PLR0913 - a whole letter
        self,
        peer_id: int,
        author_id: int,
        content: Content,
        sent_at: int,
        *,
        out: bool,
        shared: int,
        action: Action | None = None,
    ) -> Letter:
        """Add a letter to the dialogue with a peer and return it."""
        number = len(self._letters) + 1
        letter = Letter(number, peer_id, author_id, sent_at, content, shared, out, action)
        self._letters.append(letter)
        self._dialogues.setdefault(peer_id, []).append(letter)
        self._note(EventKind.NEW, peer_id, (number,))
        return letter

    def edit(self, letter: Letter, content: Content, at: int) -> Event:
        """Change what a letter says."""
        letter.content, letter.edited_at = content, at
        return self._note(EventKind.EDITED, letter.peer_id, (letter.id,))

    def delete(self, letters: Sequence[Letter]) -> Event:
        """Take letters away for good."""
        for letter in letters:
            self._letters[letter.id - 1] = None
            dialogue = self._dialogues[letter.peer_id]
            dialogue.remove(letter)
            if not dialogue:
                del self._dialogues[letter.peer_id]
        ids = tuple(letter.id for letter in letters)
        return self._note(EventKind.DELETED, 0, ids, points=len(ids))

    def mark_read(self, peer_id: int, up_to: int) -> Event | None:
        """Remember that the letters of a dialogue were read; None if they had been."""
        if up_to <= self._read.get(peer_id, 0):
            return None
        self._read[peer_id] = up_to
        return self._note(EventKind.READ, peer_id, (up_to,))

    def mark_read_by_peer(self, peer_id: int, up_to: int) -> Event | None:
        """Remember that the other side has read the own letters; None if it had."""
        if up_to <= self._read_by_peer.get(peer_id, 0):
            return None
        self._read_by_peer[peer_id] = up_to
        return self._note(EventKind.READ_BY_PEER, peer_id, (up_to,))

    def remember(self, random_id: int) -> None:
        """Keep the client's random id, so that a repetition is recognised."""
        self._sent.add(random_id)

    # ------------------------------------------------------------------ questions

    def was_sent(self, random_id: int) -> bool:
        """Return whether a message with this random id has gone."""
        return random_id in self._sent

    @property
    def last_event(self) -> Event:
        """Return the latest event; there must have been one."""
        return self._events[-1]

    @property
    def last_id(self) -> int:
        """Return the id of the latest letter."""
        return len(self._letters)

    @property
    def last_sent_at(self) -> int:
        """Return when the latest letter that is still there was sent, 0 when there is none."""
        return max((letter.sent_at for letter in self._letters[-1:] if letter), default=0)

    def letter(self, number: int) -> Letter | None:
        """Return the letter with this id, None when there is none or no more."""
        return self._letters[number - 1] if 0 < number <= len(self._letters) else None

    def since(self, pts: int) -> list[Event]:
        """Return what came after a point of synchronisation."""
        return self._events[bisect_right(self._events, pts, key=lambda event: event.pts) :]

    def dialogue(self, peer_id: int) -> list[Letter]:
        """Return the letters exchanged with one peer, oldest first."""
        return self._dialogues.get(peer_id, [])

    def peers(self) -> list[int]:
        """Return everybody there are letters with; basic groups with a minus."""
        return list(self._dialogues)

    def has_letter_from(self, user_id: int) -> bool:
        """Return whether somebody has written to this account."""
        return any(not letter.out for letter in self.dialogue(user_id))

    def read_up_to(self, peer_id: int) -> int:
        """Return the id of the last letter of a dialogue that was read."""
        return self._read.get(peer_id, 0)

    def read_by_peer_up_to(self, peer_id: int) -> int:
        """Return the id of the last own letter that the other side has read."""
        return self._read_by_peer.get(peer_id, 0)

    def unread(self, peer_id: int) -> int:
        """Return how many letters of a dialogue wait to be read."""
        read, count = self.read_up_to(peer_id), 0
        for letter in reversed(self.dialogue(peer_id)):
            if letter.id <= read:
                break
            count += not letter.out
        return count

    def _note(self, kind: EventKind, peer_id: int, ids: tuple[int, ...], points: int = 1) -> Event:
        self.pts += points
        event = Event(self.pts, points, kind, peer_id, ids)
        self._events.append(event)
        return event
