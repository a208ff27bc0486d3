"""What a story tells at once to those who listen, such as connected clients."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Event


class PostChange(StrEnum):
    """What happened to posts."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class MailNews:
    """An event in the mailbox of an account."""

    owner_id: int
    event: Event


@dataclass(frozen=True, slots=True)
class PostNews:
    """Posts of a channel were made, edited or deleted; ``pts`` is the point after that."""

    chat: Chat
    change: PostChange
    ids: tuple[int, ...]
    pts: int


@dataclass(frozen=True, slots=True)
class PlaceNews:
    """Somebody's place in a chat has changed: she came, went, was promoted or banned."""

    chat: Chat
    user_id: int


@dataclass(frozen=True, slots=True)
class RequestNews:
    """The people who wait to be let into a chat are others."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class ReadNews:
    """An account has read a channel up to a post."""

    chat: Chat
    owner_id: int
    up_to: int


@dataclass(frozen=True, slots=True)
class NameNews:
    """Somebody has another username."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ConfigNews:
    """An account's configuration is another: it has been frozen or is so no more."""

    account_id: int


News: TypeAlias = MailNews | PostNews | PlaceNews | RequestNews | ReadNews | NameNews | ConfigNews
