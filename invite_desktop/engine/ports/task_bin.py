"""What is kept of tasks that the user deletes, and of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask


class BinStore(Protocol):
    """Deleted tasks. Their targets and attempts count on wherever people must not be contacted."""

    async def rename(self, task_id: int, name: str) -> InviteTask:
        """Store another name of a task. Raises KeyError."""
        ...

    async def delete(self, task_id: int, at: datetime) -> InviteTask | None:
        """Move a task into the bin, which takes it out of ``tasks``; None while it is active.

        Raises KeyError.
        """
        ...

    async def restore(self, task_id: int) -> InviteTask:
        """Take a task out of the bin. Raises KeyError when it is not there (any more)."""
        ...

    async def deleted_tasks(self) -> Sequence[InviteTask]:
        """Return the tasks in the bin, the last deleted first."""
        ...

    async def purge(self, task_id: int, at: datetime) -> None:
        """Take a task out of the bin for good; what was done for people stays. Raises KeyError."""
        ...

    async def forget_untried(self, limit: int) -> int:
        """Forget so many targets of purged tasks that nothing was tried with; return how many."""
        ...
