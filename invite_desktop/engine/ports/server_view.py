"""What a rehearsal's own server says about itself, to be compared with the program's books."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.chats import ChatKind
    from invite_desktop.domain.messages import Message


class DeedKind(StrEnum):
    """What happened to a person at the server."""

    LOOKED_UP = "looked_up"
    JOINED = "joined"
    LEFT = "left"
    REFUSED = "refused"
    WRITTEN_TO = "written_to"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened. ``at`` is the server's time (UTC), None when it kept none.

    ``by`` names the account that acted, or that she answered; ``chat`` is a title, ``text`` a
    message as it was delivered, ``reason`` why the server refused.
    """

    kind: DeedKind
    at: datetime | None = None
    by: str = ""
    chat: str = ""
    text: str = ""
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class ServerPerson:
    """Somebody whom the program touched, with everything that happened, oldest first."""

    id: int
    name: str
    username: str | None
    phone: str | None
    deeds: Sequence[Deed]


@dataclass(frozen=True, slots=True)
class ServerChat:
    """A chat of the server; ``joined`` are the members whom the accounts added."""

    id: int
    title: str
    kind: ChatKind
    address: str
    members: int
    joined: int


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """Somebody who can log in; ``phone`` in E.164, ``password`` the two-step one."""

    phone: str
    code: str
    name: str = ""
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class ServerTotals:
    """The server's own sums.

    ``people``: how many it knows; ``touched``: those the program did anything about; ``joined``:
    memberships that the accounts brought about and that last; ``left``: those that ended;
    ``messages``: those delivered to others; ``answers``: those that people wrote; ``refused``: the
    touched whose last experience is a refusal.
    """

    people: int = 0
    touched: int = 0
    joined: int = 0
    messages: int = 0
    refused: int = 0
    left: int = 0
    answers: int = 0


class ServerView(Protocol):
    """Read-only questions to a server inside this program; each answer is a moment's state."""

    @property
    def version(self) -> int:
        """Return a number that grows with every change."""
        ...

    def totals(self) -> ServerTotals:
        """Return the sums."""
        ...

    def people(self, offset: int, limit: int) -> Sequence[ServerPerson]:
        """Return a page of the touched people, in the order in which they were first touched."""
        ...

    def chats(self) -> Sequence[ServerChat]:
        """Return every chat."""
        ...

    def accounts(self) -> Sequence[ServerAccount]:
        """Return who can log in."""
        ...
