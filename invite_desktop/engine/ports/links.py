"""Invite links of tasks, who came by them and who asks to be let in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.outcomes import OutcomeCode
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.ports.telegram import JoinersPage, TelegramPerson


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that an account has just made; ``by_request``: who uses it has to be let in."""

    task_id: int
    address: str
    account_id: int
    at: datetime
    by_request: bool = False


@dataclass(frozen=True, slots=True)
class TaskLink:
    """A task's own link that has not been revoked.

    ``account_id`` made it, None for links of older versions. ``read_at`` is when the list of those
    who came was last read to its end; ``next_page`` is where an unfinished reading goes on.
    ``lets_listed_in``: people of the task who ask are let in without a click.
    """

    id: int
    task_id: int
    address: str
    account_id: int | None
    by_request: bool
    lets_listed_in: bool
    made_at: datetime
    read_at: datetime | None = None
    next_page: str = ""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """How many people came by a task's links, and how many of them are people of the task."""

    came: int = 0
    listed: int = 0


@dataclass(frozen=True, slots=True)
class LinkWish:
    """Whom of a task only its link reaches: ended so, and (if wished) those who still wait."""

    task_id: int
    outcomes: frozenset[OutcomeCode]
    also_pending: bool = False


class LinkStore(Protocol):
    """The links of tasks, and who came by them."""

    async def keep(self, new: NewLink) -> TaskLink:
        """Store a task's link; when it has one already, that one stays and is returned."""
        ...

    async def of_task(self, task_id: int) -> TaskLink | None:
        """Return a task's link, None while it has none."""
        ...

    async def all(self) -> Sequence[TaskLink]:
        """Return every link that was not revoked, the oldest first."""
        ...

    async def revoke(self, link_id: int, at: datetime) -> None:
        """Note that a link leads nowhere any more; who came by it stays counted."""
        ...

    async def let_listed_in(self, link_id: int, *, wanted: bool) -> None:
        """Remember whether people of the task are let in without a click."""
        ...

    async def keep_joiners(self, link_id: int, page: JoinersPage, at: datetime) -> int:
        """Keep a part of the list of those who came, and where to go on, in one transaction.

        Once a list was read to its end, a later reading ends at the first part that brings
        somebody who is known. Return how many were new.
        """
        ...

    async def listed(self, task_id: int, people: Sequence[TelegramPerson]) -> frozenset[int]:
        """Return the ids of those people whom a task names, by any of their keys."""
        ...

    async def only_by_link(self, wish: LinkWish) -> Sequence[tuple[int, int]]:
        """Return target and person of everybody whom only the link reaches, in order.

        Without those who opted out, came by the link, or get or got it by a message.
        """
        ...

    async def targets(self, target_ids: Sequence[int]) -> Sequence[Target]:
        """Return targets in the order of their places; who is gone is left out."""
        ...

    async def note_letters(self, task_id: int, audience_id: int) -> None:
        """Remember that an audience was made to send its people the link of a task."""
        ...

    async def counts(self, task_id: int) -> LinkCounts:
        """Return how many people came by a task's links, revoked ones too."""
        ...
