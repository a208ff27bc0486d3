"""The private messages of one account, with the numbers that clients synchronise by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Letter:
    """One private message as one side keeps it. ``sent_at`` is unix time of the world."""

    id: int
    peer_id: int
    out: bool
    text: str
    sent_at: int


class Mailbox:
    """Letters in order; each raises ``pts`` by one (core.telegram.org/api/updates)."""

    FIRST_PTS = 1

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._dialogues: dict[int, list[Letter]] = {}
        self._sent: dict[int, int] = {}
        self._read: dict[int, int] = {}

    @property
    def pts(self) -> int:
        """Return the number of the latest event."""
        return self.FIRST_PTS + len(self._letters)

    def keep(self, peer_id: int, text: str, sent_at: int, *, out: bool) -> Letter:
        """Add a letter to the dialogue with a peer and return it."""
        letter = Letter(len(self._letters) + 1, peer_id, out, text, sent_at)
        self._letters.append(letter)
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

    def since(self, pts: int) -> list[Letter]:
        """Return what came after a point of synchronisation."""
        return self._letters[max(pts - self.FIRST_PTS, 0) :]

    def dialogue(self, peer_id: int) -> list[Letter]:
        """Return the letters exchanged with one peer, oldest first."""
        return self._dialogues.get(peer_id, [])

    def peers(self) -> list[int]:
        """Return the ids of everybody there are letters with."""
        return list(self._dialogues)

    def mark_read(self, peer_id: int, up_to: int) -> None:
        """Remember that the letters of a dialogue were read."""
        self._read[peer_id] = max(up_to, self._read.get(peer_id, 0))

    def read_up_to(self, peer_id: int) -> int:
        """Return the id of the last letter of a dialogue that was read."""
        return self._read.get(peer_id, 0)

    def read_marks(self) -> list[tuple[int, int]]:
        """Return the read marks of all dialogues."""
        return list(self._read.items())
