"""The looks that are due some days after people joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.retention import RetentionCount, Stay
    from invite_desktop.engine.ports.telegram import UserPeer


@dataclass(frozen=True, slots=True)
class DueLook:
    """A look that is due. ``peers`` is how each account that met the person addresses her."""

    target_id: int
    days: int
    due_at: datetime
    peers: Mapping[int, UserPeer]


@dataclass(frozen=True, slots=True)
class LookResult:
    """What a look showed."""

    target_id: int
    days: int
    stay: Stay


class RetentionStore(Protocol):
    """The schedule is written in the same transaction as the joining itself."""

    async def next_due(self) -> datetime | None:
        """Return when the next look is due, None when none is."""
        ...

    async def due_tasks(self, now: datetime) -> Sequence[int]:
        """Return the tasks of which looks are due, the longest waiting first."""
        ...

    async def due(self, task_id: int, now: datetime) -> Sequence[DueLook]:
        """Return the looks of a task that are due, the longest waiting first."""
        ...

    async def keep(self, results: Sequence[LookResult], at: datetime) -> None:
        """Keep what looks showed; each one is kept once."""
        ...

    async def counts(self, task_id: int | None) -> Sequence[RetentionCount]:
        """Return the counts of one task or (None) of all, the fewest days first."""
        ...
