"""What a message says, and a message as one mailbox or one chat keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Content(NamedTuple):
    """The words of a message; it fits into JSON.

    ``entities`` is the formatting as TL bytes in base64, ``media`` the number of a stored
    attachment, ``reply_to`` the id of a message in the same dialogue; "" and 0: none.
    """

    text: str = ""
    entities: str = ""
    media: int = 0
    preview: bool = True
    reply_to: int = 0


class ActionKind(StrEnum):
    """What a service message tells of."""

    MADE = "made"
    GROUP_MADE = "group made"
    RETITLED = "retitled"
    PHOTO = "photo"
    NO_PHOTO = "no photo"
    ADDED = "added"
    JOINED_BY_LINK = "joined by link"
    JOINED_BY_REQUEST = "joined by request"
    GONE = "gone"
    MIGRATED_TO = "migrated to"
    MIGRATED_FROM = "migrated from"


class Action(NamedTuple):
    """A service message.

    ``subject`` is the id of a person, of the chat it became or was, or the number of a picture;
    ``members`` are those with whom a basic group began.
    """

    kind: str
    subject: int = 0
    title: str = ""
    members: Sequence[int] = ()


@dataclass(slots=True, eq=False)
class Letter:
    """A message of a private dialogue or a basic group as one account keeps it.

    ``peer_id`` is a person's id, or a basic group's with a minus; ``sent_at`` and ``edited_at``
    are unix time of the world; the copies of one message have the same ``shared`` number.
    """

    id: int
    peer_id: int
    author_id: int
    sent_at: int
    content: Content
    shared: int
    out: bool
    action: Action | None = None
    edited_at: int = 0

    @property
    def text(self) -> str:
        """Return the words alone."""
        return self.content.text


@dataclass(slots=True, eq=False)
class Post:
    """A message of a supergroup or channel; ``made_pts`` and ``pts``: its first and last event."""

    id: int
    author_id: int
    sent_at: int
    content: Content
    made_pts: int
    pts: int
    action: Action | None = None
    edited_at: int = 0

    @property
    def text(self) -> str:
        """Return the words alone."""
        return self.content.text


def mark(chat_id: int) -> int:
    """Return the number of a chat among peers, which no person's id can equal."""
    return -chat_id


def people_in(letters: Iterable[Letter | Post]) -> list[int]:
    """Return the ids of the people who stand in messages."""
    found: list[int] = []
    for letter in letters:
        found.append(letter.author_id)
        if letter.action is not None:
            found += [letter.action.subject, *letter.action.members]
        peer_id = getattr(letter, "peer_id", 0)
        if peer_id > 0:
            found.append(peer_id)
    return found
