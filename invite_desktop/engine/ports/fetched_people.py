"""People read from Telegram page by page, kept until all of them are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.audiences import Basis, Origin
    from invite_desktop.domain.chats import ChatKind
    from invite_desktop.engine.ports.telegram import PeoplePage, TelegramPerson


@dataclass(frozen=True, slots=True)
class ChatOfMembers:
    """The chat whose members are read."""

    chat_id: int
    title: str
    kind: ChatKind


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list at Telegram as one account sees it; ``chat`` for the members of a chat only."""

    account_id: int
    origin: Origin
    chat: ChatOfMembers | None = None

    def is_same_as(self, other: PeopleList) -> bool:
        """Return whether both are the same list, whatever the chat is called now."""
        mine, others = self.chat, other.chat
        return (self.account_id, self.origin, mine and (mine.chat_id, mine.kind)) == (
            other.account_id,
            other.origin,
            others and (others.chat_id, others.kind),
        )


@dataclass(frozen=True, slots=True)
class UnfinishedFetch:
    """A list that was read in part; ``next_page`` is where to go on, None when all is read.

    ``name`` and ``basis`` are those of the audience to be; ``at`` is when the last page came.
    """

    id: int
    of: PeopleList
    name: str
    basis: Basis
    people: int
    next_page: str | None
    at: datetime


class FetchedPeople(Protocol):
    """Keeps pages durably. Nothing of them is an audience, and a list is kept once only."""

    async def unfinished(self) -> Sequence[UnfinishedFetch]:
        """Return the lists that were read in part, the latest first."""
        ...

    async def keep(
        self, of: PeopleList, name: str, basis: Basis, page: PeoplePage, at: datetime
    ) -> UnfinishedFetch:
        """Keep a page of a list, the first one or the following; nobody is kept twice."""
        ...

    async def people(self, fetch_id: int) -> Sequence[TelegramPerson]:
        """Return everybody of a list so far, in the order in which they came first."""
        ...

    async def drop(self, fetch_id: int) -> None:
        """Forget a list and its people; one that is not there is no error."""
        ...
