"""The private messages of one account, with the numbers that clients synchronise by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Letter:
    """One private message as one side keeps it.

    ``sent_at`` is unix time of the world, ``pts`` the number of its event.
    """

    id: int
    peer_id: int
    out: bool
    text: str
    sent_at: int
    pts: int


@dataclass(slots=True, frozen=True)
class ReadMark:
    """Up to which letter a dialogue was read, and how many were left unread then."""

    peer_id: int
    up_to: int
    unread: int
    pts: int


class Mailbox:
    """Letters and read marks in order; each raises ``pts`` by one (core.telegram.org/api/updates).

    ``chats_joined``: when the account came into its chats, unix time of the world, by chat id.
    """

    FIRST_PTS = 1

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._dialogues: dict[int, list[Letter]] = {}
        self._sent: dict[int, int] = {}
        self._read: dict[int, int] = {}
        self._events: list[Letter | ReadMark] = []
        self.chats_joined: dict[int, int] = {}

    @property
    def pts(self) -> int:
        """Return the number of the latest event."""
        return self.FIRST_PTS + len(self._events)

    @property
    def last_id(self) -> int:
        """Return the id of the latest letter, 0 when there is none."""
        return len(self._letters)

    def keep(self, peer_id: int, text: str, sent_at: int, *, out: bool) -> Letter:
        """Add a letter to the dialogue with a peer and return it."""
        letter = Letter(len(self._letters) + 1, peer_id, out, text, sent_at, self.pts + 1)
        self._letters.append(letter)
        self._events.append(letter)
        self._dialogues.setdefault(peer_id, []).append(letter)
        return letter

    def remember(self, random_id: int, letter: Letter) -> None:
        """Keep the client's random id, so that a repetition is recognised."""
        self._sent[random_id] = letter.id

    def was_sent(self, random_id: int) -> bool:
        """Return whether a message with this random id has gone."""
        return random_id in self._sent

    def letter(self, number: int) -> Letter | None:
        """Return the letter with this id."""
        return self._letters[number - 1] if 0 < number <= len(self._letters) else None

    def since(self, pts: int) -> list[Letter | ReadMark]:
        """Return what came after a point of synchronisation."""
        return self._events[max(pts - self.FIRST_PTS, 0) :]

    def dialogue(self, peer_id: int) -> list[Letter]:
        """Return the letters exchanged with one peer, oldest first."""
        return self._dialogues.get(peer_id, [])

    def peers(self) -> list[int]:
        """Return the ids of everybody there are letters with."""
        return list(self._dialogues)

    def mark_read(self, peer_id: int, up_to: int) -> ReadMark | None:
        """Remember that the letters of a dialogue were read; None when they were already."""
        if up_to <= self.read_up_to(peer_id):
            return None
        self._read[peer_id] = up_to
        mark = ReadMark(peer_id, up_to, self.unread_in(peer_id), self.pts + 1)
        self._events.append(mark)
        return mark

    def unread_in(self, peer_id: int) -> int:
        """Return how many letters of a peer were not read."""
        read = self.read_up_to(peer_id)
        return sum(not letter.out and letter.id > read for letter in self.dialogue(peer_id))

    def read_up_to(self, peer_id: int) -> int:
        """Return the id of the last letter of a dialogue that was read."""
        return self._read.get(peer_id, 0)
