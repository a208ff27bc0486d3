"""What a story tells at once to those who listen, such as connected clients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.letters import people_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Event
    from invite_desktop.rehearsal.people import Account

MOST_SHOWN_REQUESTERS = 10
"""Of those who wait to be let in, the latest ones are named."""


class PostChange(StrEnum):
    """What happened to posts."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(slots=True, eq=False)
class News(ABC):
    """Something that has happened: whom it concerns, and what clients need to understand it."""

    @abstractmethod
    def concerns(self, account: Account) -> bool:
        """Return whether an account is told."""

    def chats(self, _known: Mapping[int, Chat]) -> Sequence[Chat]:
        """Return the chats in it; ``known``: all there are, by id."""
        return ()

    def people(self, _account: Account) -> Sequence[int]:
        """Return the ids of the people in it, as an account is told of it."""
        return ()


@dataclass(slots=True, eq=False)
class MailNews(News):
    """An event in the mailbox of an account."""

    owner_id: int
    event: Event

    def concerns(self, account: Account) -> bool:
        """Return whether it is the account's mailbox."""
        return self.owner_id == account.id

    def chats(self, known: Mapping[int, Chat]) -> Sequence[Chat]:
        """Return the basic group, if it happened in one."""
        peer_id = self.event.peer_id
        return (known[-peer_id],) if peer_id < 0 else ()

    def people(self, account: Account) -> Sequence[int]:
        """Return the ids of those who stand in the letters."""
        letters = (account.mailbox.letter(i) for i in self.event.ids)
        peers = [self.event.peer_id] if self.event.peer_id > 0 else []
        return [*people_in(i for i in letters if i is not None), *peers, account.id]


@dataclass(slots=True, eq=False)
class ChatNews(News):
    """Something that has happened in a chat."""

    chat: Chat

    def chats(self, _known: Mapping[int, Chat]) -> Sequence[Chat]:
        """Return the chat."""
        return (self.chat,)


@dataclass(slots=True, eq=False)
class PostNews(ChatNews):
    """Posts of a channel were made, edited or deleted; ``pts`` is the point after that."""

    change: PostChange
    ids: tuple[int, ...]
    pts: int

    def concerns(self, account: Account) -> bool:
        """Return whether the account is a member."""
        return account.id in self.chat.members

    def people(self, _account: Account) -> Sequence[int]:
        """Return the ids of those who stand in the posts."""
        posts = (self.chat.history.post(i) for i in self.ids)
        return people_in(post for post in posts if post is not None)


@dataclass(slots=True, eq=False)
class PlaceNews(ChatNews):
    """Somebody's place in a chat has changed: she came, went, was promoted or banned."""

    user_id: int

    def concerns(self, account: Account) -> bool:
        """Return whether it is the account's place."""
        return self.user_id == account.id

    def people(self, _account: Account) -> Sequence[int]:
        """Return her id."""
        return (self.user_id,)


@dataclass(slots=True, eq=False)
class RequestNews(ChatNews):
    """The people who wait to be let into a chat are others."""

    def concerns(self, account: Account) -> bool:
        """Return whether the account may let them in."""
        return self.chat.may_invite(account.id)

    def people(self, _account: Account) -> Sequence[int]:
        """Return the ids of the latest of those who wait."""
        return list(self.chat.requests)[-MOST_SHOWN_REQUESTERS:]


@dataclass(slots=True, eq=False)
class ReadNews(ChatNews):
    """An account has read a channel up to a post."""

    owner_id: int
    up_to: int

    def concerns(self, account: Account) -> bool:
        """Return whether the account has read it."""
        return self.owner_id == account.id


@dataclass(slots=True, eq=False)
class NameNews(News):
    """Somebody has another username."""

    user_id: int

    def concerns(self, account: Account) -> bool:
        """Return whether the account knows her."""
        return (
            self.user_id == account.id
            or self.user_id in account.contacts
            or bool(account.mailbox.dialogue(self.user_id))
        )

    def people(self, _account: Account) -> Sequence[int]:
        """Return her id."""
        return (self.user_id,)


@dataclass(slots=True, eq=False)
class ConfigNews(News):
    """An account's configuration is another: it has been frozen or is so no more."""

    account_id: int

    def concerns(self, account: Account) -> bool:
        """Return whether it is the account's configuration."""
        return self.account_id == account.id
