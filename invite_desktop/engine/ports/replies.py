"""What people answer: how it is heard, and what is kept of it (never the words)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class UpdateState:
    """Up to where an account has heard everything (core.telegram.org/api/updates)."""

    pts: int
    qts: int
    date: datetime


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A private message from a person to an account; its text is for comparing only."""

    message_id: int
    user_id: int
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """A part of what an account has not heard yet; ``more``: ask again from ``state``.

    ``missed_since``: Telegram has not kept what came between that time and ``state``; the
    dialogues alone tell it.
    """

    messages: Sequence[IncomingMessage]
    state: UpdateState
    more: bool
    missed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeardReply:
    """A reply as it is kept; ``opt_out`` is the pattern by which it is one, empty if it is none."""

    message_id: int
    user_id: int
    at: datetime
    opt_out: str = ""


@dataclass(frozen=True, slots=True)
class ReplyCounts:
    """How many people of a task answered, and how many of them want no more messages."""

    replied: int = 0
    opted_out: int = 0


NO_REPLIES = ReplyCounts()


class ReplyStore(Protocol):
    """What was heard, and up to where."""

    async def update_state(self, account_id: int) -> UpdateState | None:
        """Return up to where an account has heard everything, None before it first listened."""
        ...

    async def keep(
        self, account_id: int, state: UpdateState, replies: Sequence[HeardReply], at: datetime
    ) -> int:
        """Keep what was heard and up to where, and put those who want no more on the list.

        All in one transaction, each message once. People whom nobody here knows are kept only if
        they opted out, by their Telegram id. Return how many opted out who had not before.
        """
        ...

    async def counts(self, task_id: int, *, since_resumed: bool = False) -> ReplyCounts:
        """Return how many people answered after the task contacted them.

        ``since_resumed``: only those contacted since the user last set the task going.
        """
        ...

    async def contacted(self, task_id: int) -> int:
        """Return how many people a task has contacted since the user last set it going."""
        ...

    async def patterns(self) -> Sequence[str]:
        """Return the user's own patterns, in order."""
        ...

    async def keep_patterns(self, patterns: Sequence[str]) -> None:
        """Replace the user's own patterns."""
        ...
